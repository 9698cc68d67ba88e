import type { Attempt, AttemptSide } from '../../model/incident.ts';
import type { PolicyRejection } from '../../model/log.ts';
import { policiesOf } from '../../select/policy.ts';
import { againstPolicies, heldText, policyLines } from '../agreement-policies.ts';
import type { Configured } from '../configured.ts';
import { withConfigurations } from '../configured.ts';
import { frameEvidence } from '../evidence.ts';
import { errors, listed, notificationName } from '../facts.ts';
import { claimOf, loggedVerdict, withoutConfig } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { refusedByFirewall } from '../offers-asa.ts';
import { describeOffer, loggedOffer } from '../offers.ts';
import { notifyInClear } from '../refused-in-clear.ts';
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

/** A responder without a key refuses pre-shared keys, and answers as to transforms that do not fit. */
const IDS = ['ike-policy-mismatch', 'ikev2-no-proposal-chosen', 'no-psk-for-peer'];

function check(attempt: Attempt, file: CaseFile): Claim | null {
  const claim = refusalOf(attempt);
  return claim === null
    ? null
    : withConfigurations(claim, attempt, file, {
        ids: IDS,
        against: againstPolicies,
        alone: policiesAlone,
      });
}

/** The policies of the end that refuses, where the other configuration is not at hand. */
function policiesAlone(attempt: Attempt): ReturnType<NonNullable<Configured['alone']>> {
  const { config, label, log } = attempt.responder;
  const policies = config === null || attempt.version === 2 ? null : policiesOf(config);
  if (config === null || policies === null || log?.failingStep === undefined) return null;
  return {
    text: `The configuration of ${label}: ${heldText(policies)}.`,
    evidence: policyLines(config, policies),
  };
}

function refusalOf(attempt: Attempt): Claim | null {
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
  const offer = describeOffer(attempt) ?? loggedOffer(attempt);
  const offered = offer === null ? '' : ` Offered: ${offer}.`;
  const wire =
    refusal === undefined
      ? []
      : frameEvidence(
          attempt,
          refusal.frame,
          `${notificationName(attempt, refusal)} in clear answers the first message`,
          // That it was said is plain; what is behind it is not, and in clear anybody may have said it.
          { basis: 'observed', decisive: true },
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
  if (logged !== null && refusesAnswer(logged.side))
    return claimOf(attempt, {
      ...answerRefused(logged.side, attempt, which),
      evidence: [...logged.evidence, ...wire, ...rejected],
      settle: responder.log === null ? [`"debug crypto isakmp" of ${responder.label}.`] : [],
    });
  if (logged !== null && refusal === undefined && isNotified(logged.side))
    return claimOf(attempt, {
      ...notified(attempt, notifyInClear(logged.side)?.type ?? null),
      evidence: logged.evidence.map((entry) => ({ ...entry, basis: 'inferred' as const })),
    });
  return claimOf(attempt, {
    title: `${refuser.label} accepts no IKE proposal of ${refused.label}`,
    explanation: `${logged === null ? `${refuser.label} answers with NO_PROPOSAL_CHOSEN, which gives no reason. Most likely it` : refuser.label} has no ${attempt.version === 2 ? `IKEv2 proposal that shares a transform of each kind with what ${refused.label} offers` : `ISAKMP policy that equals one of the transforms that ${refused.label} offers`}.${renewed ? ' The IKE SA between them stands and was to be renewed.' : ''}${logged === null ? ` An end that speaks another version of IKE only, or has nothing for this peer, refuses in the same way.` : ''}${which}${offered}`,
    advice:
      attempt.version === 2
        ? 'Give both ends IKEv2 proposals with a cipher and key length, a PRF, an integrity hash and a Diffie-Hellman group in common.'
        : 'Give both ends one policy with the same cipher, key length, hash, group and authentication.',
    evidence: [...(logged?.evidence ?? []), ...wire, ...rejected],
    settle: over === null ? whatNames(refuser, attempt) : [],
  });
}

/** An initiator holds the answer of the responder against its policies. */
const refusesAnswer = ({ side, log }: AttemptSide): boolean =>
  side === 'initiator' && /^(?:mm2-policy|am2)$/.test(log?.failingStep ?? '');

function answerRefused(
  side: AttemptSide,
  { responder }: Attempt,
  which: string,
): { readonly title: string; readonly explanation: string; readonly advice: string } {
  return {
    title: `${side.label} refuses what ${responder.label} answers`,
    explanation: `${responder.label} has chosen a transform and answered; ${side.label} finds in that answer none of its own ISAKMP policies.${which} An answer has to repeat one of the offers unchanged.`,
    advice: `On ${side.label} see that its policies were not changed since it offered them; if they were not, ${responder.label} returns something that was not offered: compare the policies there, and its release.`,
  };
}

/** The log has no more than a notification in clear that answers MM1; IOS does not print its type. */
const isNotified = ({ side, log }: AttemptSide): boolean =>
  side === 'initiator' && log?.failingStep === 'mm2-wait';

function notified(
  { initiator, responder }: Attempt,
  type: string | null,
): {
  readonly title: string;
  readonly explanation: string;
  readonly advice: string;
  readonly settle: readonly string[];
} {
  return {
    title: `${responder.label} refuses MM1 of ${initiator.label}`,
    explanation: `${responder.label} answers MM1 with ${type === null ? 'a notification in clear, of which the log does not show the type' : `${type} in clear`}. Most likely it has no ISAKMP policy that equals one of the transforms that ${initiator.label} offers; without a pre-shared key for ${initiator.label} it refuses in the same way.`,
    advice: `Give both ends one policy with the same cipher, key length, hash, group and authentication, and see that ${responder.label} has a key for ${initiator.label}.`,
    settle: [
      `"debug crypto isakmp" of ${responder.label}: it names the attribute, or that there is no key.`,
      ...(type === null ? ['A capture of UDP 500: the notification is in clear.'] : []),
    ],
  };
}

/** What names the attribute over which it fails. */
const whatNames = (refuser: AttemptSide, attempt: Attempt): readonly string[] => [
  attempt.version === 2
    ? `"debug crypto ikev2" of ${refuser.label}: it prints the policies that came and those that were expected.`
    : `"debug crypto isakmp" of ${refuser.label}: it names the attribute over which each policy failed.`,
  ...withoutConfig(refuser, `The configuration of ${refuser.label}.`),
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
