import type { ConfigModel } from '../model/config.ts';
import type { Finding, Remedy, Severity } from '../model/finding.ts';
import { tunnelClues } from '../correlate/sides.ts';
import type { Attempt, AttemptSide, Incident } from '../model/incident.ts';
import type { Cure, Direction, Prediction } from '../model/selection.ts';
import { predict } from '../select/predict.ts';
import { asRemedies } from '../select/repair.ts';
import { tunnelsFor } from '../select/selection.ts';
import { contradictions } from './agreement.ts';
import { listed, sides } from './facts.ts';
import { doubtedRouters, readingSeen, seenOutcomes } from './observed.ts';
import type { CaseFile, Claim, Weighed } from './rule.ts';

/** Configurations under the name by which the incident knows their routers. */
function namedConfigs(incident: Incident): readonly ConfigModel[] {
  const past = pastVersions(incident);
  const present = incident.evidence.configs.filter(({ input }) => !past.has(input));
  return present.map((config) => {
    const router = incident.routers.find((entry) => entry.inputs.includes(config.input));
    const name = router?.name ?? router?.addresses[0] ?? null;
    return config.hostname === null && name !== null ? { ...config, hostname: name } : config;
  });
}

/** Of several configurations of one router, those that its last attempt did not run under. */
function pastVersions({ attempts, routers, evidence }: Incident): ReadonlySet<string> {
  const last = new Map<string, string>();
  for (const { initiator, responder } of attempts) {
    for (const { router, config, log } of [initiator, responder])
      if (router !== null && config !== null && log !== null) last.set(router, config.input);
  }
  const given = new Set(evidence.configs.map(({ input }) => input));
  return new Set(
    routers.flatMap(({ name, inputs }) => {
      const present = last.get(name ?? '');
      return present !== undefined && inputs.includes(present)
        ? inputs.filter((input) => given.has(input) && input !== present)
        : [];
    }),
  );
}

/** What the configurations promise, replayed. */
export function predictIncident(incident: Incident): Prediction | null {
  if (incident.evidence.configs.length === 0) return null;
  const pairs = incident.routers.flatMap(({ name, addresses }) =>
    name === null ? [] : addresses.map((address) => [address, name] as const),
  );
  const prediction = predict(namedConfigs(incident), {
    pairs: Object.fromEntries(pairs),
    ...readingSeen(incident),
    seen: seenOutcomes(incident),
    listings: incident.evidence.configs,
  });
  const refuted = prediction.refuted.flatMap(({ initiator, responder }) => [initiator, responder]);
  const names = refuted.filter((name) => name !== null);
  return withDoubt(prediction, new Set([...doubtedRouters(incident), ...names]));
}

const DOUBT =
  'This holds for the configuration given, which does not explain the log of the router: compare it with the running one first';

/** It may still be right, and proves nothing. */
const doubtful = (remedy: Remedy): Remedy =>
  remedy.verified ? { ...remedy, text: `${remedy.text} ${DOUBT}.`, verified: false } : remedy;

/** Repairs of a doubted router, and of those that it was replayed with, are not verified. */
function withDoubt(prediction: Prediction, doubted: ReadonlySet<string>): Prediction {
  if (doubted.size === 0) return prediction;
  const isDoubted = (router: string | null): boolean => router !== null && doubted.has(router);
  const touched = new Set(
    prediction.directions
      .filter(({ initiator, responder }) => isDoubted(initiator) || isDoubted(responder))
      .flatMap(({ initiator, responder }) => [initiator, responder]),
  );
  const concerns = (router: string | null | undefined): boolean =>
    router == null || isDoubted(router) || touched.has(router);
  return {
    ...prediction,
    findings: prediction.findings.map((finding) => ({
      ...finding,
      remedies: finding.remedies.map((each) => (concerns(each.router) ? doubtful(each) : each)),
    })),
    repairs: prediction.repairs.map((each) =>
      concerns(each.router) ? { ...each, verified: false, proof: `${each.proof}. ${DOUBT}` } : each,
    ),
  };
}

/** Findings that the selection layer made of the configurations, as claims of the rule with that id. */
export function predictedClaims(file: CaseFile, id: string): readonly Claim[] {
  const found = file.prediction?.findings ?? [];
  // A direction that fails is a verdict of its own; here are the faults of one router.
  const faults = found.filter((finding) => finding.id === id && finding.severity !== 'failure');
  return faults.map((finding) => ({
    attempt: null,
    key: finding.title,
    title: finding.title,
    explanation: finding.explanation,
    summary: `Warning: ${finding.explanation}`,
    evidence: finding.evidence.map((item) => ({
      ...item,
      basis: 'predicted' as const,
      decisive: true,
    })),
    remedies: finding.remedies,
    settle: finding.settle,
  }));
}

