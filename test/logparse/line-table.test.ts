import { describe, expect, it } from 'vitest';
import { AsciiWindow } from '../../src/logparse/ascii-window.ts';
import { anyDigit, anyFewDigits, LineTable } from '../../src/logparse/line-table.ts';

const window = new AsciiWindow();

const shown = (text: string): AsciiWindow => {
  window.show(text, 0);
  return window;
};

function keep<V>(table: LineTable<V>, line: string, value: V): void {
  const window = shown(`${line}\n`);
  table.find(window, 0);
  table.keep(window, value);
}

/** `pattern` has `*` for any digit and `?` for any few. */
function keepAlike<V>(table: LineTable<V>, line: string, pattern: string, value: V): void {
  const window = shown(`${line}\n`);
  table.find(window, 0);
  const marks: Readonly<Record<string, number>> = { '*': anyDigit, '?': anyFewDigits };
  const octets = Uint8Array.from(pattern.split(''), (c) => marks[c] ?? c.charCodeAt(0));
  table.keepAlike(window, octets, line.trimEnd().length, value);
}

const find = <V>(table: LineTable<V>, line: string): V | undefined =>
  table.find(shown(`${line}\n`), 0);

describe('lines that were read before', () => {
  it('are found wherever they stand, up to their line feed', () => {
    const table = new LineTable<number>(16, 40);
    keep(table, 'processing KE payload', 7);
    const text = shown('*: processing KE payload\nprocessing KE payload');
    expect(table.find(text, 3)).toBe(7);
    expect(table.end).toBe(24);
    // Its end did not come yet: more may follow.
    table.find(text, 25);
    expect(table.end).toBe(-1);
    expect(find(table, 'processing KE payloads')).toBeUndefined();
  });

  it('are told apart where their hashes are equal', () => {
    const table = new LineTable<string>(16, 40);
    // 65 * 31 + 97 = 66 * 31 + 66
    keep(table, 'Aa', 'first');
    expect(find(table, 'BB')).toBeUndefined();
    keep(table, 'BB', 'second');
    expect(find(table, 'BB')).toBe('second');
    expect(find(table, 'Aa')).toBe('first');
  });

  it('never give the value of another line, however many there are', () => {
    const table = new LineTable<number>(64, 20);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5000; i++) {
        const line = `message ID = ${String(i)}`;
        expect([undefined, i]).toContain(find(table, line));
        keep(table, line, i);
        expect(find(table, line)).toBe(i);
      }
    }
  });

  it('are not kept if they are longer than all of the room', () => {
    const table = new LineTable<number>(2, 4);
    keep(table, 'x'.repeat(100), 1);
    expect(find(table, 'x'.repeat(100))).toBeUndefined();
    keep(table, 'short', 2);
    expect(find(table, 'short')).toBe(2);
  });

  it('are found again in whatever order they come', () => {
    const table = new LineTable<string>(64, 40);
    const lines = ['first', 'second', 'third', 'second, and more', 'second', '', 'sec'];
    for (const line of lines) if (find(table, line) === undefined) keep(table, line, line);
    for (let round = 0; round < 200; round++) {
      const line = lines[(round * round + (round >> 2)) % lines.length]!;
      expect(find(table, line)).toBe(line);
      expect(table.end).toBe(line.length);
    }
  });
});

describe('lines whose digits may be others', () => {
  it('are found with as many digits, or with few where it had few', () => {
    const table = new LineTable<string>(64, 60);
    keepAlike(table, 'node 2020959254 of 192.0.2.1  ', 'node ********** of ?.?.?.?', 'a node');
    expect(find(table, 'node 1234567890 of 203.0.113.25  ')).toBe('a node');
    expect(table.end).toBe(33);
    expect([...table.shifts.subarray(1, 5)]).toEqual([2, 2, 4, 5]);
    for (const other of [
      'node 123456789 of 203.0.113.25  ',
      'node 12345678901 of 203.0.113.25  ',
      'node 1234567890 of 203.0.113.2500  ',
      'node 1234567890 of 203.0.113.x  ',
      'node 1234567890 of 203.0.113.25',
      'node 1234567890 of 203.0.113.25 ',
      'node 1234567890 of 203.0..25  ',
    ])
      expect(find(table, other), other).toBeUndefined();
  });

  it('keep the digits that are words', () => {
    const table = new LineTable<string>(64, 60);
    keepAlike(table, 'phase 1 of 17', 'phase 1 of ?', 'one');
    expect(find(table, 'phase 1 of 3')).toBe('one');
    expect(find(table, 'phase 2 of 17')).toBeUndefined();
    keep(table, 'phase 1 of 17', 'itself');
    expect(['one', 'itself']).toContain(find(table, 'phase 1 of 17'));
  });
});
