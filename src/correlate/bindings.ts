import type { ConfigModel, NameUse } from '../model/config.ts';

/** An ISAKMP profile that phase 2 demands for a peer, and the line that demands it. */
export type Binding = { readonly profile: string; readonly line: number; readonly by: string };

const binding = (use: NameUse | null | undefined, by: string): Binding | null =>
  use === null || use === undefined ? null : { profile: use.name, line: use.line, by };

/**
 * The profile that the tunnel or crypto map towards the peer is bound to. A listing without its interfaces still
 * answers when all its IPsec profiles agree.
 */
export function boundProfile(config: ConfigModel, peer: string | null): Binding | null {
  for (const entry of config.interfaces) {
    const { tunnel } = entry;
    if (tunnel === null || (peer !== null && tunnel.destination?.value !== peer)) continue;
    const ipsec = config.ipsecProfiles.find(
      (profile) => profile.name === tunnel.ipsecProfile?.name,
    );
    const found =
      binding(tunnel.isakmpProfile, `tunnel protection of ${entry.name}`) ??
      binding(ipsec?.isakmpProfile, `IPsec profile ${ipsec?.name ?? ''} of ${entry.name}`);
    if (found !== null) return found;
  }
  for (const map of config.cryptoMaps) {
    const entry = map.entries.find((candidate) => candidate.peers.some((p) => p.value === peer));
    if (entry === undefined) continue;
    const found =
      binding(entry.isakmpProfile, `crypto map ${map.name} ${entry.sequence}`) ??
      binding(map.isakmpProfile, `crypto map ${map.name}`);
    if (found !== null) return found;
  }
  if (config.interfaces.some((entry) => entry.tunnel !== null || entry.cryptoMap !== null))
    return null;
  const named = config.ipsecProfiles.flatMap((profile) => {
    const found = binding(profile.isakmpProfile, `IPsec profile ${profile.name}`);
    return found === null ? [] : [found];
  });
  const names = new Set(named.map((entry) => entry.profile));
  return names.size === 1 ? named[0]! : null;
}
