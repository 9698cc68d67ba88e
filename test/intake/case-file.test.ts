import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeCase, noSettings, type CaseInput } from '../../src/intake/case.ts';
import { readCase, writeCase } from '../../src/intake/case-file.ts';

const input = (path: string, content: Uint8Array): CaseInput => ({
  path,
  router: null,
  as: 'evidence',
  content,
});

const two = [
  input('r1.txt', strToU8('hostname R1\n')),
  { ...input('keys', strToU8('secret')), as: 'psk-list' as const, router: 'R2' },
];

describe('a case file', () => {
  it('gives back the inputs in their order, and the settings', () => {
    const settings = { ...noSettings, peer: '192.0.2.1', year: 2026, ports: [10500] };
    const octets = writeCase(two, settings);
    expect(looksLikeCase(octets)).toBe(true);
    expect(readCase(octets)).toEqual({ kind: 'case', settings, inputs: two });
  });

  it('is the same octets for the same case', () => {
    expect(writeCase(two, noSettings)).toEqual(writeCase(two, noSettings));
  });

  it('keeps two inputs of one name apart', () => {
    const same = [input('a', strToU8('1')), input('a', strToU8('2'))];
    expect(readCase(writeCase(same, noSettings))).toMatchObject({ inputs: same });
  });

  it('keeps any octets under any name', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.uint8Array())), (files) => {
        const inputs = files.map(([path, content]) => input(path, content));
        expect(readCase(writeCase(inputs, noSettings))).toMatchObject({ kind: 'case', inputs });
      }),
      { seed: 9, numRuns: 100 },
    );
  });
});

describe('what is no case', () => {
  it.each([
    ['another archive', zipSync({ 'a.txt': strToU8('a') })],
    ['a text', strToU8('*Mar  1 00:00:00.000: ISAKMP:(0): beginning Main Mode exchange')],
    ['nothing', new Uint8Array(0)],
  ])('%s', (_, octets) => {
    expect(looksLikeCase(octets)).toBe(false);
  });
});

describe('a broken case', () => {
  const manifest = (value: unknown): Uint8Array =>
    zipSync({ 'ike-autopsy-case.json': strToU8(JSON.stringify(value)) });
  const good = { schema: 'ike-autopsy/case@1', settings: noSettings, inputs: [] };

  it.each([
    ['no list', manifest({})],
    ['another schema', manifest({ ...good, schema: 'ike-autopsy/case@2' })],
    ['no JSON', zipSync({ 'ike-autopsy-case.json': strToU8('{') })],
    ['a port that is none', manifest({ ...good, settings: { ...noSettings, ports: [70000] } })],
    [
      'an input that is not there',
      manifest({
        ...good,
        inputs: [{ entry: 'inputs/1', path: 'x', router: null, as: 'evidence' }],
      }),
    ],
    [
      'an input named as every object has a member',
      manifest({
        ...good,
        inputs: [{ entry: 'toString', path: 'x', router: null, as: 'evidence' }],
      }),
    ],
  ])('%s', (_, octets) => {
    expect(looksLikeCase(octets)).toBe(true);
    expect(readCase(octets)).toMatchObject({ kind: 'unreadable' });
  });

  it.each([
    { since: 1e300 },
    { until: -8.7e15 },
    { tz: 'Europe/Paris' },
    { tz: '+99:99' },
    { year: 20260 },
    { ports: [70_000] },
  ])('settings that nobody could have chosen: %j', (wrong) => {
    const octets = writeCase(two, { ...noSettings, ...wrong });
    expect(readCase(octets).kind).toBe('unreadable');
  });

  it('cut anywhere is told, not thrown', () => {
    const octets = writeCase(two, noSettings);
    for (let length = 0; length < octets.length; length += 1)
      expect(readCase(octets.subarray(0, length)).kind).toBe('unreadable');
  });

  it('with any octet changed is read or told, not thrown', () => {
    const octets = writeCase(two, noSettings);
    fc.assert(
      fc.property(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = octets.slice();
        changed[at]! ^= flip;
        expect(['case', 'unreadable']).toContain(readCase(changed).kind);
      }),
      { seed: 9, numRuns: 2000 },
    );
  });

  it('does not make room for what an entry only claims to hold', () => {
    const octets = writeCase([input('a', new Uint8Array(100))], noSettings);
    const view = new DataView(octets.buffer, octets.byteOffset);
    // The central directory (APPNOTE 4.3.12) holds the uncompressed size 24 octets into each entry.
    for (let at = 0; at + 46 < octets.length; at += 1)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0x7fffffff, true);
    expect(readCase(octets)).toMatchObject({
      kind: 'unreadable',
      why: 'is a case of more than 1 GiB',
    });
  });
});
