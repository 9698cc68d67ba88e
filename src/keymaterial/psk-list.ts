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
  }
  return harvested(target);
}
