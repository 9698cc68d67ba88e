import { writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { buildIkev1Sample } from '../builder/ikev1-sample.ts';
import type { Policy } from '../builder/ikev1.ts';
import { host, routerOne, routerTwo } from '../builder/two-routers.ts';

const policy: Policy = {
  priority: 10,
  encryption: 'aes128',
  hash: 'sha256',
  group: 14,
  authentication: 'pre-share',
};

const wide = 'Velvet-Crag-73';
const narrow = 'Marble-Swift-28';

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '04-initiator-without-profile',
    start: '2024-10-07T08:13:58.020Z',
    link: 'ethernet',
    format: 'pcap-nanosecond',
    r1: routerOne({
      keyrings: [
        {
          name: 'keyring1',
          entries: [{ address: '192.168.0.0', mask: '255.255.255.0', key: wide }],
        },
        { name: 'keyring2', entries: [{ address: '192.168.0.2', mask: host, key: narrow }] },
      ],
      globalKeys: [],
      policy,
      profiles: [],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: null },
      clockOffsetMs: 395,
      connectionId: 1005,
    }),
    r2: routerTwo({
      keyrings: [
        { name: 'r1-only', entries: [{ address: '192.168.0.1', mask: host, key: narrow }] },
      ],
      globalKeys: [],
      policy,
      profiles: [
        {
          name: 'from-r1',
          keyrings: ['r1-only'],
          matches: [{ kind: 'address', address: '192.168.0.1', mask: host }],
        },
      ],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'from-r1' },
      clockOffsetMs: -2210,
      connectionId: 1018,
    }),
    initiator: 'R1',
    watch: {
      r1: { detail: true, ipsec: true, wrap: { column: 80, percent: 100 }, blankLines: false },
      r2: { detail: false, ipsec: true, wrap: null, blankLines: true },
    },
    mainMode: { requestedProfile: null, bound: false },
    truth: {
      outcome: 'up',
      initiatorKeyring: 'keyring2',
      mm3: 'r1-only',
      mm5: 'r1-only',
      mm5Profile: 'from-r1',
      phase2: 'up',
    },
    keys: 'shared-secret',
    candidates: [wide, narrow],
  });

writeWhenMain(import.meta.url, build);
