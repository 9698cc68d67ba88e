import type { ConfigModel } from '../model/config.ts';
import { tunnelFor } from '../select/selection.ts';
import { tunnelsOf, tunnelsTo } from '../select/tunnels.ts';

/** An ISAKMP profile that phase 2 demands for a peer, and the line that demands it. */
export type Binding = { readonly profile: string; readonly line: number; readonly by: string };

/**
 * The profile that the tunnel or crypto map towards the peer is bound to. A listing without its interfaces still
 * answers when all its IPsec profiles agree. `label` is that of the tunnel, where it is known.
 */
export function boundProfile(
  config: ConfigModel,
  peer: string | null,
  fvrf: string | null,
  local: string | null,
  label: string | null = null,
): Binding | null {
  const named = peer === null ? [] : tunnelsTo(config, peer).filter((each) => each.label === label);
  const tunnel = peer === null ? null : (named[0] ?? tunnelFor(config, peer, fvrf, local));
  const use = tunnel?.isakmpProfile ?? null;
  if (tunnel !== null && use !== null)
    return { profile: use.name, line: use.line, by: tunnel.label };
  const open = tunnel === null ? openTo(config, fvrf, local) : null;
  if (open !== null) return open;
  if (tunnelsOf(config).length > 0) return null;
  const demanded = config.ipsecProfiles.flatMap(({ name, isakmpProfile }) =>
    isakmpProfile === null
      ? []
      : [{ profile: isakmpProfile.name, line: isakmpProfile.line, by: `IPsec profile ${name}` }],
  );
  const names = new Set(demanded.map((entry) => entry.profile));
  return names.size === 1 ? demanded[0]! : null;
}

/** What the places that serve whoever calls at this address demand, where they are of one mind. */
function openTo(config: ConfigModel, fvrf: string | null, local: string | null): Binding | null {
  const places = tunnelsOf(config).filter(
    (each) =>
      each.peer === null && each.hostname === null && each.fvrf === fvrf && each.local === local,
  );
  const [first] = places;
  const use = first?.isakmpProfile ?? null;
  if (local === null || first === undefined || use === null) return null;
  return places.every(({ isakmpProfile }) => isakmpProfile?.name === use.name)
    ? { profile: use.name, line: use.line, by: first.label }
    : null;
}
