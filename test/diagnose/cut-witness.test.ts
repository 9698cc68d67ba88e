import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose/engine.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { LogDocument, LogNegotiation } from '../../src/model/log.ts';
import type { Sent } from '../support/incident.ts';
import {
  diagnosisOf,
  documentOf,
  incidentOf,
  logTime,
  loggedView,
  mainModeUp,
  opening,
  sent,
  unanswered,
  wire,
} from '../support/incident.ts';

/** Logs that end, and captures that end or leave a port or a direction out: what they lack is not lost. */

const up = wire(mainModeUp, { completed: true });
const mismatch = wire([
  ...opening,
  ...unanswered(3).flatMap((copy): readonly Sent[] => [
    copy,
    sent('INFO', '<', copy.at + 2, { length: 68, messageId: 9 }),
  ]),
]);

const OPEN: Partial<LogNegotiation> = {
  phase1: 'incomplete',
  phase2: 'not-reached',
  outcome: 'incomplete',
  verdict: 'inconclusive',
  statePath: [],
};

function log(
  exchange: Exchange,
  role: 'initiator' | 'responder',
  told: Partial<LogNegotiation> = {},
  messages = exchange.messages.length,
): LogDocument {
  const seen = { ...exchange, messages: exchange.messages.slice(0, messages) };
  const view = loggedView(seen, role, 'n1', 'log0', (ms) => logTime(ms));
  return documentOf('log0', [{ ...view, ...told }], role === 'initiator' ? 'R1' : 'R2');
}

/** The log of a responder that ends once MM6 is sent. */
const ANSWERED: Partial<LogNegotiation> = {
  ...OPEN,
  phase1: 'complete',
  statePath: ['IKE_R_MM5', 'IKE_P1_COMPLETE'],
};
const onPort4500 = wire(mainModeUp.map((each, at) => (at < 4 ? each : { ...each, port: 4500 })));
const floatedLog = (): LogDocument => {
  const document = log(onPort4500, 'responder', ANSWERED, 6);
  const [view] = document.negotiations;
  const packets = view!.packets.map((packet, at) =>
    at < 4 ? packet : { ...packet, localPort: 4500, peerPort: 4500 },
  );
  return { ...document, negotiations: [{ ...view!, packets }] };
};
const oneWay = (copies: number): Exchange =>
  wire([...opening, ...unanswered(copies)].filter(({ way }) => way === '>'));

type Case = readonly [
  string,
  { readonly exchange: Exchange; readonly log: LogDocument },
  { readonly verdict: string; readonly outcome: string; readonly says: string },
];

const cases: readonly Case[] = [
  [
    'the log of the initiator ends at MM5 of a tunnel that comes up',
    { exchange: up, log: log(up, 'initiator', OPEN, 5) },
    {
      verdict: 'tunnel-up',
      outcome: 'established',
      says: 'The log of R1 ends at line 5, before MM6.',
    },
  ],
  [
    'the log of the initiator ends within quick mode',
    {
      exchange: up,
      log: log(up, 'initiator', { ...OPEN, phase1: 'complete', phase2: 'incomplete' }, 6),
    },
    { verdict: 'tunnel-up', outcome: 'established', says: 'up to line 6 only' },
  ],
  [
    'the log of the responder ends before quick mode',
    { exchange: up, log: log(up, 'responder', { ...OPEN, phase1: 'complete' }, 6) },
    { verdict: 'tunnel-up', outcome: 'established', says: 'phase 1 and phase 2 complete' },
  ],
  [
    'the log of the responder ends before MM5, which is answered',
    { exchange: mismatch, log: log(mismatch, 'responder', OPEN, 4) },
    {
      verdict: 'psk-mismatch',
      outcome: 'failed',
      says: 'The log of R2 ends at line 4, before MM5.',
    },
  ],
  [
    'the capture ends at MM5 of a tunnel that the responder logs',
    { exchange: wire(mainModeUp.slice(0, 5)), log: log(up, 'responder') },
    { verdict: 'tunnel-up', outcome: 'established', says: 'comes up' },
  ],
  [
    'the capture ends with MM4, and the initiator gets no answer to MM5',
    {
      exchange: wire(opening),
      log: log(wire([...opening, ...unanswered(3)]), 'initiator', {
        failingStep: 'mm6-wait',
        verdict: 'mm5-unanswered',
      }),
    },
    { verdict: 'mm5-unanswered', outcome: 'failed', says: 'does not answer it' },
  ],
  [
    'the capture holds one direction of a tunnel that the responder logs',
    {
      exchange: wire(mainModeUp.filter(({ way }) => way === '>')),
      log: log(up, 'responder'),
    },
    { verdict: 'tunnel-up', outcome: 'established', says: 'comes up' },
  ],
  ...(
    [
      ['the capture with MM5', wire(mainModeUp.slice(0, 5)), log(up, 'responder', ANSWERED, 6)],
      ['the capture with MM4', wire(opening), log(up, 'responder', ANSWERED, 6)],
      ['the capture of port 500 with MM4', wire(opening), floatedLog()],
      ['the capture of one direction with MM5', oneWay(1), log(up, 'responder', ANSWERED, 6)],
    ] as const
  ).map(([ends, exchange, document]): Case => [
    `${ends} ends and the log of the responder with MM6`,
    { exchange, log: document },
    {
      verdict: 'inconclusive',
      outcome: 'incomplete',
      says: 'R2 accepts MM5 of 192.0.2.1 and sends MM6',
    },
  ]),
  [
    'MM5 comes again once the responder has sent MM6, in a capture of one direction',
    { exchange: oneWay(3), log: log(up, 'responder', ANSWERED, 6) },
    { verdict: 'mm6-lost', outcome: 'incomplete', says: 'the other goes on asking for it' },
  ],
];

