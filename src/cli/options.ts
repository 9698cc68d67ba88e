import type { Argv } from 'yargs';
import { zoneMinutes } from '../correlate/wall-clock.ts';
import { addressText } from '../isakmp/address.ts';
import { parseAddress } from '../redact/address-map.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** What every command that reads evidence understands. */
export type SharedOptions = {
  readonly format: string;
  /** `-` is standard output. */
  readonly output: string;
  readonly psks: readonly string[];
  readonly pskFiles: readonly string[];
  /** What type 6 keys of configurations are stored under. */
  readonly masterKeys: readonly string[];
  readonly keyFiles: readonly string[];
  /** Router name by path, from `--router NAME=FILE`. */
  readonly routers: ReadonlyMap<string, string>;
  readonly peer: string | null;
  /** Milliseconds since 1970, null when not limited. */
  readonly since: number | null;
  readonly until: number | null;
  /** Zone of stamps that tell no distance from UTC, as `+02:00` or `Europe/Paris`; null when not told. */
  readonly tz: string | null;
  readonly year: number | null;
  readonly ports: readonly number[];
  /** Take the SHA-256 of inputs however large they are. */
  readonly digest: boolean;
  readonly showSecrets: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly progress: boolean;
};

type Raw = Readonly<Record<string, unknown>>;

/** yargs drops a lone `-` and takes what follows `--` for nothing, so both go through behind a sign that no file name has. */
const verbatim = '\0';

/** The words as yargs can be given them. What stands behind `--` is no option. */
export function hideDashes(words: readonly string[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const hidden = (word: string): string => verbatim + word;
  return [
    ...words.slice(0, end).map((word) => (word === '-' ? hidden(word) : word)),
    ...words.slice(end + 1).map((word) => (word.startsWith('-') ? hidden(word) : word)),
  ];
}

export const showDash = (word: string): string =>
  word.startsWith(verbatim) ? word.slice(verbatim.length) : word;

/** What the help of a command says of options that mean different things; null for one that it has no use for. */
type OptionWords = { readonly output?: string | null; readonly quiet: string | null };

/** Options that only matter where evidence is read, as the help lists them. */
const evidenceOptions = {
  'psk-file': {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'candidate pre-shared keys, one a line',
  },
  psk: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'a candidate pre-shared key (ends up in the shell history: prefer --psk-file)',
  },
  'master-key': {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'the key config-key under which a configuration stores its type 6 keys',
  },
  keys: {
    type: 'string',
    array: true,
    nargs: 1,
    describe:
      'key material: Wireshark table, daemon log, JSON, or a configuration with keys to try',
  },
  router: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'NAME=FILE: this evidence comes from that router',
  },
  peer: {
    type: 'string',
    requiresArg: true,
    describe: 'only negotiations with this address',
  },
  since: {
    type: 'string',
    requiresArg: true,
    describe: 'only what happened at or after this time (ISO 8601)',
  },
  until: {
    type: 'string',
    requiresArg: true,
    describe: 'only what happened at or before this time (ISO 8601)',
  },
  tz: {
    type: 'string',
    requiresArg: true,
    describe:
      'zone of log stamps that name none, or only by letters such as EST: UTC, +02:00, Europe/Paris',
  },
  year: {
    type: 'string',
    requiresArg: true,
    describe: 'year of log stamps that name none',
  },
  port: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'a further UDP port that carries IKE',
  },
  digest: {
    type: 'boolean',
    default: false,
    describe: 'SHA-256 of inputs beyond 256 MiB too',
  },
  'show-secrets': { type: 'boolean', default: false, describe: 'print keys in clear' },
} as const;

/** One more of them; the help has it beside colour. */
const progressOption = {
  type: 'boolean',
  default: true,
  describe: 'progress on a terminal; --no-progress for none',
} as const;

type EvidenceOption = keyof typeof evidenceOptions;

/** Shared options that make no difference to a command. Every command understands them; its help keeps to the others. */
export type Unused = readonly (EvidenceOption | 'format' | 'color' | 'progress')[];

export const allOfEvidence: Unused = [
  ...(Object.keys(evidenceOptions) as EvidenceOption[]),
  'progress',
];

export const hideUnused = (yargs: Argv, unused: Unused): Argv =>
  unused.reduce((out, name) => out.hide(name), yargs);

/** Those that were given all the same. What says only how a result is to look promises nothing of what is in it. */
export const unusedGiven = (raw: Raw, unused: Unused): readonly string[] =>
  unused
    .filter((name) => name in evidenceOptions)
    .filter((name) => raw[name] !== undefined && raw[name] !== false)
    .map((name) => `--${name}`);

export function sharedOptions(
  yargs: Argv,
  formats: readonly string[],
  { output = 'where to write it; - is standard output', quiet }: OptionWords,
): Argv {
  return yargs
    .option('format', {
      choices: formats,
      default: 'text',
      requiresArg: true,
      describe: 'shape of the result',
    })
    .option('output', {
      alias: 'o',
      type: 'string',
      default: '-',
      requiresArg: true,
      hidden: output === null,
      describe: output ?? '',
    })
    .options(evidenceOptions)
    .option('quiet', {
      alias: 'q',
      type: 'boolean',
      default: false,
      hidden: quiet === null,
      describe: quiet ?? '',
    })
    .option('color', {
      type: 'boolean',
      default: true,
      describe: 'colour on a terminal; --no-color for none',
    })
    .option('progress', progressOption);
}

