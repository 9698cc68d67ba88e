import { tokensFor } from '../iosconfig/secrets.ts';
import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel, IdentityMatch } from '../model/config.ts';
import type { Finding } from '../model/finding.ts';
import type { Cure, Direction, Prediction, RouterOutline, Selection } from '../model/selection.ts';
import { walkLinks } from './directions.ts';
import type { WalkedLink } from './directions.ts';
import { revealer } from './edit.ts';
import type { Reveal } from './edit.ts';
import { directionFindings, roleFindings } from './findings/ends.ts';
import { hygieneFindings } from './findings/hygiene.ts';
import { keyFindings } from './findings/keys.ts';
import { makeFinding, nameOf } from './findings/make.ts';
import type { Draft } from './findings/make.ts';
import { shadowedEntries } from './findings/shadowed.ts';
import { profileFindings } from './findings/profiles.ts';
import { describeIkev2 } from './ikev2-selection.ts';
import { likelyAttempt, seenAttempt } from './pairs.ts';
import type { Link } from './pairs.ts';
import { callersOf } from './peers.ts';
import type { Caller } from './peers.ts';
import { isFragment } from './policy.ts';
import { asRemedies, findRepairs, keeperOf } from './repair.ts';
import { findRouterRepairs } from './repair-router.ts';
import { MAIN_READING } from './rules.ts';
import type { Reading } from './rules.ts';
import { sentBy } from './identity-sent.ts';
import { awaitsName, describeSelection } from './selection.ts';
import { asSeen } from './seen.ts';
import type { SeenOutcome } from './seen.ts';
import { tunnelsOf } from './tunnels.ts';
import { whyIdle } from './unserved.ts';
import { identitySent } from './walk.ts';

export type PredictOptions = {
  /** Further addresses of routers: address to router name. */
  readonly pairs?: Readonly<Record<string, string>>;
  /** Show only what concerns this router as initiator, or as responder. */
  readonly initiator?: string | null;
  readonly responder?: string | null;
  /** The host name of listings that are called apart, by the name that each has: either may be asked for. */
  readonly hostnames?: ReadonlyMap<string, string>;
  /** What debugs decide where the documents contradict themselves. */
  readonly reading?: Reading;
  /** Rules of other readings about which debugs leave no doubt, whichever way. */
  readonly settled?: ReadonlySet<string>;
  /** How attempts in the evidence ended, which outranks what the configurations promise. */
  readonly seen?: readonly SeenOutcome[];
  /** All configurations by whose keys tokens are counted, if there are more than these. */
  readonly listings?: readonly ConfigModel[];
  /** Show keys as they are, not as tokens. */
  readonly showSecrets?: boolean;
};

const NONE: ReadonlySet<string> = new Set();

/** What every router selects in both roles, and how every initiation between them ends. */
export function predict(models: readonly ConfigModel[], options: PredictOptions = {}): Prediction {
  const { listings = models } = options;
  const token = tokensFor(listings);
  const { reading = MAIN_READING, settled = NONE, seen = [] } = options;
  const pairing = { addresses: options.pairs ?? {}, reading, settled };
  const { walked, refuted } = asSeen(walkLinks(models, token, pairing), seen);
  const selections = models.map((model, at) => selectionsOf(model, at, walked));
  const wanted = walked.filter(({ direction }) => isWanted(direction, options));
  const findings = [
    ...directionFindings(models, wanted),
    ...models.flatMap((model, at) => routerFindings(model, at, selections[at]!, walked)),
  ];
  const reveal = revealer(listings);
  /** Peers of a router that are routers given: what helps them is replayed at both ends. */
  const met = (at: number): ReadonlySet<string> =>
    new Set(walked.flatMap(({ link }) => peersAt(at, link)));
  const repairs = [
    ...findRepairs(models, token, reveal, walked, pairing),
    // One router alone is replayed by the main reading only.
    ...(reading === MAIN_READING
      ? models.flatMap((model, at) =>
          findRouterRepairs(
            model,
            token,
            reveal,
            met(at),
            keeperOf(models, at, token, walked, pairing),
          ),
        )
      : []),
  ];
  const prediction: Prediction = {
    routers: models.map((model) => outlineRouter(model, token)),
    selections: selections.flat().filter((selection) => isWantedSelection(selection, options)),
    directions: walked.length > 0 ? wanted.map(withOtherReadings) : strangers(models, options),
    refuted,
    findings: sortFindings(
      findings.map((draft) => ({
        ...makeFinding(draft, token),
        remedies: asRemedies(
          repairs.filter(({ cures }) => cures.some((cure) => helps(cure, draft))),
        ),
      })),
    ),
    repairs,
  };
  return options.showSecrets === true ? inClear(prediction, reveal) : prediction;
}

