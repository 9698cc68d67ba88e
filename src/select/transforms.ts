import type { ConfigModel, TransformSet } from '../model/config.ts';
import { tablesOf } from './lookup.ts';
import { isFragment } from './policy.ts';
import { betweenPeers } from './proxies.ts';
import type { Tunnel } from './tunnels.ts';

/** Whether a transform set of one end is one of the other. */
export type TransformAnswer =
  | { readonly kind: 'agree' | 'unknown' }
  | { readonly kind: 'differ'; readonly why: string; readonly lines: readonly number[] }
  | { readonly kind: 'open'; readonly why: string; readonly lines: readonly number[] };

export type TransformSets = {
  readonly sets: readonly TransformSet[];
  /** Sets that are named and not in the listing. */
  readonly missing: readonly string[];
  /** None is named, so that the set of the release serves. */
  readonly isDefault: boolean;
};

/** What serves where no set is named: which of the two, and in which mode, differs from release to release. */
const DEFAULTS: ReadonlySet<string> = new Set([
  'esp-aes 128 esp-sha-hmac',
  'esp-3des esp-sha-hmac',
]);
const DEFAULT_TEXT = 'the set of the release (esp-aes or esp-3des with esp-sha-hmac)';

type End = readonly [model: ConfigModel, tunnel: Tunnel];

export function agreeTransforms(initiator: End, responder: End): TransformAnswer {
  const [offered, accepted] = [setsOf(...initiator), setsOf(...responder)];
  if (offered.isDefault && accepted.isDefault) return { kind: 'unknown' };
  const traffic = betweenPeers(initiator[1], responder[1]);
  const refused = traffic.filter(
    (hosts) =>
      !offered.sets.some((set) => accepted.sets.some((other) => sameTransforms(set, other, hosts))),
  );
  const [hosts] = refused;
  if (hosts === undefined) return { kind: 'agree' };
  const lines = accepted.sets.map(({ line }) => line);
  const [missing] = [...offered.missing, ...accepted.missing];
  if (missing !== undefined) {
    const parts = [initiator, responder].filter(
      (_, at) => [offered, accepted][at]!.missing.length > 0,
    );
    if (parts.some(([model]) => isFragment(model))) return { kind: 'unknown' };
    return { kind: 'open', why: `transform set ${missing} is not in the configuration`, lines };
  }
  if ([...offered.sets, ...accepted.sets].some(mayBeDefault(offered, accepted))) {
    const why = `one end names no transform set, and ${DEFAULT_TEXT} differs from release to release`;
    return { kind: 'open', why, lines };
  }
  const part = hosts ? 'for traffic between the peers, ' : 'for traffic of others, ';
  const why = `${refused.length < traffic.length ? part : ''}offered: ${setsText(offered, hosts)}; accepted: ${setsText(accepted, hosts)}${onlyModes(offered, accepted)}`;
  return { kind: 'differ', why, lines: accepted.isDefault ? [responder[1].line] : lines };
}

function mayBeDefault(one: TransformSets, other: TransformSets): (set: TransformSet) => boolean {
  return (set) => (one.isDefault || other.isDefault) && DEFAULTS.has(transformsOf(set));
}

function setsText({ sets, isDefault }: TransformSets, hosts: boolean): string {
  if (isDefault) return DEFAULT_TEXT;
  return sets.map((set) => `${set.transforms.join(' ')} (${modeOf(set, hosts)})`).join(' or ');
}

/** Said where some sets are equal but for the mode. */
function onlyModes({ sets: offered }: TransformSets, { sets: accepted }: TransformSets): string {
  return offered.some((set) => accepted.some((other) => transformsOf(set) === transformsOf(other)))
    ? ': the mode differs'
    : '';
}

export function setsOf(model: ConfigModel, { transformSets }: Tunnel): TransformSets {
  const named = transformSets.filter(({ name }) => name !== 'default');
  const found = transformSets.map(({ name }) => tablesOf(model).transformSets.get(name));
  return {
    sets: found.filter((set) => set !== undefined),
    missing: named
      .map(({ name }) => name)
      .filter((name) => !tablesOf(model).transformSets.has(name)),
    isDefault: transformSets.length === 0 || (named.length === 0 && found[0] === undefined),
  };
}

/** Transport mode is for traffic between the peers themselves; for any other it is not negotiated, unless required. */
function modeOf(set: TransformSet, hosts: boolean): TransformSet['mode'] {
  return hosts || set.modeRequired ? set.mode : 'tunnel';
}

/** The transforms of a set in one order, with their key lengths. */
export function transformsOf({ transforms }: Pick<TransformSet, 'transforms'>): string {
  return transforms
    .map((each) => (/^esp-(?:aes|gcm|gmac)$/.test(each) ? `${each} 128` : each))
    .sort()
    .join(' ');
}

/** The order of the transforms is free; a responder in transport mode without `require` takes tunnel mode too. */
function sameTransforms(offer: TransformSet, own: TransformSet, hosts: boolean): boolean {
  if (transformsOf(offer) !== transformsOf(own)) return false;
  return (
    modeOf(offer, hosts) === modeOf(own, hosts) || (own.mode === 'transport' && !own.modeRequired)
  );
}
