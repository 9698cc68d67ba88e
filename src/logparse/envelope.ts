import type { AsciiWindow } from './ascii-window.ts';
import { isBlank, isDigit, isLetter, skipBlanks } from './characters.ts';
import { KnownTags } from './known-tags.ts';
import { beginsTag } from './prefix-layout.ts';
import { PrefixLayouts } from './prefix-layouts.ts';
import type { MessageFamily } from './message-spec.ts';
import { hostEnd, readSender, timeEnd } from './relay.ts';
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
  /** How the lines before began. */
  readonly layouts: PrefixLayouts;
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
    layouts: new PrefixLayouts(),
    tags: new KnownTags(),
  };
}

const tag: Tag = { end: 0, family: 'none', connId: null, iosXe: false, largePair: false };

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
  clearPrefix(into);
  const prefix = readParts(s, start, end, into);
  const at = into.stamped && into.host === '' ? readName(s, prefix, end, into) : prefix;
  // What else begins like this line has no such name.
  if (into.stamped && at === prefix) into.layouts.learn(s, start, at, into);
  readTag(s, at, end, tag);
  takeTag(into);
}

/** As `readEnvelope`, for a whole line that begins with a tag or like the one before; false if that at `from` does not. */
export function readAlike(window: AsciiWindow, from: number, into: Envelope): boolean {
  if (!beginsTag(window.octets[from]))
    return readBehind(window, into.layouts.read(window, from, into), into);
  clearPrefix(into);
  return readBehind(window, from, into);
}

/** As `readAlike`, for a line that begins like one some lines before. */
export function readAlikeEarlier(window: AsciiWindow, from: number, into: Envelope): boolean {
  return readBehind(window, into.layouts.readEarlier(window, from, into), into);
}

/** The tag at `at`; false if that is -1. */
function readBehind(window: AsciiWindow, at: number, into: Envelope): boolean {
  if (at < 0) return false;
  const { text, base } = window;
  if (!into.tags.find(window, at, tag)) {
    const end = window.lineEnd(at);
    if (end < 0) return false;
    readTag(text, base + at, base + window.trimmed(at, end), tag);
    tag.end -= base;
    into.tags.learn(window, at, tag);
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

/** `gw.example.net %CRYPTO-4-…`: some releases put their own name between stamp and mnemonic. */
function readName(s: string, at: number, end: number, into: Envelope): number {
  if (at >= end || !isLetter(s.charCodeAt(at)) || startsWithTag(s, at)) return at;
  const close = hostEnd(s, at, end);
  const next = skipBlanks(s, close, end);
  if (next === close || s.charCodeAt(next) !== 37 || !isMnemonic(s, next + 1, end)) return at;
  into.host = s.slice(at, close);
  return next;
}

/** Returns the place of the tag. */
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
  let mayBeOwn = false;
  // What a sender writes: counters, its name, its own time. At most six such parts.
  for (let part = 0; part < 6; part++) {
    const c = i < end ? s.charCodeAt(i) : 0;
    if (c === 42 || c === 46) {
      // `*` or `.`: the router's own stamp begins here.
      const after = readStamp(s, i, end, into);
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
      const after = readStamp(s, i, end, into);
      if (after < 0) {
        const time = timeEnd(s, i);
        const next = time > i ? readSender(s, time, end, into) : readOrigin(s, i, end, false, into);
        if (next <= time) break;
        into.relayed = true;
        i = next;
        continue;
      }
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
      const after = readStamp(s, i, end, into);
      if (after >= 0) {
        into.stamped = true;
        if (s.charCodeAt(after) === 58) {
          i = afterStamp(s, after, end);
          // A relay may put its own time first and end it with a colon as well.
          mayBeOwn = true;
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
    const named = readOrigin(s, i, end, mayBeOwn, into);
    if (named === i) break;
    i = named;
  }
  return i;
}

const ahead = new Stamp();

/** As `Stamp.read`; what a sender wrote as its time stays where this is none. */
function readStamp(s: string, at: number, end: number, into: Envelope): number {
  return into.stamped && ahead.read(s, at, end) < 0 ? -1 : into.stamp.read(s, at, end);
}

/**
 * `R1: ` of `logging origin-id`, which tells routers apart that one relay sends for. It stands behind a counter; behind
 * a time or a sender anything could, but for what follows. `isTimed`: the router's own time may have been read.
 */
function readOrigin(s: string, at: number, end: number, isTimed: boolean, into: Envelope): number {
  if (!into.numbered && into.host === '') return at;
  const name = hostEnd(s, at, end);
  if (name === at || s.charCodeAt(name) !== 58 || startsWithTag(s, at)) return at;
  const next = skipBlanks(s, name + 1, end);
  if (
    (into.stamped || into.host !== '' || isDigit(s.charCodeAt(at))) &&
    counterEnd(s, next, end) === next &&
    ahead.read(s, next, end) < 0 &&
    (isTimed || !startsWithTag(s, next))
  )
    return at;
  into.host = s.slice(at, name);
  return next;
}

function afterStamp(s: string, at: number, end: number): number {
  if (at < end && s.charCodeAt(at) === 58) at++;
  return skipBlanks(s, at, end);
}
