import type { AsciiWindow } from './ascii-window.ts';
import { KnownTags } from './known-tags.ts';
import { beginsTag, PrefixLayout } from './prefix-layout.ts';
import type { MessageFamily } from './message-spec.ts';
import { Stamp } from './stamp.ts';
import { isMnemonic, readTag, startsWithTag, type Tag } from './tag.ts';

/** What stands in front of a message on its line. One scratch object is filled again and again: lines come by the million. */
export type Envelope = {
  /** Where the message text begins; the end of the line if there is none. */
  textStart: number;
  stamped: boolean;
  readonly stamp: Stamp;
  /** Host name or address that a syslog relay wrote in front; empty if none. */
  host: string;
  family: MessageFamily | 'other' | 'none';
  connId: number | string | null;
  /** A sequence number or priority was there. */
  numbered: boolean;
  /** A syslog priority was there. */
  relayed: boolean;
  iosXe: boolean;
  largePair: boolean;
  /** How the line before began. */
  readonly layout: PrefixLayout;
  readonly tags: KnownTags;
};

export function newEnvelope(): Envelope {
  return {
    textStart: 0,
    stamped: false,
    stamp: new Stamp(),
    host: '',
    family: 'none',
    connId: null,
    numbered: false,
    relayed: false,
    iosXe: false,
    largePair: false,
    layout: new PrefixLayout(),
    tags: new KnownTags(),
  };
}

const tag: Tag = { end: 0, family: 'none', connId: null, iosXe: false, largePair: false };

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isBlank = (c: number): boolean => c === 32 || c === 9;
const isLetter = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);

function skipBlanks(s: string, at: number, end: number): number {
  while (at < end && isBlank(s.charCodeAt(at))) at++;
  return at;
}

/** The end of a host name or address that starts at `at`, or `at`. */
function hostEnd(s: string, at: number, end: number): number {
  let i = at;
  while (i < end && i - at < 64) {
    const c = s.charCodeAt(i);
    // Letters, digits, `.`, `-`, `_`, and `:` where an IPv6 address goes on.
    if (isLetter(c) || isDigit(c) || c === 46 || c === 45 || c === 95) i++;
    else if (c === 58 && i + 1 < end && s.charCodeAt(i + 1) !== 32) i++;
    else break;
  }
  return i;
}

/** `123: ` or `000123: `; returns where the next thing begins, or `at`. */
function counterEnd(s: string, at: number, end: number): number {
  let i = at;
  while (i < end && i - at < 12 && isDigit(s.charCodeAt(i))) i++;
  if (i === at || i >= end || s.charCodeAt(i) !== 58) return at;
  const next = i + 1;
  if (next < end && !isBlank(s.charCodeAt(next))) return at;
  return skipBlanks(s, next, end);
}

/**
 * Reads what stands before the message in `s` from `start` to `end`: priority, counters, server time, sender,
 * the router's own time, and the tag with its connection id. Every part is optional.
 */
export function readEnvelope(s: string, start: number, end: number, into: Envelope): void {
  const at = readPrefix(s, start, end, into);
  if (into.stamped) into.layout.learn(s, start, at, into);
  readTag(s, at, end, tag);
  takeTag(into);
}

/** As `readEnvelope`, for a whole line that begins with a tag or like the one before; false if that at `from` does not. */
export function readAlike(window: AsciiWindow, from: number, into: Envelope): boolean {
  const { octets, text, base } = window;
  const at = beginsTag(octets[from]) ? from : into.layout.read(window, from, into);
  if (at < 0) return false;
  if (at === from) clearPrefix(into);
  if (!into.tags.find(octets, at, window.length, tag)) {
    const end = window.lineEnd(at);
    if (end < 0) return false;
    readTag(text, base + at, base + window.trimmed(at, end), tag);
    tag.end -= base;
    into.tags.learn(octets, at, tag);
  }
  takeTag(into);
  into.textStart += base;
  return true;
}

function clearPrefix(into: Envelope): void {
  into.stamped = false;
  into.host = '';
  into.numbered = false;
  into.relayed = false;
}

function takeTag(into: Envelope): void {
  into.family = tag.family === 'none' && (into.stamped || into.relayed) ? 'other' : tag.family;
  into.connId = tag.connId;
  into.iosXe = tag.iosXe;
  into.largePair = tag.largePair;
  into.textStart = tag.end;
}

