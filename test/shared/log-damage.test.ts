import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import {
  crlf,
  entities,
  inBars,
  insertLines,
  more,
  numbered,
  quoted,
  rewrap,
} from '../support/log-damage.ts';
import { comparable } from '../support/log-events.ts';

/**
 * Every example damaged in every way. By default every seventh width and a few thousand mutations;
 * IKE_AUTOPSY_SWEEP=full runs all widths from 40 to 200 and 200,000 mutations.
 */
const full = process.env.IKE_AUTOPSY_SWEEP === 'full';
const shared =
  process.env.IKE_AUTOPSY_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const folder = join(shared, 'ios-debug', 'examples');
const present = existsSync(folder);
if (!present) console.warn(`skipped: no example logs at ${folder} (set IKE_AUTOPSY_SHARED)`);
const logs = present
  ? readdirSync(folder)
      .filter((entry) => /^\d/.test(entry))
      .map((name) => ({ name, log: readFileSync(join(folder, name, 'log.txt'), 'utf8') }))
  : [];

const damages: Readonly<Record<string, (log: string, width: number) => string>> = {
  'cut by a terminal': (log, width) => rewrap(log, width, 'hard'),
  'cut and indented': (log, width) => rewrap(log, width, 'hard', '    '),
  'broken at blanks': (log, width) => rewrap(log, width, 'word'),
  'broken at blanks and indented': (log, width) => rewrap(log, width, 'word', '      '),
  'cut, with prompts': (log, width) => insertLines(rewrap(log, width, 'hard'), 5, 'edge-77#'),
  'broken, with a pager': (log, width) => insertLines(rewrap(log, width, 'word'), 7, more),
  'cut, CRLF': (log, width) => crlf(rewrap(log, width, 'hard')),
  'cut, then quoted': (log, width) => quoted(rewrap(log, width, 'hard')),
  'cut, then numbered': (log, width) => numbered(rewrap(log, width, 'hard')),
  'broken, then in a table': (log, width) => inBars(rewrap(log, width, 'word')),
  'broken, as page source': (log, width) => entities(rewrap(log, width, 'word')),
};

describe.skipIf(!present).each(logs)('$name', ({ log }) => {
  const wanted = comparable(log);
  for (const [name, damage] of Object.entries(damages)) {
    it(
      name,
      () => {
        const differing: number[] = [];
        for (let width = 40; width <= 200; width += full ? 1 : 7) {
          const got = comparable(damage(log, width));
          if (JSON.stringify(got) !== JSON.stringify(wanted)) differing.push(width);
        }
        expect(differing).toEqual([]);
      },
      600_000,
    );
  }
});

/** A generator with a fixed seed: the same mutations every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x100000000) * below);
  };
}

const strange = ['', '\n', '\r', '\0', '\b', '\u001b[2K', '(', '[', '0x', '&#', '>', '#', '!', '.'];

describe.skipIf(!present)('mutated examples', () => {
  it('are read without throwing, into no more events than lines can hold', () => {
    const below = numbers(20240229);
    for (let run = 0; run < (full ? 200_000 : 2000); run++) {
      let text = logs[below(logs.length)]!.log;
      const from = below(text.length);
      // A part is enough, and makes many runs affordable.
      text = text.slice(from, from + 200 + below(2500));
      for (let change = 0; change <= run % 8; change++) {
        const at = below(text.length);
        const by =
          below(3) === 0 ? String.fromCharCode(below(256)) : strange[below(strange.length)]!;
        text = text.slice(0, at) + by + text.slice(at + below(4));
      }
      const document = parseLog(text, 'i1');
      expect(document.events.length).toBeLessThanOrEqual(document.lines * 4 + 4);
    }
  }, 1_200_000);
});
