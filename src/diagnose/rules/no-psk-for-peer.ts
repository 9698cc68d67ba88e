import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { commonRule, type Story } from '../common-rule.ts';
import { eventsOfSide, isFirewall, quoted } from '../evidence.ts';
import { otherSide } from '../facts.ts';
import { withoutConfig } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

/** RFC 2408 section 3.14.1. */
const INVALID_KEY_INFORMATION = 17;

/** IOS searches no further, so that no key that is added anywhere else would help. */
const ABORTED = /Profile has no keyring, aborting key search/i;

function profileWithoutKeyring(attempt: Attempt, side: AttemptSide): Story | null {
  if (quoted(side, ABORTED, false, 1).length === 0) return null;
  const profile = side.log?.saRequestProfile?.name ?? side.log?.profileMatched?.name ?? null;
  const named = profile === null ? 'the ISAKMP profile' : `ISAKMP profile ${profile}`;
  const peer = side.log?.peerAddress ?? otherSide(attempt, side).label;
  return {
    title: `${side.label} has no pre-shared key for ${peer}: ${named} names no keyring`,
    explanation: `${side.label} is to use ${named}, which names no keyring, so that no key is searched for at all.${whatFollows(side)}`,
    advice: `On ${side.label} give ${named} a "keyring" that holds a key for ${peer}, or take the profile from the tunnel. A key that is added elsewhere is not found.`,
    settle: [],
  };
}

/** An initiator that has an answer already has sent MM1. */
const whatFollows = ({ side, log }: AttemptSide): string =>
  side === 'initiator' && log?.packets.every(({ direction }) => direction !== 'sent') === true
    ? ' It sends no packet at all.'
    : ' It cannot go on with pre-shared keys.';

const toldV1 = (attempt: Attempt, side: AttemptSide): Story => ({
  title: `${side.label} has no pre-shared key for ${side.log?.peerAddress ?? otherSide(attempt, side).label}`,
  explanation: `${side.label} searched its keyrings for its peer and found no key.${whatFollows(side)}`,
  advice: `On ${side.label} add a key for ${wantedKey(attempt, side)}, in the keyring and VRF that serve it.`,
  settle: withoutConfig(
    side,
    `The configuration of ${side.label}: it shows which entries were considered and why none covers the peer.`,
  ),
});

/** In aggressive mode the identity comes with the first message, and keys are looked for by it as well. */
function wantedKey({ mode }: Attempt, { log }: AttemptSide): string {
  const address = 'the address of the peer as it arrives (after any translation)';
  const identity = log?.peerIdentity ?? null;
  return mode !== 'aggressive' || identity === null || !/FQDN/.test(identity.type)
    ? address
    : `the name ${identity.value} that the peer sends, or for ${address}`;
}

/** The keyring is that of the profile, and what is searched in it is a peer block. */
function toldV2(side: AttemptSide): Story {
  const { log } = side;
  const peer = log?.peerIdentity?.value ?? log?.peerAddress ?? 'its peer';
  const keyring = log?.keyringSelections.at(-1)?.keyring ?? null;
  const profile = log?.profileMatched?.name ?? null;
  const where = keyring === null ? 'the keyring' : `keyring ${keyring}`;
  return {
    title: `${side.label} has no pre-shared key for ${peer}: no peer block of ${where} matches`,
    explanation: `${side.label} searched ${where}${profile === null ? '' : ` of IKEv2 profile ${profile}`} for ${peer} and found no peer block. Keys were not compared.`,
    advice: `On ${side.label} add a peer block to ${where} whose address, host name or identity is what the peer sends.`,
    settle: withoutConfig(
      side,
      `The configuration of ${side.label}: it shows the peer blocks of ${where}.`,
    ),
  };
}

function toldByFirewall(attempt: Attempt, side: AttemptSide): Story | null {
  if (!isFirewall(side)) return null;
  const peer = side.log?.peerAddress ?? otherSide(attempt, side).label;
  const events = eventsOfSide(side);
  const group = events.find(({ fields }) => fields.tunnelGroup !== undefined);
  const isEmpty = events.some(({ message }) => message === 'asa-method-none');
  return {
    title: `${side.label} has no pre-shared key for ${peer}`,
    explanation: isEmpty
      ? `The tunnel-group of ${side.label} for ${peer} holds neither a key nor a trustpoint, so none of the offers of ${peer} can be accepted, whatever its policies are.`
      : group === undefined
        ? `${side.label} looked for a tunnel-group with a key for ${peer} and found none.`
        : `${side.label} found tunnel-group ${String(group.fields.tunnelGroup)} for ${peer}. It holds no key, and no other way, by which ${group.message === 'asa-v2-key-none' ? side.label : 'the peer'} could authenticate itself.`,
    advice: `On ${side.label} give the tunnel-group for the address of the peer as it arrives (after any translation) its pre-shared key, under IKEv2 one for each direction.`,
    settle: [
      `The configuration of ${side.label}: it shows its tunnel-groups and with what each authenticates.`,
    ],
  };
}

export const noPskForPeer: Rule = commonRule({
  id: 'no-psk-for-peer',
  title: 'No pre-shared key for the peer',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The search over the keyrings found no key for the address (or name) of the peer. An initiator then sends nothing; a responder rejects every pre-share transform, which looks like a policy mismatch.',
  recognised:
    'The router logs "No pre-shared key with" and, as initiator, sends nothing, or, as responder, refuses what was offered with pre-shared keys; under IKEv2 it finds nothing in the keyring of the profile. On the wire INVALID_KEY_INFORMATION answers MM3 in clear, which other daemons send.',
  fix: 'Add a key for the address from which the peer really sends, in the VRF in which its packets arrive.',
  references: [REFERENCES.keyrings, REFERENCES.mainMode],
  supersedes: [
    'ike-policy-mismatch',
    'peer-unreachable',
    'mm3-lost',
    'deleted-by-peer',
    'inconclusive',
    'ikev2-auth-failed',
  ],
  notified: (entry, attempt) =>
    attempt.version === 1 && entry.notifyType === INVALID_KEY_INFORMATION && !entry.isProtected,
  tell: (attempt, side) =>
    toldByFirewall(attempt, side) ??
    (attempt.version === 2
      ? toldV2(side)
      : (profileWithoutKeyring(attempt, side) ?? toldV1(attempt, side))),
});
