import { hex } from '../bytes/hex.ts';
import type { SecretToken } from '../iosconfig/mask.ts';
import { COMMAND_WORD } from '../iosconfig/secret-places.ts';
import type { CandidatePsk } from '../model/key-material.ts';

/** A text without the keys that are known, wherever they stand in it. */
export type HideKeys = (text: string) => string;

/** Shorter keys are too likely to be part of something else. */
const LEAST = 6;
/** Shorter ones follow the word "key" in sentences. */
const LEAST_WORD = 4;
/** Octets; the digits of shorter keys may be those of anything. */
const LEAST_OCTETS = 8;
/** No word of a debug or of a command has so many letters. */
const LONGEST_WORD = 16;

/** Where even a key that is a word like others can be nothing else. */
const CALLED_KEY =
  /\b(psk|key|secret|pass(?:word|wd|phrase)?)(["'\s:=]+(?:(?:is|was)\b["'\s:]*)?)([^\s"']+)/gi;

/**
 * Replaces known keys by their tokens, whatever is around them: a note between the lines, a description, a message that
 * no table knows. A key that is a plain word or a few digits is replaced only where the text calls it a key, since it
 * stands for other things as well; so is one that is also the name of something.
 */
export function createKeyHider(
  keys: Iterable<string>,
  names: ReadonlySet<string>,
  token: SecretToken,
): HideKeys {
  const words = new Set<string>();
  const byStart = new Map<string, Known>();
  const add = (text: string, key: string): void => {
    const start = text.slice(0, LEAST);
    const same = byStart.get(start) ?? { keyOf: new Map<string, string>(), lengths: [] };
    byStart.set(start, same);
    same.keyOf.set(text, key);
    if (!same.lengths.includes(text.length)) same.lengths.push(text.length);
  };
  for (const key of keys) {
    if (/^<key(?:#\d+)?>$/.test(key)) continue;
    if (isDistinctive(key) && !names.has(key)) add(key, key);
    else if (key.length >= LEAST_WORD) words.add(key);
    const octets = new TextEncoder().encode(key);
    if (octets.length >= LEAST_OCTETS) add(hex(octets), key);
    // A command may hold it in quotes, a note without.
    const bare = /^(["'])(.+)\1$/.exec(key)?.[2];
    if (bare !== undefined && isDistinctive(bare) && !names.has(bare)) add(bare, key);
  }
  // Longest first, so that a key within another does not tear it.
  for (const { lengths } of byStart.values()) lengths.sort((a, b) => b - a);
  if (byStart.size === 0 && words.size === 0) return (text) => text;
  return (text) => hideWords(hideDistinctive(text, byStart, token), words, token);
}

/** What begins alike: the key that each form is of, and how long the forms are. */
type Known = { readonly keyOf: Map<string, string>; readonly lengths: number[] };

/** Whether a key says of itself that it is one: by digits, signs or capitals within it, or by its length. */
function isDistinctive(key: string): boolean {
  if (key.length < LEAST || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(key)) return false;
  if (/^\d+$/.test(key)) return key.length >= LEAST_OCTETS;
  return key.length >= LONGEST_WORD || /[^A-Za-z_.-]|[a-z][A-Z]/.test(key);
}

function hideDistinctive(
  text: string,
  byStart: ReadonlyMap<string, Known>,
  token: SecretToken,
): string {
  let out = '';
  let done = 0;
  for (let at = 0; at + LEAST <= text.length; at += 1) {
    if (!isEdge(text, at)) continue;
    const same = byStart.get(text.slice(at, at + LEAST));
    const length = same?.lengths.find(
      (each) => same.keyOf.has(text.slice(at, at + each)) && isEdge(text, at + each),
    );
    if (same === undefined || length === undefined) continue;
    out += text.slice(done, at) + token(same.keyOf.get(text.slice(at, at + length))!);
    done = at + length;
    at = done - 1;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** Whether no word goes on from one side of a place to the other. */
function isEdge(text: string, at: number): boolean {
  return !(isWord(text.charCodeAt(at - 1)) && isWord(text.charCodeAt(at)));
}

/** Letters, digits and the underscore; NaN beyond an end is none. */
function isWord(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code >= 0xc0
  );
}

function hideWords(text: string, words: ReadonlySet<string>, token: SecretToken): string {
  if (words.size === 0) return text;
  return text.replace(CALLED_KEY, (whole, what: string, between: string, said: string) => {
    const word = said.replace(/(?<![.,;:!?)])[.,;:!?)]+$/, '');
    const key = [said, word].find((each) => words.has(each));
    if (key === undefined || (COMMAND_WORD.test(key) && between.trim() === '')) return whole;
    return `${what}${between}${token(key)}${said.slice(key.length)}`;
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Candidates as they would stand in a text; keys of octets that are none are left out. */
export function candidateTexts(candidates: readonly CandidatePsk[]): readonly string[] {
  return candidates.flatMap(({ secret }) => {
    try {
      const text = utf8.decode(secret);
      return text === '' || /\p{Cc}/u.test(text) ? [] : [text];
    } catch {
      return [];
    }
  });
}
