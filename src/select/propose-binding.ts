import type { ConfigModel } from '../model/config.ts';
import type { Edit } from './edit.ts';
import { interfaceNamed, tablesOf } from './lookup.ts';
import type { Tunnel } from './tunnels.ts';

/** Where a tunnel takes its ISAKMP profile from, in words, and what makes it take another one, or none. */
export type Demand = {
  readonly place: string;
  readonly take: (profile: string | null) => Omit<Edit, 'router'>;
};

/** The line that demands the ISAKMP profile of a tunnel; without one, the place where one is named. */
export function demandOf(model: ConfigModel, tunnel: Tunnel): Demand | null {
  const { binding, label } = tunnel;
  if (binding === null) return null;
  const own = interfaceNamed(model, label)?.tunnel ?? null;
  if (binding.kind === 'ipsec-profile' && own?.isakmpProfile != null) {
    const { ipsecProfile } = own;
    // It stands before the IPsec profile, so that a name there would change nothing.
    return {
      place: `the tunnel protection of ${label}`,
      take: (profile) => ({
        block: [`interface ${label}`],
        command: `tunnel protection ipsec profile ${ipsecProfile!.name}${profile === null ? '' : ` isakmp-profile ${profile}`}`,
      }),
    };
  }
  const map = mapOf(model, tunnel);
  if (map !== null && tunnel.isakmpProfile?.line === map.line) {
    return {
      place: `crypto map ${map.name} as a whole`,
      take: (profile) =>
        profile === null
          ? { block: [], command: `no crypto map ${map.name} isakmp-profile` }
          : { block: [binding.command], command: `set isakmp-profile ${profile}` },
    };
  }
  return {
    place: binding.command
      .replace(/^crypto ipsec profile/, 'IPsec profile')
      .replace(/ ipsec-isakmp$/, ''),
    take: (profile) => ({
      block: [binding.command],
      command: profile === null ? 'no set isakmp-profile' : `set isakmp-profile ${profile}`,
    }),
  };
}

/** The crypto map that names a profile for all its entries. */
function mapOf(
  model: ConfigModel,
  { isakmpProfile }: Tunnel,
): { readonly name: string; readonly line: number } | null {
  for (const map of tablesOf(model).cryptoMaps.values()) {
    if (map.isakmpProfile !== null && map.isakmpProfile === isakmpProfile)
      return { name: map.name, line: map.isakmpProfile.line };
  }
  return null;
}
