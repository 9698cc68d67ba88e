import { createTap } from '../builder/capture.ts';
import { side } from '../builder/encounter.ts';
import { ikev1Table, jsonFile, moment, textFile, writeWhenMain } from '../builder/folder.ts';
import type { SampleFiles } from '../builder/folder.ts';
import { retransmitUntilDeath } from '../builder/giving-up.ts';
import { ikev1Config } from '../builder/ios/configuration.ts';
import { createDebugLog } from '../builder/ios/debug-log.ts';
import type { Policy } from '../builder/ikev1.ts';
import { drawRsaKey } from '../builder/rsa.ts';
import { endPing, startDebugging, startPing, stopDebugging } from '../builder/screens.ts';
import { createSeeded } from '../builder/seeded.ts';
import { runSignatureMainMode } from '../builder/signature-main-mode.ts';
import type { Enrolled } from '../builder/signature-main-mode.ts';
import { routerOne, routerTwo } from '../builder/two-routers.ts';
import { certificate } from '../builder/x509.ts';

const policy: Policy = {
  priority: 10,
  encryption: 'aes256',
  hash: 'sha256',
  group: 14,
  authentication: 'rsa-sig',
};

const trustPoints = [
  { name: 'TP-NORTH', issuer: 'CA-NORTH' },
  { name: 'TP-SOUTH', issuer: 'CA-SOUTH' },
] as const;

const r1 = routerOne({
  keyrings: [],
  globalKeys: [],
  policy,
  trustPoints,
  profiles: [
    {
      name: 'profile1',
      keyrings: [],
      selfFqdn: true,
      trustPoints: ['TP-NORTH'],
      matches: [{ kind: 'host', name: 'R9.lab.example' }],
    },
    {
      name: 'profile2',
      keyrings: [],
      selfFqdn: true,
      trustPoints: ['TP-SOUTH'],
      matches: [{ kind: 'host', name: 'R2.lab.example' }],
    },
  ],
  ipsecProfile: { name: 'protect-gre', isakmpProfile: 'profile2' },
  clockOffsetMs: -940,
  connectionId: 1010,
});

const r2 = routerTwo({
  keyrings: [],
  globalKeys: [],
  policy,
  trustPoints,
  // No trust-point here: R2 answers whichever request comes first.
  profiles: [
    {
      name: 'to-r1',
      keyrings: [],
      selfFqdn: true,
      matches: [{ kind: 'host', name: 'R1.lab.example' }],
    },
  ],
  ipsecProfile: { name: 'protect-gre', isakmpProfile: 'to-r1' },
  clockOffsetMs: 2600,
  connectionId: 1031,
});

export const build = (): SampleFiles => {
  const seeded = createSeeded('12-certificates');
  const startUs = moment('2024-11-02T10:26:09.214Z');
  const r1Log = createDebugLog(r1, startUs, { wrap: null, blankLines: true });
  const r2Log = createDebugLog(r2, startUs, {
    wrap: { column: 78, percent: 25 },
    blankLines: true,
  });
  const tap = createTap('ethernet');

  const deviceKey = drawRsaKey(seeded.branch('R2'));
  const enrolled = trustPoints.map(({ name, issuer }, i): Enrolled => ({
    trustPoint: name,
    subject: 'hostname=R2.lab.example,cn=R2',
    key: deviceKey,
    certificate: certificate({
      serial: 0x21 + i,
      subject: [
        { kind: 'cn', value: 'R2' },
        { kind: 'hostname', value: 'R2.lab.example' },
      ],
      dnsName: 'R2.lab.example',
      subjectKey: deviceKey,
      issuer: [{ kind: 'cn', value: issuer }],
      issuerKey: drawRsaKey(seeded.branch(issuer)),
    }),
  }));

  startDebugging(r1Log, { detail: false, ipsec: false });
  startDebugging(r2Log, { detail: false, ipsec: true });
  startPing(r2Log, 1);
  tap.arp(startUs - 2400, r2, r1);
  const encounter = {
    tap,
    seeded,
    initiator: side(r2Log, 'I', seeded, { detail: false }),
    responder: side(r1Log, 'R', seeded, { detail: false }),
  };
  const attempt = runSignatureMainMode(encounter, { requestedProfile: 'to-r1', enrolled });
  if (attempt.answered !== 'TP-NORTH' || attempt.required.join() !== 'TP-SOUTH') {
    throw new Error('R2 must answer the first authority, and R1 must want the second');
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
