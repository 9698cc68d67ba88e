import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { groupMessages, pairMessages } from '../../../src/exchange/pair.ts';
import { createCaptureDecoder } from '../../../src/exchange/read-capture.ts';
import type { Exchange } from '../../../src/model/exchange.ts';
import { decodeCsv } from '../../../src/report/decode/csv.ts';
import { decodeDocument } from '../../../src/report/decode/document.ts';
import type { DecodedCapture, DecodeDocument } from '../../../src/report/decode/document.ts';
import type { ExchangeSource } from '../../../src/report/decode/in-order.ts';
import { decodeJson, decodeNdjson } from '../../../src/report/decode/json.ts';

import { decodeLines } from '../../../src/report/decode/text.ts';
import type { TextOptions } from '../../../src/report/decode/text.ts';
import { exchangeVerdict } from '../../../src/report/decode/verdict.ts';
import { makePalette } from '../../../src/report/palette.ts';
import { HIDDEN, HOSTILE } from '../../support/hostile.ts';
import { clear, ikeMessage, payload, phase1Sa, ZERO } from '../../support/isakmp.ts';
import { be } from '../../support/packets.ts';
import { createRandom } from '../../support/random.ts';

const fixtures = new URL('../../fixtures/isakmp/', import.meta.url);

type Read = {
  readonly captures: readonly DecodedCapture[];
  readonly exchanges: readonly Exchange[];
};

function read(file: Uint8Array, path = 'capture.pcap'): Read {
  const decoder = createCaptureDecoder(0);
  decoder.push(file);
  const decoding = decoder.end();
  return {
    captures: [{ path, sha256: '00', decoding }],
    exchanges: pairMessages(decoding.messages),
  };
}

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, fixtures)));

const taps = read(fixture('two-taps-of-a-nat.pcapng'), 'two-taps-of-a-nat.pcapng');
const cookie = read(fixture('ikev2-cookie-invalid-ke.pcap'));
const fragments = read(fixture('main-mode-ike-fragments.pcap'));
const skf = read(fixture('ikev2-skf.pcap'));

const plain: TextOptions = {
  palette: makePalette(false),
  width: null,
  verbose: false,
  isPart: false,
};
const lines = ({ captures, exchanges }: Read, options = plain): readonly string[] => [
  ...decodeLines(captures, exchanges, options),
];

const csvOf = ({ captures, exchanges }: Read): string =>
  [...decodeCsv(captures, exchanges)].join('');

/** Exchanges of messages that a test builds, beside the summary of some capture. */
function built(...payloads: readonly ReturnType<typeof payload>[]): Read {
  const messages = [ikeMessage(clear({ responder: ZERO }, phase1Sa(), ...payloads))];
  return { captures: taps.captures, exchanges: pairMessages(messages) };
}

/** One payload of every type that either version knows, empty and not. */
const phase1 = built(
  ...Array.from({ length: 60 }, (_, type) => payload(type + 1, new Uint8Array((type * 7) % 40))),
);

