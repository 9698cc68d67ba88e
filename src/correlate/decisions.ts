import type { AttemptSide } from '../model/incident.ts';
import type { Exchange, Side } from '../model/exchange.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import { decisionSteps } from '../model/report.ts';
import type { Decision, DecisionStep } from '../model/report.ts';
import type { Binding } from './bindings.ts';
import { boundProfile } from './bindings.ts';
import { WORDING, eventsOf, findLine } from './log-lines.ts';
import { candidateOf, holdersOf } from './secrets.ts';

type Expected = NonNullable<Decision['expected']>;
type Observed = NonNullable<Decision['observed']>;
type Proven = NonNullable<Decision['proven']>;

type Context = {
  readonly mode: 'main' | 'aggressive' | 'ikev2';
  readonly initiator: AttemptSide;
  readonly responder: AttemptSide;
  readonly exchange: Exchange | null;
  readonly captureInput: string | null;
  readonly candidates: readonly CandidatePsk[];
  readonly completed: boolean;
  /** The message with the identity was sent, so that the router came to match a profile. */
  readonly identified: boolean;
};

/** A key was found, but the message does not say in which keyring. */
export const UNNAMED = 'a key, keyring not named';
export const NO_PROFILE = '(none)';
export const UNREADABLE = 'MM5 does not read as an identity';
export const REFUSED_CERTIFICATE = 'a certificate, refused';
export const OTHER_TRUSTPOINT = 'a certificate of another trustpoint, refused';
/** A value in none of the router's keyrings. */
export const NOWHERE = 'a key that none of its keyrings holds';

const names = (value: string): readonly string[] => value.split(' or ');

/** Two statements agree when they leave a keyring in common. */
function compare(
  expected: Expected | undefined,
  observed: Observed | undefined,
  proven: Proven | undefined,
): Decision['verdict'] {
  const known = [
    expected?.value,
    observed?.value === UNNAMED ? undefined : observed?.value,
    proven?.value,
  ].filter((value) => value !== undefined);
  if (known.length < 2) return 'unknown';
  const first = names(known[0]!);
  return first.some((name) => known.every((value) => names(value).includes(name)))
    ? 'agrees'
    : 'diverges';
}

function decision(
  step: DecisionStep,
  side: Side,
  what: Decision['what'],
  parts: {
    expected?: Expected | undefined;
    observed?: Observed | undefined;
    proven?: Proven | undefined;
  },
  verdict: Decision['verdict'] = compare(parts.expected, parts.observed, parts.proven),
): Decision {
  return {
    step,
    side,
    what,
    ...(parts.expected === undefined ? {} : { expected: parts.expected }),
    ...(parts.observed === undefined ? {} : { observed: parts.observed }),
    ...(parts.proven === undefined ? {} : { proven: parts.proven }),
    verdict,
  };
}

/** What the configuration selects, with the line of the key. */
function expectedKeyring(own: AttemptSide): Expected | undefined {
  const { selection, config } = own;
  if (
    selection === null ||
    config === null ||
    selection.keyring === null ||
    selection.entryLine === null
  )
    return undefined;
  return {
    value: selection.keyring,
    rule: rulesOf(selection.rules, 'keyring'),
    input: config.input,
    basis: selection.entryLine,
  };
}

function observedKeyring(own: AttemptSide, step: string): Observed | undefined {
  if (own.log === null) return undefined;
  const told = own.log.keyringSelections.filter((entry) => entry.step === step).at(-1);
  if (told === undefined) return undefined;
  return { value: told.keyring ?? UNNAMED, input: own.log.input, line: told.line };
}

