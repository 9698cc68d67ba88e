import { isBlank, isDigit, skipBlanks } from './characters.ts';
import type { MessageFamily } from './message-spec.ts';

/** The tag in front of a message, with the connection id that it carries. */
export type Tag = {
  /** Where the text of the message begins. */
  end: number;
  family: MessageFamily | 'none';
  connId: number | string | null;
  /** Written as IOS-XE does: `ISAKMP: (0):`, `ISAKMP-PAK`. */
  iosXe: boolean;
  /** Written `0:0` or `0:2210`, as 12.4T does. */
  largePair: boolean;
};

/**
 * 12.4 numbers its software and hardware engines in the high bits: 0x08000002 is connection 2 of the software engine.
 * The same SA is written `0:2:SW:1` elsewhere; the last part counts engines, not SAs, and a module may have another.
 */
const softwareEngine = 0x08000000;
const hardwareEngine = 0x10000000;

/** `2210`, `0:2210`, `0:2`, `0:0:N/A:0`, `0:1:SW:1` or `0:134217729`, as one of the forms that negotiations carry. */
export function readConnId(written: string): number | string | null {
  const parts = written.replace(/^0\/(?=\d+$)/, '0:').split(':');
  if (!/^\d{1,10}$/.test(parts[0]!)) return null;
  if (parts.length === 1) return Number(parts[0]);
  if (parts.length === 4) return /^[\w/]{1,8}$/.test(parts[2]!) ? written : null;
  if (parts.length !== 2 || !/^\d{1,10}$/.test(parts[1]!)) return null;
  const id = Number(parts[1]);
  if (id >= hardwareEngine) return `0:${id - hardwareEngine}:HW:1`;
  if (id >= softwareEngine) return `0:${id - softwareEngine}:SW:1`;
  if (id === 0) return 0;
  // 12.4T writes 0:2210 where it also writes 2210; 12.2 and 12.3 count from 1 and know only this form.
  return id >= 1000 ? id : `0:${id}`;
}

/** `0:2:HW:1`, worked out from a number, and `0:2:HW:2`, as written elsewhere, are one SA. */
export function sameConnId(a: number | string | null, b: number | string | null): boolean {
  if (a === b) return true;
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  const engine = a.indexOf('W:');
  return engine > 0 && a.slice(0, engine) === b.slice(0, b.indexOf('W:'));
}

/** No SA of its own yet. */
export function isZeroId(id: number | string | null): boolean {
  return id === null || id === 0 || id === '0:0:N/A:0';
}

/** Past blanks and colons; notes of the vendor have a semicolon now and then. */
function skip(s: string, at: number, end: number): number {
  while (at < end) {
    const c = s.charCodeAt(at);
    if (!isBlank(c) && c !== 58 && c !== 59) break;
    at++;
  }
  return at;
}

const bareStarts: readonly string[] = [
  'map_db_',
  'Crypto mapdb',
  '(ipsec_process_proposal)',
  'CryptoEngine',
  'crypto_engine',
  'Crypto Engine:',
  'CRYPTO_ENGINE:',
  'crypto engine:',
  'Crypto engine 0:',
  'Crypto engine 1:',
  'KMI:',
  'EZVPN(',
  'EZVPN: ',
  'generate hmac context',
  'validate proposal',
  'CRYPTO_PKI',
];

/** 12.0 and 12.1 write it in mixed case; IOS-XE puts the session in between. */
const ipsecStarts: readonly string[] = ['IPSEC:(SESSION', 'IPSec(', 'IPSec ('];

/** The name of a tag stands there, which is no host and no zone. */
export function startsWithTag(s: string, at: number): boolean {
  return (
    s.startsWith('ISAKMP', at) ||
    s.startsWith('IPSEC', at) ||
    s.startsWith('IKEv2', at) ||
    s.startsWith('CRYPTO', at) ||
    s.startsWith('KMI', at)
  );
}

