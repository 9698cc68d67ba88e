import type { ConfigModel } from '../model/config.ts';
import type { Edit } from './edit.ts';
import { interfaceNamed, tablesOf } from './lookup.ts';
import type { Tunnel } from './tunnels.ts';

/** What makes a tunnel demand an ISAKMP profile, or none. */
type Demand = (profile: string | null) => Omit<Edit, 'router'>;

/** The change of the line that demands the ISAKMP profile of a tunnel; without one, of the place where one is named. */
export function demandOf(model: ConfigModel, tunnel: Tunnel): Demand | null {
  const { binding, label, isakmpProfile } = tunnel;
  if (binding === null) return null;
  const own = interfaceNamed(model, label)?.tunnel ?? null;
  if (binding.kind === 'ipsec-profile' && own?.isakmpProfile != null) {
    // It stands before the IPsec profile, so that a name there would change nothing.
    const shared = / shared(?: |$)/.test(model.lines[own.isakmpProfile.line - 1] ?? '')
      ? ' shared'
      : '';
    const protection = `tunnel protection ipsec profile ${own.ipsecProfile?.name ?? ''}${shared}`;
    return (profile) => ({
      block: [`interface ${label}`],
      command: profile === null ? protection : `${protection} isakmp-profile ${profile}`,
    });
  }
  const map = [...tablesOf(model).cryptoMaps.values()].find(
    (each) => each.isakmpProfile !== null && each.isakmpProfile === isakmpProfile,
  );
  return (profile) =>
    profile !== null
      ? { block: [binding.command], command: `set isakmp-profile ${profile}` }
      : map === undefined
        ? { block: [binding.command], command: 'no set isakmp-profile' }
        : {
            block: [],
            command: `no crypto map ${map.name} isakmp-profile ${map.isakmpProfile?.name ?? ''}`,
          };
}