/** The keyrings of this router that hold the key which this side is proven to have used. */
function provenKeyring(own: AttemptSide, context: Context): Proven | undefined {
  const { exchange, captureInput } = context;
  if (exchange === null || captureInput === null) return undefined;
  const label = own.side === 'initiator' ? exchange.keys.initiatorPsk : exchange.keys.responderPsk;
  const candidate = candidateOf(context.candidates, label);
  if (label === null || candidate === null) return undefined;
  const test = exchange.keys.candidates.find(
    (entry) => entry.candidate === label && entry.side === own.side && entry.verdict === 'verified',
  );
  if (test === undefined || test.frame === null) return undefined;
  const how = `${test.by ?? 'a hash'} verifies with ${label}`;
  const place = { input: captureInput, frame: test.frame, how };
  if (own.config === null) return { value: candidate.keyring ?? label, ...place };
  const peer = own.log?.peerAddress ?? own.selection?.peer ?? null;
  const rings = holdersOf(own.config, peer, candidate.secret, context.mode === 'ikev2' ? 2 : 1);
  return { value: rings.length === 0 ? NOWHERE : rings.join(' or '), ...place };
}

const KEY_STEPS: Readonly<
  Record<Context['mode'], Readonly<Record<Side, readonly DecisionStep[]>>>
> = {
  main: { initiator: ['mm1', 'mm2', 'mm4'], responder: ['mm1', 'mm3'] },
  aggressive: { initiator: ['am1', 'am2'], responder: ['am1'] },
  ikev2: { initiator: ['auth'], responder: ['auth'] },
};

function keyringDecisions(own: AttemptSide, context: Context): readonly Decision[] {
  const steps = KEY_STEPS[context.mode][own.side];
  const last = steps.at(-1);
  return steps.flatMap((step) => {
    const expected = expectedKeyring(own);
    const observed = observedKeyring(own, step);
    // The last selection makes the key material, so that is the one a packet can prove.
    const proven = step === last ? provenKeyring(own, context) : undefined;
    if (observed === undefined && proven === undefined && (expected === undefined || step !== last))
      return [];
    return [decision(step, own.side, 'keyring', { expected, observed, proven })];
  });
}

function boundTo(own: AttemptSide): Binding | null {
  if (own.config === null) return null;
  const peer = own.selection?.peer ?? own.log?.peerAddress ?? null;
  return boundProfile(own.config, peer, own.log?.fvrf ?? null, own.address);
}

function requestedProfile(own: AttemptSide): readonly Decision[] {
  const { config, log } = own;
  const bound = config === null ? null : boundTo(own);
  const expected: Expected | undefined =
    config === null || bound === null
      ? undefined
      : {
          value: bound.profile,
          rule: 'profile-bound',
          input: config.input,
          basis: bound.line,
        };
  const told = log?.saRequestProfile;
  const observed: Observed | undefined =
    log === null || told === undefined
      ? undefined
      : { value: told.name ?? NO_PROFILE, input: log.input, line: told.line };
  if (expected === undefined && observed === undefined) return [];
  return [decision('sa-request', own.side, 'profile', { expected, observed })];
}

function matchedProfile(own: AttemptSide, context: Context): readonly Decision[] {
  const { config, selection, log } = own;
  const told = log?.profileMatched;
  const observed: Observed | undefined =
    log === null || told === undefined
      ? undefined
      : { value: told.name ?? NO_PROFILE, input: log.input, line: told.line };
  const line = selection?.matchedLine ?? null;
  // A bound initiator matches no profile by identity, and prints nothing.
  const predicts = own.side === 'responder';
  const expected: Expected | undefined =
    !predicts ||
    config === null ||
    selection === null ||
    selection.matchedProfile === null ||
    line === null
      ? undefined
      : {
          value: selection.matchedProfile,
          rule: rulesOf(selection.rules, 'profile'),
          input: config.input,
          basis: line,
        };
  if (expected === undefined && observed === undefined) return [];
  const usual: DecisionStep =
    context.mode === 'ikev2'
      ? 'auth'
      : context.mode === 'aggressive'
        ? 'am1'
        : own.side === 'responder'
          ? 'mm5'
          : 'mm6';
  return [decision(told?.step ?? usual, own.side, 'profile', { expected, observed })];
}

