import { describe, expect, it } from 'vitest';
import { AsciiWindow } from '../../src/logparse/ascii-window.ts';
import type { KnownText } from '../../src/logparse/known-groups.ts';
import { readShape, shapeOf, type LineShape } from '../../src/logparse/line-shape.ts';
import { LineTable } from '../../src/logparse/line-table.ts';
import { matchOnce } from '../../src/logparse/matcher.ts';
import type { MessageFamily } from '../../src/logparse/message-spec.ts';
import { messageTable } from '../../src/logparse/messages/table.ts';
import { createRandom } from '../support/random.ts';

const random = createRandom(2407);
const digit = (): string => String(random(10));

/** The text with other digits; where there are few, there may be more or less of them. */
const renumbered = (text: string): string =>
  text.replace(/\d+/g, ({ length }) => {
    const count = length <= 3 && random(2) === 0 ? 1 + random(3) : length;
    return Array.from({ length: count }, digit).join('');
  });

function shapeFor(family: MessageFamily, text: string): LineShape | null {
  const match = matchOnce(family, text);
  return match && shapeOf(family, { text, match, mayRecur: true }, match);
}

/** What each of `texts` is read as after `sample` was; null if it is none of its shape, or `sample` has none. */
function readAllAfter(
  family: MessageFamily,
  sample: string,
  texts: readonly string[],
): readonly (KnownText | null)[] {
  const shape = shapeFor(family, sample);
  if (!shape) return texts.map(() => null);
  const table = new LineTable<LineShape>(16, 400);
  const window = new AsciiWindow();
  window.show(`${sample}\n`, 0);
  table.find(window, 0);
  table.keepAlike(window, shape.pattern, sample.length, shape);
  return texts.map((text) => {
    window.show(`${text}\n`, 0);
    const found = table.find(window, 0);
    return found ? readShape(found, text, 0, table) : null;
  });
}

const readAfter = (family: MessageFamily, sample: string, text: string): KnownText | null =>
  readAllAfter(family, sample, [text])[0]!;

const read = (sample: string, text: string): KnownText | null => readAfter('isakmp', sample, text);

describe('lines that differ in the digits of their values', () => {
  it('say what they would say alone, for each sample of each message', () => {
    let found = 0;
    for (const { family, samples } of messageTable) {
      for (const sample of samples) {
        if (sample.length > 300 || !/^[\x20-\x7e]+$/.test(sample)) continue;
        for (let round = 0; round < 6; round++) {
          const text = round === 0 ? sample : renumbered(sample);
          const known = readAfter(family, sample, text);
          if (!known) continue;
          found++;
          expect(known.text).toBe(text);
          const alone = matchOnce(family, text);
          expect(known.match?.spec.id, text).toBe(alone?.spec.id);
          expect(known.match, text).toEqual(alone);
        }
      }
    }
    expect(found).toBeGreaterThan(1000);
  });

  it('are the same line where they do not differ', () => {
    const line = (digits: string): string => `processing NONCE payload. message ID = ${digits}`;
    const texts = ['2020959254', '1234567890', '1234567890', '1234567891', '1234567890'].map(line);
    const [own, first, again, other, back] = readAllAfter('isakmp', texts[0]!, texts);
    expect(own?.mayRecur).toBe(true);
    expect(again).toBe(first);
    expect(first?.match?.fields).toMatchObject({ messageId: 1234567890 });
    expect(other?.match?.fields).toMatchObject({ messageId: 1234567891 });
    expect(back).toEqual({ ...first, mayRecur: false });
    expect(back).not.toBe(first);
  });

  it('say what they would say alone, whichever came before', () => {
    const sample = 'received packet from 203.0.113.9 dport 500 sport 500 Global (N) NEW SA';
    const texts = Array.from({ length: 300 }, () =>
      sample
        .replace('113.9', `${String(random(300))}.${String(9 + random(3))}`)
        .replace('sport 500', `sport ${String(498 + random(4))}`),
    );
    readAllAfter('isakmp', sample, texts).forEach((known, i) => {
      const text = texts[i]!;
      expect(known?.text).toBe(text);
      expect(known?.match).toEqual(matchOnce('isakmp', text));
    });
  });

  it('are told apart where a record names the digits itself', () => {
    // With another digit this is the refusal of phase 2.
    const refused = 'phase 1 SA policy not acceptable! (local 192.0.2.1 remote 203.0.113.9)';
    expect(shapeFor('isakmp', refused)).toBeNull();
    const sent = 'Sending phase 1 responder lifetime 86400';
    expect(read(sent, sent.replace('86400', '28800'))?.match?.fields).toEqual({ seconds: 28800 });
    expect(read(sent, sent.replace('phase 1', 'phase 2'))).toBeNull();
  });

  it('keep a `0x` and what a relay writes for a control character', () => {
    const sample = 'Locking peer struct 0x7F7CD824, refcount 1 for isakmp_initiator';
    expect(read(sample, sample.replace('0x7F7CD824', '0x9F1CD999'))?.match?.fields).toMatchObject({
      pointer: '0x9F1CD999',
    });
    expect(read(sample, sample.replace('0x7', '1x7'))).toBeNull();
  });
});
