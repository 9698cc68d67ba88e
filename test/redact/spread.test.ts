import { describe, expect, it } from 'vitest';

import { analyze } from '../../src/index.ts';
import { createAddressMap, parseAddress } from '../../src/redact/address-map.ts';
import { redactCapture } from '../../src/redact/capture.ts';
import type { OctetRules } from '../../src/redact/ike.ts';
import { inSequence, rewriteSpread } from '../../src/redact/spread.ts';
import { readAll } from '../support/captures.ts';
import { CKY_I, ZERO, clear, payload, phase1Sa } from '../support/isakmp.ts';
import { ethernet, fragments, ipv4, tcp, udp } from '../support/packets.ts';
import { concat, pcapFile } from '../support/pcap-files.ts';

const key = new TextEncoder().encode('a key');
const rules: OctetRules = { key, addresses: createAddressMap(key), names: true, known: [] };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (octets: Uint8Array): string => new TextDecoder('latin1').decode(octets);
const INSIDE = '198.18.7.9';

const id = (type: number, data: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(type, 17, 1, 244), data);
const certificate = concat(Uint8Array.of(4, 0x30, 17, 0x0c, 15), utf8('kestrel.example'));
const filler = payload(4, new Uint8Array(600).fill(0x31));

/** Names before and behind the border of the packets, and an address. */
const opening = clear(
  { initiator: CKY_I, responder: ZERO, exchange: 4 },
  phase1Sa(),
  payload(6, certificate),
  filler,
  payload(5, id(2, utf8('kestrel.example'))),
  payload(5, id(1, parseAddress(INSIDE)!)),
  filler,
  payload(13, utf8('kestrel-gateway')),
);

const pcapOf = (...packets: readonly Uint8Array[]): Uint8Array =>
  pcapFile(packets.map((bytes) => ({ seconds: 1, fraction: 0, bytes: ethernet(bytes) })));

function expectNone(file: Uint8Array): void {
  const out = redactCapture(file, rules)!;
  expect(readAll(out).packets.length).toBe(readAll(file).packets.length);
  expect(latin1(out)).not.toMatch(/kest|strel|gateway/);
  expect(latin1(out)).not.toContain(latin1(parseAddress(INSIDE)!));
}

/** A message in pieces of the size, as Cisco sends them. */
function ciscoFragments(message: Uint8Array, size: number): readonly Uint8Array[] {
  const count = Math.ceil(message.length / size);
  return Array.from({ length: count }, (_, i) =>
    clear(
      { initiator: CKY_I, responder: ZERO, exchange: 4 },
      payload(
        132,
        concat(
          Uint8Array.of(0, 1, i + 1, i + 1 === count ? 1 : 0),
          message.subarray(i * size, (i + 1) * size),
        ),
      ),
    ),
  );
}

