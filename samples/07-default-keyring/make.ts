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

const global = 'Pewter-Gale-37';
const wide = 'Cobalt-Reed-52';
const narrow = 'Scarlet-Moor-16';

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '07-default-keyring',
    start: '2024-10-14T19:44:55.801Z',
    link: 'raw-ip',
    format: 'pcapng',
    r1: routerOne({
      keyrings: [
        {
          name: 'keyring1',
          entries: [{ address: '192.168.0.0', mask: '255.255.0.0', key: wide }],
        },
        { name: 'keyring2', entries: [{ address: '192.168.0.2', mask: host, key: narrow }] },
      ],
      // Stands last in the configuration and is asked first.
      globalKeys: [{ address: '0.0.0.0', mask: '0.0.0.0', key: global }],
      policy,
      profiles: [
        {
          name: 'profile2',
          keyrings: ['keyring2'],
          matches: [{ kind: 'address', address: '192.168.0.2', mask: host }],
        },
      ],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'profile2' },
      clockOffsetMs: 90,
      connectionId: 1040,
    }),
    r2: routerTwo({
      keyrings: [{ name: 'hub', entries: [{ address: '192.168.0.1', mask: host, key: narrow }] }],
      globalKeys: [],
      policy,
      profiles: [
        {
          name: 'to-hub',
          keyrings: ['hub'],
          matches: [{ kind: 'address', address: '192.168.0.1', mask: host }],
        },
      ],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'to-hub' },
      clockOffsetMs: -12_080,
      connectionId: 1009,
    }),
    initiator: 'R2',
    watch: {
      r1: { detail: true, ipsec: false, wrap: { column: 77, percent: 10 }, blankLines: true },
      r2: { detail: false, ipsec: true, wrap: null, blankLines: true },
    },
    mainMode: { requestedProfile: 'to-hub', bound: true },
    truth: {
      outcome: 'undecryptable',
      initiatorKeyring: 'hub',
      mm3: 'default',
      mm5: null,
      mm5Profile: null,
      phase2: 'not-reached',
    },
    keys: 'shared-secret',
    candidates: [global, wide, narrow],
  });

writeWhenMain(import.meta.url, build);
