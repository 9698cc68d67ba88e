import type { Attempt, AttemptSide } from '../../model/incident.ts';
import type { PolicyRejection } from '../../model/log.ts';
import { frameEvidence } from '../evidence.ts';
import { errors, listed, notificationName } from '../facts.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { refusedByFirewall } from '../offers-asa.ts';
import { describeOffer } from '../offers.ts';
import { endsOfRefusal, refusedOver } from '../proposals-v2.ts';

const NO_PROPOSAL_CHOSEN = 14;

const WORDS: Readonly<Record<PolicyRejection['attribute'], string>> = {
  encryption: 'the cipher',
  'key-length': 'the AES key length',
  hash: 'the hash',
  'dh-group': 'the Diffie-Hellman group',
  authentication: 'the authentication method',
  lifetime: 'the lifetime',
};

/** The attributes over which the policies failed, those of own policies before those of the built-in one. */
function attributes(rejections: readonly PolicyRejection[]): readonly string[] {
  const own = rejections.filter((entry) => entry.priority < 65_000);
  const told = own.length > 0 ? own : rejections;
  return [...new Set(told.map((entry) => WORDS[entry.attribute]))];
}

function check(attempt: Attempt): Claim | null {
  const { initiator, responder, exchange } = attempt;
  const logged = loggedVerdict(attempt, 'ike-policy-mismatch');
  const answered = (exchange?.messages ?? []).some(
    (entry) => entry.step === 'MM2' || entry.step === 'AM2' || entry.step === 'AUTH',
  );
  const refusal = answered
    ? undefined
    : errors(attempt, 'responder').find(
        (entry) => entry.notifyType === NO_PROPOSAL_CHOSEN && !entry.isProtected,
      );
  if (logged === null && refusal === undefined) return null;
  const rejections = [responder, initiator].flatMap((side) => side.log?.policyRejections ?? []);
  const named = attributes(rejections);
  const ends = [responder, initiator];
  const over = named.length > 0 ? listed(named) : (refusedByFirewall(ends) ?? refusedOver(ends));
  const which = over === null ? '' : ` It fails over ${over}.`;
  const offer = describeOffer(attempt);
  const offered = offer === null ? '' : ` Offered: ${offer}.`;
  const wire =
    refusal === undefined
      ? []
      : frameEvidence(
          attempt,
          refusal.frame,
          `${notificationName(attempt, refusal)} in clear answers the first message`,
          {
            basis: 'proven',
            decisive: true,
          },
        );
  const rejected = rejections.slice(0, 12).map((entry) => {
    const side = responder.log?.policyRejections.includes(entry) === true ? responder : initiator;
    const text = `${side.label}: transform ${entry.transform} against priority ${entry.priority}: ${WORDS[entry.attribute]} differs`;
    return {
      input: side.log!.input,
      line: entry.line,
      text,
      basis: 'observed' as const,
      decisive: false,
    };
  });
  const renewed = logged?.side.log?.cause === 'rekey';
  const [refuser, refused] = renewed ? endsOfRefusal(logged.side, attempt) : [responder, initiator];
  return claimOf(attempt, {
    title: `${refuser.label} accepts no IKE proposal of ${refused.label}`,
    explanation: `${refuser.label} has no ${attempt.version === 2 ? `IKEv2 proposal that shares a transform of each kind with what ${refused.label} offers` : `ISAKMP policy that equals one of the transforms that ${refused.label} offers`}.${renewed ? ' The IKE SA between them stands and was to be renewed.' : ''}${which}${offered}`,
    advice:
      attempt.version === 2
        ? 'Give both ends IKEv2 proposals with a cipher and key length, a PRF, an integrity hash and a Diffie-Hellman group in common.'
        : 'Give both ends one policy with the same cipher, key length, hash, group and authentication.',
    evidence: [...(logged?.evidence ?? []), ...wire, ...rejected],
    settle: over === null ? whatNames(refuser, attempt) : [],
  });
}

/** What names the attribute over which it fails. */
const whatNames = (refuser: AttemptSide, attempt: Attempt): readonly string[] => [
  attempt.version === 2
    ? `"debug crypto ikev2" of ${refuser.label}: it prints the policies that came and those that were expected.`
    : `"debug crypto isakmp" of ${refuser.label}: it names the attribute over which each policy failed.`,
  `The configuration of ${refuser.label}.`,
];

export const ikePolicyMismatch: Rule = {
  id: 'ike-policy-mismatch',
  title: 'No phase 1 proposal fits',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'No transform that is offered equals a policy of the other end in cipher, key length, hash, group and authentication; under IKEv2, no proposal shares a transform of each kind with one of the other end, at first or when the IKE SA is renewed.',
  recognised:
    'The responder logs "no offers accepted" after naming the attribute for each policy; on the wire NO_PROPOSAL_CHOSEN answers the first message in clear. Under IKEv2 received and expected policies are printed.',
  fix: 'Give both ends one equal policy. A missing pre-shared key also makes a responder reject pre-share transforms: exclude that first.',
  references: [REFERENCES.policy, REFERENCES.notify],
  supersedes: ['inconclusive', 'deleted-by-peer', 'ikev2-no-proposal-chosen'],
  check: perAttempt(check),
};