describe('a message in several packets', () => {
  it.each([200, 696, 704, 720, 1296])('loses names and addresses in IP fragments of %i', (size) => {
    const pieces = fragments(udp(opening), size, { id: 7 });
    expectNone(pcapOf(...pieces));
    expectNone(pcapOf(...pieces.toReversed()));
    expectNone(pcapOf(...pieces, ...pieces));
    // What stands behind a lost piece cannot be read, so none of it is kept.
    expectNone(pcapOf(pieces[0]!, ...pieces.slice(2)));
    expectNone(pcapOf(...pieces.slice(1)));
  });

  it('is read as before', () => {
    const out = redactCapture(pcapOf(...fragments(udp(opening), 704, { id: 7 })), rules)!;
    const [frame] = analyze([{ path: 'c.pcap', content: out }]).excerpts.frames;
    expect(frame?.length).toBe(opening.length);
    expect(frame?.tree.map(({ label }) => label)).toEqual([
      'SA',
      'CERT',
      'KE',
      'ID',
      'ID',
      'KE',
      'VID',
    ]);
    expect(frame?.anomalies.map(({ code }) => code)).not.toContain('trailing-octets');
  });

  it.each([100, 650, 690])("loses them in fragments of IKE's own of %i", (size) => {
    const packets = ciscoFragments(opening, size).map((message) => ipv4(udp(message)));
    expectNone(pcapOf(...packets));
    expectNone(pcapOf(packets[0]!, ...packets.slice(2)));
  });

  it('loses them in a TCP stream, however it is cut, and what is no stream of IKE is blanked', () => {
    const framed = concat(
      utf8('IKETCP'),
      Uint8Array.of((opening.length + 6) >> 8, (opening.length + 6) & 0xff, 0, 0, 0, 0),
      opening,
    );
    const segment = (from: number, to: number): Uint8Array =>
      ipv4(tcp(framed.subarray(from, to), 100 + from), { protocol: 6 });
    expectNone(pcapOf(segment(0, framed.length)));
    expectNone(pcapOf(segment(0, 690), segment(690, 1000), segment(1000, framed.length)));
    expectNone(pcapOf(segment(690, framed.length)));
    expectNone(pcapOf(ipv4(tcp(utf8('GET http://kestrel.example/'), 1), { protocol: 6 })));
  });

  it('keeps the messages of a TCP stream around a lost segment, and in whatever order they came', () => {
    const framed = concat(
      Uint8Array.of((opening.length + 6) >> 8, (opening.length + 6) & 0xff, 0, 0, 0, 0),
      opening,
    );
    const keepalive = Uint8Array.of(0, 3, 0xff);
    const stream = concat(utf8('IKETCP'), framed, keepalive, framed, framed);
    const size = framed.length;
    const cuts = [0, 400, 700, 6 + size, 9 + size, 900 + size, 9 + 2 * size, 9 + 3 * size];
    const segments = cuts
      .slice(1)
      .map((to, i) =>
        ethernet(ipv4(tcp(stream.subarray(cuts[i], to), 100 + cuts[i]!), { protocol: 6 })),
      );
    const messages = (frames: readonly Uint8Array[]): number => {
      const file = pcapFile(frames.map((bytes) => ({ seconds: 1, fraction: 0, bytes })));
      expectNone(file);
      const [before, after] = [file, redactCapture(file, rules)!].map(
        (content) => analyze([{ path: 'c.pcap', content }]).inputs[0]?.counts,
      );
      expect(after).toEqual(before);
      return after?.['ikeMessages'] ?? 0;
    };
    expect(messages(segments)).toBe(3);
    expect(messages([segments[1]!, segments[0]!, ...segments.slice(2)])).toBe(3);
    expect(messages([...segments, ...segments])).toBe(3);
    for (let lost = 0; lost < segments.length; lost += 1) {
      messages(segments.filter((_, i) => i !== lost));
    }
  });

  it('keeps nothing that is no message, that stands behind one, or behind a payload without a length', () => {
    expectNone(pcapOf(ipv4(udp(utf8('GET http://kestrel.example/ for the gateway')))));
    expectNone(pcapOf(ipv4(udp(concat(opening, utf8('kestrel.example'))))));
    expectNone(pcapOf(concat(ipv4(udp(opening)), utf8('kestrel.example'))));
    const broken = opening.slice();
    const at = latin1(broken).indexOf(latin1(filler.body)) - 2;
    broken.fill(0, at, at + 2);
    expectNone(pcapOf(ipv4(udp(broken))));
  });
});

describe('rewriteSpread', () => {
  it('gives the whole to be rewritten, and blanks what stands behind a gap', () => {
    const [a, b, c] = ['abcd', 'efgh', 'mnop'].map(utf8);
    rewriteSpread(
      [
        { offset: 4, octets: b! },
        { offset: 0, octets: a! },
        { offset: 12, octets: c! },
      ],
      (whole) => whole.set(utf8('DE'), 3),
    );
    expect([latin1(a!), latin1(b!)]).toEqual(['abcD', 'Efgh']);
    expect([...c!]).toEqual([0, 0, 0, 0]);
  });

  it('places numbered pieces one after the other, up to a missing number', () => {
    const pieces = [2, 1, 4].map((offset) => ({ offset, octets: new Uint8Array(offset * 10) }));
    expect(inSequence(pieces, 1).map(({ offset }) => offset)).toEqual([10, 0, Infinity]);
  });
});
