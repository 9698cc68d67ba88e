import { writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { buildIkev1Sample } from '../builder/ikev1-sample.ts';
import type { Policy } from '../builder/ikev1.ts';
import { host, routerOne, routerTwo } from '../builder/two-routers.ts';

const policy: Policy = {
  priority: 10,
  encryption: 'aes256',
  hash: 'sha1',
  group: 14,
  authentication: 'pre-share',
};

const key = 'Copper-Finch-19';

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '11-wrong-profile-right-keyring',
    start: '2024-10-07T06:40:12.905Z',
    link: 'ethernet',
    format: 'pcapng',
    r1: routerOne({
      keyrings: [{ name: 'vpn-keys', entries: [{ address: '192.168.0.2', mask: host, key }] }],
      globalKeys: [],
      policy,
      profiles: [
        {
          name: 'to-r2',
          keyrings: ['vpn-keys'],
          matches: [{ kind: 'address', address: '192.168.0.2', mask: host }],
        },
      ],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'to-r2' },
      clockOffsetMs: 1250,
      connectionId: 1003,
    }),
    r2: routerTwo({
      keyrings: [{ name: 'vpn-keys', entries: [{ address: '192.168.0.1', mask: host, key }] }],
      globalKeys: [],
      policy,
      // Both match 192.168.0.1; the tunnel is bound to the one that is less specific.
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
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'profile1' },
      clockOffsetMs: -5400,
      connectionId: 1017,
    }),
    initiator: 'R1',
    watch: {
      r1: { detail: false, ipsec: true, wrap: null, blankLines: true },
      r2: { detail: true, ipsec: true, wrap: { column: 79, percent: 100 }, blankLines: false },
    },
    mainMode: { requestedProfile: 'to-r2', bound: true, candidatesAtMm5: true },
    truth: {
      outcome: 'up',
      initiatorKeyring: 'vpn-keys',
      mm3: 'vpn-keys',
      mm5: 'vpn-keys',
      mm5Profile: 'profile2',
      phase2: 'refused',
    },
    keys: 'all',
  });

writeWhenMain(import.meta.url, build);
