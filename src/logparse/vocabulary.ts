import { messageTable } from './messages/table.ts';

/** What stands at either end of a word and is no part of it. */
const punctuation = /^["'([{<]+|["')\]}>.,:;!]+$/g;
/** A number, an address, an id. */
const value = /^(?:0x)?[0-9A-Fa-f.:/]*\d[0-9A-Fa-f.:/]*$/;

const bare = (word: string): string => word.replace(punctuation, '');

/** Made when it is first asked for: most logs were never wrapped. */
let words: ReadonlySet<string> | null = null;

function vocabulary(): ReadonlySet<string> {
  if (words) return words;
  const printed = new Set(
    messageTable.flatMap(({ samples }) => samples.flatMap((text) => text.split(' '))),
  );
  words = new Set(
    [...printed]
      .map(bare)
      .filter((word) => /[A-Za-z]/.test(word) && !value.test(word) && !word.includes('0x')),
  );
  return words;
}

/**
 * Whether a line was broken inside a word or between two, as far as the words that routers print tell: null where
 * neither the whole nor both parts are among them.
 */
export function breaksWord(before: string, after: string): boolean | null {
  const left = /\S+$/.exec(before.trimEnd())?.[0] ?? '';
  const right = /^\S+/.exec(after.trimStart())?.[0] ?? '';
  const known = vocabulary();
  if (known.has(bare(left + right))) return true;
  const parts = [bare(left), bare(right)];
  const values = parts.filter((part) => value.test(part)).length;
  // Of a value any part is a value.
  return values < 2 && parts.every((part) => value.test(part) || known.has(part)) ? false : null;
}
