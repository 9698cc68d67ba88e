import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { commonRule, type Story } from '../common-rule.ts';
import { quoted } from '../evidence.ts';
import { otherSide } from '../facts.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import {
  networksAsked,
  networksText,
  quickModeIntro,
  refusedQuickMode,
  toldByLength,
} from '../quick-mode.ts';

/** The responder finds no crypto map entry for another reason than the traffic: its words, and the error beside them. */
type Otherwise = {
  readonly words: RegExp;
  readonly error: RegExp;
  readonly tell: (attempt: Attempt, side: AttemptSide) => Story;
};

const saidIn = ({ words, error }: Otherwise, side: AttemptSide): boolean =>
  [words, error].some((wording) => quoted(side, wording, false, 1).length > 0);
const proxiesNamed = (side: AttemptSide): boolean =>
  quoted(side, /proxy identities not supported|proposal with error 32\b/i, false, 1).length > 0;

/** Without "debug crypto ipsec" only the number is there, and no document tells what it means. */
function told(
  attempt: Attempt,
  side: AttemptSide,
  refusal: {
    readonly words: RegExp;
    readonly text: string;
    readonly error: number;
    readonly why: string;
  },
): Pick<Story, 'explanation'> & { readonly settle: readonly string[] } {
  const isSaid = quoted(side, refusal.words, false, 1).length > 0;
  const reason = isSaid
    ? `(error ${refusal.error}) because ${refusal.why}`
    : `with error ${refusal.error}, which is not documented; as far as it is known, ${refusal.why}`;
  return {
    explanation: `${quickModeIntro(attempt)} ${side.label} refuses the quick mode ${reason}. The protected networks are not at fault.`,
    settle: isSaid
      ? []
      : [
          `"debug crypto ipsec" of ${side.label}: it prints "${refusal.text}" where that is the reason.`,
        ],
  };
}

const NO_LOCAL = /invalid local address (\S+)/i;
const NO_PEER = /peer address (\S+) not found/i;
const addressIn = (side: AttemptSide, words: RegExp): string | undefined =>
  words.exec(quoted(side, words, false, 1)[0]?.text ?? '')?.[1];

const OTHERWISE: readonly Otherwise[] = [
  {
    words: NO_LOCAL,
    error: /proposal with error 8\b/i,
    tell: (attempt, side) => {
      const address =
        addressIn(side, NO_LOCAL) ?? side.log?.localAddress ?? 'the address that is called';
      return {
        title: `${side.label} has no crypto map at the local address of quick mode`,
        ...told(attempt, side, {
          words: NO_LOCAL,
          text: 'invalid local address',
          error: 8,
          why: `no crypto map serves its local address ${address}`,
        }),
        advice: `On ${side.label} apply the crypto map to the interface that has ${address}, or correct its "local-address".`,
      };
    },
  },
  {
    words: NO_PEER,
    error: /proposal with error 64\b/i,
    tell: (attempt, side) => {
      const peer =
        addressIn(side, NO_PEER) ?? side.log?.peerAddress ?? otherSide(attempt, side).label;
      return {
        title: `${side.label} has no crypto map entry for the peer ${peer}`,
        ...told(attempt, side, {
          words: NO_PEER,
          text: 'peer address not found',
          error: 64,
          why: `no entry of its crypto map names ${peer} as peer`,
        }),
        advice: `On ${side.label} add "set peer ${peer}" to the crypto map entry of this tunnel, or a dynamic map that accepts any peer.`,
      };
    },
  },
];

export const proxyIdentityMismatch: Rule = commonRule({
  id: 'proxy-identity-mismatch',
  title: 'The proxy identities do not fit',
  severity: 'failure',
  version: 1,
  needs: ['log', 'packets'],
  means:
    'Phase 1 is up, and the responder finds no crypto map entry for the quick mode: the traffic selectors (crypto access lists) of the two ends are not mirror images, no map is applied at its address, or no entry names the peer.',
  recognised:
    'The responder logs "proxy identities not supported" and error 32 without a complaint about the profile, "invalid local address" and error 8, or "peer address … not found" and error 64; on the wire INVALID_ID_INFORMATION answers quick mode, or an encrypted notification does where QM1 has no room for a key exchange.',
  fix: 'Make the crypto access lists mirror images of one another. For error 8 apply the crypto map to the interface with the address that is called; for error 64 name the peer in the map.',
  references: [REFERENCES.quickMode],
  supersedes: ['deleted-by-peer', 'inconclusive'],
  seen: (attempt) => {
    return refusedQuickMode(attempt, 'identities')?.evidence ?? [];
  },
  tell: (attempt, side) => {
    const other = proxiesNamed(side) ? undefined : OTHERWISE.find((each) => saidIn(each, side));
    if (other !== undefined) return other.tell(attempt, side);
    const refused = refusedQuickMode(attempt, 'identities');
    const isLogged = side.log?.verdict === 'proxy-identity-mismatch';
    if (refused !== null && !refused.isRead && !isLogged) return toldByLength(attempt, refused);
    // A quick mode may be begun by either end of the IKE SA.
    const isThere = side.log?.cause === 'refused-by-peer';
    const logged = isThere
      ? { asker: side, refuser: otherSide(attempt, side) }
      : { asker: attempt.initiator, refuser: attempt.responder };
    const { asker, refuser } = refused ?? logged;
    const proxies = networksAsked(attempt, side);
    const seen = refused === null ? '' : networksText(refused);
    const asked =
      proxies === null ? seen : ` Asked for: local ${proxies.local}, remote ${proxies.remote}.`;
    return {
      title: `${refuser.label} refuses the proxy identities of quick mode`,
      explanation: `${quickModeIntro(attempt)} The quick mode of ${asker.label} proposes traffic that no crypto map entry or tunnel of ${refuser.label} covers.${asked}`,
      advice: `Make the crypto access lists mirror images: what one end calls source the other must call destination, with the same masks.`,
      settle: settle(refuser, asked !== '', proxies !== null),
    };
  },
});

/** The networks that were asked for are known from a log or the packets; what the refuser has is in its configuration. */
function settle(refuser: AttemptSide, known: boolean, isLogged: boolean): readonly string[] {
  if (!known) {
    return [
      `"debug crypto ipsec" of ${refuser.label}: it prints the proxies that were asked for.`,
      'The crypto access lists of both ends.',
    ];
  }
  return isLogged || refuser.config !== null
    ? []
    : [`The crypto access list, or its like, of ${refuser.label}.`];
}
