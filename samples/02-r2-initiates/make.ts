import { createTap } from '../builder/capture.ts';
import { side } from '../builder/encounter.ts';
import { ikev1Table, jsonFile, moment, textFile, writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { retransmitUntilDeath } from '../builder/giving-up.ts';
import { ikev1Config } from '../builder/ios/configuration.ts';
import { createDebugLog } from '../builder/ios/debug-log.ts';
import { runMainMode } from '../builder/main-mode.ts';
import { endPing, startDebugging, startPing, stopDebugging } from '../builder/screens.ts';
import { createSeeded } from '../builder/seeded.ts';
import { incidentRouters } from '../builder/two-routers.ts';

const key = 'Harbour-Lamp-31';

export const build = (): SampleFiles => {
  const seeded = createSeeded('02-r2-initiates');
  const startUs = moment('2024-09-03T14:22:07.118Z');
  const keys = { keyring1: key, keyring2: key };
  const { r1, r2 } = incidentRouters(keys, keys, { r1Ms: 400, r2Ms: -37_000, connectionId: 1012 });
  const r1Log = createDebugLog(r1, startUs, {
    wrap: { column: 78, percent: 12 },
    blankLines: true,
  });
  const r2Log = createDebugLog(r2, startUs, {
    wrap: { column: 76, percent: 100 },
    blankLines: false,
  });
  const tap = createTap('ethernet');

  startDebugging(r1Log, { detail: true, ipsec: false });
  startDebugging(r2Log, { detail: false, ipsec: true });
  startPing(r2Log, 1);
  tap.arp(startUs - 2400, r2, r1);

  const encounter = {
    tap,
    seeded,
    initiator: side(r2Log, 'I', seeded, { detail: false }),
    responder: side(r1Log, 'R', seeded, { detail: true }),
  };
  const attempt = runMainMode(encounter, { requestedProfile: 'profile1', bound: true });
  const { outcome, responderKeys } = attempt;
  if (
    outcome !== 'keyring-refused' ||
    responderKeys.mm3 !== 'keyring1' ||
    responderKeys.mm5 !== 'keyring2'
  ) {
    throw new Error('R1 must use keyring1 at message 3 and ask for keyring2 after message 5');
  }
  const sentAtUs = r2Log.now();
  endPing(r2Log, '.');
  retransmitUntilDeath(encounter, {
    requestedAtUs: startUs,
    sentAtUs,
    mm5: attempt.mm5.octets,
    mm4: null,
  });
  stopDebugging(r1Log);
  stopDebugging(r2Log);

  return new Map([
    ['capture.pcapng', tap.file('pcapng')],
    ['r1-debug.txt', textFile(r1Log.text())],
    ['r2-debug.txt', textFile(r2Log.text())],
    ['r1-config.txt', textFile(ikev1Config(r1))],
    ['r2-config.txt', textFile(ikev1Config(r2))],
    ['keys.json', jsonFile({ exchanges: [attempt.secret] })],
    ['wireshark/ikev1_decryption_table', ikev1Table([attempt.secret])],
  ]);
};

writeWhenMain(import.meta.url, build);