/** Reads the tag of `s` at `at`. Leaves family `none` and `end` at `at` if there is none. */
export function readTag(s: string, at: number, end: number, into: Tag): void {
  into.family = 'none';
  into.connId = null;
  into.iosXe = false;
  into.largePair = false;
  into.end = at;
  if (at >= end) return;
  const c = s.charCodeAt(at);
  if (c === 73) {
    if (s.startsWith('ISAKMP', at)) readIsakmp(s, at + 6, end, into);
    else if (s.startsWith('IPSEC(', at) || s.startsWith('IPSEC-IFC ', at)) into.family = 'ipsec';
    // Misspelt by the router.
    else if (s.startsWith('ISKAMP: ', at)) into.family = 'bare';
    else if (s.startsWith('IKEv2', at) || s.startsWith('IKEV2', at))
      readIkev2(s, at + 5, end, into);
    else if (s.startsWith('insert sa', at)) into.family = 'isakmp';
    // The first letter was left out when the line was copied.
    else if (s.startsWith('IKEv1', at)) readIkev1(s, at, end, into);
    else if (ipsecStarts.some((start) => s.startsWith(start, at))) into.family = 'ipsec';
    return;
  }
  if (c === 37) {
    if (!readFirewall(s, at, end, into) && isMnemonic(s, at + 1, end)) into.family = 'syslog';
    return;
  }
  if (c === 105) {
    if (s.startsWith('insert sa successfully', at)) into.family = 'isakmp';
    return;
  }
  if (c === 91) {
    if (s.startsWith('[IKEv1', at)) readIkev1(s, at, end, into);
    return;
  }
  if (c === 83) {
    const ids = /^SA ID:(\d{1,10}) SESSION ID:(\d{1,10})\s{1,4}(?=Remote: )/.exec(
      s.slice(at, Math.min(end, at + 64)),
    );
    if (!ids) return;
    into.family = 'ikev2';
    into.connId = `SESSION ${ids[2]!}/SA ${ids[1]!}`;
    into.end = at + ids[0].length;
    return;
  }
  if (c === 71) {
    // A quoted line of an ASA, without what stood in front of it.
    if (/^Group = [^\s,]{1,64}, (?:Username = [^\s,]{1,64}, )?IP = /.test(s.slice(at, at + 200)))
      into.family = 'asa';
    return;
  }
  if (
    c === 40 ||
    c === 67 ||
    c === 69 ||
    c === 75 ||
    c === 99 ||
    c === 103 ||
    c === 109 ||
    c === 118
  ) {
    for (const start of bareStarts) {
      if (s.startsWith(start, at)) {
        into.family = 'bare';
        return;
      }
    }
  }
}

/** `[IKEv1]`, `[IKEv1 DEBUG]: ` */
function readIkev1(s: string, at: number, end: number, into: Tag): void {
  const close = s.indexOf(']', at);
  if (close < 0 || close >= at + 24) return;
  into.family = 'asa';
  into.end = skip(s, close + 1, end);
}

/** How the messages begin that the syslog of an ASA firewall and its debug share, or that tell of one peer. */
const asaStarts: readonly string[] = [
  'Group = ',
  'IP = ',
  'Local:',
  'IPSEC: An ',
  'Phase ',
  'IKE Receiver: ',
  'AAA user authentication Rejected',
  'Certificate validation failed. No suitable trustpoints',
];

/** `%ASA-5-713041:`, `%FTD-vpn-5-713041:`, `%PIX-4-713903`: one firewall under three names. */
function readFirewall(s: string, at: number, end: number, into: Tag): boolean {
  if (
    !s.startsWith('ASA-', at + 1) &&
    !s.startsWith('FTD-', at + 1) &&
    !s.startsWith('PIX-', at + 1)
  )
    return false;
  const number = /^(?:[a-z]{1,16}-)?\d-\d{3,6}/.exec(s.slice(at + 5, Math.min(end, at + 40)));
  if (!number) return false;
  const after = at + 5 + number[0].length;
  const text = skip(s, after, end);
  if (text === after && text < end) return false;
  const shared = text === end || asaStarts.some((start) => s.startsWith(start, text));
  into.family = shared ? 'asa' : 'syslog';
  into.end = shared ? text : at;
  return true;
}

/** `CRYPTO-4-IKMP_BAD_MESSAGE:` */
export function isMnemonic(s: string, at: number, end: number): boolean {
  let i = at;
  let dashes = 0;
  while (i < end && i - at < 64) {
    const c = s.charCodeAt(i);
    if (c === 45) dashes++;
    else if (c === 58) return dashes >= 2;
    else if (!((c >= 65 && c <= 90) || isDigit(c) || c === 95)) return false;
    i++;
  }
  return false;
}

