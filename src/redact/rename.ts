import { hmac } from '#crypto';

import { createAddressMap, parseAddress, type AddressMap } from './address-map.ts';
import { replaceAddresses } from './address-places.ts';
import { namePatterns, ordinaryWords } from './name-patterns.ts';

/** What is replaced beside secrets, which always are. */
export type Redaction = { readonly addresses: boolean; readonly names: boolean };

/** The replacements of one run. The same key gives the same ones, in every file and every output. */
export type Renamer = {
  /** Null when addresses stay. */
  readonly addresses: AddressMap | null;
  readonly name: (name: string) => string;
  /** Every address and known name in a text. */
  readonly text: (text: string) => string;
};

/** `names` are those to look for; `literals` are other texts with what stands for them. */
export function createRenamer(
  key: Uint8Array,
  what: Redaction,
  names: Iterable<string>,
  literals: ReadonlyMap<string, string> = new Map(),
): Renamer {
  const addresses = what.addresses ? createAddressMap(key) : null;
  const wanted = what.names ? [...new Set(names)].filter(isName) : [];
  const replacements = new Map(literals);
  for (const name of wanted) replacements.set(name, nameToken(key, name));
  const pattern = alternatives([...replacements.keys()]);
  const known = new Map<string, string>();

  const address = (found: string): string => {
    const made = known.get(found) ?? addresses?.text(found) ?? found;
    known.set(found, made);
    return made;
  };
  return {
    addresses,
    name: (name) => (what.names ? nameFor(key, name) : name),
    text: (text) => {
      const named =
        pattern === null
          ? text
          : text.replace(pattern, (found) => replacements.get(found) ?? found);
      if (addresses === null) return named;
      return replaceAddresses(named, address);
    },
  };
}

/** Longest first, so that a name within another does not tear it; not within a longer word. */
function alternatives(names: readonly string[]): RegExp | null {
  if (names.length === 0) return null;
  const sorted = names.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const escaped = sorted.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
}

/** Numbers, addresses and the words of the syntax are no names. */
export function isName(text: string): boolean {
  return (
    text.length > 1 &&
    !/^\d+$/.test(text) &&
    !/^[<(*]/.test(text) &&
    !ordinaryWords.has(text.toLowerCase()) &&
    parseAddress(text) === null
  );
}

/** Attribute types of a distinguished name (RFC 4514 §3, and those of IOS) say nothing of who bears it. */
const ATTRIBUTE =
  /^(?:cn|ou|o|c|l|st|dc|e|email|emailaddress|uid|sn|serialnumber|hostname|unstructuredname|unstructuredaddress)$/i;

/** A word of a name, and whether it stands before `=`. */
const WORD = /([\p{L}\p{N}_-]+)(\s*=)?/gu;

/** What stands for a name; for what is none, that itself. */
export function nameFor(key: Uint8Array, name: string): string {
  return isName(name) ? nameToken(key, name) : name;
}

/** What a name was replaced by stays. */
const TOKEN = /^name-[a-p]{8}$/;

/**
 * Word by word, so that what was made of names still is: a host name and a domain make the same domain name as before.
 * Equal words get equal tokens, `name-hbfcaadm`, and nothing leads back.
 */
function nameToken(key: Uint8Array, name: string): string {
  return name.replace(WORD, (found, word: string, equals: string | undefined) => {
    const stays =
      (equals !== undefined && ATTRIBUTE.test(word)) ||
      /^\d*$|^\w$/.test(word) ||
      TOKEN.test(word) ||
      ordinaryWords.has(word.toLowerCase());
    return stays ? found : `${wordToken(key, word)}${equals ?? ''}`;
  });
}

/** Letters only: patterns that take digits for counters see the same word everywhere. */
function wordToken(key: Uint8Array, word: string): string {
  const tag = hmac('sha256', key, new TextEncoder().encode(`name ${word}`)).subarray(0, 4);
  const letters = Array.from(tag, (octet) =>
    String.fromCharCode(97 + (octet >> 4), 97 + (octet & 15)),
  );
  return `name-${letters.join('')}`;
}

/** Names that stand in lines of logs and configurations. */
export function collectNames(lines: Iterable<string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of lines) {
    if (line.length > LONGEST) continue;
    for (const { pattern } of namePatterns) {
      const match = pattern.exec(line);
      const groups: readonly (string | undefined)[] = match?.slice(1) ?? [];
      for (const name of groups) {
        if (name === undefined) continue;
        const bare = name.replace(/[,.;:'")]+$/, '');
        if (isName(bare)) names.add(bare);
        for (const value of distinguished(bare)) if (isName(value)) names.add(value);
      }
    }
  }
  return names;
}

/** No line that names something is longer. */
const LONGEST = 2000;

/** The values of a distinguished name, which stand by themselves elsewhere. */
function distinguished(name: string): readonly string[] {
  return name.includes('=')
    ? name.split(',').flatMap((part) => part.split('=').at(1)?.trim() ?? [])
    : [];
}
