import { describe, expect, it } from 'vitest';
import { diagnosisOf, mainModeUp, opening, sent, wire } from '../support/incident.ts';
import type { Exchange } from '../../src/model/exchange.ts';

/** What the summary says beside its verdict, and what a second copy of a log adds to it: nothing. */

const refused = (number: number): Exchange =>
  wire(
    [
      ...opening,
      ...[0, 4000, 11_000].flatMap((at) => [
        sent('MM5', '>', 80 + at, { again: at > 0 }),
        sent('INFO', '<', 82 + at, { length: 68, messageId: 9 }),
      ]),
    ],
    {
      id: `x${number}`,
      initiator: `192.0.2.${number}`,
      cookie: `${number}`.padStart(16, 'a'),
      firstFrame: 100 * number,
    },
  );

describe('the other attempts', () => {
  it('are counted where they failed alike, between others', () => {
    const up = wire(mainModeUp, {
      id: 'x9',
      initiator: '192.0.2.9',
      cookie: '9'.repeat(16),
      firstFrame: 900,
      completed: true,
    });
    const { verdict } = diagnosisOf({ exchanges: [refused(1), refused(2), refused(3), up] });
    expect(verdict.finding).toBe('psk-mismatch');
    expect(verdict.summary).toContain('Other attempts: psk-mismatch twice and tunnel-up once.');
  });

  const log = `HUB#
Nov 23 2026 08:10:42.700 UTC: ISAKMP (0): received packet from 192.0.2.1 dport 500 sport 500 Global (N) NEW SA
Nov 23 2026 08:10:42.701 UTC: ISAKMP:(0):Old State = IKE_READY  New State = IKE_R_MM1
Nov 23 2026 08:10:42.702 UTC: ISAKMP:(0): sending packet to 192.0.2.1 my_port 500 peer_port 500 (R) MM_SA_SETUP
Nov 23 2026 08:10:42.706 UTC: ISAKMP (0): received packet from 192.0.2.1 dport 500 sport 500 Global (R) MM_SA_SETUP
Nov 23 2026 08:10:42.709 UTC: ISAKMP:(1007): sending packet to 192.0.2.1 my_port 500 peer_port 500 (R) MM_KEY_EXCH
Nov 23 2026 08:10:42.714 UTC: ISAKMP (1007): received packet from 192.0.2.1 dport 500 sport 500 Global (R) MM_KEY_EXCH
Nov 23 2026 08:10:42.714 UTC: ISAKMP: reserved not zero on ID payload!
Nov 23 2026 08:10:42.714 UTC: %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.1 failed its sanity check or is malformed
Nov 23 2026 08:10:42.714 UTC: ISAKMP:(1007): sending packet to 192.0.2.1 my_port 500 peer_port 500 (R) MM_KEY_EXCH
`;
  it('are none in a second copy of a log', () => {
    const { findings } = diagnosisOf({ logs: [log, log] });
    expect(findings.filter(({ id }) => id === 'psk-mismatch')).toHaveLength(1);
  });
});