describe('the document', () => {
  const document = decodeDocument(taps.captures, taps.exchanges);

  it('has one record a message, in the order of the file', () => {
    const frames = document.messages.map(({ frame }) => frame);
    expect(frames).toEqual([...frames].sort((a, b) => a - b));
    expect(document.captures[0]?.ikeMessages).toBe(frames.length);
    expect(document.exchanges).toHaveLength(1);
  });

  it('says everything of a first message', () => {
    expect(document.messages[0]).toMatchObject({
      frame: 15,
      src: { address: '10.0.2.15', port: 500 },
      version: '1.0',
      exchangeType: { value: 2, name: 'Identity Protection' },
      flags: { encrypted: false, commit: false, authentication: false },
      messageId: '00000000',
      step: 'MM1',
      exchange: 'x1',
      encrypted: false,
      decrypted: null,
      opaque: null,
      payloads: [
        {
          type: 1,
          name: 'SA',
          doi: { value: 1, name: 'IPSEC' },
          proposals: [
            {
              protocol: { value: 1, name: 'PROTO_ISAKMP' },
              transforms: [
                {
                  attributes: {
                    encryption: '3DES-CBC',
                    hash: 'MD5',
                    group: 2,
                    groupName: '1024-bit MODP Group',
                    authentication: 'pre-shared key',
                    lifeSeconds: 15840,
                  },
                },
              ],
            },
          ],
        },
        { name: 'VID', vendor: 'XAUTH' },
        { name: 'VID', vendor: 'RFC 3706 DPD (Dead Peer Detection) 1.0' },
        { name: 'VID', vendor: 'FRAGMENTATION (Cisco IKE fragmentation)' },
        { name: 'VID', vendor: 'RFC 3947 NAT-Traversal' },
        { name: 'VID', vendor: 'draft-ietf-ipsec-nat-t-ike-02\\n' },
      ],
    });
  });

  it('gives the verdict of each NAT-D payload', () => {
    const mm3 = document.messages.find(({ frame }) => frame === 17);
    expect(mm3?.payloads.slice(2)).toMatchObject([
      { name: 'NAT-D', of: 'destination', fits: true },
      { name: 'NAT-D', of: 'source', fits: false },
    ]);
  });

  it('says why a message is closed and what its size suggests', () => {
    const refusal = document.messages.find(({ frame }) => frame === 20);
    expect(refusal?.opaque?.reason).toBe('no-key-material');
    expect(refusal?.inference).toContain('a refusal');
  });

  it('sums the exchange up', () => {
    expect(document.exchanges[0]).toMatchObject({
      id: 'x1',
      version: 1,
      mode: 'main',
      natDetected: true,
      completed: false,
      retransmissions: [32, 34, 36, 38, 41, 43],
      copies: [23, 24, 25, 26, 27, 28, 35, 39, 44],
      keys: { status: 'no-key-material' },
      stop: { lastStep: 'MM5', expected: 'MM6', silent: null, insteadFrames: [20, 33, 37, 42] },
    });
  });
});

describe('fragments', () => {
  it('of Cisco are one message where they end', () => {
    const { messages } = decodeDocument(fragments.captures, fragments.exchanges);
    const byFrame = new Map(messages.map((record) => [record.frame, record]));
    expect(byFrame.get(8)).toMatchObject({ step: 'MM5', partOf: 10, encrypted: false });
    expect(byFrame.get(10)).toMatchObject({
      step: 'MM5',
      fragmentFrames: [8, 9, 10],
      encrypted: true,
    });
  });

  it('of RFC 7383 name their pieces', () => {
    const { messages } = decodeDocument(skf.captures, skf.exchanges);
    expect(messages.find(({ frame }) => frame === 8)?.fragmentFrames).toEqual([6, 7, 8]);
    expect(messages.find(({ frame }) => frame === 7)?.partOf).toBe(8);
  });
});

describe('json and ndjson', () => {
  it('in pieces are the document', () => {
    for (const one of [taps, cookie, fragments, skf, { captures: [], exchanges: [] }]) {
      const text = [...decodeJson(one.captures, one.exchanges)].join('');
      const document = decodeDocument(one.captures, one.exchanges);
      expect(JSON.parse(text) as DecodeDocument).toEqual(JSON.parse(JSON.stringify(document)));
    }
  });

  it('in pieces are the document, octet for octet, opened one by one or all at once', () => {
    for (const one of [taps, cookie, fragments, skf, phase1]) {
      const { messages, exchanges } = decodeDocument(one.captures, one.exchanges);
      const closing = new Map(exchanges.map((record) => [record.id, record]));
      const lines: object[] = [];
      messages.forEach((record, at) => {
        lines.push({ kind: 'message', ...record });
        const isLast = messages.slice(at + 1).every(({ exchange }) => exchange !== record.exchange);
        if (isLast) lines.push({ kind: 'exchange', ...closing.get(record.exchange) });
      });
      const wanted = lines.map((record) => `${JSON.stringify(record)}\n`);
      const written = (source: ExchangeSource): readonly string[] =>
        [...decodeNdjson(one.captures, source)].slice(one.captures.length);
      expect(written(one.exchanges)).toEqual(wanted);
      const all = one.captures.flatMap(({ decoding }) => decoding.messages);
      if (one !== phase1) expect(written(groupMessages(all))).toEqual(wanted);
    }
  });

  it('have one record a line', () => {
    const kinds = [...decodeNdjson(cookie.captures, cookie.exchanges)].map((line) => {
      expect(line.endsWith('}\n')).toBe(true);
      return (JSON.parse(line) as { kind: string }).kind;
    });
    const messages = (length: number): readonly string[] => Array.from({ length }, () => 'message');
    expect(kinds).toEqual(['capture', ...messages(16), 'exchange', ...messages(2), 'exchange']);
  });
});

