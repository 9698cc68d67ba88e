import { fromHex } from '../bytes/hex.ts';
import { draft, keep, keepPsk, type Basket, type Draft, type KeyField } from './builder.ts';

export const CHARON = 'charon log';

/**
 * `…15[IKE] <gw|1> text`, whatever stands before it: syslog, file logger, journal, with or without a
 * level behind the group (`[IKE3]`), with or without the SA.
 */
const LINE = /(?:^|\s)(\d{2})\[([A-Z]{3})\d?\] ?(?:<([^>]*)>)? ?(.*)$/;

/** `SKEYID_e => 16 bytes @ 0x7f…` */
const DUMP = /^(.*?) => (\d+) bytes(?: @ 0x[0-9a-f]+)?\s*$/i;

/** `   16: 4A 81 8D …  text` */
const ROW = /^\s*(\d+): ([0-9A-Fa-f ]+)/;

/** libstrongswan prints these at level 4 of the group IKE. */
const LABELS: Readonly<Record<string, KeyField>> = {
  'shared Diffie Hellman secret': 'sharedSecret',
  'shared key exchange secret': 'sharedSecret',
  SKEYID: 'skeyid',
  SKEYID_d: 'skeyidD',
  SKEYID_a: 'skeyidA',
  SKEYID_e: 'skeyidE',
  'encryption key Ka': 'encryptionKey',
  'Sk_d secret': 'skD',
  'Sk_ai secret': 'skAi',
  'Sk_ar secret': 'skAr',
  'Sk_ei secret': 'skEi',
  'Sk_er secret': 'skEr',
  'Sk_pi secret': 'skPi',
  'Sk_pr secret': 'skPr',
};

/** The PSK itself, printed when an IKEv2 AUTH is made. */
const PSK_LABEL = 'secret';

/** Begins with both cookies: the input of a NAT-D hash. */
const NATD_LABEL = 'natd_chunk';

const MOST_OCTETS = 4096;

type Dump = {
  readonly label: string;
  readonly length: number;
  digits: string;
  readonly line: number;
  readonly sa: string;
};
type Sa = { keys: Draft | null; cookies: { i: string; r: string } | null };

/** Thread and group, as every line of charon's begins. */
export const charonMark: RegExp =
  /(?:^|\s)\d{2}\[(?:IKE|ENC|NET|CFG|JOB|MGR|KNL|DMN|LIB|ASN|CHD|TNC|APP)\d?\] /m;

export function looksLikeCharon(text: string): boolean {
  return charonMark.test(text);
}

/**
 * Reads the key dumps of a charon log. Threads interleave, so each thread collects its own dump; SAs
 * are told apart by the name between `<` and `>`. Lines without charon's own mark continue the line
 * before them: a terminal wrapped it.
 */
export type CharonReader = {
  /** False when the line is none of charon's and continues none. */
  take(line: string, number: number): boolean;
  end(): void;
};

export function charonReader(target: Basket): CharonReader {
  const dumps = new Map<string, Dump>();
  const sas = new Map<string, Sa>();
  let pending: { text: string; number: number } | null = null;

  const saOf = (name: string): Sa => {
    const known = sas.get(name);
    if (known !== undefined) return known;
    const made: Sa = { keys: null, cookies: null };
    sas.set(name, made);
    return made;
  };

  const finish = (sa: Sa): void => {
    if (sa.keys === null) return;
    sa.keys.initiatorCookie = sa.cookies?.i ?? null;
    sa.keys.responderCookie = sa.cookies?.r ?? null;
    keep(target, sa.keys, CHARON);
    sa.keys = null;
  };

  const complete = (dump: Dump): void => {
    const octets = fromHex(dump.digits);
    if (octets?.length !== dump.length) {
      if (dump.label in LABELS) {
        target.faults.push({
          code: 'key-value-unreadable',
          line: dump.line,
          text: `the dump of ${dump.label} is not complete`,
        });
      }
      return;
    }
    const sa = saOf(dump.sa);
    if (dump.label === NATD_LABEL && octets.length >= 16) {
      takeCookies(sa, dump.digits);
      return;
    }
    if (dump.label === PSK_LABEL) {
      keepPsk(target, octets, dump.line);
      return;
    }
    const field = LABELS[dump.label];
    if (field === undefined) return;
    // A second g^xy, or a field seen before, begins another SA.
    if (sa.keys !== null && (field === 'sharedSecret' || sa.keys.values.has(field))) finish(sa);
    sa.keys ??= draft(dump.line);
    sa.keys.values.set(field, octets);
  };

  const takeCookies = (sa: Sa, digits: string): void => {
    const i = digits.slice(0, 16).toLowerCase();
    const r = digits.slice(16, 32).toLowerCase();
    if (/^0*$/.test(r)) return;
    if (sa.cookies !== null && (sa.cookies.i !== i || sa.cookies.r !== r)) finish(sa);
    sa.cookies = { i, r };
  };

  const flush = (): void => {
    if (pending === null) return;
    const { text, number } = pending;
    pending = null;
    const match = LINE.exec(text);
    if (match === null) return;
    const thread = match[1]!;
    const name = saName(match[3]) ?? `thread ${thread}`;
    const body = match[4]!;
    const open = dumps.get(thread);
    const row = open === undefined ? null : ROW.exec(body);
    if (open !== undefined && row !== null && Number(row[1]) * 2 === open.digits.length) {
      const wanted = Math.min(32, open.length * 2 - open.digits.length);
      open.digits += row[2]!.replaceAll(' ', '').slice(0, wanted);
      if (open.digits.length < open.length * 2) return;
      dumps.delete(thread);
      complete(open);
      return;
    }
    if (open !== undefined) {
      dumps.delete(thread);
      complete(open);
    }
    const dump = DUMP.exec(body);
    if (dump === null) return;
    const length = Number(dump[2]);
    if (length === 0 || length > MOST_OCTETS) return;
    dumps.set(thread, { label: dump[1]!.trim(), length, digits: '', line: number, sa: name });
  };

  return {
    take: (line, number) => {
      if (LINE.test(line)) {
        flush();
        pending = { text: line, number };
        return true;
      }
      if (pending === null || line.trim() === '' || !isWrapped(pending.text)) return false;
      if (pending.text.length + line.length < 1024) pending.text += line;
      return true;
    },
    end: () => {
      flush();
      for (const dump of dumps.values()) complete(dump);
      for (const sa of sas.values()) finish(sa);
    },
  };
}

/** Only rows and heads of dumps are put together again; other messages are of no use here. */
function isWrapped(text: string): boolean {
  const body = LINE.exec(text)?.[4] ?? '';
  if (ROW.test(body) || body.includes(' =>')) return true;
  const label = body.trim();
  return label !== '' && Object.keys(LABELS).some((known) => known.startsWith(label));
}

/** `gw|1` and `1` are one SA before and after its configuration was found. */
function saName(tag: string | undefined): string | null {
  if (tag === undefined || tag === '') return null;
  return tag.slice(tag.lastIndexOf('|') + 1);
}
