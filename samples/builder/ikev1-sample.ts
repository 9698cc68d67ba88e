import { createTap } from './capture.ts';
import type { FileFormat, LinkName } from './capture.ts';
import { side, withoutKeyValues } from './encounter.ts';
import type { Encounter } from './encounter.ts';
import { pingThrough } from './esp.ts';
import { ikev1Table, jsonFile, moment, textFile } from './folder.ts';
import type { SampleFiles } from './folder.ts';
import { retransmitUntilDeath } from './giving-up.ts';
import { ikev1Config } from './ios/configuration.ts';
import { createDebugLog } from './ios/debug-log.ts';
import type { LogOptions } from './ios/debug-log.ts';
import { runMainMode } from './main-mode.ts';
import type { MainMode, MainModePlan } from './main-mode.ts';
import { runClear, runDpd, runQuickMode } from './quick-mode.ts';
import { endPing, startDebugging, startPing, stopDebugging } from './screens.ts';
import { createSeeded } from './seeded.ts';
import type { Router } from './topology.ts';

/** How one router was watched. */
export type Watch = LogOptions & { readonly detail: boolean; readonly ipsec: boolean };

export type Ikev1Scenario = {
  readonly name: string;
  readonly start: string;
  readonly link: LinkName;
  readonly format: FileFormat;
  readonly r1: Router;
  readonly r2: Router;
  readonly initiator: 'R1' | 'R2';
  readonly watch: { readonly r1: Watch; readonly r2: Watch };
  readonly mainMode: MainModePlan;
  /** The truth of the sample; the build fails when the speakers do not get there. */
  readonly truth: {
    readonly outcome: MainMode['outcome'];
    readonly initiatorKeyring: string;
    readonly mm3: string;
    readonly mm5: string | null;
    readonly mm5Profile: string | null;
    readonly phase2: 'up' | 'refused' | 'not-reached';
  };
  readonly after?: 'dpd' | 'clear';
  /** `all` as a simulator prints it, `shared-secret` where values would give the answer away. */
  readonly keys: 'all' | 'shared-secret';
  readonly candidates?: readonly string[];
};

const same = <T>(what: string, actual: T, stated: T): void => {
  if (actual !== stated) throw new Error(`${what}: ${String(actual)} instead of ${String(stated)}`);
};

const extension: Readonly<Record<FileFormat, string>> = {
  pcap: 'pcap',
  'pcap-nanosecond': 'pcap',
  pcapng: 'pcapng',
};

const carryOn = (
  scenario: Ikev1Scenario,
  encounter: Encounter,
  attempt: MainMode,
  startUs: number,
): void => {
  const { truth } = scenario;
  const log = encounter.initiator.log;
  if (truth.outcome !== 'up') {
    const sentAtUs = log.now();
    endPing(log, '.');
    const mm4 = truth.outcome === 'undecryptable' ? attempt.mm4 : null;
    retransmitUntilDeath(encounter, {
      requestedAtUs: startUs,
      sentAtUs,
      mm5: attempt.mm5.octets,
      mm4,
    });
    return;
  }
  if (truth.phase2 === 'refused') {
    runQuickMode(encounter, attempt.sa, { answer: 'refuse-profile' });
    endPing(log, '.');
    log.waitUntil(startUs + 30_000_000);
    runQuickMode(encounter, attempt.sa, { answer: 'refuse-profile', again: true });
    return;
  }
  const quick = runQuickMode(encounter, attempt.sa, { answer: 'accept' })!;
  pingThrough(encounter, quick, startUs + 2_004_000, 4);
  endPing(log, '.!!!!');
  if (scenario.after === 'dpd') {
    log.waitUntil(startUs + 30_000_000);
    runDpd(encounter, attempt.sa);
  } else if (scenario.after === 'clear') {
    log.waitUntil(startUs + 41_300_000);
    runClear(encounter, attempt.sa, quick);
  }
};

export const buildIkev1Sample = (scenario: Ikev1Scenario): SampleFiles => {
  const { name, r1, r2, watch, truth } = scenario;
  const seeded = createSeeded(name);
  const startUs = moment(scenario.start);
  const r1Log = createDebugLog(r1, startUs, watch.r1);
  const r2Log = createDebugLog(r2, startUs, watch.r2);
  const r1First = scenario.initiator === 'R1';
  const tap = createTap(scenario.link);

  startDebugging(r1Log, watch.r1);
  startDebugging(r2Log, watch.r2);
  startPing(r1First ? r1Log : r2Log, truth.phase2 === 'up' ? 5 : 1);
  tap.arp(startUs - 2400, r1First ? r1 : r2, r1First ? r2 : r1);

  const encounter: Encounter = {
    tap,
    seeded,
    initiator: side(r1First ? r1Log : r2Log, 'I', seeded, r1First ? watch.r1 : watch.r2),
    responder: side(r1First ? r2Log : r1Log, 'R', seeded, r1First ? watch.r2 : watch.r1),
  };
  const attempt = runMainMode(encounter, scenario.mainMode);
  same('outcome', attempt.outcome, truth.outcome);
  same("initiator's keyring", attempt.initiatorKeyring, truth.initiatorKeyring);
  same('keyring at message 3', attempt.responderKeys.mm3, truth.mm3);
  same('keyring after message 5', attempt.responderKeys.mm5, truth.mm5);
  same('profile after message 5', attempt.mm5Profile, truth.mm5Profile);
  carryOn(scenario, encounter, attempt, startUs);
  stopDebugging(r1Log);
  stopDebugging(r2Log);

  const secret = scenario.keys === 'all' ? attempt.secret : withoutKeyValues(attempt.secret);
  return new Map([
    [`capture.${extension[scenario.format]}`, tap.file(scenario.format)],
    ['r1-debug.txt', textFile(r1Log.text())],
    ['r2-debug.txt', textFile(r2Log.text())],
    ['r1-config.txt', textFile(ikev1Config(r1))],
    ['r2-config.txt', textFile(ikev1Config(r2))],
    ['keys.json', jsonFile({ exchanges: [secret] })],
    ...(scenario.candidates === undefined
      ? []
      : ([['psk.txt', textFile(`${scenario.candidates.join('\n')}\n`)]] as const)),
    ['wireshark/ikev1_decryption_table', ikev1Table([attempt.secret])],
  ]);
};
