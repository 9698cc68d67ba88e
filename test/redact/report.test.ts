import { describe, expect, it } from 'vitest';

import type { AnalysisReport } from '../../src/model/report.ts';
import { redactReport } from '../../src/redact/report.ts';
import { referenceReport } from '../support/report.ts';

/** The reference incident with texts that occur nowhere else in place of its names and addresses. */
const CANARIES: readonly (readonly [string, string])[] = [
  ['192.168.0.102', '198.51.100.44'],
  ['192.168.0.1', '203.0.113.171'],
  ['192.168.0.2', '203.0.113.172'],
  ['"R1"', '"KESTREL"'],
  ['"R2"', '"MERLIN"'],
  ['R1', 'KESTREL'],
  ['R2', 'MERLIN'],
  ['keyring1', 'ALPHARING'],
  ['keyring2', 'BETARING'],
  ['profile1', 'GAMMAPROF'],
  ['profile2', 'DELTAPROF'],
  ['r1-debug', 'kestrel-site'],
];

function planted(): AnalysisReport {
  let text = JSON.stringify(referenceReport());
  for (const [from, to] of CANARIES) text = text.replaceAll(from, to);
  return JSON.parse(text) as AnalysisReport;
}

const secretWords = /KESTREL|MERLIN|ALPHARING|BETARING|GAMMAPROF|DELTAPROF|kestrel-site/i;
const secretAddresses = /203\.0\.113\.17[12]|198\.51\.100\.44/;
const digits = '1'.repeat(64);

describe('redactReport', () => {
  const all = redactReport(planted(), { addresses: true, names: true });
  const text = JSON.stringify(all);

  it('leaves no name, no address and no digest', () => {
    expect(JSON.stringify(planted())).toMatch(secretWords);
    expect(text).not.toMatch(secretWords);
    expect(text).not.toMatch(secretAddresses);
    expect(text).not.toContain(digits);
  });

  it('is the same report up to the renaming', () => {
    const back = new Map<string, string>();
    const compare = (a: unknown, b: unknown): void => {
      if (typeof a === 'string') {
        if (b === null) return;
        expect(typeof b).toBe('string');
        // The same text is replaced by the same text, everywhere.
        expect(back.get(a) ?? b).toBe(b);
        back.set(a, b as string);
        return;
      }
      if (a === null || typeof a !== 'object') {
        expect(b).toBe(a);
        return;
      }
      expect(Object.keys(b as object)).toEqual(Object.keys(a));
      for (const [key, value] of Object.entries(a))
        compare(value, (b as Record<string, unknown>)[key]);
    };
    compare(planted(), all);
    expect(all.verdict.finding).toBe('keyring-mismatch-after-mm5');
    expect(all.negotiations[0]?.decisions.map(({ verdict }) => verdict)).toEqual([
      'agrees',
      'agrees',
      'diverges',
    ]);
  });

  it('keeps equal equal and different different', () => {
    const rings = all.negotiations[0]!.keyringSelections.map(({ keyring }) => keyring);
    expect(rings[0]).toBe(rings[1]);
    expect(rings[0]).not.toBe(rings[2]);
    expect(all.negotiations[0]!.router).toBe(all.routers[0]!.name);
    expect(all.negotiations[0]!.peerAddress).toBe(all.negotiations[1]!.localAddress);
    expect(all.findings[0]!.explanation).toContain(rings[0]);
  });

  it('keeps what addresses share', () => {
    const [a, b] = [all.negotiations[0]!.localAddress!, all.negotiations[0]!.peerAddress!];
    const bits = (text: string): string =>
      text
        .split('.')
        .map((octet) => Number(octet).toString(2).padStart(8, '0'))
        .join('');
    // 171 is 10101011, 172 is 10101100.
    expect(bits(a).slice(0, 29)).toBe(bits(b).slice(0, 29));
    expect(bits(a)[29]).not.toBe(bits(b)[29]);
  });

  it('does what it is asked and no more', () => {
    expect(redactReport(planted(), { addresses: false, names: false })).toEqual(planted());
    const named = JSON.stringify(redactReport(planted(), { addresses: true, names: false }));
    expect(named).toMatch(secretWords);
    expect(named).not.toMatch(secretAddresses);
    const placed = JSON.stringify(redactReport(planted(), { addresses: false, names: true }));
    expect(placed).toMatch(secretAddresses);
    expect(placed).not.toMatch(secretWords);
  });

  it('is the same every time, and another one for other evidence', () => {
    expect(JSON.stringify(redactReport(planted(), { addresses: true, names: true }))).toBe(text);
    const other = planted();
    const inputs = other.inputs.map((input) => ({ ...input, sha256: 'f'.repeat(64) }));
    expect(
      JSON.stringify(redactReport({ ...other, inputs }, { addresses: true, names: true })),
    ).not.toBe(text);
  });

  it('finds an address and a name in octets', () => {
    const base = planted();
    const tree = [
      { label: 'data', value: 'cb0071ac' },
      { label: 'data', value: '02000000' + '4b45535452454c' },
    ];
    const frames = base.excerpts.frames.map((frame) => ({ ...frame, tree }));
    const redacted = redactReport(
      { ...base, excerpts: { ...base.excerpts, frames } },
      { addresses: true, names: true },
    );
    const out = JSON.stringify(redacted);
    expect(out).not.toContain('cb0071ac');
    expect(out).not.toContain('4b45535452454c');
  });

  it('withholds octets that tell an address or a name', () => {
    const base = planted();
    const natHash = '9f'.repeat(16);
    const der = '30820122'.repeat(4);
    const tree = [
      { label: 'NAT-D', children: [{ label: 'data', value: natHash }] },
      {
        label: 'N',
        children: [
          { label: 'notifyType', value: 'NAT_DETECTION_SOURCE_IP (16388)' },
          { label: 'data', value: natHash },
        ],
      },
      {
        label: 'CERT',
        children: [
          { label: 'subject', value: 'CN=kestrel-site.example, O=Merlin' },
          { label: 'data', value: der },
        ],
      },
      { label: 'ID', children: [{ label: 'value', value: 'admin@kestrel-site.example' }] },
      { label: 'KE', children: [{ label: 'data', value: 'ab'.repeat(32) }] },
    ];
    const frames = base.excerpts.frames.map((frame) => ({
      ...frame,
      tree,
      summary: 'CERT (CN=kestrel-site.example, O=Merlin)',
    }));
    const redacted = redactReport(
      { ...base, excerpts: { ...base.excerpts, frames } },
      { addresses: true, names: true },
    );
    const out = JSON.stringify(redacted);
    for (const secret of [natHash, der, 'kestrel-site', 'Merlin'])
      expect(out).not.toContain(secret);
    expect(out).toContain('ab'.repeat(32));
  });
});
