import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/model/exchange.ts';
import {
  START_MS,
  diagnosisOf,
  documentOf,
  logTime,
  loggedView,
  mainModeUp,
  opening,
  sent,
  unanswered,
  wire,
} from '../support/incident.ts';

const HUB = '198.51.100.1';

/** Thirty spokes call one hub at the same moment; three of them fail, each in another way. */
function crowd(): readonly Exchange[] {
  return Array.from({ length: 30 }, (_, index) => {
    const common = {
      id: `x${index + 1}`,
      cookie: (0x1000 + index).toString(16).padStart(16, '0'),
      initiator: `192.0.2.${index + 1}`,
      responder: HUB,
      startMs: START_MS + index * 3,
      firstFrame: 1 + index * 20,
    };
    switch (index) {
      case 4:
        return wire(
          [sent('MM1', '>', 0), sent('INFO', '<', 10, { clear: true, notify: 14 })],
          common,
        );
      case 11:
        return wire([sent('MM1', '>', 0), sent('MM1', '>', 10_000, { again: true })], common);
      case 23:
        return wire(
          [
            ...opening,
            ...unanswered(1),
            sent('INFO', '<', 90, { length: 76 }),
            sent('MM5', '>', 4000, { again: true }),
            sent('INFO', '<', 4010, { length: 76 }),
          ],
          common,
        );
      default:
        return wire(mainModeUp, { ...common, completed: true });
    }
  });
}

describe('many negotiations at once', () => {
  it('gives three failures and 27 tunnels, from packets alone', () => {
    const { negotiations, findings } = diagnosisOf({ exchanges: crowd() });
    const counts: Record<string, number> = {};
    for (const { verdict } of negotiations) counts[verdict] = (counts[verdict] ?? 0) + 1;
    expect(counts).toEqual({
      'tunnel-up': 27,
      'ike-policy-mismatch': 1,
      'peer-unreachable': 1,
      'psk-mismatch': 1,
    });
    const failures = findings.filter((finding) => finding.severity === 'failure');
    expect(failures.map((finding) => finding.id).sort()).toEqual([
      'ike-policy-mismatch',
      'peer-unreachable',
      'psk-mismatch',
    ]);
    // The wire cannot tell a different key from a refused identity for certain, and says so.
    expect(failures.find(({ id }) => id === 'psk-mismatch')?.title).toContain('most likely');
  });

  it('joins the hub log to each of them, although all begin within a tenth of a second', () => {
    const exchanges = crowd();
    const logs = exchanges
      .filter((_, index) => index !== 11)
      .map((exchange) =>
        loggedView(exchange, 'responder', `n${exchange.id.slice(1)}`, 'log0', (ms, own) =>
          logTime(Math.round(ms - 7_200_000 + (own ? -1 : 1))),
        ),
      );
    const { negotiations } = diagnosisOf({ exchanges, logs: [documentOf('log0', logs, 'HUB')] });
    expect(negotiations).toHaveLength(30);
    for (const negotiation of negotiations.filter((entry) => entry.router === 'HUB')) {
      expect(negotiation.pairedWith).toEqual([`x${negotiation.id.slice(1)}`]);
    }
    const failed = negotiations.filter((entry) => entry.verdict !== 'tunnel-up');
    expect(failed.map((entry) => entry.verdict).sort()).toEqual([
      'ike-policy-mismatch',
      'peer-unreachable',
      'psk-mismatch',
    ]);
  });
});
