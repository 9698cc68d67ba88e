import { PROPOSAL_ERRORS } from '../../logparse/negotiations/proposal-errors.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { againstQuickMode, refusalReplayed } from '../agreement-quick-mode.ts';
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

/** The responder finds no crypto map entry for another reason than the traffic: the number, and where its words name the address. */
type Otherwise = {
  readonly error: 8 | 64;
  readonly words: RegExp;
  readonly address: (attempt: Attempt, side: AttemptSide) => string;
  readonly title: (side: AttemptSide, address: string) => string;
  readonly advice: (side: AttemptSide, address: string) => string;
};

const errorOf = (number: number): RegExp => new RegExp(`proposal with error ${number}\\b`, 'i');
const says = (side: AttemptSide, wording: RegExp): boolean =>
  quoted(side, wording, false, 1).length > 0;
const proxiesNamed = (side: AttemptSide): boolean =>
  says(side, /proxy identities not supported/i) || says(side, errorOf(32));

const OTHERWISE: readonly Otherwise[] = [
  {
    error: 8,
    words: /invalid local address (\S+)/i,
    address: (_, side) => side.log?.localAddress ?? 'the address that is called',
    title: (side) => `${side.label} has no crypto map at the local address of quick mode`,
    advice: (side, address) =>
      `On ${side.label} apply the crypto map to the interface that has ${address}, or correct its "local-address".`,
  },
  {
    error: 64,
    words: /peer address (\S+) not found/i,
    address: (attempt, side) => side.log?.peerAddress ?? otherSide(attempt, side).label,
    title: (side, address) => `${side.label} has no crypto map entry for the peer ${address}`,
    advice: (side, address) =>
      `On ${side.label} add "set peer ${address}" to the crypto map entry of this tunnel, or a dynamic map that accepts any peer.`,
  },
];

/** Without "debug crypto ipsec" only the number is there, and no document tells what it means. */
function tellOtherwise(other: Otherwise, attempt: Attempt, side: AttemptSide): Story {
  const { error, words } = other;
  const known = PROPOSAL_ERRORS[error]!;
  const [said] = quoted(side, words, false, 1);
  const address = words.exec(said?.text ?? '')?.[1] ?? other.address(attempt, side);
  const why = `${known.means} ${address}`;
  const reason =
    said === undefined
      ? `with error ${error}, which is not documented; as far as it is known, ${why}`
      : `(error ${error}) because ${why}`;
  return {
    title: other.title(side, address),
    explanation: `${quickModeIntro(attempt)} ${side.label} refuses the quick mode ${reason}. The protected networks are not at fault.`,
    advice: other.advice(side, address),
    settle:
      said === undefined
        ? [
            `"debug crypto ipsec" of ${side.label}: it prints "${known.words}" where that is the reason.`,
          ]
        : [],
  };
}

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
  against: againstQuickMode,
  alone: refusalReplayed,
  tell: (attempt, side) => {
    const other = proxiesNamed(side)
      ? undefined
      : OTHERWISE.find(({ words, error }) => says(side, words) || says(side, errorOf(error)));
    if (other !== undefined) return tellOtherwise(other, attempt, side);
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
