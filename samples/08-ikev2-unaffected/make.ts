import { createTap } from '../builder/capture.ts';
import { side } from '../builder/encounter.ts';
import { pingThrough } from '../builder/esp.ts';
import { jsonFile, moment, textFile, writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { runIkev2 } from '../builder/ikev2-exchange.ts';
import { ikev2Config } from '../builder/ios/configuration.ts';
import { createDebugLog } from '../builder/ios/debug-log.ts';
import { hex } from '../builder/octets.ts';
import { endPing, startDebugging, startPing, stopDebugging } from '../builder/screens.ts';
import { createSeeded } from '../builder/seeded.ts';
import { incidentRouters } from '../builder/two-routers.ts';

const key = 'Harbour-Lamp-31';
const keys = { keyring1: key, keyring2: key };

export const build = (): SampleFiles => {
  const seeded = createSeeded('08-ikev2-unaffected');
  const startUs = moment('2024-09-05T16:30:48.951Z');
  const { r1, r2 } = incidentRouters(keys, keys, { r1Ms: 400, r2Ms: -37_000, connectionId: 1 });
  const r1Log = createDebugLog(r1, startUs, {
    wrap: { column: 78, percent: 20 },
    blankLines: true,
  });
  const r2Log = createDebugLog(r2, startUs, { wrap: null, blankLines: true });
  const tap = createTap('ethernet');

  startDebugging(r1Log, { detail: false, ipsec: false, ikev2: true });
  startDebugging(r2Log, { detail: false, ipsec: true, ikev2: true });
  startPing(r2Log, 5);
  tap.arp(startUs - 2400, r2, r1);
  const encounter = {
    tap,
    seeded,
    initiator: side(r2Log, 'I', seeded, { detail: false, connection: 7 }),
    responder: side(r1Log, 'R', seeded, { detail: false, connection: 14 }),
  };
  const up = runIkev2(encounter, 'profile1');
  if (up.responderProfile !== 'profile2' || up.responderKeyring !== 'keyring2') {
    throw new Error('R1 must choose profile2 and its keyring2 by the identity');
  }
  pingThrough(encounter, up.child, startUs + 2_004_000, 4);
  endPing(r2Log, '.!!!!');
  stopDebugging(r1Log);
  stopDebugging(r2Log);

  const { spis, keys: derived } = up;
  const cipher = '"AES-CBC-256 [RFC3602]"';
  const integrity = '"HMAC_SHA2_256_128 [RFC4868]"';
  const row = [
    ...[spis.initiator, spis.responder, derived.ei, derived.er].map(hex),
    cipher,
    ...[derived.ai, derived.ar].map(hex),
    integrity,
  ];
  return new Map([
    ['capture.pcapng', tap.file('pcapng')],
    ['r1-debug.txt', textFile(r1Log.text())],
    ['r2-debug.txt', textFile(r2Log.text())],
    ['r1-config.txt', textFile(ikev2Config(r1))],
    ['r2-config.txt', textFile(ikev2Config(r2))],
    [
      'keys.json',
      jsonFile({
        exchanges: [
          {
            initiatorCookie: hex(spis.initiator),
            responderCookie: hex(spis.responder),
            mode: 'ikev2',
            dhGroup: 14,
            sharedSecret: hex(up.shared),
            psk: up.psk,
            SKEYSEED: hex(derived.skeyseed),
            SK_d: hex(derived.d),
            SK_ai: hex(derived.ai),
            SK_ar: hex(derived.ar),
            SK_ei: hex(derived.ei),
            SK_er: hex(derived.er),
            SK_pi: hex(derived.pi),
            SK_pr: hex(derived.pr),
            encryption: 'AES-CBC',
            keyLength: 256,
            integrity: 'HMAC-SHA2-256-128',
            prf: 'HMAC-SHA2-256',
          },
        ],
      }),
    ],
    ['wireshark/ikev2_decryption_table', textFile(`${row.join(',')}\n`)],
  ]);
};

writeWhenMain(import.meta.url, build);