/** Returns the place of the tag. */
function readPrefix(s: string, start: number, end: number, into: Envelope): number {
  clearPrefix(into);
  const at = readParts(s, start, end, into);
  return into.stamped && into.host === '' ? readName(s, at, end, into) : at;
}

/** `gw.example.net %CRYPTO-4-…`: some releases put their own name between stamp and mnemonic. */
function readName(s: string, at: number, end: number, into: Envelope): number {
  if (at >= end || !isLetter(s.charCodeAt(at)) || startsWithTag(s, at)) return at;
  const close = hostEnd(s, at, end);
  const next = skipBlanks(s, close, end);
  if (next === close || s.charCodeAt(next) !== 37 || !isMnemonic(s, next + 1, end)) return at;
  into.host = s.slice(at, close);
  return next;
}

function readParts(s: string, start: number, end: number, into: Envelope): number {
  let i = skipBlanks(s, start, end);
  const first = i < end ? s.charCodeAt(i) : 0;

  if (first === 60) {
    // `<191>`
    let j = i + 1;
    while (j < end && isDigit(s.charCodeAt(j)) && j - i < 5) j++;
    if (j > i + 1 && s.charCodeAt(j) === 62) {
      into.numbered = true;
      into.relayed = true;
      // An ASA with EMBLEM format writes `<167>:`.
      if (s.charCodeAt(j + 1) === 58) j++;
      i = skipBlanks(s, j + 1, end);
    }
  }
  // What a sender writes: counters, its name, its own time. At most six such parts.
  for (let part = 0; part < 6; part++) {
    const c = i < end ? s.charCodeAt(i) : 0;
    if (c === 42 || c === 46) {
      // `*` or `.`: the router's own stamp begins here.
      const after = into.stamp.read(s, i, end);
      if (after < 0) break;
      into.stamped = true;
      i = afterStamp(s, after, end);
      break;
    }
    if (isDigit(c)) {
      const counted = counterEnd(s, i, end);
      if (counted > i) {
        into.numbered = true;
        i = counted;
        continue;
      }
      const after = into.stamp.read(s, i, end);
      if (after < 0) break;
      into.stamped = true;
      if (s.charCodeAt(after) === 58) {
        i = afterStamp(s, after, end);
        break;
      }
      i = readSender(s, after, end, into);
      continue;
    }
    if (c < 65 || c > 122) break;
    // A month begins a stamp; `Mar ` is cheap to rule out by its third letter and blank.
    if (c <= 90) {
      const after = into.stamp.read(s, i, end);
      if (after >= 0) {
        into.stamped = true;
        if (s.charCodeAt(after) === 58) {
          i = afterStamp(s, after, end);
          // A relay may put its own time first and end it with a colon as well.
          continue;
        }
        // No colon: a syslog server's time, the sender follows.
        const next = readSender(s, after, end, into);
        if (next === after) {
          i = skipBlanks(s, after, end);
          break;
        }
        i = next;
        continue;
      }
    }
    if (into.numbered && !into.stamped && into.host === '') {
      // `R1: ` between two counters: `logging origin-id`.
      const name = hostEnd(s, i, end);
      if (name > i && s.charCodeAt(name) === 58 && !startsWithTag(s, i)) {
        into.host = s.slice(i, name);
        i = skipBlanks(s, name + 1, end);
        continue;
      }
    }
    break;
  }
  return i;
}

function afterStamp(s: string, at: number, end: number): number {
  if (at < end && s.charCodeAt(at) === 58) at++;
  return skipBlanks(s, at, end);
}

/** ` 10.1.1.1 45: ` or ` R1 ` after a server's time. */
function readSender(s: string, at: number, end: number, into: Envelope): number {
  const name = skipBlanks(s, at, end);
  const close = hostEnd(s, name, end);
  if (close === name || name === at) return at;
  const next = s.charCodeAt(close);
  if (next !== 32 && next !== 58) return at;
  if (startsWithTag(s, name)) return name;
  into.host = s.slice(name, close);
  const after = skipBlanks(s, next === 58 ? close + 1 : close, end);
  // An ASA with `logging device-id` writes `ASA-01 : `.
  return next === 32 && s.charCodeAt(after) === 58 ? skipBlanks(s, after + 1, end) : after;
}