const rulesOf = (rules: readonly string[], family: 'keyring' | 'profile'): string =>
  rules.filter((rule) => rule.startsWith(`${family}-`)).join(', ') ||
  (family === 'profile' ? 'profile-most-specific' : rules.join(', '));

/** The line that names the keyrings of a profile. */
function keyringLine(own: AttemptSide, profileName: string | null): number | null {
  const profile = own.config?.profiles.find((entry) => entry.name === profileName);
  return profile?.keyrings[0]?.line ?? profile?.line ?? null;
}

/** The keyring that made the key, against the keyrings that the matched profile allows. */
function verification(own: AttemptSide, context: Context): readonly Decision[] {
  if (context.mode !== 'main') return [];
  const step: DecisionStep = own.side === 'responder' ? 'mm5' : 'mm6';
  const { log, document, config, selection } = own;
  const events = log === null || document === null ? [] : eventsOf(document, log);
  const rejected = findLine(events, WORDING.keyNotInProfile);
  const garbage = own.side === 'responder' ? findLine(events, WORDING.garbage) : null;
  const profileName =
    log?.profileMatched?.name ??
    (own.side === 'responder' ? selection?.matchedProfile : null) ??
    null;
  const profile = config?.profiles.find((entry) => entry.name === profileName);
  const allowed = profile?.keyrings.map((use) => use.name) ?? [];
  const line = keyringLine(own, profileName);
  const expected: Expected | undefined =
    config === null || allowed.length === 0 || line === null
      ? undefined
      : {
          value: allowed.join(' or '),
          rule: `verify-keyring-after-${step}`,
          input: config.input,
          basis: line,
        };
  if (log !== null && garbage !== null) {
    const proven = initiatorKeyHere(own, context);
    const observed: Observed = { value: UNREADABLE, input: log.input, line: garbage.line };
    return [decision(step, own.side, 'verification', { expected, observed, proven }, 'diverges')];
  }
  const usedStep = own.side === 'responder' ? 'mm3' : 'mm4';
  const told = log?.keyringSelections.filter((entry) => entry.step === usedStep).at(-1);
  const used = told?.keyring ?? selection?.keyring ?? null;
  if (log !== null && rejected !== null) {
    const observed: Observed = {
      value: used ?? 'another keyring',
      input: log.input,
      line: rejected.line,
    };
    const required =
      log.keyringSelections.filter((entry) => entry.step === step).at(-1)?.keyring ?? null;
    const named: Expected | undefined =
      expected ??
      (required === null
        ? undefined
        : { value: required, rule: 'logged', input: log.input, basis: rejected.line });
    return [decision(step, own.side, 'verification', { expected: named, observed }, 'diverges')];
  }
  if (expected === undefined || used === null) return [];
  const fits = names(expected.value).includes(used);
  const passed = log !== null && log.phase1 === 'complete';
  const authenticated = findLine(events, WORDING.authenticated);
  const observed: Observed | undefined =
    passed && authenticated !== null
      ? { value: fits ? used : expected.value, input: log.input, line: authenticated.line }
      : undefined;
  // The log outranks the rule: a router that went on has verified, whatever the configuration predicts.
  const verdict =
    passed || context.completed ? 'agrees' : fits || !context.identified ? 'unknown' : 'diverges';
  if (own.side === 'initiator' && log?.profileMatched === undefined) return [];
  return [decision(step, own.side, 'verification', { expected, observed }, verdict)];
}

