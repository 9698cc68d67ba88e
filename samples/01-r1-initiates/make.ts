import { writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { buildIkev1Sample } from '../builder/ikev1-sample.ts';
import { incidentRouters } from '../builder/two-routers.ts';

const key = 'Harbour-Lamp-31';
const keys = { keyring1: key, keyring2: key };

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '01-r1-initiates',
    start: '2024-09-03T13:51:40.402Z',
    link: 'ethernet',
    format: 'pcap-nanosecond',
    ...incidentRouters(keys, keys, { r1Ms: 400, r2Ms: -37_000, connectionId: 1011 }),
    initiator: 'R1',
    watch: {
      r1: { detail: false, ipsec: true, wrap: { column: 77, percent: 100 }, blankLines: false },
      r2: { detail: false, ipsec: true, wrap: null, blankLines: true },
    },
    mainMode: { requestedProfile: 'profile2', bound: true },
    truth: {
      outcome: 'up',
      initiatorKeyring: 'keyring2',
      mm3: 'keyring1',
      mm5: 'keyring1',
      mm5Profile: 'profile1',
      phase2: 'up',
    },
    keys: 'all',
  });

writeWhenMain(import.meta.url, build);
