import { createFaultLog, type FaultLog } from '../bytes/fault-log.ts';
import { copyOf } from '../bytes/span.ts';
import { concat } from '../crypto/octets.ts';
import { createCaptureDecoder, type CaptureDecoding } from '../exchange/read-capture.ts';
import { createBrokenMask } from '../iosconfig/broken-secrets.ts';
import { parseConfigs } from '../iosconfig/parse.ts';
import { openStoredKeys } from './master-keys.ts';
import { scoreConfig } from '../iosconfig/recognise.ts';
import type { Harvest } from '../keymaterial/builder.ts';
import { keylessLog } from '../keymaterial/daemon-logs.ts';
import { harvestKeys, looksLikeKeyMaterial } from '../keymaterial/harvest.ts';
import { readPskList } from '../keymaterial/psk-list.ts';
import { parseLog } from '../logparse/parse.ts';
import { scoreLog } from '../logparse/recognise.ts';
import { isOnlyShow } from '../logparse/show-output.ts';
import type { CaptureAnomaly } from '../model/capture.ts';
import type { ConfigModel } from '../model/config.ts';
import type { InputKind } from '../model/evidence.ts';
import type { LogDocument } from '../model/log.ts';
import { defaultPorts } from '../net/candidate.ts';
import { createGunzip } from '../pcap/gunzip.ts';
import { looksLikeHexDump, withoutHexDump } from '../pcap/hexdump.ts';
import { recogniseCapture } from '../pcap/reader.ts';
import { decodeText, describeBinary, holdsControls, withLineFeeds } from './text.ts';

/** One evidence file, recognised and read. A text may hold packets, log lines, configurations and keys at once. */
export type Input = {
  /** `i1`, `i2`, … in the order given. */
  readonly id: string;
  readonly path: string;
  readonly kind: InputKind;
  readonly bytes: number;
  /** Name given with `--router NAME=FILE`. */
  readonly router: string | null;
  readonly capture: CaptureDecoding | null;
  /** The number that frames of this input carry as `capture`; null when it is none. */
  readonly captureIndex: number | null;
  readonly log: LogDocument | null;
  readonly configs: readonly ConfigModel[];
  readonly keys: Harvest | null;
  /** The text as read, for quoting; empty for what is a capture alone. */
  readonly text: string;
  /** What is wrong with a text as a file: damaged when packed, too long. Offsets count from the start of the file. */
  readonly faults: readonly CaptureAnomaly[];
};

/** An input that is no evidence of any kind. */
export type Unreadable = {
  readonly kind: 'unreadable';
  readonly why: string;
  readonly advice: string;
};

export type InputOptions = {
  readonly id: string;
  readonly path: string;
  /** How many captures were read before it: the number that its frames carry. */
  readonly captureIndex: number;
  readonly router: string | null;
  /** Ports that carry IKE besides 500 and 4500. */
  readonly ports: readonly number[];
  /** Year of log stamps that name none. */
  readonly year: number | null;
  /** What type 6 keys of configurations are stored under. */
  readonly masterKeys?: readonly string[];
  /** Whether captures keep their packets beside the messages; they do when absent. */
  readonly keepPackets?: boolean;
  /** Of a log only the events are wanted, for its document was made before. */
  readonly eventsOnly?: boolean;
  /** What the user said it is. Key files need no mark to be taken for one; a PSK list has none. */
  readonly as: 'evidence' | 'keys' | 'psk-list';
};

/** What to name instead of a file that holds nothing of it. */
const wanted: Readonly<Record<InputOptions['as'], string>> = {
  evidence: 'name a file that holds evidence',
  keys: 'name a file that holds key material',
  'psk-list': 'name a text file with one key a line',
};

/** Takes a file's octets in chunks that may be reused by the caller, and says at the end what they were. */
export type InputReader = {
  push(chunk: Uint8Array): void;
  end(): Input | Unreadable;
};

/** Enough to tell every format apart, also behind the first lines of a paste. */
const headOctets = 1 << 16;
/** No paste is larger; a larger text would not fit a string. */
const mostTextOctets = 400 << 20;

export function createInputReader(options: InputOptions): InputReader {
  let head: Uint8Array[] = [];
  let headLength = 0;
  let bytes = 0;
  let reader: InputReader | null = null;

  const recognise = (): InputReader => {
    const joined = concat(...head);
    head = [];
    const opened = openReader(joined, options);
    opened.push(joined);
    return opened;
  };

  return {
    push: (chunk) => {
      bytes += chunk.length;
      if (reader) {
        reader.push(chunk);
        return;
      }
      head.push(new Uint8Array(chunk));
      headLength += chunk.length;
      if (headLength >= headOctets) reader = recognise();
    },
    end: () => {
      if (bytes === 0) return { kind: 'unreadable', why: 'is empty', advice: wanted[options.as] };
      const input = (reader ?? recognise()).end();
      return input.kind === 'unreadable' ? input : { ...input, bytes };
    },
  };
}