/** Repairs that bring up what an attempt was to bring up, and that was predicted to end in one of these findings. */
export function repairsFor(
  prediction: Prediction | null,
  attempt: Attempt,
  findings: readonly string[],
): readonly Remedy[] {
  const meant = directionsOf(prediction, attempt).map(({ tunnel }) => tunnel);
  const fitting = (prediction?.repairs ?? []).filter(({ cures }) =>
    cures.some(
      (cure) =>
        findings.includes(cure.finding) &&
        isDirectionOf(cure, attempt) &&
        // One router alone tells of its own tunnel, and of none of the caller.
        (cure.initiator === null || meant.length === 0 || meant.includes(cure.tunnel)),
    ),
  );
  return asRemedies(fitting);
}

function isDirectionOf(cure: Cure, { initiator, responder }: Attempt): boolean {
  return (
    isEnd(initiator, responder, cure.initiator, cure.initiatorAddress) &&
    isEnd(responder, initiator, cure.responder, cure.responderAddress)
  );
}

/** By its name where both have one, else by the address under which the other end meets it. */
function isEnd(
  own: AttemptSide,
  far: AttemptSide,
  name: string | null,
  address: string | null,
): boolean {
  if (own.router !== null && name !== null) return own.router === name;
  return address !== null && address === (far.selection?.peer ?? own.address);
}

/** Longer repairs stand with the finding. */
const MOST_COMMANDS = 6;

/**
 * What to type, as one sentence of a summary. A repair that was replayed on a configuration which does not explain the
 * log is not typed: what the router runs is asked for.
 */
export function repairText(remedy: Remedy, attempt: Attempt | null): string {
  if (remedy.text.endsWith(`${DOUBT}.`)) {
    const against = attempt === null ? [] : contradictions(attempt);
    const labels = [...new Set(against.map(({ side }) => side.label))];
    const whose = labels.length === 0 ? 'both routers' : listed(labels);
    return `Take "show running-config" of ${whose} first: the configuration given does not explain the log, so that no repair replayed on it is worth typing yet.`;
  }
  const where = remedy.router === undefined ? '' : `On ${remedy.router}: `;
  const lines =
    remedy.config === undefined ? [] : remedy.config.split('\n').map((line) => line.trim());
  const typed =
    lines.length === 0 || lines.length > MOST_COMMANDS ? '' : ` Type: ${lines.join(' / ')}.`;
  return `${where}${sentence(remedy.text)}${typed}`;
}

/**
 * What the configurations promise for the same tunnel with the roles exchanged, as a sentence; empty when unknown. Where
 * several tunnels may be meant that end differently, each is named.
 */
export function otherDirection(prediction: Prediction | null, attempt: Attempt): string {
  const { initiator, responder } = attempt;
  const ways = directionsBetween(prediction, responder, initiator);
  if (ways.length === 0 || contradictions(attempt).length > 0) return '';
  const [first] = ways;
  const differ = ways.some(({ outcome }) => outcome !== first!.outcome);
  const told = ways
    .slice(0, differ ? ways.length : 1)
    .map((each) => promised(each, responder.label, differ ? each.tunnel : null))
    .filter((text) => text !== '');
  // A tunnel that may be called in several ways ends alike in each.
  return [...new Set(told)].join(' ');
}

/** Labels of the tunnels of one end that the attempt may have been for. */
function tunnelsMeant(own: AttemptSide, other: AttemptSide): ReadonlySet<string> {
  const { side, config, log, selection, address } = own;
  if (config === null || selection === null) return new Set();
  const clues = tunnelClues(side, log, other.log?.peerIdentity ?? log?.ownIdentity ?? null);
  const { matchedProfile, peer, fvrf } = selection;
  const profile = side === 'responder' && log === null ? matchedProfile : clues.profile;
  const tunnels = tunnelsFor(config, peer, fvrf, address, { ...clues, profile });
  return new Set(tunnels.map(({ label }) => label));
}

/** The directions of one router towards another; with several tunnels those that the attempt may have been for. */
function directionsBetween(
  prediction: Prediction | null,
  from: AttemptSide,
  to: AttemptSide,
): readonly Direction[] {
  const towards = (prediction?.directions ?? []).filter(
    ({ initiator, responder }) =>
      initiator === from.router && responder === to.router && initiator !== null,
  );
  const labels = tunnelsMeant(from, to);
  const meant = towards.filter(({ tunnel }) => tunnel !== null && labels.has(tunnel));
  return meant.length > 0 ? meant : towards;
}

/** What the configurations promise of an attempt. */
export const directionsOf = (
  prediction: Prediction | null,
  { initiator, responder }: Attempt,
): readonly Direction[] => directionsBetween(prediction, initiator, responder);

function promised({ outcome, why }: Direction, caller: string, tunnel: string | null): string {
  const when = `The other way round, when ${caller} initiates${tunnel === null ? '' : ` by ${tunnel}`}`;
  if (outcome === 'up') return `${when}, the tunnel comes up: ${sentence(why)}`;
  return outcome === 'fails' ? `${when}, it fails as well: ${sentence(why)}` : '';
}

