import type { AttemptSide } from '../../model/incident.ts';
import { commonRule, failed } from '../common-rule.ts';
import { quoted } from '../evidence.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

/** RFC 2408 section 3.14.1. */
const INVALID_KEY_INFORMATION = 17;

/** What a firewall says, which holds its keys in tunnel-groups. */
const FIREWALL = /tunnel[ -]group|self auth method|P1 auth|self-authentication/i;

const places = (side: AttemptSide): { readonly searched: string; readonly add: string } =>
  quoted(side, FIREWALL, false, 1).length > 0
    ? {
        searched: 'looked for a tunnel-group with a key for its peer and found none',
        add: 'in the tunnel-group that is named by that address or that the peer falls into',
      }
    : {
        searched: 'searched its keyrings for its peer and found no key',
        add: 'in the keyring and VRF that serve it',
      };

export const noPskForPeer: Rule = commonRule({
  id: 'no-psk-for-peer',
  title: 'No pre-shared key for the peer',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The search over the keyrings found no key for the address (or name) of the peer. An initiator then sends nothing; a responder rejects every pre-share transform, which looks like a policy mismatch.',
  recognised:
    'The router logs "No pre-shared key with"; on the wire INVALID_KEY_INFORMATION answers MM3 in clear, which other daemons send.',
  fix: 'Add a key for the address from which the peer really sends, in the VRF in which its packets arrive.',
  references: [REFERENCES.keyrings, REFERENCES.mainMode],
  supersedes: [
    'ike-policy-mismatch',
    'peer-unreachable',
    'mm3-lost',
    'deleted-by-peer',
    'inconclusive',
  ],
  wording: /No pre-shared key with|Profile has no keyring, aborting key search/i,
  when: (attempt) => failed(attempt),
  notified: (entry, attempt) =>
    attempt.version === 1 && entry.notifyType === INVALID_KEY_INFORMATION && !entry.isProtected,
  repairs: ['no-psk-for-peer'],
  tell: ({ initiator, responder }, side) => ({
    title: `${side.label} has no pre-shared key for ${side.log?.peerAddress ?? (side.side === 'initiator' ? responder : initiator).label}`,
    explanation: `${side.label} ${places(side).searched}.${side.side === 'initiator' ? ' It sends no packet at all.' : ' It cannot go on with pre-shared keys.'}`,
    advice: `On ${side.label} add a key for the address of the peer as it arrives (after any translation), ${places(side).add}.`,
    settle: [
      `The configuration of ${side.label}: it shows which entries were considered and why none covers the peer.`,
    ],
  }),
});