function openReader(head: Uint8Array, options: InputOptions): InputReader {
  const format = recogniseCapture(head);
  if (format === null) return createTextReader(options, createFaultLog());
  if (format !== 'gzip') return createCaptureInputReader(options);
  const start = unpackedStart(head);
  const inner = recogniseCapture(start);
  if (inner === 'gzip') return createRefusal('is packed twice', 'unpack it once');
  // Where damage hides what is packed, it is read as a capture, which says so.
  return start.length > 0 && inner === null
    ? createPackedTextReader(options)
    : createPackedCaptureReader(options);
}

function createRefusal(why: string, advice: string): InputReader {
  return { push: () => undefined, end: () => ({ kind: 'unreadable', why, advice }) };
}

function createCaptureInputReader(options: InputOptions): InputReader {
  const capture = createCaptureDecoder(options.captureIndex, {
    ports: [...defaultPorts, ...options.ports],
    keepPackets: options.keepPackets ?? true,
  });
  return {
    push: (chunk) => capture.push(chunk),
    end: () => ({
      ...blank(options),
      kind: 'capture',
      capture: capture.end(),
      captureIndex: options.captureIndex,
    }),
  };
}

function createPackedCaptureReader(options: InputOptions): InputReader {
  const reader = createCaptureInputReader(options);
  return {
    push: (chunk) => reader.push(chunk),
    end: () => {
      const input = reader.end();
      const faults = input.kind === 'unreadable' ? [] : (input.capture?.summary.anomalies ?? []);
      const isEmpty = faults.length === 1 && faults[0]?.code === 'format-unknown';
      return isEmpty
        ? {
            kind: 'unreadable',
            why: 'holds nothing but an empty file, packed',
            advice: 'name a file that holds evidence',
          }
        : input;
    },
  };
}

function createTextReader(options: InputOptions, faults: FaultLog): InputReader {
  const kept: Uint8Array[] = [];
  let octets = 0;
  return {
    push: (chunk) => {
      const room = mostTextOctets - octets;
      if (chunk.length > room) faults.noteOnce('text-too-long', 0, null, octets + room);
      // A buffer of Node's gives a view where others give a copy.
      const piece = new Uint8Array(chunk.subarray(0, room));
      octets += piece.length;
      if (piece.length > 0) kept.push(piece);
    },
    end: () => readText(concat(...kept), options, faults),
  };
}

function createPackedTextReader(options: InputOptions): InputReader {
  const faults = createFaultLog();
  const text = createTextReader(options, faults);
  const gunzip = createGunzip({ push: (piece) => text.push(piece), end: () => undefined }, faults);
  return {
    push: (chunk) => gunzip.push(chunk),
    end: () => {
      gunzip.end();
      return text.end();
    },
  };
}

/** The first octets of what is packed; none where it is damaged or empty. */
function unpackedStart(head: Uint8Array): Uint8Array {
  let start: Uint8Array = new Uint8Array(0);
  const gunzip = createGunzip(
    {
      push: (piece) => {
        if (start.length === 0) start = copyOf(piece, 0, 16);
      },
      end: () => undefined,
    },
    createFaultLog(),
  );
  gunzip.push(head.subarray(0, 1 << 13));
  return start;
}

/** The size is filled in where the file is known. */
export function blank(options: InputOptions): Omit<Input, 'kind'> {
  const { id, path, router } = options;
  return {
    id,
    path,
    router,
    bytes: 0,
    capture: null,
    captureIndex: null,
    log: null,
    configs: [],
    keys: null,
    text: '',
    faults: [],
  };
}

function readText(octets: Uint8Array, options: InputOptions, faults: FaultLog): Input | Unreadable {
  const binary = describeBinary(octets.subarray(0, headOctets));
  if (binary !== null) {
    const advice = binary.startsWith('UTF-16')
      ? 'save it as UTF-8'
      : binary.startsWith('a ZIP')
        ? 'unpack it and give the files that it holds'
        : options.as === 'psk-list'
          ? wanted[options.as]
          : 'give a capture (pcap, pcapng), a debug log, a configuration or key material';
    return { kind: 'unreadable', why: `looks like ${binary}`, advice };
  }
  const text = withLineFeeds(decodeText(octets));
  const capture = options.as === 'evidence' ? readDump(octets, text, options) : null;
  if (capture === null) return readLines(text, text, options, faults);
  const { captureIndex } = options;
  const around = readLines(text, withoutHexDump(text), options, faults);
  const holdsMore = around.kind !== 'unreadable' && saysMore(around);
  return { ...(holdsMore ? around : blank(options)), kind: 'capture', capture, captureIndex };
}

