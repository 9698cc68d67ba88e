import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel, IdentityMatch } from '../model/config.ts';
import type { Finding } from '../model/finding.ts';
import type { Prediction, Repair, RouterOutline, Selection } from '../model/selection.ts';
import { walkLinks } from './directions.ts';
import type { WalkedLink } from './directions.ts';
import { directionFindings, roleFindings } from './findings/ends.ts';
import { hygieneFindings } from './findings/hygiene.ts';
import { keyFindings } from './findings/keys.ts';
import { makeFinding } from './findings/make.ts';
import type { Draft } from './findings/make.ts';
import { profileFindings } from './findings/profiles.ts';
import { ownIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { describeIkev2 } from './ikev2-selection.ts';
import { callersOf } from './peers.ts';
import { asRemedies, findRepairs, findRouterRepairs } from './repair.ts';
import { describeSelection } from './selection.ts';
import { tokensFor } from './tokens.ts';
import { tunnelsOf } from './tunnels.ts';

export type PredictOptions = {
  /** Further addresses of routers: address to router name. */
  readonly pairs?: Readonly<Record<string, string>>;
  /** Show only what concerns this router as initiator, or as responder. */
  readonly initiator?: string | null;
  readonly responder?: string | null;
};

/** What every router selects in both roles, and how every initiation between them ends. */
export function predict(models: readonly ConfigModel[], options: PredictOptions = {}): Prediction {
  const token = tokensFor(models);
  const walked = walkLinks(models, token, { addresses: options.pairs ?? {} });
  const selections = models.flatMap((model, at) => selectionsOf(model, at, walked));
  const wanted = walked.filter(({ direction }) => isWanted(direction, options));
  const findings = [
    ...directionFindings(models, wanted),
    ...models.flatMap((model, at) => routerFindings(model, at, selections, walked)),
  ].map((draft) => makeFinding(draft, token));
  const linked = new Set(walked.flatMap(({ link }) => [link.from, link.to]));
  const repairs = [
    ...findRepairs(models, token, walked, { addresses: options.pairs ?? {} }),
    ...models.flatMap((model, at) => (linked.has(at) ? [] : findRouterRepairs(model, token))),
  ];
  return {
    routers: models.map((model) => outlineRouter(model, token)),
    selections: selections.filter((selection) => isWantedSelection(selection, options)),
    directions: wanted.map(({ direction }) => direction),
    findings: sortFindings(findings.map((finding) => withRemedies(finding, repairs))),
    repairs,
  };
}

function routerFindings(
  model: ConfigModel,
  at: number,
  selections: readonly Selection[],
  walked: readonly WalkedLink[],
): readonly Draft[] {
  const told = new Set<string>();
  for (const { link, walk } of walked) {
    if (walk === null || link.attempt === null) continue;
    if (link.from === at) told.add(`initiator ${link.attempt.responderSeen}`);
    if (link.to === at) told.add(`responder ${link.attempt.initiatorAddress}`);
  }
  const own = selections.filter(({ router }) => router === model.hostname);
  return [
    ...roleFindings(model, own, told),
    ...keyFindings(model),
    ...profileFindings(model),
    ...hygieneFindings(model),
  ];
}

/** Findings that a repair of another one removes as well. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'one-direction-only': [],
  'keyring-ambiguous': ['keyring-mismatch-after-mm5', 'psk-mismatch'],
  'profile-overlap': ['profile-mismatch-phase2'],
};

function withRemedies(finding: Finding, repairs: readonly Repair[]): Finding {
  const also = ALSO[finding.id];
  const fitting = repairs.filter(
    (repair) =>
      repair.finding === finding.id ||
      (also !== undefined && (also.length === 0 || also.includes(repair.finding))),
  );
  return { ...finding, remedies: asRemedies(fitting) };
}

const ORDER: readonly Finding['severity'][] = ['failure', 'warning', 'note'];

/** Failures first; otherwise in the order in which they were found. */
function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return ORDER.flatMap((severity) => findings.filter((each) => each.severity === severity));
}

function selectionsOf(
  model: ConfigModel,
  at: number,
  walked: readonly WalkedLink[],
): readonly Selection[] {
  const initiator = tunnelsOf(model).flatMap((tunnel) => {
    if (tunnel.peer === null) return [];
    const { peer, local, fvrf } = tunnel;
    if (tunnel.ikev2Profile !== null) return [describeIkev2(model, 'initiator', tunnel, null)];
    return [describeSelection(model, 'initiator', { peer, local, fvrf, identity: null, tunnel })];
  });
  const identities = identitiesOf(at, walked);
  const responder = callersOf(model).map((caller) =>
    describeSelection(model, 'responder', {
      ...caller,
      identity: caller.identity ?? identities.get(caller.peer) ?? null,
    }),
  );
  const ikev2 = tunnelsOf(model)
    .filter((tunnel) => tunnel.ikev2Profile !== null && tunnel.peer !== null)
    .map((tunnel) =>
      describeIkev2(model, 'responder', tunnel, identities.get(tunnel.peer!) ?? null),
    );
  return [...initiator, ...responder, ...ikev2];
}

/** What the other routers given call themselves, by the address they call from. */
function identitiesOf(at: number, walked: readonly WalkedLink[]): ReadonlyMap<string, Identity> {
  const found = new Map<string, Identity>();
  for (const { link, walk } of walked) {
    if (link.to !== at || link.attempt === null || walk?.initiator == null) continue;
    const { initiator, initiatorAddress, initiatorLocal } = link.attempt;
    const identity = ownIdentity(initiator, walk.initiator.requested, initiatorLocal);
    if (identity !== null) found.set(initiatorAddress, identity);
  }
  return found;
}

function isWanted(
  names: { readonly initiator: string | null; readonly responder: string | null },
  options: PredictOptions,
): boolean {
  const { initiator = null, responder = null } = options;
  return (
    (initiator === null || names.initiator === initiator) &&
    (responder === null || names.responder === responder)
  );
}

function isWantedSelection(selection: Selection, options: PredictOptions): boolean {
  const { initiator = null, responder = null } = options;
  if (initiator === null && responder === null) return true;
  const wanted = selection.role === 'initiator' ? initiator : responder;
  return wanted !== null && selection.router === wanted;
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
