import { writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { buildIkev1Sample } from '../builder/ikev1-sample.ts';
import type { Policy } from '../builder/ikev1.ts';
import { host, routerOne, routerTwo } from '../builder/two-routers.ts';

const policy: Policy = {
  priority: 10,
  encryption: 'aes256',
  hash: 'sha256',
  group: 14,
  authentication: 'pre-share',
};

const key = 'Indigo-Thrush-07';

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '10-responder-profile',
    start: '2024-10-21T21:17:33.472Z',
    link: 'ethernet',
    format: 'pcapng',
    r1: routerOne({
      release: 'ios-xe-17',
      interfaceName: 'GigabitEthernet1',
      keyrings: [{ name: 'vpn-keys', entries: [{ address: '192.168.0.2', mask: host, key }] }],
      globalKeys: [],
      policy,
      keepaliveSeconds: 30,
      profiles: [
        {
          name: 'to-r2',
          keyrings: ['vpn-keys'],
          matches: [{ kind: 'address', address: '192.168.0.2', mask: host }],
        },
      ],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'to-r2' },
      clockOffsetMs: 61,
      clockMark: '',
      connectionId: 1001,
    }),
    r2: routerTwo({
      release: 'ios-xe-17',
      interfaceName: 'GigabitEthernet1',
      keyrings: [{ name: 'vpn-keys', entries: [{ address: '192.168.0.1', mask: host, key }] }],
      globalKeys: [],
      policy,
      keepaliveSeconds: 30,
      // Both match the identity 192.168.0.1, and the tunnel happens to be bound to the one that wins.
      profiles: [
        {
          name: 'profile1',
          keyrings: ['vpn-keys'],
          matches: [{ kind: 'address', address: '192.168.0.0', mask: '255.255.255.0' }],
        },
        {
          name: 'profile2',
          keyrings: ['vpn-keys'],
          matches: [{ kind: 'address', address: '192.168.0.1', mask: host }],
        },
      ],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'profile2' },
      clockOffsetMs: -1730,
      connectionId: 1006,
    }),
    initiator: 'R1',
    watch: {
      r1: { detail: false, ipsec: true, wrap: null, blankLines: true },
      r2: { detail: false, ipsec: true, wrap: null, blankLines: true },
    },
    mainMode: { requestedProfile: 'to-r2', bound: true },
    truth: {
      outcome: 'up',
      initiatorKeyring: 'vpn-keys',
      mm3: 'vpn-keys',
      mm5: 'vpn-keys',
      mm5Profile: 'profile2',
      phase2: 'up',
    },
    after: 'dpd',
    keys: 'all',
  });

writeWhenMain(import.meta.url, build);
