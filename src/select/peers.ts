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
  readonly ikeVersion: 1 | 2;
  /** Aggressive mode shows the identity before a key is chosen. */
  readonly mode: 'main' | 'aggressive';
};

/**
 * Everybody that a configuration expects: peers of tunnels, the other routers given that call it, then hosts that only
 * a key or a profile names. Networks of keys and profiles stand for nobody in particular and are left out.
 */
export function callersOf(model: ConfigModel, calls: readonly Caller[]): readonly Caller[] {
  const callers = new Map<string, Caller>();
  const byPeer = new Map(calls.map((call) => [call.peer, call]));
  const known = new Set<string>();
  const add = (caller: Omit<Caller, 'mode'>): void => {
    const { peer, fvrf, local, ikeVersion } = caller;
    const key = `${String(ikeVersion)} ${peer} ${fvrf ?? ''} ${local ?? ''}`;
    if (callers.has(key)) return;
    const call = byPeer.get(peer);
    const identity = caller.identity ?? call?.identity ?? null;
    callers.set(key, { ...caller, identity, mode: call?.mode ?? 'main' });
    known.add(`${String(ikeVersion)} ${peer}`);
  };
  for (const tunnel of tunnelsOf(model)) {
    if (tunnel.peer === null) continue;
    const { peer, local, fvrf } = tunnel;
    const ikeVersion = tunnel.ikev2Profile === null ? 1 : 2;
    add({ peer, local, fvrf, identity: null, tunnel, ikeVersion });
  }
  const tunnelled = new Set([...callers.values()].map(({ peer }) => peer));
  for (const call of calls) if (!tunnelled.has(call.peer)) add(call);
  const called = new Set(known);
  const host = (peer: string, fvrf: string | null, identity: Identity | null): void => {
    if (called.has(`1 ${peer}`)) return;
    add({ peer, local: null, fvrf, identity, tunnel: null, ikeVersion: 1 });
  };
  for (const ring of model.keyrings) {
    for (const entry of ring.entries) {
      const whole = entry.kind === 'address' ? 32 : 128;
      if (entry.kind === 'hostname' || entry.prefixLength !== whole) continue;
      host(entry.address, ring.vrf, null);
    }
  }
  for (const profile of model.profiles) {
    for (const match of profile.matches) {
      const whole = match.kind === 'address' ? 32 : 128;
      if ((match.kind !== 'address' && match.kind !== 'ipv6') || match.prefixLength !== whole)
        continue;
      host(match.value, match.vrf, addressIdentity(match.value));
    }
  }
  return [...callers.values()];
}
