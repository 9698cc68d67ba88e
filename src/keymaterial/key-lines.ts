import { fromHex } from '../bytes/hex.ts';
import { draft, keep, keepPsk, quoted, type Basket, type Draft, type KeyField } from './builder.ts';
import { readHex, readPsk } from './secret-text.ts';

export const KEY_LINES = 'key file';
export const FORTIGATE = 'FortiGate debug';
export const PLUTO_V2 = 'pluto log';

/** Names of the plain key file, lower case. */
const NAMES: Readonly<Record<string, KeyField>> = {
  'g^xy': 'sharedSecret',
  'g^ir': 'sharedSecret',
  'shared-secret': 'sharedSecret',
  'dh-private': 'dhPrivate',
  skeyid: 'skeyid',
  skeyid_d: 'skeyidD',
  skeyid_a: 'skeyidA',
  skeyid_e: 'skeyidE',
  ka: 'encryptionKey',
  'encryption-key': 'encryptionKey',
  sk_d: 'skD',
  sk_ai: 'skAi',
  sk_ar: 'skAr',
  sk_ei: 'skEi',
  sk_er: 'skEr',
  sk_pi: 'skPi',
  sk_pr: 'skPr',
};

/** `NAME [CKY-I[/CKY-R]]: VALUE`, one a line. */
const KEY_LINE =
  /^\s*(g\^xy|g\^ir|shared-secret|dh-private|skeyid(?:_[dae])?|ka|encryption-key|sk_(?:d|[aep][ir]))(?:\s+([0-9a-f]{16})(?:[/:\s]([0-9a-f]{16}))?)?\s*[:=]\s*(\S(?:.*\S)?)\s*$/i;

const PSK_LINE = /^\s*psk(?:\s+(\S[^:=]{0,80}?))?\s*[:=] ?(.+)$/i;

/** FortiOS, `diagnose debug application ike -1`: `ISAKMP SA I/R key 16:…`, `IKE SA I/R SK_ei 32:…`. */
const FORTIGATE_LINE =
  /\b(?:ISAKMP|IKE) SA ([0-9a-f]{16})\/([0-9a-f]{16}) (key|SK_d|SK_[aep][ir]) (\d+):([0-9a-f]+)\s*$/i;

/** The rest of a key in a line of its own. */
const ONLY_HEX = /^\s*[0-9a-f]{1,128}\s*$/i;

/** Octets of the longest key that a prf or cipher of IKE has. */
const LONGEST_KEY = 64;

/** libreswan, class private: `ikev2 I 0xSPIi 0xSPIr sha1:0x… aes128:0x…`; R holds the responder's keys. */
const PLUTO_V2_LINE =
  /\bikev2 ([IR]) (?:0x)?([0-9a-f]{16}) (?:0x)?([0-9a-f]{16}) (\S+?):(?:0x)?([0-9a-f]*) (\S+?):(?:0x)?([0-9a-f]+)\s*$/i;

export function looksLikeKeyLines(text: string): boolean {
  return (
    /^[ \t]*(?:g\^xy|g\^ir|shared-secret|dh-private|skeyid(?:_[dae])?|encryption-key|sk_(?:d|[aep][ir]))(?:\s+[0-9a-f]{16}(?:[/: ][0-9a-f]{16})?)?\s*[:=]\s*(?:0x)?[0-9a-f]{16}/im.test(
      text,
    ) ||
    /^[ \t]*ka\s+[0-9a-f]{16}(?:[/: ][0-9a-f]{16})?\s*[:=]/im.test(text) ||
    /^psk(?:\s+\S[^:=\n]{0,80}?)?:\s/im.test(text) ||
    /\b(?:ISAKMP|IKE) SA [0-9a-f]{16}\/[0-9a-f]{16} (?:key|SK_)/i.test(text) ||
    /\bikev2 [IR] (?:0x)?[0-9a-f]{16} (?:0x)?[0-9a-f]{16} /i.test(text)
  );
}

export type LineReader = {
  take(line: string, number: number): boolean;
  end(): void;
};