/** yargs turns a repeated option into a list; for single-valued ones the last counts, as in other tools. */
export function single(raw: Raw, name: string): string | null {
  const value = raw[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? showDash(last) : null;
}

export function list(raw: Raw, name: string): readonly string[] {
  const value = raw[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String).map(showDash);
}

export function flag(raw: Raw, name: string): boolean {
  const value = raw[name];
  return (Array.isArray(value) ? value.at(-1) : value) === true;
}

function instant(raw: Raw, name: string): number | null {
  const text = single(raw, name);
  if (text === null) return null;
  const ms = parseInstant(text.trim());
  if (ms === null)
    throw new UsageError(`--${name} ${text}: not a time; write it as 2026-01-31T13:45:00Z`);
  return ms;
}

const INSTANT =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * ISO 8601, and no more: what else `Date.parse` takes differs from machine to machine, and it turns the 30th of
 * February into a day of March. Without a zone the capture's UTC is meant.
 */
function parseInstant(text: string): number | null {
  const [, date, time = '00:00', zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (date === undefined) return null;
  const day = Date.parse(`${date}T00:00Z`);
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) return null;
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(ms) ? null : ms;
}

/** The address as everything that is read writes it. */
function peer(raw: Raw): string | null {
  const text = single(raw, 'peer');
  if (text === null) return null;
  const octets = parseAddress(text);
  if (octets === null)
    throw new UsageError(`--peer ${text}: not an address; write it as 192.0.2.1 or 2001:db8::1`);
  return addressText(octets);
}

/** No zone is further from UTC: the Line Islands. */
const mostZoneMinutes = 14 * 60;

function zone(raw: Raw): string | null {
  const text = single(raw, 'tz');
  if (text === null) return null;
  const offset = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?$/i.exec(text);
  if (offset) {
    const [, sign = '+', hours = '0', minutes = '00'] = offset;
    const total = Number(hours) * 60 + Number(minutes);
    if (total <= mostZoneMinutes && Number(minutes) < 60)
      return `${sign}${hours.padStart(2, '0')}:${minutes}`;
  }
  if (/^(?:UTC|GMT|Z)$/i.test(text)) return '+00:00';
  if (offset !== null || (zoneMinutes(text) === null && !isRegion(text)))
    throw new UsageError(`--tz ${text}: not a time zone; write UTC, +02:00 or Europe/Paris`);
  return text;
}

function isRegion(name: string): boolean {
  try {
    Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function year(raw: Raw): number | null {
  const text = single(raw, 'year');
  if (text === null) return null;
  if (!/^(?:19|20)\d\d$/.test(text))
    throw new UsageError(`--year ${text}: not a year; write it with four digits`);
  return Number(text);
}

function routers(raw: Raw): ReadonlyMap<string, string> {
  const byPath = new Map<string, string>();
  for (const text of list(raw, 'router')) {
    const at = text.indexOf('=');
    if (at < 1 || at === text.length - 1)
      throw new UsageError(`--router ${text}: write it as NAME=FILE`);
    byPath.set(text.slice(at + 1), text.slice(0, at));
  }
  return byPath;
}

function ports(raw: Raw): readonly number[] {
  return list(raw, 'port').map((text) => {
    const port = Number(text);
    if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535)
      throw new UsageError(`--port ${text}: not a port; write a number from 1 to 65535`);
    return port;
  });
}

export function readSharedOptions(raw: Raw, io: Io): SharedOptions {
  const output = single(raw, 'output') ?? '-';
  const [since, until] = [instant(raw, 'since'), instant(raw, 'until')];
  if (since !== null && until !== null && since > until)
    throw new UsageError('--since is later than --until, so nothing could lie between them');
  return {
    format: single(raw, 'format') ?? 'text',
    output,
    psks: list(raw, 'psk'),
    pskFiles: list(raw, 'psk-file'),
    masterKeys: list(raw, 'master-key'),
    keyFiles: list(raw, 'keys'),
    routers: routers(raw),
    peer: peer(raw),
    since,
    until,
    tz: zone(raw),
    year: year(raw),
    ports: ports(raw),
    digest: flag(raw, 'digest'),
    showSecrets: flag(raw, 'show-secrets'),
    quiet: flag(raw, 'quiet'),
    // https://no-color.org: any non-empty value switches colour off.
    color:
      flag(raw, 'color') &&
      (io.env['NO_COLOR'] ?? '') === '' &&
      output === '-' &&
      io.stdout.isTerminal,
    progress: flag(raw, 'progress') && io.stderr.isTerminal,
  };
}

/** Every file that a run reads, whether it is named as evidence or by an option. */
export function filesRead(
  { routers, keyFiles, pskFiles }: SharedOptions,
  paths: readonly string[],
): readonly string[] {
  return [...new Set([...paths, ...routers.keys(), ...keyFiles, ...pskFiles])];
}

export function evidencePaths(raw: Raw, name: string): readonly string[] {
  const paths = list(raw, name);
  if (paths.includes('')) throw new UsageError('an empty name names no file');
  return paths;
}