/** The addresses under which a router meets the other one of a link. */
function peersAt(at: number, link: Link): readonly string[] {
  if (link.from === at) return link.tunnel.peer === null ? [] : [link.tunnel.peer];
  const attempt = likelyAttempt(link);
  return link.to === at && attempt !== null ? [attempt.initiatorAddress] : [];
}

/** Two whole configurations without a tunnel between them: that nothing fails is not that all is well. */
function strangers(models: readonly ConfigModel[], options: PredictOptions): readonly Direction[] {
  const [first, second] = models;
  if (models.length !== 2 || first === undefined || second === undefined) return [];
  const [one, other] = models.map(({ hostname }) => writtenName(hostname, options));
  // Listings of one router do not face each other.
  if (models.some(isFragment) || one === other) return [];
  const way = (from: ConfigModel, to: ConfigModel): Direction => ({
    initiator: from.hostname,
    responder: to.hostname,
    tunnel: null,
    outcome: 'unknown',
    failingStep: null,
    finding: null,
    why:
      whyIdle(from, to) ??
      (tunnelsOf(from).length === 0
        ? `${nameOf(from)} has no tunnel protection and no crypto map that is known here, on any interface that is up`
        : `no tunnel or crypto map entry of ${nameOf(from)} leads to an address that the configuration of ${nameOf(to)} shows`),
  });
  return [way(first, second), way(second, first)].filter((each) => isWanted(each, options));
}

/** What comes up by the main reading alone says so; of what fails a finding tells it. */
function withOtherReadings({ direction, contested }: WalkedLink): Direction {
  if (direction.outcome !== 'up' || contested.length === 0) return direction;
  const why = `${direction.why}; by another reading of the documents it ends otherwise (${contested.join(', ')})`;
  return { ...direction, why };
}

/** The same with every key in the place of its token. */
function inClear(prediction: Prediction, reveal: Reveal): Prediction {
  return JSON.parse(JSON.stringify(prediction), (_, value: unknown) =>
    typeof value === 'string' ? reveal(value) : value,
  ) as Prediction;
}

function routerFindings(
  model: ConfigModel,
  at: number,
  own: readonly Selection[],
  walked: readonly WalkedLink[],
): readonly Draft[] {
  const told = new Set<string>();
  for (const { link, walk } of walked) {
    // Who is known not to call does not fail either.
    if (link.call === null && link.to === at) told.add(`responder ${link.tunnel.peer ?? ''}`);
    const attempt = likelyAttempt(link);
    if (walk === null || attempt === null) continue;
    if (link.from === at) told.add(`initiator ${attempt.responderSeen}`);
    if (link.to === at) told.add(`responder ${attempt.initiatorAddress}`);
  }
  return [
    ...roleFindings(model, own, told),
    ...keyFindings(model),
    ...profileFindings(model),
    ...shadowedEntries(model),
    ...hygieneFindings(model, takenBy(own)),
  ];
}

/** The keyrings that serve the peers of the tunnels; every key has a peer that it would serve. */
function takenBy(own: readonly Selection[]): ReadonlySet<string> {
  const called = new Set(own.flatMap(({ tunnel, peer }) => (tunnel === null ? [] : [peer])));
  return new Set(own.flatMap(({ peer, keyring }) => (called.has(peer) ? (keyring ?? []) : [])));
}

/** Findings that are gone as well when a failure is repaired for whom they tell of; for one, any failure. */
const ALSO: Readonly<Record<string, readonly string[] | 'any'>> = {
  'one-direction-only': 'any',
  'keyring-ambiguous': ['keyring-mismatch-after-mm5', 'psk-mismatch'],
  'keyring-missing-from-profile': ['keyring-mismatch-after-mm5', 'no-psk-for-peer'],
  'profile-overlap': ['profile-mismatch-phase2'],
};

function helps(cure: Cure, { id, isOf }: Draft): boolean {
  const also = ALSO[id] ?? [];
  return (
    (cure.finding === id || also === 'any' || also.includes(cure.finding)) && isOf?.(cure) === true
  );
}

const ORDER: readonly Finding['severity'][] = ['failure', 'warning', 'note'];