function readIsakmp(s: string, at: number, end: number, into: Tag): void {
  let i = at;
  let c = i < end ? s.charCodeAt(i) : 0;
  if (c === 45) {
    // ISAKMP-PAK, ISAKMP-ERROR, ISAKMP-AAA
    i++;
    into.iosXe = s.startsWith('PAK', i) || s.startsWith('ERROR', i);
    while (i < end && s.charCodeAt(i) >= 65 && s.charCodeAt(i) <= 90) i++;
  } else if (c === 32 && s.startsWith(' AAA:', i)) {
    i += 4;
  } else if (c === 47) {
    // ISAKMP/xauth, ISAKMP/author, ISAKMP/tunnel
    i++;
    while (i < end && s.charCodeAt(i) >= 97 && s.charCodeAt(i) <= 122) i++;
  }
  c = i < end ? s.charCodeAt(i) : 0;
  if (c !== 58 && c !== 32) {
    // `ISAKMP` as a word of some sentence.
    if (i < end) return;
  }
  let open = skipBlanks(s, i, end);
  let colon = false;
  if (open < end && s.charCodeAt(open) === 58) {
    colon = true;
    const after = open + 1;
    open = skipBlanks(s, after, end);
    if (open > after && s.charCodeAt(open) === 40) into.iosXe = true;
  }
  if (open < end && s.charCodeAt(open) === 40) {
    let id = 0;
    let j = open + 1;
    while (j < end && j - open < 11 && isDigit(s.charCodeAt(j))) {
      id = id * 10 + s.charCodeAt(j) - 48;
      j++;
    }
    if (j > open + 1 && s.charCodeAt(j) === 41) {
      into.connId = id;
    } else {
      const close = s.indexOf(')', open);
      if (close < 0 || close > open + 32 || close >= end) {
        if (!colon) return;
        into.family = 'isakmp';
        into.end = open;
        return;
      }
      const read = readConnId(s.slice(open + 1, close).replace(/\s/g, ''));
      if (read === null) {
        into.family = 'isakmp';
        into.end = open;
        return;
      }
      into.connId = read;
      into.largePair = typeof read === 'number';
      j = close;
    }
    into.family = 'isakmp';
    into.end = skip(s, j + 1, end);
    return;
  }
  if (!colon && i < end) return;
  into.family = 'isakmp';
  into.end = skip(s, open, end);
}

function readIkev2(s: string, at: number, end: number, into: Tag): void {
  let i = at;
  if (i < end && s.charCodeAt(i) === 45) {
    i++;
    while (i < end && /[A-Za-z0-9-]/.test(s[i]!)) i++;
  }
  if (s.startsWith('-PROTO-', at) || s.startsWith('-PLAT-', at)) {
    readAsaIkev2(s, at, i, end, into);
    return;
  }
  i = skipBlanks(s, i, end);
  if (i >= end || s.charCodeAt(i) !== 58) {
    return;
  }
  i = skipBlanks(s, i + 1, end);
  if (i < end && s.charCodeAt(i) === 40) {
    const close = s.indexOf(')', i);
    if (close > 0 && close < i + 64 && close < end) {
      const ids = /^\(\s*(?:SESSION ID\s*=\s*(\d+)\s*,\s*)?SA ID\s*=\s*(\d+)\s*\)/.exec(
        s.slice(i, close + 1),
      );
      if (ids) {
        into.connId = ids[1] === undefined ? `SA ${ids[2]!}` : `SESSION ${ids[1]}/SA ${ids[2]!}`;
        i = close + 1;
        if (s.charCodeAt(i) === 58) i++;
        // An error has two colons; its text may be empty.
        if (s.charCodeAt(i) === 58) i++;
      } else if (s.startsWith('(SESSION', i) || s.startsWith('(SA ID', i)) {
        into.family = 'none';
        return;
      }
    }
  }
  into.family = 'ikev2';
  into.end = skipBlanks(s, i, end);
}

/** `IKEv2-PROTO-1: (139): `, `IKEv2-PLAT-3: `: the debug of an ASA, with the id of the SA if it has one. */
function readAsaIkev2(s: string, at: number, close: number, end: number, into: Tag): void {
  let i = skipBlanks(s, close, end);
  if (i >= end || s.charCodeAt(i) !== 58) return;
  i = skipBlanks(s, i + 1, end);
  const id = /^\((\d{1,10})\):?/.exec(s.slice(i, Math.min(end, i + 13)));
  if (id) {
    into.connId = `SA ${id[1]!}`;
    i += id[0].length;
  }
  // What its platform prints is of the ASA alone; the protocol is that of IOS, word for word.
  into.family = s.startsWith('-PLAT-', at) ? 'asa' : 'ikev2';
  into.end = skipBlanks(s, i, end);
}
