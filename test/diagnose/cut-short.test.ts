import { describe, expect, it } from 'vitest';
import { diagnosisOf } from '../support/incident.ts';

const HERE = '192.0.2.1';
const PEER = '203.0.113.40';
const at = (second: number, line: string): string =>
  `*May  5 09:00:${String(second).padStart(2, '0')}.120: ${line}`;
const received = `ISAKMP (0): received packet from ${PEER} dport 500 sport 500 Global (N) NEW SA`;
const found = `ISAKMP:(0):found peer pre-shared key matching ${PEER}`;
const sent = `ISAKMP:(0): sending packet to ${PEER} my_port 500 peer_port 500 (R) MM_SA_SETUP`;
const again = 'ISAKMP:(0): retransmitting phase 1 MM_SA_SETUP...';
const link = '%LINK-3-UPDOWN: Interface Loopback7, changed state to up';
const begun = [at(1, received), at(1, found)];
const titleOf = (...lines: readonly string[]): string =>
  diagnosisOf({ logs: [lines.join('\n')] }).findings.find(({ id }) => id === 'inconclusive')
    ?.title ?? '';

describe('a log that ends while the attempt is under way', () => {
  it.each([
    ['behind what arrived', begun, 'ends at MM1'],
    ['behind what was sent', [...begun, at(1, sent)], 'ends at MM2'],
    ['with a line of something else soon after', [...begun, at(4, link)], 'ends at MM1'],
    ['within a line', [...begun, at(1, 'ISAKMP:(0): vendor ID is XA')], 'ends at MM1'],
    ['without stamps', [received, found], 'ends at MM1'],
    [
      'before any packet',
      [at(1, `ISAKMP:(0):found peer pre-shared key matching ${PEER}`)],
      'within',
    ],
  ])('is told as that: %s', (_, lines, words) => {
    expect(titleOf(...lines)).toMatch(new RegExp(`^The log of .* ${words}`));
  });

  it.each([
    ['that goes on longer than a router waits', [...begun, at(1, sent), at(40, link)]],
    ['in which a message is repeated', [...begun, at(1, sent), at(11, again), at(11, sent)]],
    [
      'in which the attempt is given up',
      [
        ...begun,
        at(2, `ISAKMP:(0):deleting SA reason "whatever" state (R) MM_NO_STATE (peer ${PEER})`),
      ],
    ],
  ])('is not one %s', (_, lines) => {
    expect(titleOf(...lines)).not.toMatch(/^The log of .* ends/);
  });

  it('says nothing of another attempt that failed', () => {
    const failed = [
      'ISAKMP:(0): beginning Main Mode exchange',
      `ISAKMP:(0): sending packet to ${PEER} my_port 500 peer_port 500 (I) MM_NO_STATE`,
      `ISAKMP:(1003):SA has been authenticated with ${PEER}`,
      'ISAKMP:(1003):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE',
      'ISAKMP:(1003):beginning Quick Mode exchange, M-ID of 1244401297',
      `ISAKMP (1003): received packet from ${PEER} dport 500 sport 500 Global (I) QM_IDLE`,
      'ISAKMP:(1003): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3',
      `ISAKMP:(1003):deleting SA reason "No reason" state (I) QM_IDLE (peer ${PEER})`,
      'ISAKMP:(1003):Old State = IKE_P1_COMPLETE  New State = IKE_DEST_SA',
    ];
    const again = [
      'ISAKMP:(0): beginning Main Mode exchange',
      `ISAKMP:(0): sending packet to ${PEER} my_port 500 peer_port 500 (I) MM_NO_STATE`,
    ];
    const lines = [...failed.map((line) => at(1, line)), ...again.map((line) => at(2, line))];
    const { findings } = diagnosisOf({ logs: [lines.join('\n')] });
    const cut = findings.filter(({ title }) => /^The log of .* ends/.test(title));
    expect(cut).toMatchObject([{ severity: 'note', negotiations: [expect.any(String)] }]);
    expect(cut[0]!.evidence.map(({ text }) => text).join()).not.toContain('NOT_CHOSEN');
  });

  it.each([
    'ISAKMP:(0): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 1',
    'ISAKMP:(0): processing DELETE payload. message ID = 12',
    'ISAKMP:(0):phase 1 SA policy not acceptable! (local 192.0.2.1 remote 203.0.113.40)',
  ])('is not one that holds a refusal: %s', (line) => {
    expect(titleOf(...begun, at(1, sent), at(1, line))).not.toMatch(/^The log of .* ends/);
  });

  it('names the IPsec SA that a line beside it shows', () => {
    const use = (spi: string): string =>
      diagnosisOf({
        logs: [
          [
            ...begun,
            `IPSEC(update_current_outbound_sa): updated peer ${PEER} current outbound sa to SPI ${spi}`,
          ].join('\n'),
        ],
      }).verdict.summary;
    expect(use('DD8C4BB4')).toContain('is in use');
    expect(use('0')).not.toContain('is in use');
  });
});

describe('two logs of one attempt', () => {
  const initiates = [
    `ISAKMP:(0): beginning Main Mode exchange`,
    `ISAKMP:(0): sending packet to ${PEER} my_port 500 peer_port 500 (I) MM_NO_STATE`,
    `ISAKMP:(1003):SA has been authenticated with ${PEER}`,
    'ISAKMP:(1003):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE',
    'ISAKMP:(1003):beginning Quick Mode exchange, M-ID of 1244401297',
  ].map((line) => at(1, line));
  const answers = [
    `ISAKMP (0): received packet from ${HERE} dport 500 sport 500 Global (N) NEW SA`,
    `ISAKMP:(1003):SA has been authenticated with ${HERE}`,
    'ISAKMP:(1003):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE',
    'ISAKMP (1003): received packet from 192.0.2.1 dport 500 sport 500 Global (R) QM_IDLE',
    'ISAKMP:(1003):Old State = IKE_QM_R_QM2  New State = IKE_QM_PHASE2_COMPLETE',
  ].map((line) => at(1, line));
  it.each(['initiator', 'responder'] as const)(
    'are decided by the one that saw the end, where that of the %s is cut short',
    (cut) => {
      const here = [
        at(1, `IPSEC(sa_request): ,`),
        `  (key eng. msg.) OUTBOUND local= ${HERE}:500, remote= ${PEER}:500,`,
      ];
      const full = [
        ...here,
        ...initiates,
        at(1, 'ISAKMP:(1003):Old State = IKE_QM_I_QM1  New State = IKE_QM_PHASE2_COMPLETE'),
      ];
      const logs =
        cut === 'initiator' ? [[...here, ...initiates], answers] : [full, answers.slice(0, -1)];
      const { verdict, negotiations } = diagnosisOf({ logs: logs.map((log) => log.join('\n')) });
      expect(verdict.finding).toBe('tunnel-up');
      expect(verdict.summary).toContain('phase 1 and phase 2 complete');
      expect(negotiations.map(({ outcome }) => outcome)).toEqual(['established', 'established']);
    },
  );
});
