import { writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { buildIkev1Sample } from '../builder/ikev1-sample.ts';
import { incidentRouters } from '../builder/two-routers.ts';

const key = 'Harbour-Lamp-31';
const keys = { keyring1: key, keyring2: key };

export const build = (): SampleFiles =>
  buildIkev1Sample({
    name: '02-r2-initiates',
    start: '2024-09-03T14:22:07.118Z',
    link: 'ethernet',
    format: 'pcapng',
    ...incidentRouters(keys, keys, { r1Ms: 400, r2Ms: -37_000, connectionId: 1012 }),
    initiator: 'R2',
    watch: {
      r1: { detail: true, ipsec: false, wrap: { column: 78, percent: 12 }, blankLines: true },
      r2: { detail: false, ipsec: true, wrap: { column: 76, percent: 100 }, blankLines: false },
    },
    mainMode: { requestedProfile: 'profile1', bound: true },
    truth: {
      outcome: 'keyring-refused',
      initiatorKeyring: 'keyring1',
      mm3: 'keyring1',
      mm5: 'keyring2',
      mm5Profile: 'profile2',
      phase2: 'not-reached',
    },
    keys: 'all',
  });

writeWhenMain(import.meta.url, build);
