import { basket, harvested, keepPsk, type Harvest } from './builder.ts';
import { readPsk } from './secret-text.ts';

/**
 * A list of candidate PSKs, one a line. Empty lines and lines that begin with `#` followed by a
 * blank are passed over (so a key may begin with `#`). Forms of a key: see `readPsk`. Labels name the line of the file, never the key.
 */
export function readPskList(text: string, input: string, path: string = input): Harvest {
  const target = basket(input, path);
  for (const [at, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '' || /^\s*#(?:\s|$)/.test(line)) continue;
    const secret = readPsk(line);
    if (secret === null) {
      target.faults.push({
        code: 'key-value-unreadable',
        line: at + 1,
        text: 'the key is written as hex or base64 but cannot be read as such',
      });
      continue;
    }
    keepPsk(target, secret, at + 1);
    for (const { text: other, what } of variants(line)) {
      const bare = readPsk(other);
      if (bare !== null)
        keepPsk(target, bare, at + 1, `the key in line ${at + 1} of ${target.name} ${what}`);
    }
  }
  return harvested(target);
}

/** Blanks and `#` may belong to a key, but more often they do not: what is left without them is tried as well. */
function variants(line: string): readonly { readonly text: string; readonly what: string }[] {
  const trimmed = line.trim();
  const bare = line.replace(/\s#.*$/, '').trim();
  const found = [
    { text: trimmed, what: 'without the blanks around it' },
    { text: bare, what: 'without the note behind it' },
  ];
  return found.filter(
    ({ text }, index) => text !== line && found.findIndex((other) => other.text === text) === index,
  );
}