/** The exchange that a replay of one direction ends in, where the step at which it fails belongs to one exchange alone. */
function exchangeOf({ failingStep }: Direction): Attempt['mode'] | null {
  if (failingStep === null) return null;
  if (/^(?:sa-init|ike-auth)/.test(failingStep)) return 'ikev2';
  return failingStep.startsWith('am') ? 'aggressive' : null;
}

/** Whether the configurations can tell of this attempt: it is the exchange that they make this router call in. */
export function isReplayOf(direction: Direction, { mode, initiator }: Attempt): boolean {
  const exchange = exchangeOf(direction);
  if (exchange !== null) return exchange === mode;
  if (mode !== 'aggressive' || initiator.config === null) return mode !== 'ikev2';
  const { profiles, aggressivePeers } = initiator.config;
  return profiles.some(({ aggressive }) => aggressive) || aggressivePeers.length > 0;
}

/** Repairs for an attempt: those of another exchange than it made do not help it. */
export function repairsOf(
  prediction: Prediction | null,
  attempt: Attempt,
  findings: readonly string[],
): readonly Remedy[] {
  const failing = directionsOf(prediction, attempt).filter(({ outcome }) => outcome === 'fails');
  return failing.length > 0 && !failing.some((entry) => isReplayOf(entry, attempt))
    ? []
    : repairsFor(prediction, attempt, findings);
}

/** Why an attempt had to fail as it did by the configurations, as the end of a sentence; null where they do not tell. */
export function configuredCause(
  prediction: Prediction | null,
  attempt: Attempt,
  findings: readonly string[],
): string | null {
  const direction = directionsOf(prediction, attempt).find(
    ({ outcome, finding }) => outcome === 'fails' && finding !== null && findings.includes(finding),
  );
  if (direction === undefined || !isReplayOf(direction, attempt)) return null;
  if (contradictions(attempt).length > 0) return null;
  return sentence(direction.why);
}

/** The lines of the configurations that make an attempt fail as it did. */
export function placesOfCause(
  prediction: Prediction | null,
  attempt: Attempt,
  findings: readonly string[],
): readonly Weighed[] {
  const inputs = new Set(sides(attempt).flatMap(({ config }) => config?.input ?? []));
  const found = (prediction?.findings ?? []).find(
    ({ id, severity, evidence }) =>
      severity === 'failure' &&
      findings.includes(id) &&
      evidence.every(({ input }) => inputs.has(input)),
  );
  return (found?.evidence ?? []).map((item) => ({
    ...item,
    basis: 'predicted' as const,
    decisive: false,
  }));
}

/** Whether a cause names a profile, keyring, trust-point, key, address, number or algorithm that a story does not; one without any stands. */
export function addsTo(
  story: string,
  cause: string,
  configs: readonly (ConfigModel | null)[],
): boolean {
  const names = new Set(
    configs.flatMap((config) =>
      config === null
        ? []
        : [
            ...config.keyrings,
            ...config.profiles,
            ...config.ikev2Keyrings,
            ...config.ikev2Profiles,
            ...config.trustpoints,
          ].map(({ name }) => name),
    ),
  );
  const words = (text: string): readonly string[] =>
    text.split(/[\s,;()]+/).map((word) => word.replace(/[.:]$/, ''));
  const facts = words(cause).filter((word) => names.has(word) || FACT.test(word));
  const said = new Set(words(story));
  return facts.length === 0 || facts.some((fact) => !said.has(fact));
}

/** A key, an address, a number, or a word of a policy or transform set. */
const FACT =
  /^<key#|\w[.:]\w|^\d+$|^(?:esp|ah|comp)-|^(?:tunnel|transport)$|^(?:3?des|aes|md5|sha\d*)$/;

/** With a full stop, exactly one. */
/** With a full stop. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Adds what only the configurations tell. A prediction that an attempt has confirmed or refuted is not said twice. */
export function foldPredictions(
  findings: readonly Finding[],
  prediction: Prediction | null,
  told: readonly { readonly id: string; readonly severity: Severity }[],
  hasAttempts: boolean,
): readonly Finding[] {
  if (prediction === null) return findings;
  // What an attempt made a failure is still the warning of its rule.
  const known = new Set([...findings, ...told].map(({ id, severity }) => `${id} ${severity}`));
  const added = prediction.findings.filter(
    (finding) =>
      !known.has(`${finding.id} ${finding.severity}`) &&
      !(hasAttempts && finding.severity === 'failure'),
  );
  const once = added.filter(
    (finding, index) =>
      added.findIndex((other) => other.id === finding.id && other.title === finding.title) ===
      index,
  );
  return [...findings, ...once];
}
