import type { ConfigModel } from '../model/config.ts';
import { addressIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { tunnelsOf } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';

/** Somebody who may call a router. */
export type Caller = {
  readonly peer: string;
  readonly local: string | null;
  readonly fvrf: string | null;
  readonly identity: Identity | null;
  readonly tunnel: Tunnel | null;
};

/**
 * Everybody that a configuration expects: peers of tunnels, then hosts that only a key or a profile names.
 * Networks of keys and profiles stand for nobody in particular and are left out.
 */
export function callersOf(model: ConfigModel): readonly Caller[] {
  const callers = new Map<string, Caller>();
  const add = (caller: Caller): void => {
    const key = `${caller.peer} ${caller.fvrf ?? ''} ${caller.local ?? ''}`;
    if (!callers.has(key)) callers.set(key, caller);
  };
  const known = new Set<string>();
  for (const tunnel of tunnelsOf(model)) {
    if (tunnel.peer === null || tunnel.ikev2Profile !== null) continue;
    const { peer, local, fvrf } = tunnel;
    known.add(peer);
    add({ peer, local, fvrf, identity: null, tunnel });
  }
  for (const ring of model.keyrings) {
    for (const entry of ring.entries) {
      const host = entry.kind === 'address' ? 32 : 128;
      if (entry.kind === 'hostname' || entry.prefixLength !== host) continue;
      if (known.has(entry.address)) continue;
      add({ peer: entry.address, local: null, fvrf: ring.vrf, identity: null, tunnel: null });
    }
  }
  for (const profile of model.profiles) {
    for (const match of profile.matches) {
      const host = match.kind === 'address' ? 32 : 128;
      if ((match.kind !== 'address' && match.kind !== 'ipv6') || match.prefixLength !== host)
        continue;
      if (known.has(match.value)) continue;
      const identity = addressIdentity(match.value);
      add({ peer: match.value, local: null, fvrf: match.vrf, identity, tunnel: null });
    }
  }
  return [...callers.values()];
}
