import { eventOnLine } from '../correlate/log-lines.ts';
import type { ConfigModel, IsakmpPolicy } from '../model/config.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { policiesOf } from '../select/policy.ts';
import { configEvidence, frameEvidence, lineEvidence } from './evidence.ts';
import { listed, sides } from './facts.ts';
import type { Weighed } from './rule.ts';
import type { PolicyCheck, Suite } from './suites.ts';
import { differenceOf, isWhole, policyChecks, suiteOf, suiteText, valueOf } from './suites.ts';

/** What an attempt shows of phase 1, held against the ISAKMP policies of the configurations. */

/** Something that was seen and that the configuration of this side cannot have done. */
export type Against = {
  readonly side: AttemptSide;
  /** Without a full stop. */
  readonly text: string;
  readonly evidence: readonly Weighed[];
};

/** Policies above this are built in, and in force or not by release. */
const LAST_WRITTEN = 10_000;

const NAMES = {
  encryption: 'the cipher',
  'key-length': 'the AES key length',
  hash: 'the hash',
  'dh-group': 'the Diffie-Hellman group',
  authentication: 'the authentication method',
} as const;

/** Where the policies given cannot have been in force. */
export function againstPolicies(attempt: Attempt): readonly Against[] {
  if (attempt.version !== 1) return [];
  const checked = sides(attempt).flatMap((side) => againstChecks(side));
  const known = new Set(checked.map(({ side }) => side));
  return [...checked, ...againstOffers(attempt).filter(({ side }) => !known.has(side))];
}

/** What a router says of its own policies. */
function againstChecks(side: AttemptSide): readonly Against[] {
  const { config, label } = side;
  const policies = config === null ? null : policiesOf(config);
  if (config === null || policies === null) return [];
  const checks = policyChecks(side).filter(({ priority }) => priority <= LAST_WRITTEN);
  const missing = checks.filter(
    ({ priority }) => priority > 0 && !policies.some((each) => each.priority === priority),
  );
  if (missing.length > 0) {
    const named = [...new Set(missing.map(({ priority }) => String(priority)))];
    return [
      {
        side,
        text: `The debug of ${label} names policy ${listed(named)}, which its configuration does not define: ${heldText(policies)}`,
        evidence: [...quotedLine(side, missing[0]!.line), ...policyLines(config, policies)],
      },
    ];
  }
  const other = checks.flatMap((each) => {
    const policy = policies.find(({ priority }) => priority === each.priority);
    const text = policy === undefined ? null : otherwise(side, each, policy);
    return text === null ? [] : [{ each, policy: policy!, text }];
  });
  return other.slice(0, 1).map(({ each, policy, text }) => ({
    side,
    text,
    evidence: [...quotedLine(side, each.endLine), ...policyLines(config, [policy])],
  }));
}

/** Why the policy given cannot have ended a comparison as the debug says; null where it can. */
function otherwise(
  { label }: AttemptSide,
  { transform, priority, offer, accepted, over }: PolicyCheck,
  policy: IsakmpPolicy,
): string | null {
  const what = `transform ${String(transform)} (${suiteText(offer)})`;
  const of = `policy ${String(priority)}`;
  if (accepted === true) {
    const attribute = differenceOf(offer, policy);
    return attribute === null
      ? null
      : `The debug of ${label} accepts ${what} by ${of}, and in its configuration ${of} has ${valueText(policy, attribute)} for ${NAMES[attribute]}`;
  }
  // A method is refused for want of a key or a certificate as well, and lifetimes are never refused.
  if (over === null || over === 'authentication' || over === 'lifetime') return null;
  const offered = valueOf(offer, over);
  if (offered === null || offered !== valueOf(policy, over)) return null;
  const all =
    differenceOf(offer, policy) === null && isWhole(offer)
      ? `in its configuration ${of} accepts this transform`
      : `in its configuration ${of} has ${valueText(policy, over)} as well`;
  return `The debug of ${label} refuses ${what} by ${of} over ${NAMES[over]}, and ${all}`;
}

const valueText = (policy: IsakmpPolicy, attribute: keyof typeof NAMES): string =>
  `${attribute === 'dh-group' ? 'group ' : ''}${String(valueOf(policy, attribute) ?? 'none')}`;