describe('a witness that does not see the end', () => {
  it.each(cases)('%s', (_, { exchange, log: document }, { verdict, outcome, says }) => {
    const diagnosis = diagnosisOf({ exchanges: [exchange], logs: [document] });
    expect(diagnosis.verdict.finding).toBe(verdict);
    expect(diagnosis.negotiations).toHaveLength(1);
    expect(diagnosis.negotiations[0]).toMatchObject({ outcome, verdict });
    expect(diagnosis.verdict.summary).toContain(says);
  });

  it('is no other end either, whose log goes on to MM4 only', () => {
    const logs = [
      log(up, 'initiator', OPEN, 4),
      { ...log(up, 'responder', ANSWERED, 6), input: 'log1' },
    ].map((document, at) => ({
      ...document,
      negotiations: document.negotiations.map((view) => ({
        ...view,
        id: `n${at}`,
        input: `log${at}`,
      })),
    }));
    expect(diagnosisOf({ logs }).verdict.finding).toBe('inconclusive');
  });

  it.each([
    ['with MM5', 4],
    ['with a repetition of MM5', 6],
    ['behind all that was sent', 8],
  ])('is no end before MM1 where the log begins %s', (_, from) => {
    const document = log(mismatch, 'responder', OPEN);
    const [view] = document.negotiations;
    const packets = view!.packets.slice(from === 8 ? -1 : from);
    const begun = { ...view!, packets, firstTime: packets[0]!.time, firstLine: packets[0]!.line };
    const incident = incidentOf({
      exchanges: [mismatch],
      logs: [{ ...document, negotiations: [begun] }],
    });
    const before = incident.attempts[0]!.passages.filter(
      ({ step, endsBefore }) => endsBefore !== null && step !== 'MM5',
    );
    expect(before).toEqual([]);
    expect(diagnose(incident).verdict.summary).not.toContain('ends at line');
  });

  it('does not speak for other keys where the router says that it verified the key', () => {
    const lines = ['ISAKMP:(1001):SA has been authenticated with 192.0.2.1'];
    const document = log(mismatch, 'responder', { ...OPEN, events: [0] });
    const events = lines.map((text) => ({
      message: 'sa-authenticated',
      line: 5,
      lastLine: 5,
      router: 'R2',
      time: null,
      connId: 1001,
      fields: {},
      text,
    }));
    const { verdict } = diagnosisOf({ exchanges: [mismatch], logs: [{ ...document, events }] });
    expect(verdict.finding).toBe('mm5-unanswered');
    expect(verdict.summary).toContain('has authenticated');
  });
});
