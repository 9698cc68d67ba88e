import type { ConfigModel } from '../model/config.ts';
import type { Side } from '../model/exchange.ts';
import type { AttemptSide } from '../model/incident.ts';
import { decisionSteps } from '../model/report.ts';
import type { Decision, DecisionStep } from '../model/report.ts';
import type { Binding } from './bindings.ts';
import { boundProfile } from './bindings.ts';
import { NOWHERE, NO_KEY, NO_PROFILE, UNNAMED, decision } from './decision.ts';
import type { Context, Expected, Observed, Proven } from './decision.ts';
import { WORDING, eventsOf, findLine } from './log-lines.ts';
import { candidateOf, holdersOf } from './secrets.ts';
import { certificateCheck, verification } from './verification.ts';

/** What the configuration selects, with the line of the key; nothing, with the line of what kept every key out. */
function expectedKeyring(own: AttemptSide, mode: Context['mode']): Expected | undefined {
  const { selection, config } = own;
  if (selection === null || config === null) return undefined;
  const { keyring, entryLine, requestedProfile, matchedProfile, candidates } = selection;
  const rule = keyringRules(selection.rules);
  const { input } = config;
  if (keyring !== null && entryLine !== null)
    return { value: keyring, rule, input, basis: entryLine };
  if (mode === 'ikev2' || !selection.rules.includes('keyring-none')) return undefined;
  // The responder of aggressive mode knows the profile before it looks for a key.
  const limits = mode === 'aggressive' ? (requestedProfile ?? matchedProfile) : requestedProfile;
  const basis = profileLine(config, limits) ?? candidates[0]?.line;
  return basis === undefined ? undefined : { value: NO_KEY, rule, input, basis };
}

/** The line that names the keyrings of a profile, else the profile itself. */
function profileLine(config: ConfigModel, name: string | null): number | undefined {
  const profile = config.profiles.find((entry) => entry.name === name);
  return profile?.keyrings[0]?.line ?? profile?.line;
}

function observedKeyring(own: AttemptSide, step: string): Observed | undefined {
  if (own.log === null) return undefined;
  const told = own.log.keyringSelections.filter((entry) => entry.step === step).at(-1);
  if (told === undefined) return undefined;
  return { value: told.keyring ?? UNNAMED, input: own.log.input, line: told.line };
}

/** The search that found nothing, which is the first one. */
function observedNoKey(own: AttemptSide): Observed | undefined {
  if (own.log === null || own.document === null) return undefined;
  const event = findLine(eventsOf(own.document, own.log), WORDING.noKey);
  return event === null ? undefined : { value: NO_KEY, input: own.log.input, line: event.line };
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
    const observed =
      observedKeyring(own, step) ??
      (step === steps[0] && context.mode !== 'ikev2' ? observedNoKey(own) : undefined);
    const selected = expectedKeyring(own, context.mode);
    // Without a log that says so, a search that finds nothing is no decision: the attempt was made.
    const expected = selected?.value === NO_KEY && observed === undefined ? undefined : selected;
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
  const fvrf = own.selection?.fvrf ?? own.log?.fvrf ?? null;
  return boundProfile(own.config, peer, fvrf, own.address, own.selection?.tunnel);
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
  const { log } = own;
  const told = log?.profileMatched;
  const observed: Observed | undefined =
    log === null || told === undefined
      ? undefined
      : { value: told.name ?? NO_PROFILE, input: log.input, line: told.line };
  const expected = expectedProfile(own, observed !== undefined);
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

/** The profile that the identity matches by the configuration; that it matches none, where the log shows the identity. */
function expectedProfile(own: AttemptSide, isLogged: boolean): Expected | undefined {
  const { config, selection, log } = own;
  if (config === null || selection === null) return undefined;
  // A bound initiator matches no profile by identity, and prints nothing.
  const predicts = own.side === 'responder' || (isLogged && selection.requestedProfile === null);
  if (!predicts) return undefined;
  const { input } = config;
  const { matchedProfile: value, matchedLine, lostProfiles, rules } = selection;
  if (value !== null && matchedLine !== null) {
    const rule = rules.filter((each) => MATCHING.has(each)).join(', ') || 'profile-most-specific';
    return { value, rule, input, basis: matchedLine };
  }
  const first = lostProfiles[0];
  const byCertificate = config.profiles.some(({ matches }) =>
    matches.some(({ kind }) => kind === 'certificate-map' || kind === 'group'),
  );
  if (value !== null || !isLogged || first === undefined || byCertificate) return undefined;
  if (log?.peerIdentity == null || log.ikeVersion === 2) return undefined;
  return { value: NO_PROFILE, rule: 'profile-none', input, basis: first.line };
}

/** Rules by which one of several matching profiles is taken. */
const MATCHING: ReadonlySet<string> = new Set([
  'profile-most-specific',
  'profile-first-match',
  'profile-first-defined',
  'profile-match-vrf',
]);

/** Rules that choose a key. The only entry that covers the peer is the one with the longest mask. */
const keyringRules = (rules: readonly string[]): string =>
  rules.filter((rule) => rule.startsWith('keyring-') || KEY_RULES.has(rule)).join(', ') ||
  'keyring-longest-mask';

const KEY_RULES: ReadonlySet<string> = new Set([
  'aggressive-identity-first',
  'ikev2-keyring-of-profile',
]);

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
    line: told.line,
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
