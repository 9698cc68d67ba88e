import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  createInputReader,
  type Input,
  type InputOptions,
  type InputReader,
  type Unreadable,
} from '../../src/intake/input.ts';
import { createLogReader } from '../../src/intake/log-input.ts';
import { createEventRouters } from '../../src/logparse/event-owners.ts';
import type { LogEvent } from '../../src/model/log.ts';

const options: InputOptions = {
  id: 'i1',
  path: 'r1.txt',
  captureIndex: 0,
  router: null,
  ports: [],
  year: null,
  as: 'evidence',
};
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../fixtures/logparse/${name}.txt`, import.meta.url)));
const sample = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../samples/02-r2-initiates/${name}`, import.meta.url)));
const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts));
const debug = fixture('01-keyring-mismatch-after-mm5');
const spaces = new TextEncoder().encode(`${' '.repeat(99)}\n`.repeat(20_000));

function fed(reader: InputReader, octets: Uint8Array, size: number): Input | Unreadable {
  for (let at = 0; at < octets.length; at += size) {
    const chunk = new Uint8Array(octets.subarray(at, at + size));
    reader.push(chunk);
    chunk.fill(0);
  }
  return reader.end();
}

describe('createLogReader', () => {
  it.each([
    ['a debug', debug],
    ['the debug of an initiator', fixture('05-tunnel-up-xe')],
    ['the debugs of two routers that nothing names', joined(debug, fixture('05-tunnel-up-xe'))],
    ['a packed debug', gzipSync(debug)],
    [
      'a debug in UTF-16',
      new Uint8Array(Buffer.from(`\ufeff${Buffer.from(debug).toString()}`, 'utf16le')),
    ],
    ['a debug behind much that says nothing', joined(spaces.subarray(0, 100_000), debug)],
  ])('gives the events and negotiations of %s, however it is cut', (_, octets) => {
    const whole = fed(createInputReader(options), octets, octets.length);
    if (whole.kind === 'unreadable' || whole.log === null) throw new Error('is a log');
    for (const size of [997, 65_536, octets.length]) {
      const events: LogEvent[] = [];
      const input = fed(
        createLogReader(options, (event) => events.push(event)),
        octets,
        size,
      );
      expect(input).toMatchObject({ kind: 'ios-debug', bytes: octets.length, text: '' });
      if (input.kind === 'unreadable') continue;
      const document = input.log!;
      expect(document).toEqual({ ...whole.log, events: [] });
      const routerOf = createEventRouters(document, null);
      expect(events.map((event, i) => ({ ...event, router: routerOf(event, i) }))).toEqual(
        whole.log.events,
      );
      // Read once more, for the events alone.
      const again: LogEvent[] = [];
      fed(
        createLogReader({ ...options, eventsOnly: true }, (event) => again.push(event)),
        octets,
        size,
      );
      expect(again).toEqual(events);
    }
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a capture', sample('capture.pcapng')],
    ['a packed capture', gzipSync(sample('capture.pcapng'))],
    ['a configuration', sample('r1-config.txt')],
    ['key material', sample('keys.json')],
    ['prose', new TextEncoder().encode('Dear all,\nnothing works.\n')],
    ['much that says nothing', spaces],
    ['an image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0)],
  ])('says of %s what the reader of inputs says', (_, octets) => {
    const seen: LogEvent[] = [];
    const input = fed(
      createLogReader(options, (event) => seen.push(event)),
      octets,
      65_536,
    );
    const whole = fed(createInputReader(options), octets, octets.length);
    expect(input.kind).toBe(whole.kind);
    if (whole.kind === 'unreadable') expect(input).toEqual(whole);
    else expect(whole.log).toBe(null);
    expect(seen).toEqual([]);
  });
});

describe('a packed text', () => {
  it('is read as the text itself, of the size of its file', () => {
    for (const name of ['r1-debug.txt', 'r1-config.txt', 'keys.json']) {
      const plain = fed(createInputReader(options), sample(name), 1 << 20);
      const packed = gzipSync(sample(name));
      expect(fed(createInputReader(options), packed, 100)).toEqual({
        ...plain,
        bytes: packed.length,
      });
    }
  });

  it('gives what can be read when it is cut short, and says so', () => {
    const packed = gzipSync(debug);
    const input = fed(createInputReader(options), packed.subarray(0, packed.length / 2), 1000);
    if (input.kind === 'unreadable') throw new Error(input.why);
    expect(input.log!.events.length).toBeGreaterThan(20);
    expect(input.faults.map(({ code }) => code)).toEqual(['gzip-damaged']);
  });
});

describe('secrets of commands that were broken into several lines', () => {
  const stamped = '*Mar  1 00:00:10.100: ISAKMP:(0):found peer pre-shared key matching 192.0.2.1\n';

  it.each([
    'R1(config)#crypto isakmp key\nZq7Wx4Vb9 address 192.0.2.1\nR1(config)#end\n',
    'R1(config-keyring)#pre-shared-key address 192.0.2.1 key\nZq7Wx4Vb9\nR1(config-keyring)#end\n',
    'crypto keyring K\n pre-shared-key address 192.0.2.1 key\n Zq7Wx4Vb9\n',
    '*Mar  1 00:00:09.000: %PARSER-5-CFGLOG_LOGGEDCMD: User:console  logged command:crypto isakmp key\nZq7Wx4Vb9 address 192.0.2.1\n',
  ])('are in no event and no example of %j, also where it comes again', (command) => {
    const listed = command.replace(/^R1.*#/gm, '');
    const all = [command, command, listed, stamped, listed, listed, command];
    const text = new TextEncoder().encode(`${stamped}${all.join('')}${stamped}`);
    const events: LogEvent[] = [];
    const streamed = (size: number): ReturnType<typeof fed> =>
      fed(
        createLogReader(options, (event) => events.push(event)),
        text,
        size,
      );
    const whole = fed(createInputReader(options), text, text.length);
    for (const input of [streamed(7), streamed(text.length), whole]) {
      const log = input.kind === 'unreadable' ? null : input.log;
      expect(JSON.stringify(log)).not.toContain('Zq7W');
    }
    expect(events.length).toBeGreaterThan(1);
    expect(JSON.stringify(events)).not.toContain('Zq7W');
  });
});

describe('a key that was torn behind a debug line', () => {
  it.each(['pre-shared-key', 'password', 'key', 'key-string', 'secret'])(
    'makes no row of a table of keys: %s',
    (word) => {
      const message = '*Mar  1 00:01:02.003: ISAKMP:(0): processing SA payload. message ID = 0';
      const text = `${message}\n${word} Zebra9Kilo4\nMango7\n${message}\n`;
      const events: LogEvent[] = [];
      const reader = createLogReader(options, (event) => events.push(event));
      const input = fed(reader, new TextEncoder().encode(text), 64);
      expect(events.map(({ fields }) => Object.values(fields)).flat()).not.toContain('Zebra9Kilo4');
      expect(events.map(({ line }) => line)).toEqual([1, 4]);
      expect(JSON.stringify([events, { ...input, text: '' }])).not.toContain('Mango7');
    },
  );
});
