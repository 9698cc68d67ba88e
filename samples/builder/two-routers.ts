import type { Router } from './topology.ts';

type Variable = Pick<
  Router,
  | 'keyrings'
  | 'globalKeys'
  | 'policy'
  | 'profiles'
  | 'ipsecProfile'
  | 'clockOffsetMs'
  | 'connectionId'
> &
  Partial<
    Pick<
      Router,
      'release' | 'clockMark' | 'keepaliveSeconds' | 'interfaceName' | 'transforms' | 'trustPoints'
    >
  >;

const defaults = {
  release: 'ios-15',
  clockMark: '*',
  interfaceName: 'Ethernet0/0',
  transforms: 'esp-aes esp-sha256-hmac',
} as const;

/** R1 at 192.168.0.1 with the LAN 192.168.100.0/24 behind it. */
export const routerOne = (variable: Variable): Router => ({
  hostname: 'R1',
  address: '192.168.0.1',
  mac: 'aabb.cc00.0100',
  lan: { address: '192.168.100.1', network: '192.168.100.0', interfaceName: 'Loopback0' },
  tunnelAddress: '10.0.0.1',
  peer: { address: '192.168.0.2', lanNetwork: '192.168.200.0', tunnelAddress: '10.0.0.2' },
  ...defaults,
  ...variable,
});

/** R2 at 192.168.0.2 with the LAN 192.168.200.0/24 behind it. */
export const routerTwo = (variable: Variable): Router => ({
  hostname: 'R2',
  address: '192.168.0.2',
  mac: 'aabb.cc00.0200',
  lan: { address: '192.168.200.1', network: '192.168.200.0', interfaceName: 'Loopback0' },
  tunnelAddress: '10.0.0.2',
  peer: { address: '192.168.0.1', lanNetwork: '192.168.100.0', tunnelAddress: '10.0.0.1' },
  ...defaults,
  ...variable,
});

export const host = '255.255.255.255';

type Keys = { readonly keyring1: string; readonly keyring2: string };

/**
 * The pair of routers of the reference incident: on each two keyrings hold a key for the other router,
 * and the profile in use belongs to the second keyring on R1 and to the first on R2.
 */
export const incidentRouters = (
  r1Keys: Keys,
  r2Keys: Keys,
  clocks: { readonly r1Ms: number; readonly r2Ms: number; readonly connectionId: number },
): { readonly r1: Router; readonly r2: Router } => {
  const policy = {
    priority: 10,
    encryption: '3des',
    hash: 'md5',
    group: 2,
    authentication: 'pre-share',
  } as const;
  const rings = (keys: Keys, address: string): Router['keyrings'] => [
    { name: 'keyring1', entries: [{ address, mask: host, key: keys.keyring1 }] },
    { name: 'keyring2', entries: [{ address, mask: host, key: keys.keyring2 }] },
  ];
  const profile = (name: string, keyring: string, address: string): Router['profiles'][number] => ({
    name,
    keyrings: [keyring],
    matches: [{ kind: 'address', address, mask: host }],
  });
  return {
    r1: routerOne({
      keyrings: rings(r1Keys, '192.168.0.2'),
      globalKeys: [],
      policy,
      profiles: [
        profile('profile1', 'keyring1', '192.168.0.102'),
        profile('profile2', 'keyring2', '192.168.0.2'),
      ],
      ipsecProfile: { name: 'profile1', isakmpProfile: 'profile2' },
      clockOffsetMs: clocks.r1Ms,
      connectionId: clocks.connectionId,
    }),
    r2: routerTwo({
      keyrings: rings(r2Keys, '192.168.0.1'),
      globalKeys: [],
      policy,
      profiles: [
        profile('profile1', 'keyring1', '192.168.0.1'),
        profile('profile2', 'keyring2', '192.168.0.100'),
      ],
      ipsecProfile: { name: 'profile1', isakmpProfile: 'profile1' },
      clockOffsetMs: clocks.r2Ms,
      connectionId: clocks.connectionId,
    }),
  };
};
