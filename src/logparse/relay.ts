import { isBlank, isDigit, isLetter, skipBlanks } from './characters.ts';
import { startsWithTag } from './tag.ts';

/** What collectors of syslog write in front of what a router sent. */

/** The end of a host name or address that starts at `at`, or `at`. */
export function hostEnd(s: string, at: number, end: number): number {
  let i = at;
  while (i < end && i - at < 64) {
    const c = s.charCodeAt(i);
    // Letters, digits, `.`, `-`, `_`, and `:` where an IPv6 address goes on.
    if (isLetter(c) || isDigit(c) || c === 46 || c === 45 || c === 95) i++;
    else if (c === 58 && i + 1 < end && !isBlank(s.charCodeAt(i + 1))) i++;
    else break;
  }
  return i;
}

/** Facility and severity in words, a column of their own. */
const priority =
  /(?:kern(?:el)?|user|mail|daemon|auth(?:priv)?|syslog|lpr|news|uucp|cron|ftp|(?:local|system)\d)\.(?:emerg|alert|crit|err|warn|notice|info|debug)[a-z]{0,5}[\t ]+/iy;

function afterPriority(s: string, at: number): number {
  priority.lastIndex = at;
  return priority.test(s) ? priority.lastIndex : at;
}

/** ` 10.1.1.1 45: ` or ` R1 ` after a server's time; where it writes columns, the priority stands before or behind. */
export function readSender(s: string, at: number, end: number, into: { host: string }): number {
  const name = afterPriority(s, skipBlanks(s, at, end));
  const close = hostEnd(s, name, end);
  if (close === name || name === at) return at;
  const next = s.charCodeAt(close);
  if (!isBlank(next) && next !== 58) return at;
  if (startsWithTag(s, name)) return name;
  into.host = s.slice(name, close);
  const after = skipBlanks(s, next === 58 ? close + 1 : close, end);
  // An ASA with `logging device-id` writes `ASA-01 : `.
  if (isBlank(next) && s.charCodeAt(after) === 58) return skipBlanks(s, after + 1, end);
  return afterPriority(s, after);
}

/** A date of which nobody knows which number is the month, so that it says nothing of the time. */
const undated =
  /\d\d?[-/.]\d\d?[-/.]\d{4}[\t ]+\d\d?:\d\d:\d\d(?:\.\d{1,6})?(?: [AP]M)?(?=[\t ])/iy;

/** The end of a server's time that `Stamp` does not read, or `at`. */
export function timeEnd(s: string, at: number): number {
  undated.lastIndex = at;
  return undated.test(s) ? undated.lastIndex : at;
}
