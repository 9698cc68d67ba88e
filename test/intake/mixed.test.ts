import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createInputReader,
  type Input,
  type InputOptions,
  type Unreadable,
} from '../../src/intake/input.ts';
import { createLogReader } from '../../src/intake/log-input.ts';
import type { LogEvent } from '../../src/model/log.ts';
import { ethernet, ike, ipv4, udp } from '../support/packets.ts';

const options: InputOptions = {
  id: 'i1',
  path: 'case.txt',
  captureIndex: 0,
  router: null,
  ports: [],
  year: null,
  as: 'evidence',
};
const text = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const debug = text('test/fixtures/logparse/01-keyring-mismatch-after-mm5.txt');
const config = text('samples/02-r2-initiates/r1-config.txt');

const octets = [...ethernet(ipv4(udp(ike(84))))];
const rows = Array.from({ length: Math.ceil(octets.length / 16) }, (_, row) => {
  const pairs = octets
    .slice(16 * row, 16 * row + 16)
    .map((one) => one.toString(16).padStart(2, '0'));
  return `${(16 * row).toString(16).padStart(4, '0')}  ${pairs.join(' ')}`;
});
const packets = `13:35:46.019 UTC Nov 29 2025 : IPv4 LES CEF    : Gi0/0 None\n\n${rows.join('\n')}\n`;
const dump = `R1#show monitor capture buffer CAP dump\n${packets}`;

function read(content: string): Input {
  const reader = createInputReader(options);
  reader.push(new TextEncoder().encode(content));
  return readable(reader.end());
}

function readable(input: Input | Unreadable): Input {
  if (input.kind === 'unreadable') throw new Error(input.why);
  return input;
}

describe('a text that holds packets and more', () => {
  it.each([
    ['before', `${debug}\n${packets}`, 0],
    ['behind', `${packets}\n${debug}`, packets.split('\n').length],
  ])('gives the debug %s a dump as if it stood alone, each line at its place', (_, all, shift) => {
    const { kind, capture, log, text: kept } = read(all);
    const alone = read(debug).log!;
    expect(kind).toBe('capture');
    expect(capture?.messages).toHaveLength(1);
    expect(kept).toBe(all);
    const told = (events: readonly LogEvent[]): readonly unknown[] =>
      events.flatMap(({ message, line }) => (message === 'unmatched' ? [] : [[message, line]]));
    expect(told(log!.events)).toEqual(
      told(alone.events.map((event) => ({ ...event, line: event.line + shift }))),
    );
    expect(log!.negotiations.map(({ outcome }) => outcome)).toEqual(
      alone.negotiations.map(({ outcome }) => outcome),
    );
  });

  it('gives its configuration', () => {
    const { capture, configs } = read(`${config}\n${dump}`);
    expect(capture?.messages).toHaveLength(1);
    expect(configs.map(({ hostname }) => hostname)).toEqual(['R1']);
  });

  it('is a log for who wants the events alone', () => {
    const events: LogEvent[] = [];
    const reader = createLogReader(options, (event) => events.push(event));
    reader.push(new TextEncoder().encode(`${debug}\n${dump}`));
    expect(readable(reader.end()).log).not.toBeNull();
    expect(events.length).toBe(read(`${debug}\n${dump}`).log!.events.length);
  });

  it('is a capture alone where nothing but a dump was understood', () => {
    for (const content of [dump, `Frame 1: 126 bytes on wire\nInternet Protocol\n${dump}`]) {
      const { kind, log, configs, keys, text: kept } = read(content);
      expect({ kind, log, configs, keys, kept }).toEqual({
        kind: 'capture',
        log: null,
        configs: [],
        keys: null,
        kept: '',
      });
    }
  });
});
