import { describe, expect, it } from 'vitest';
import { diagnosisOf } from '../support/incident.ts';

const PEER = '192.0.2.7';
const at = (seconds: number, line: string): string =>
  `*May  2 08:00:${String(seconds).padStart(2, '0')}.010: ${line}`;
const begun = [
  at(1, `ISAKMP (0:0): received packet from ${PEER} dport 500 sport 500 Global (N) NEW SA`),
  at(1, 'ISAKMP:(0:0:N/A:0):atts are acceptable. Next payload is 3'),
  at(1, `ISAKMP:(0:3:HW:2): sending packet to ${PEER} my_port 500 peer_port 500 (R) AG_INIT_EXCH`),
  at(1, 'ISAKMP:(0:3:HW:2):Old State = IKE_R_AM_AAA_AWAIT  New State = IKE_R_AM2'),
];
const repeated = [
  at(11, 'ISAKMP:(0:3:HW:2): retransmitting phase 1 AG_INIT_EXCH...'),
  at(11, `ISAKMP:(0:3:HW:2): sending packet to ${PEER} my_port 500 peer_port 500 (R) AG_INIT_EXCH`),
];
const over = at(
  59,
  `ISAKMP:(0:3:HW:2):deleting SA reason "Death by retransmission P1" state (R) AG_INIT_EXCH (peer ${PEER})`,
);

describe('AM2 that is not answered', () => {
  it('is told by the responder that repeats it, without a choice between key and path', () => {
    const { findings, negotiations } = diagnosisOf({
      logs: [[...begun, ...repeated, over].join('\n')],
    });
    expect(negotiations[0]).toMatchObject({ failingStep: 'am3-wait', outcome: 'failed' });
    expect(findings).toMatchObject([{ id: 'inconclusive', severity: 'failure' }]);
    expect(findings[0]!.title).toBe(`${PEER} does not answer AM2 of the responder`);
    expect(findings[0]!.explanation).toContain('AM3 never comes');
  });

  it('is nothing where the log ends at once', () => {
    const { negotiations } = diagnosisOf({ logs: [begun.join('\n')] });
    expect(negotiations[0]!.failingStep).toBe(null);
  });
});
