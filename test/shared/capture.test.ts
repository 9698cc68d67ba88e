import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCaptureDecoder } from '../../src/exchange/read-capture.ts';

/** The evidence collection beside the repository. */
const shared = process.env['IKE_AUTOPSY_SHARED'] ?? join(import.meta.dirname, '../../../shared');
const folder = join(shared, 'captures');
const isPresent = existsSync(folder);
if (!isPresent) console.log(`skipped: no captures in ${folder}`);

type Frame = {
  readonly frame: number;
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
  readonly initiatorCookie: string;
  readonly responderCookie: string;
  readonly exchangeType: number;
  readonly nonEspMarker?: boolean;
  readonly ipFragments?: readonly number[];
};

type Expected = {
  readonly capture: string;
  readonly format: string;
  readonly linkTypes: readonly number[];
  readonly frameCount: number;
  readonly frames: readonly Frame[];
  readonly strayIkeFrames: readonly { readonly frame: number }[];
  readonly natKeepaliveFrames: readonly number[];
  readonly espFrames: readonly number[];
  readonly malformedIkeFrames: readonly number[];
  readonly truncatedFrames: readonly number[];
};

const cases = isPresent
  ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.json')))
  : [];

describe.skipIf(!isPresent)('captures of real daemons', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  for (const name of cases) {
    it(`${name}: frames, endpoints, cookies, keepalives, ESP and what is none of these`, () => {
      const expected = JSON.parse(
        readFileSync(join(folder, name, 'expected.json'), 'utf8'),
      ) as Expected;
      const file = new Uint8Array(readFileSync(join(folder, name, expected.capture)));
      const decoder = createCaptureDecoder(0);
      for (let at = 0; at < file.length; at += 1000) decoder.push(file.subarray(at, at + 1000));
      const { summary, messages, keepaliveFrames, counts, anomalies } = decoder.end();

      const [format, precision] = expected.format.split('-');
      expect(summary.format).toBe(format);
      if (format === 'pcap') {
        expect(summary.interfaces[0]?.timeResolution.exponent).toBe(precision === 'ns' ? 9 : 6);
      }
      expect(summary.linkTypes).toEqual(expected.linkTypes);
      expect(summary.packets).toBe(expected.frameCount);
      expect(summary.anomalies).toEqual([]);
      const stray = new Set(expected.strayIkeFrames.map(({ frame }) => frame));
      expect(
        messages
          .filter(({ frame }) => !stray.has(frame))
          .map(({ frame, src, dst, header, fragmentFrames, nonEspMarker }) => ({
            frame,
            src: src.address,
            sport: src.port,
            dst: dst.address,
            dport: dst.port,
            initiatorCookie: header.initiatorCookie,
            responderCookie: header.responderCookie,
            exchangeType: header.exchangeType,
            nonEspMarker,
            ipFragments: fragmentFrames,
          })),
      ).toEqual(
        expected.frames.map((frame) => ({
          frame: frame.frame,
          src: frame.src,
          sport: frame.sport,
          dst: frame.dst,
          dport: frame.dport,
          initiatorCookie: frame.initiatorCookie,
          responderCookie: frame.responderCookie,
          exchangeType: frame.exchangeType,
          nonEspMarker: frame.nonEspMarker ?? false,
          ipFragments: frame.ipFragments ?? [],
        })),
      );
      expect(keepaliveFrames).toEqual(expected.natKeepaliveFrames);
      expect(counts.espPackets).toBe(expected.espFrames.length);
      expect(anomalies.filter(({ code }) => code === 'not-ike').map(({ frame }) => frame)).toEqual(
        expected.malformedIkeFrames,
      );
      const cut = messages.filter(({ anomalies: its }) =>
        its.some(({ code }) => code === 'payload-cut'),
      );
      expect(expected.truncatedFrames).toEqual(
        expect.arrayContaining(cut.map(({ frame }) => frame)),
      );
    });
  }
});
