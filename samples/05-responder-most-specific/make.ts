import { writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { buildIkev1Sample } from '../builder/ikev1-sample.ts';
import type { Policy } from '../builder/ikev1.ts';
import { host, routerOne, routerTwo } from '../builder/two-routers.ts';

const policy: Policy = {
  priority: 10,
  encryption: 'aes128',
  hash: 'sha1',
  group: 5,
  authentication: 'pre-share',
};

const wide = 'Amber-Quay-62';
const narrow = 'Silver-Heron-85';

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '05-responder-most-specific',
    start: '2024-10-02T11:57:02.377Z',
    link: 'vlan',
    format: 'pcap',
    r1: routerOne({
      // The wider entry stands first, and loses all the same.
      keyrings: [
        {
          name: 'keyring1',
          entries: [{ address: '192.168.0.0', mask: '255.255.0.0', key: wide }],
        },
        { name: 'keyring2', entries: [{ address: '192.168.0.2', mask: host, key: narrow }] },
      ],
      globalKeys: [],
      policy,
      profiles: [],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: null },
      clockOffsetMs: 3_600_210,
      clockMark: '',
      connectionId: 1021,
    }),
    r2: routerTwo({
      keyrings: [{ name: 'branch', entries: [{ address: '192.168.0.1', mask: host, key: wide }] }],
      globalKeys: [],
      policy,
      profiles: [
        {
          name: 'to-r1',
          keyrings: ['branch'],
          matches: [{ kind: 'address', address: '192.168.0.1', mask: host }],
        },
      ],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: 'to-r1' },
      clockOffsetMs: -180,
      connectionId: 1002,
    }),
    initiator: 'R2',
    watch: {
      r1: { detail: true, ipsec: false, wrap: null, blankLines: true },
      r2: { detail: false, ipsec: true, wrap: { column: 80, percent: 30 }, blankLines: true },
    },
    mainMode: { requestedProfile: 'to-r1', bound: true },
    truth: {
      outcome: 'undecryptable',
      initiatorKeyring: 'branch',
      mm3: 'keyring2',
      mm5: null,
      mm5Profile: null,
      phase2: 'not-reached',
    },
    keys: 'shared-secret',
    candidates: [narrow, wide, 'Juniper-Mill-40'],
  });

writeWhenMain(import.meta.url, build);
