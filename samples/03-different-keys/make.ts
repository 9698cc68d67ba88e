import { writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { buildIkev1Sample } from '../builder/ikev1-sample.ts';
import { incidentRouters } from '../builder/two-routers.ts';

const harbour = 'Harbour-Lamp-31';
const granite = 'Granite-Sail-58';

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '03-different-keys',
    start: '2024-09-04T08:05:31.660Z',
    link: 'linux-cooked',
    format: 'pcap',
    ...incidentRouters(
      { keyring1: granite, keyring2: harbour },
      { keyring1: harbour, keyring2: granite },
      { r1Ms: 400, r2Ms: -37_000, connectionId: 1004 },
    ),
    initiator: 'R2',
    watch: {
      r1: { detail: false, ipsec: false, wrap: { column: 78, percent: 20 }, blankLines: true },
      r2: { detail: false, ipsec: true, wrap: null, blankLines: true },
    },
    mainMode: { requestedProfile: 'profile1', bound: true },
    truth: {
      outcome: 'undecryptable',
      initiatorKeyring: 'keyring1',
      mm3: 'keyring1',
      mm5: null,
      mm5Profile: null,
      phase2: 'not-reached',
    },
    // Who used which value is what there is to find out.
    keys: 'shared-secret',
    candidates: ['Quartz-Ferry-04', granite, 'Meadow-Crane-77', harbour],
  });

writeWhenMain(import.meta.url, build);
