import { writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { buildIkev1Sample } from '../builder/ikev1-sample.ts';
import type { Policy } from '../builder/ikev1.ts';
import { host, routerOne, routerTwo } from '../builder/two-routers.ts';

const policy: Policy = {
  priority: 10,
  encryption: '3des',
  hash: 'sha1',
  group: 2,
  authentication: 'pre-share',
};

const first = 'Willow-Dock-23';
const second = 'Basalt-Lark-91';

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '06-same-address-keyrings',
    start: '2024-10-11T15:03:20.050Z',
    link: 'ethernet',
    format: 'pcap',
    r1: routerOne({
      release: 'ios-12.4t',
      interfaceName: 'FastEthernet0/0',
      transforms: 'esp-aes esp-sha-hmac',
      keyrings: [
        { name: 'keyring1', entries: [{ address: '192.168.0.2', mask: host, key: first }] },
        { name: 'keyring2', entries: [{ address: '192.168.0.2', mask: host, key: second }] },
      ],
      globalKeys: [],
      policy,
      profiles: [],
      ipsecProfile: { name: 'protect-gre', isakmpProfile: null },
      clockOffsetMs: -86_200,
      connectionId: 2210,
    }),
    r2: routerTwo({
      release: 'ios-12.4t',
      interfaceName: 'FastEthernet0/0',
      transforms: 'esp-aes esp-sha-hmac',
      keyrings: [{ name: 'hub', entries: [{ address: '192.168.0.1', mask: host, key: first }] }],
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
      clockOffsetMs: 730,
      connectionId: 2004,
    }),
    initiator: 'R2',
    watch: {
      r1: { detail: false, ipsec: true, wrap: null, blankLines: true },
      r2: { detail: false, ipsec: true, wrap: { column: 76, percent: 15 }, blankLines: false },
    },
    mainMode: { requestedProfile: 'to-hub', bound: true },
    truth: {
      outcome: 'up',
      initiatorKeyring: 'hub',
      mm3: 'keyring1',
      mm5: null,
      mm5Profile: null,
      phase2: 'up',
    },
    keys: 'shared-secret',
    candidates: [second, first],
  });

writeWhenMain(import.meta.url, build);