/** The packets of a dump in a text; null when it holds none. */
function readDump(octets: Uint8Array, text: string, options: InputOptions): CaptureDecoding | null {
  if (!looksLikeHexDump(text)) return null;
  const dump = createCaptureDecoder(options.captureIndex, {
    ports: [...defaultPorts, ...options.ports],
  });
  dump.push(octets);
  const capture = dump.end();
  return capture.summary.packets > 0 ? capture : null;
}

/** Whether something was understood beside a dump: what heads its packets may look like the lines of a log. */
function saysMore({ log, configs, keys }: Input): boolean {
  const isLog = log?.events.some(({ message }) => message !== 'unmatched') ?? false;
  return isLog || configs.length > 0 || keys !== null;
}

/** Reads a log, configurations and keys from the lines that may hold them. */
function readLines(
  text: string,
  lines: string,
  options: InputOptions,
  faults: FaultLog,
): Input | Unreadable {
  const { id } = options;
  const base = { ...blank(options), text, faults: faults.anomalies() };
  if (options.as === 'psk-list') {
    if (holdsControls(lines))
      return { kind: 'unreadable', why: 'looks like binary data', advice: wanted[options.as] };
    const listed = readPskList(lines, id, options.path);
    return listed.candidates.length + listed.anomalies.length === 0
      ? { kind: 'unreadable', why: 'lists no key', advice: wanted[options.as] }
      : { ...base, kind: 'key-material', keys: listed };
  }
  const keys =
    options.as === 'keys' || looksLikeKeyMaterial(lines)
      ? harvestKeys(lines, id, options.path)
      : null;
  const hasKeys = keys !== null && (keys.material.length > 0 || keys.candidates.length > 0);
  if (options.as === 'keys' && hasKeys) return { ...base, kind: 'key-material', keys };

  const logScore = scoreLog(lines);
  const configScore = scoreConfig(lines);
  const parsedConfigs =
    configScore > 0
      ? openStoredKeys(named(parseConfigs(lines, id), options.router), options.masterKeys ?? [])
      : [];
  const parsedLog =
    logScore > 0
      ? parseLog(lines, id, {
          ...(options.router === null ? {} : { router: options.router }),
          ...(options.year === null ? {} : { year: options.year }),
          broken: createBrokenMask(),
        })
      : null;
  if (!hasKeys && parsedLog === null && parsedConfigs.length === 0) {
    // A daemon's log is evidence that was understood, though no key came of it: the rest of a case is not to fail for it.
    const fruitless = fruitlessHarvest(keys, lines);
    if (fruitless !== null) return { ...base, kind: 'key-material', keys: fruitless };
    return {
      kind: 'unreadable',
      why: 'holds no capture, debug line, configuration line or key material',
      advice: 'give the output of `debug crypto isakmp`, `show running-config` or a capture',
    };
  }
  return {
    ...base,
    kind: hasKeys ? 'key-material' : kindOfLines(parsedLog, logScore, configScore),
    log: parsedLog,
    configs: parsedConfigs,
    keys: hasKeys ? keys : null,
  };
}

/** What a text tells that holds no key: values that cannot be read, or nothing but a daemon's log. Null for a text of no known kind. */
function fruitlessHarvest(keys: Harvest | null, text: string): Harvest | null {
  const keyless = keylessLog(text);
  const anomalies = [...(keys?.anomalies ?? []), ...(keyless === null ? [] : [keyless])];
  return anomalies.length === 0 ? null : { material: [], candidates: [], anomalies, sources: [] };
}

function kindOfLines(
  log: LogDocument | null,
  logScore: number,
  configScore: number,
): 'ios-debug' | 'ios-config' | 'ios-show' {
  if (logScore < configScore) return 'ios-config';
  return log !== null && isOnlyShow(log) ? 'ios-show' : 'ios-debug';
}

/** `--router NAME=FILE` outranks what the file says of itself, unless several routers share it. */
function named(configs: readonly ConfigModel[], router: string | null): readonly ConfigModel[] {
  return router === null || configs.length !== 1
    ? configs
    : configs.map((config) => ({ ...config, hostname: router }));
}
