import type { ConfigModel, CryptoMap, CryptoMapEntry, Interface } from '../model/config.ts';
import { downBy } from './lookup.ts';
import { permitsNothing } from './map-traffic.ts';
import { isFragment } from './policy.ts';

/** Why a place that is configured serves nobody. */
export type Idle = {
  /** A clause of its own. */
  readonly why: string;
  /** The interface that is shut down, the map that is not applied, or null where the entry itself lacks something. */
  readonly cure:
    | { readonly kind: 'start'; readonly name: string }
    | { readonly kind: 'apply'; readonly name: string }
    | { readonly kind: 'peer' }
    | null;
};

/** A tunnel interface and a map go down with the interface, the lender, from which they take their address. */
export function shutDown(
  model: ConfigModel,
  owner: Interface,
  lender: Interface | null,
): Idle | null {
  const down = downBy(model, owner) ?? (lender === null ? null : downBy(model, lender));
  return down === null
    ? null
    : { why: `${down.name} is shut down`, cure: { kind: 'start', name: down.name } };
}

export function notApplied({ name }: CryptoMap): Idle {
  return {
    why: `crypto map ${name} is applied to no interface`,
    cure: { kind: 'apply', name },
  };
}

/** IOS keeps an entry disabled until it has a peer and an access list, which who quotes a part may leave out. */
export function incomplete(
  model: ConfigModel,
  label: string,
  { kind, peers, acl }: CryptoMapEntry,
): Idle | null {
  if (kind === 'manual') return { why: `${label} is keyed by hand, without IKE`, cure: null };
  if (kind === 'gdoi')
    return { why: `${label} is for GDOI, and not for IPsec with a peer`, cure: null };
  if (peers.length === 0)
    return { why: `${label} has no "set peer" and stays disabled`, cure: { kind: 'peer' } };
  if (isFragment(model)) return null;
  if (acl === null)
    return { why: `${label} has no "match address" and stays disabled`, cure: null };
  return permitsNothing(model, acl) === 'all-read'
    ? {
        why: `${label} has nothing to protect, as access list ${acl.name} permits nothing`,
        cure: null,
      }
    : null;
}