/** What one end was seen to offer or to choose, and none of its policies has. */
function againstOffers(attempt: Attempt): readonly Against[] {
  const { initiator, responder } = attempt;
  return [
    ...withoutPolicy(initiator, 'offers', shownOffers(attempt)),
    ...withoutPolicy(responder, 'chooses', shownChoice(attempt)),
  ];
}

type Shown = { readonly suite: Suite; readonly evidence: readonly Weighed[] };

function shownOffers(attempt: Attempt): readonly Shown[] {
  const logged = policyChecks(attempt.responder).map(({ offer, line }) => ({
    suite: offer,
    evidence: quotedLine(attempt.responder, line),
  }));
  const sent = messageOf(attempt, ['MM1', 'AM1']);
  const tapped = (attempt.exchange?.offered ?? []).map((each) => shownOnWire(attempt, each, sent));
  return [...logged, ...tapped];
}

function shownChoice(attempt: Attempt): readonly Shown[] {
  const logged = policyChecks(attempt.initiator)
    .slice(0, 1)
    .map(({ offer, line }) => ({ suite: offer, evidence: quotedLine(attempt.initiator, line) }));
  const sent = messageOf(attempt, ['MM2', 'AM2']);
  const chosen = sent === undefined ? null : (attempt.exchange?.transform ?? null);
  return chosen === null ? logged : [...logged, shownOnWire(attempt, chosen, sent)];
}

const messageOf = ({ exchange }: Attempt, steps: readonly string[]): ExchangeMessage | undefined =>
  exchange?.messages.find(({ step }) => steps.includes(step));

function shownOnWire(
  attempt: Attempt,
  transform: Parameters<typeof suiteOf>[0],
  sent: ExchangeMessage | undefined,
): Shown {
  const suite = suiteOf(transform);
  const weight = { basis: 'observed', decisive: true } as const;
  const text = `the transform ${suiteText(suite)}`;
  return { suite, evidence: sent === undefined ? [] : frameEvidence(attempt, sent, text, weight) };
}

/** Releases before 12.4(20)T offer their built-in policy behind those that are configured. */
const isOldDefault = ({ encryption, hash, authentication, group }: Suite): boolean =>
  encryption === 'des' && hash === 'sha' && authentication === 'rsa-sig' && group === 1;

function withoutPolicy(
  side: AttemptSide,
  does: 'offers' | 'chooses',
  shown: readonly Shown[],
): readonly Against[] {
  const { config, label } = side;
  const policies = config === null ? null : policiesOf(config);
  // Whether built-in policies are in force, and which, hangs on the release.
  if (config === null || policies === null || policies.some(({ line }) => line === null)) return [];
  const strange = shown.find(
    ({ suite }) =>
      isWhole(suite) &&
      !isOldDefault(suite) &&
      policies.every((policy) => differenceOf(suite, policy) !== null),
  );
  if (strange === undefined) return [];
  return [
    {
      side,
      text: `${label} ${does} ${suiteText(strange.suite)}, and its configuration has no such policy: ${heldText(policies)}`,
      evidence: [...strange.evidence, ...policyLines(config, policies)],
    },
  ];
}

const MOST_POLICIES = 4;

/** Policies as a configuration has them. */
export function heldText(policies: readonly IsakmpPolicy[]): string {
  if (policies.length === 0) return 'it has none';
  const texts = policies
    .slice(0, MOST_POLICIES)
    .map((policy) => `policy ${String(policy.priority)} (${suiteText(policy)})`);
  const more = policies.length - texts.length;
  return `it has ${listed(more > 0 ? [...texts, `${String(more)} more`] : texts)}`;
}

export const policyLines = (
  config: ConfigModel,
  policies: readonly IsakmpPolicy[],
): readonly Weighed[] =>
  policies.slice(0, MOST_POLICIES).flatMap((policy) => {
    const text = `policy ${String(policy.priority)}: ${suiteText(policy)}`;
    return policy.line === null ? [] : [configEvidence(config, policy.line, text, false)];
  });

export function quotedLine(side: AttemptSide, line: number): readonly Weighed[] {
  const event = side.document === null ? null : eventOnLine(side.document, line);
  return event === null ? [] : [lineEvidence(side, event, true)];
}