/** Reads formats in which one line holds one key and names its SA. */
export function keyLineReader(target: Basket): LineReader {
  const drafts = new Map<string, { row: Draft; source: string }>();

  const put = (
    source: string,
    cookies: readonly (string | undefined)[],
    field: KeyField,
    value: Uint8Array,
    number: number,
  ): Draft => {
    const [i, r] = cookies.map((cookie) => cookie?.toLowerCase() ?? null);
    const key = `${source} ${i ?? ''} ${r ?? ''}`;
    let known = drafts.get(key);
    // The same field again: the other side's view, or another SA without a name.
    if (known?.row.values.has(field) === true) {
      keep(target, known.row, known.source);
      known = undefined;
    }
    if (known === undefined) {
      known = { row: draft(number), source };
      drafts.set(key, known);
    }
    known.row.initiatorCookie = i ?? null;
    known.row.responderCookie = r ?? null;
    known.row.values.set(field, value);
    return known.row;
  };

  const takeKey = (line: string, number: number): boolean => {
    const match = KEY_LINE.exec(line);
    if (match === null) return false;
    const field = NAMES[match[1]!.toLowerCase()];
    if (field === undefined) return false;
    const value = readHex(match[4]!);
    if (value === null) {
      target.faults.push({
        code: 'key-value-unreadable',
        line: number,
        text: `the value of ${match[1]!} is no hex`,
      });
    } else put(KEY_LINES, [match[2], match[3]], field, value, number);
    return true;
  };

  const takePsk = (line: string, number: number): boolean => {
    const match = PSK_LINE.exec(line);
    if (match === null) return false;
    const secret = readPsk(match[2]!.replace(/\r$/, ''));
    if (secret === null) {
      target.faults.push({
        code: 'key-value-unreadable',
        line: number,
        text: 'the PSK cannot be read',
      });
    } else if (match[1] === undefined) keepPsk(target, secret, number);
    else keepPsk(target, secret, number, quoted(target, match[1]));
    return true;
  };

  /** A line whose digits go on in the next one, because a terminal wrapped it. */
  let wrapped: { readonly text: string; readonly number: number } | null = null;

  const unfinished = (): void => {
    if (wrapped !== null) {
      const { text, number } = wrapped;
      wrapped = null;
      takeWhole(text, number);
    }
  };

  const takeFortigate = (line: string, number: number): boolean => {
    if (wrapped !== null && ONLY_HEX.test(line)) {
      const { text, number: first } = wrapped;
      wrapped = null;
      return takeFortigate(text + line.trim(), first);
    }
    unfinished();
    const match = FORTIGATE_LINE.exec(line);
    if (match === null) return false;
    if (match[5]!.length < Math.min(Number(match[4]), LONGEST_KEY) * 2) {
      wrapped = { text: line.trimEnd(), number };
      return true;
    }
    return takeWhole(line, number);
  };

  const takeWhole = (line: string, number: number): boolean => {
    const match = FORTIGATE_LINE.exec(line);
    if (match === null) return false;
    const value = fromHex(match[5]!);
    const name = match[3]!.toLowerCase();
    const field = name === 'key' ? 'encryptionKey' : NAMES[name];
    if (value?.length !== Number(match[4]) || field === undefined) {
      target.faults.push({
        code: 'key-value-unreadable',
        line: number,
        text: `the key has not the ${match[4]!} octets that the line says`,
      });
    } else put(FORTIGATE, [match[1], match[2]], field, value, number);
    return true;
  };

  const takePluto = (line: string, number: number): boolean => {
    const match = PLUTO_V2_LINE.exec(line);
    if (match === null) return false;
    const cookies = [match[2], match[3]];
    const initiator = match[1]!.toUpperCase() === 'I';
    const encryption = fromHex(match[7]!);
    const integrity = match[5] === '' ? null : fromHex(match[5]!);
    if (encryption !== null) {
      put(PLUTO_V2, cookies, initiator ? 'skEi' : 'skEr', encryption, number);
    }
    if (integrity !== null) put(PLUTO_V2, cookies, initiator ? 'skAi' : 'skAr', integrity, number);
    return true;
  };

  return {
    take: (line, number) =>
      takeKey(line, number) ||
      takeFortigate(line, number) ||
      takePluto(line, number) ||
      takePsk(line, number),
    end: () => {
      unfinished();
      for (const { row, source } of drafts.values()) keep(target, row, source);
      drafts.clear();
    },
  };
}
