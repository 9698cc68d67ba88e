import { expect, it } from 'vitest';

import { groupAttempts } from '../../../src/report/attempts.ts';
import { makeAnchors } from '../../../src/report/html/anchors.ts';
import { svgLadder } from '../../../src/report/html/ladder.ts';
import { buildLadder } from '../../../src/report/ladder.ts';
import type { AnalysisReport } from '../../../src/model/report.ts';
import { referenceReport } from '../../support/report.ts';

function draw(report: AnalysisReport): string {
  const ladder = buildLadder(groupAttempts(report.negotiations)[0]!, report);
  return svgLadder(ladder, 'x', makeAnchors(report)).text;
}

it('names itself for who cannot see it', () => {
  const svg = draw(referenceReport());
  expect(svg).toContain('<title id="x-t">Ladder of R2 (initiator) and R1 (responder)</title>');
  expect(svg).toMatch(/<desc id="x-d">[^<]*MM5[^<]*diverges here/);
});

it('shows size, state, key choice, decryption and repeats of a message', () => {
  const svg = draw(referenceReport());
  for (const text of [
    'frame 5 · 92 octets',
    'IKE_R_MM5',
    '✓ keyring keyring1',
    'decrypted: g^xy',
    'sent again ×2 for 20.0 s: 6, 7',
  ]) {
    expect(svg).toContain(text);
  }
  expect(svg.match(/class="band"/g)).toHaveLength(1);
});

it('closes the lock on what stays opaque', () => {
  const base = referenceReport();
  const frames = base.excerpts.frames.map((frame) => ({
    ...frame,
    decryptedBy: null,
    opaqueWhy: frame.encrypted ? 'no key' : null,
  }));
  const svg = draw({ ...base, excerpts: { ...base.excerpts, frames } });
  expect(svg).toContain('encrypted, stays opaque');
  expect(svg).toContain('class="lock opaque"');
});

it('tells when a logging router has nothing of a captured message', () => {
  const base = referenceReport();
  const negotiations = base.negotiations.map((negotiation) =>
    negotiation.id === 'n1'
      ? {
          ...negotiation,
          timeline: negotiation.timeline.filter(({ line }) => line === undefined || line < 11),
        }
      : negotiation,
  );
  expect(draw({ ...base, negotiations })).toContain('not in this router&#39;s log');
});

it('leaves room where time passes', () => {
  const base = referenceReport();
  const frames = base.excerpts.frames.map((frame) =>
    frame.frame < 5 ? frame : { ...frame, time: '2024-06-19T12:28:54.270Z' },
  );
  const negotiations = base.negotiations.map((negotiation) => ({
    ...negotiation,
    timeline: negotiation.timeline.filter(({ frame }) => frame === undefined),
  }));
  expect(draw({ ...base, negotiations, excerpts: { ...base.excerpts, frames } })).toContain(
    '10.0 s pass',
  );
});
