import { describe, expect, it } from 'vitest';
import { LineTable } from '../../src/logparse/line-table.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

function keep<V>(table: LineTable<V>, line: string, value: V): void {
  const own = octets(`${line}\n`);
  table.find(own, 0, own.length);
  table.keep(own, value);
}

function find<V>(table: LineTable<V>, line: string): V | undefined {
  const own = octets(`${line}\n`);
  return table.find(own, 0, own.length);
}

describe('lines that were read before', () => {
  it('are found wherever they stand, up to their line feed', () => {
    const table = new LineTable<number>(16, 40);
    keep(table, 'processing KE payload', 7);
    const text = octets('*: processing KE payload\nprocessing KE payload');
    expect(table.find(text, 3, text.length)).toBe(7);
    expect(table.end).toBe(24);
    // Its end did not come yet: more may follow.
    table.find(text, 25, text.length);
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
    expect(find(table, 'Aa')).toBeUndefined();
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
});