/** Failures first; otherwise in the order in which they were found. */
function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return ORDER.flatMap((severity) => findings.filter((each) => each.severity === severity));
}

/** What no address tells. */
const UNMATCHED = {
  matchedProfile: null,
  matchedLine: null,
  profileKeyrings: [],
  verification: 'unknown',
} as const;

function selectionsOf(
  model: ConfigModel,
  at: number,
  walked: readonly WalkedLink[],
): readonly Selection[] {
  const initiator = tunnelsOf(model).flatMap((tunnel) => {
    const { local, fvrf } = tunnel;
    const peer = tunnel.peer ?? tunnel.hostname;
    if (peer === null || tunnel.responderOnly || tunnel.shadowedBy !== null) return [];
    if (tunnel.ikev2Profile !== null) {
      return [describeIkev2(model, 'initiator', { peer, local, fvrf, tunnel }, null)];
    }
    return [describeSelection(model, 'initiator', { peer, local, fvrf, identity: null, tunnel })];
  });
  const calls = callsTo(at, walked);
  const responder = callersOf(model, calls).map((caller) => {
    if (caller.ikeVersion === 2) return describeIkev2(model, 'responder', caller, caller.identity);
    const selection = describeSelection(model, 'responder', caller, caller.mode);
    return caller.identity === null && awaitsName(model, caller.tunnel)
      ? { ...selection, ...UNMATCHED }
      : selection;
  });
  return [...initiator, ...responder];
}

/** Initiations of the other routers given that reach this one, with what each calls itself. */
function callsTo(at: number, walked: readonly WalkedLink[]): readonly Caller[] {
  return walked.flatMap(({ link, walk }): readonly Caller[] => {
    const attempt = walk === null ? seenAttempt(link) : likelyAttempt(link);
    if (link.to !== at || attempt === null) return [];
    const { initiatorAddress, responderAddress, responderVrf } = attempt;
    const isAggressive = walk?.responder?.rules.includes('aggressive-identity-first') === true;
    return [
      {
        peer: initiatorAddress,
        local: responderAddress,
        fvrf: responderVrf,
        identity: isAggressive
          ? (sentBy(attempt, walk.initiator)?.identity ?? null)
          : identitySent(attempt, walk?.initiator ?? null),
        mode: isAggressive ? 'aggressive' : 'main',
        tunnel: walk?.phase2?.tunnel ?? null,
        ikeVersion: link.tunnel.ikev2Profile === null ? 1 : 2,
      },
    ];
  });
}

function isWanted(
  names: { readonly initiator: string | null; readonly responder: string | null },
  options: PredictOptions,
): boolean {
  const { initiator = null, responder = null } = options;
  return (
    (initiator === null || isCalled(names.initiator, initiator, options)) &&
    (responder === null || isCalled(names.responder, responder, options))
  );
}

function isCalled(router: string | null, name: string, options: PredictOptions): boolean {
  return router === name || writtenName(router, options) === name;
}

function writtenName(router: string | null, { hostnames }: PredictOptions): string | null {
  return (router === null ? null : hostnames?.get(router)) ?? router;
}

function isWantedSelection(selection: Selection, options: PredictOptions): boolean {
  const { initiator = null, responder = null } = options;
  if (initiator === null && responder === null) return true;
  const wanted = selection.role === 'initiator' ? initiator : responder;
  return wanted !== null && isCalled(selection.router, wanted, options);
}

export function outlineRouter(model: ConfigModel, token: SecretToken): RouterOutline {
  return {
    name: model.hostname,
    inputs: [model.input],
    keyrings: model.keyrings.map(({ name, vrf, entries, line }) => ({
      name,
      vrf,
      entries: entries.map(({ kind, address, mask, secret, line: at }) => ({
        kind,
        address,
        mask,
        keyToken: token(secret),
        line: at,
      })),
      line,
    })),
    profiles: model.profiles.map(({ name, keyrings, matches, line }) => ({
      name,
      keyrings: keyrings.map((use) => use.name),
      matches: matches.map(matchText),
      line,
    })),
  };
}

/** A match statement as it is configured, without its leading words. */
function matchText(match: IdentityMatch): string {
  const words: readonly (string | null)[] = [
    match.kind.replace('-', ' '),
    match.kind === 'ipv6' ? `${match.value}/${match.mask ?? '128'}` : match.value,
    match.kind === 'address' ? match.mask : null,
    match.vrf,
  ];
  return words.filter((word) => word !== null).join(' ');
}