describe('text', () => {
  it('has aligned columns and the verdict on the last line of each exchange', () => {
    const shown = lines(cookie);
    const ends = shown.flatMap((line, at) => (line === '' ? [shown[at - 1]] : []));
    expect([...ends.slice(1), shown.at(-1)]).toEqual(
      cookie.exchanges.map((exchange) => `    ${exchangeVerdict(exchange)}`),
    );
    const rows = lines(taps).filter((line) => / (→|←) {2}(MM|INFO)/.test(line));
    expect(rows).toHaveLength(24);
    expect(new Set(rows.map((line) => line.search(/[→←]/))).size).toBe(1);
  });

  it('keeps to the width of the terminal', () => {
    for (const line of lines(taps, { ...plain, width: 100 })) {
      expect([line, line.length <= 100 || line.startsWith('x')]).toEqual([line, true]);
    }
  });

  it('shows every payload when asked', () => {
    const shown = lines(taps, { ...plain, verbose: true }).join('\n');
    expect(shown).toContain('vendor: XAUTH');
    expect(shown).toContain('lifeSeconds 15840');
    expect(shown).toContain('of: destination');
  });

  it('says so when there is nothing', () => {
    expect(lines({ captures: [], exchanges: [] })).toEqual(['No IKE message was found.']);
    expect(lines({ captures: [], exchanges: [] }, { ...plain, isPart: true })).toEqual([
      'No exchange is left. Without --peer, --since and --until all are told.',
    ]);
  });

  it('and CSV lose what a terminal obeys or a spreadsheet runs', () => {
    for (const hostile of Object.values(HOSTILE)) {
      const data = new TextEncoder().encode(hostile).subarray(0, 2000);
      const one = built(payload(5, be(['u8', 2], ['u8', 0], ['u16', 0]), data));
      for (const verbose of [false, true]) {
        for (const line of lines(one, { ...plain, verbose })) {
          expect(line).not.toMatch(HIDDEN);
          expect(line).not.toContain('\n');
        }
      }
      const csv = csvOf(one);
      expect(csv.replaceAll('\r\n', '')).not.toMatch(HIDDEN);
      expect(csv).not.toMatch(/(^|,)"?[=+@-]/m);
    }
  });
});

it('CSV has a header and one row a message', () => {
  const rows = csvOf(taps).trimEnd().split('\r\n');
  expect(rows).toHaveLength(25);
  expect(rows[0]).toMatch(/^capture,frame,time,exchange,/);
  expect(rows[1]).toContain('MM1');
});

it('never shows the password of XAUTH', () => {
  const secret = new TextEncoder().encode('wonder1and');
  const one = built(
    payload(
      14,
      be(['u8', 2], ['u8', 0], ['u16', 0], ['u16', 16522], ['u16', secret.length]),
      secret,
    ),
  );
  const all = [
    ...decodeJson(one.captures, one.exchanges),
    ...lines(one, { ...plain, verbose: true }),
    csvOf(one),
  ].join('\n');
  expect(all).toContain('10 octets, not shown');
  expect(all).not.toContain('wonder1and');
  expect(all).not.toContain('776f6e64657231616e64');
});

describe('damage', () => {
  const files = [
    'two-taps-of-a-nat.pcapng',
    'ikev2-cookie-invalid-ke.pcap',
    'main-mode-ike-fragments.pcap',
    'ikev2-skf.pcap',
  ].map(fixture);

  const survives = (file: Uint8Array): void => {
    const one = read(file);
    expect(lines(one, { ...plain, verbose: true }).length).toBeGreaterThan(0);
    const { messages } = decodeDocument(one.captures, one.exchanges);
    expect(messages).toHaveLength(one.captures[0]!.decoding.messages.length);
  };

  it('at the end of the file: every 41st prefix', () => {
    for (const file of files) {
      for (let length = 0; length < file.length; length += 41) survives(file.subarray(0, length));
    }
  });

  it('anywhere: 400 mutations', () => {
    const random = createRandom(7296);
    for (let run = 0; run < 400; run += 1) {
      const file = Uint8Array.from(files[run % files.length]!);
      for (let flips = 1 + random(8); flips > 0; flips -= 1)
        file[random(file.length)] = random(256);
      survives(file);
    }
  }, 20_000);
});
