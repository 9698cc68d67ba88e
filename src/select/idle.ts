import type { ConfigModel } from '../model/config.ts';
import { idleTunnelsOf } from './tunnels.ts';
import type { IdleTunnel } from './tunnels.ts';

/** Places of a router for a peer that serve nobody: those that name it, else those that name none. */
export function idleTo(model: ConfigModel, peer: string): readonly IdleTunnel[] {
  const idle = idleTunnelsOf(model);
  const named = idle.filter((each) => each.peer === peer);
  return named.length > 0
    ? named
    : idle.filter(({ peer: other, hostname }) => other === null && hostname === null);
}