/** A certificate is accepted for the trustpoints of the matched profile only. */
function certificateCheck(own: AttemptSide, context: Context): readonly Decision[] {
  const { log, document, config } = own;
  if (log === null || document === null || log.auth === 'psk') return [];
  const refused = findLine(eventsOf(document, log), WORDING.certificateRefused);
  if (refused === null) return [];
  const profile = config?.profiles.find((entry) => entry.name === log.profileMatched?.name);
  const first = profile?.trustpoints[0];
  const expected: Expected | undefined =
    config === null || profile === undefined || first === undefined
      ? undefined
      : {
          value: profile.trustpoints.map((use) => use.name).join(' or '),
          rule: 'trustpoints-of-profile',
          input: config.input,
          basis: first.line,
        };
  const value =
    log.verdict === 'certificate-trustpoint-mismatch' ? OTHER_TRUSTPOINT : REFUSED_CERTIFICATE;
  const observed: Observed = { value, input: log.input, line: refused.line };
  const step: DecisionStep =
    context.mode === 'ikev2' ? 'auth' : own.side === 'responder' ? 'mm5' : 'mm6';
  return [decision(step, own.side, 'verification', { expected, observed }, 'diverges')];
}

/** Which of the responder's keyrings would have opened MM5. */
function initiatorKeyHere(own: AttemptSide, context: Context): Proven | undefined {
  const { exchange, captureInput } = context;
  if (exchange === null || captureInput === null) return undefined;
  const label = exchange.keys.initiatorPsk;
  const candidate = candidateOf(context.candidates, label);
  const test = exchange.keys.candidates.find(
    (entry) =>
      entry.candidate === label && entry.side === 'initiator' && entry.verdict === 'verified',
  );
  if (candidate === null || test === undefined || test.frame === null) return undefined;
  const peer = own.log?.peerAddress ?? own.selection?.peer ?? null;
  const rings =
    own.config === null
      ? []
      : holdersOf(own.config, peer, candidate.secret, context.mode === 'ikev2' ? 2 : 1);
  return {
    value: rings.length > 0 ? rings.join(' or ') : own.config === null ? candidate.label : NOWHERE,
    input: captureInput,
    frame: test.frame,
    how: `${test.by ?? 'a hash'} of MM5 verifies with ${candidate.label}`,
  };
}

/** Quick mode asks whether the SA's profile is the one that the map or tunnel demands. */
function phase2Profile(own: AttemptSide): readonly Decision[] {
  const { config, log, document } = own;
  if (log === null || document === null) return [];
  const events = eventsOf(document, log);
  const refused = findLine(events, WORDING.profileDidNotMatch);
  const told = log.profileMatched;
  if (told === undefined || (refused === null && log.phase2 !== 'complete')) return [];
  const bound = boundTo(own);
  const expected: Expected | undefined =
    config === null || bound === null
      ? undefined
      : {
          value: bound.profile,
          rule: 'phase2-profile',
          input: config.input,
          basis: bound.line,
        };
  const observed: Observed = {
    value: told.name ?? NO_PROFILE,
    input: log.input,
    line: refused?.line ?? told.line,
  };
  if (refused !== null)
    return [decision('qm1', own.side, 'phase2-profile', { expected, observed }, 'diverges')];
  if (expected === undefined) return [];
  return [decision('qm1', own.side, 'phase2-profile', { expected, observed }, 'agrees')];
}

const KIND_ORDER: readonly Decision['what'][] = [
  'keyring',
  'profile',
  'verification',
  'phase2-profile',
];

/** Every point where one of the two ends selected or verified, in the order of the exchange. */
export function decide(context: Context): readonly Decision[] {
  const { initiator, responder } = context;
  const all = [
    ...requestedProfile(initiator),
    ...keyringDecisions(initiator, context),
    ...keyringDecisions(responder, context),
    ...matchedProfile(initiator, context),
    ...matchedProfile(responder, context),
    ...verification(initiator, context),
    ...verification(responder, context),
    ...certificateCheck(initiator, context),
    ...certificateCheck(responder, context),
    ...phase2Profile(responder),
  ];
  return [...all].sort(
    (a, b) =>
      decisionSteps.indexOf(a.step) - decisionSteps.indexOf(b.step) ||
      KIND_ORDER.indexOf(a.what) - KIND_ORDER.indexOf(b.what) ||
      (a.side < b.side ? -1 : a.side > b.side ? 1 : 0),
  );
}
