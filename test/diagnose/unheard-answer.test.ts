import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { LogDocument, LogNegotiation, LogPacket } from '../../src/model/log.ts';
import type { Sent } from '../support/incident.ts';
import {
  RESPONDER,
  diagnosisOf,
  documentOf,
  logTime,
  loggedView,
  opening,
  sent,
  wire,
} from '../support/incident.ts';

/** The capture holds an answer that the initiator goes on without. */

const again = (step: Sent['step'], way: Sent['way'], ...at: readonly number[]): readonly Sent[] =>
  at.map((ms) => sent(step, way, ms, { again: true }));

const mm1Again = wire([...opening.slice(0, 2), ...again('MM1', '>', 10_000, 20_000, 30_000)]);
const mm3Again = wire([...opening, ...again('MM3', '>', 10_040, 20_040, 30_040)]);

function deaf(exchange: Exchange, told: Partial<LogNegotiation>, to: number): LogDocument {
  const view = loggedView(exchange, 'initiator', 'n1', 'log0', (ms) => logTime(ms));
  const answers = view.packets.filter(({ direction }) => direction === 'received');
  const lacks = (packet: LogPacket): boolean => answers.indexOf(packet) >= to;
  return documentOf(
    'log0',
    [{ ...view, packets: view.packets.filter((packet) => !lacks(packet)), ...told }],
    'R1',
  );
}

const finding = (diagnosis: Diagnosis, id: string): string =>
  diagnosis.findings.find((entry) => entry.id === id)?.title ?? '';

describe('an answer that does not reach the initiator', () => {
  const logOfMm1 = deaf(mm1Again, { verdict: 'peer-unreachable', failingStep: 'mm2-wait' }, 0);

  it('MM2 between capture and router', () => {
    const diagnosis = diagnosisOf({ exchanges: [mm1Again], logs: [logOfMm1] });
    expect(diagnosis.verdict.finding).toBe('peer-unreachable');
    expect(finding(diagnosis, 'peer-unreachable')).toBe(`MM2 of ${RESPONDER} does not reach R1`);
    expect(diagnosis.verdict.summary).toContain('between the capture and R1');
    expect(diagnosis.verdict.summary).not.toContain('no answer at all');
  });

  it('MM2 by the capture alone, from the repetitions of MM1', () => {
    const diagnosis = diagnosisOf({ exchanges: [mm1Again] });
    expect(diagnosis.verdict.finding).toBe('peer-unreachable');
    expect(diagnosis.findings[0]!.confidence).toBe('inferred');
    expect(diagnosis.verdict.summary).toContain('answers it with MM2');
  });

  it('AM2 by the capture alone', () => {
    const aggressive = wire(
      [sent('AM1', '>', 0), sent('AM2', '<', 20), ...again('AM1', '>', 10_000, 20_000)],
      { mode: 'aggressive' },
    );
    expect(diagnosisOf({ exchanges: [aggressive] }).verdict.summary).toContain(
      'answers it with AM2',
    );
  });

  it('is not claimed where MM1 and MM2 crossed', () => {
    const crossed = wire([
      sent('MM1', '>', 0),
      sent('MM2', '<', 990),
      sent('MM1', '>', 1000, { again: true }),
      sent('MM2', '<', 1020, { again: true }),
    ]);
    expect(diagnosisOf({ exchanges: [crossed] }).verdict.finding).not.toBe('peer-unreachable');
  });

  it('MM4 between capture and router, without a word of a missing key', () => {
    const document = deaf(mm3Again, { verdict: 'mm3-lost', failingStep: 'mm4-wait' }, 1);
    const diagnosis = diagnosisOf({ exchanges: [mm3Again], logs: [document] });
    expect(diagnosis.verdict.finding).toBe('mm3-lost');
    expect(finding(diagnosis, 'mm3-lost')).toBe(`MM4 of ${RESPONDER} does not reach R1`);
    expect(diagnosis.verdict.summary).not.toContain('missing key');
  });
});
