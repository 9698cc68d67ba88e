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

const key = 'Russet-Plover-44';

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '09-initiator-profile-unset',
    start: '2024-10-07T07:53:46.120Z',
    link: 'linux-cooked',
    format: 'pcapng',
    r1: routerOne({
      keyrings: [{ name: 'vpn-keys', entries: [{ address: '192.168.0.2', mask: host, key }] }],
      globalKeys: [],
      policy,
      profiles: [
        {
          name: 'profile1',
          keyrings: ['vpn-keys'],
          matches: [{ kind: 'address', address: '192.168.0.0', mask: '255.255.255.0' }],
        },
        {
          name: 'profile2',
          keyrings: ['vpn-keys'],
          matches: [{ kind: 'address', address: '192.168.0.2', mask: host }],
        },
      ],
      // Names no ISAKMP profile.
      ipsecProfile: { name: 'protect-gre', isakmpProfile: null },
      clockOffsetMs: 354,
      connectionId: 1026,
    }),
    r2: routerTwo({
      keyrings: [{ name: 'vpn-keys', entries: [{ address: '192.168.0.1', mask: host, key }] }],
      globalKeys: [],
      policy,
      profiles: [
        {
          name: 'from-r1',
          keyrings: ['vpn-keys'],
          matches: [{ kind: 'address', address: '192.168.0.1', mask: host }],
        },
      ],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'from-r1' },
      clockOffsetMs: -640,
      clockMark: '.',
      connectionId: 1013,
    }),
    initiator: 'R1',
    watch: {
      r1: { detail: false, ipsec: true, wrap: null, blankLines: true },
      r2: { detail: true, ipsec: true, wrap: { column: 76, percent: 20 }, blankLines: true },
    },
    mainMode: { requestedProfile: 'profile2', bound: false },
    truth: {
      outcome: 'up',
      initiatorKeyring: 'vpn-keys',
      mm3: 'vpn-keys',
      mm5: 'vpn-keys',
      mm5Profile: 'from-r1',
      phase2: 'up',
    },
    after: 'clear',
    keys: 'all',
  });

writeWhenMain(import.meta.url, build);
