import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import {
  INITIATOR,
  RESPONDER,
  diagnosisOf,
  opening,
  payloads,
  sent,
  wire,
} from '../support/incident.ts';
import type { Sent } from '../support/incident.ts';

const stamped = (lines: readonly string[]): string =>
  lines.map((line, at) => `*Jun 19 10:00:00.${at}10: ISAKMP:(7):${line}`).join('\n');

/** What the initiator logs of a quick mode that is refused. */
const initiatorLog = (...notify: readonly string[]): string =>
  stamped([
    'beginning Main Mode exchange',
    `sending packet to ${RESPONDER} my_port 500 peer_port 500 (I) MM_NO_STATE`,
    `received packet from ${RESPONDER} dport 500 sport 500 Global (I) MM_NO_STATE`,
    `sending packet to ${RESPONDER} my_port 500 peer_port 500 (I) MM_SA_SETUP`,
    `received packet from ${RESPONDER} dport 500 sport 500 Global (I) MM_SA_SETUP`,
    `sending packet to ${RESPONDER} my_port 500 peer_port 500 (I) MM_KEY_EXCH`,
    `received packet from ${RESPONDER} dport 500 sport 500 Global (I) MM_KEY_EXCH`,
    'Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE',
    ...notify,
  ]);

const told = (log: string, ...answers: readonly Partial<Sent>[]): Finding | undefined =>
  all(log, ...answers)[0];

const all = (log: string, ...answers: readonly Partial<Sent>[]): readonly Finding[] =>
  diagnosisOf({
    exchanges: [
      wire(
        [
          ...opening,
          sent('MM5', '>', 80),
          sent('MM6', '<', 100),
          sent('QM1', '>', 120, { messageId: 7, length: 180 }),
          ...answers.map((answer, at) =>
            sent('INFO', '<', 140 + at, { messageId: 9 + at, length: 76, opened: {}, ...answer }),
          ),
        ],
        { completed: true },
      ),
    ],
    logs: [log],
  }).findings.filter(({ id }) => id === 'log-contradicts-capture');

const line = (type: string, id: string, verb = 'processing'): string =>
  `${verb} NOTIFY ${type} protocol 3\n\tspi 0, message ID = ${id}, sa = 0x65A3A4C8`;

describe('a notification in a log and in a packet', () => {
  it('of two types is told, with both places', () => {
    const finding = told(initiatorLog(line('PROPOSAL_NOT_CHOSEN', '9')), { notify: 18 });
    expect(finding).toMatchObject({ severity: 'warning', confidence: 'observed' });
    expect(finding?.title).toBe(
      `${INITIATOR} logged NO-PROPOSAL-CHOSEN (14), and the packet says INVALID-ID-INFORMATION (18)`,
    );
    expect(finding?.explanation).toMatch(/message id 0x00000009.*and its HASH verifies/s);
    expect(finding?.evidence.map(({ frame, line: at }) => [frame, at])).toEqual([
      [8, undefined],
      [undefined, 9],
    ]);
  });

  it('and others of the same attempt are told together', () => {
    const lines = ['9', '10', '11', '12'].map((id) => line('PROPOSAL_NOT_CHOSEN', id));
    const refused = { notify: 18 };
    const findings = all(initiatorLog(...lines), refused, refused, refused, { notify: 16 });
    expect(findings).toHaveLength(1);
    expect(findings[0]!.title).toBe(
      `${INITIATOR} logged NO-PROPOSAL-CHOSEN (14), and the packets say INVALID-ID-INFORMATION (18) and PAYLOAD-MALFORMED (16)`,
    );
    expect(findings[0]!.explanation).toMatch(
      /^4 notifications are in packets.*0x00000009, 0x0000000a, 0x0000000b and 1 more/,
    );
    expect(findings[0]!.evidence.map(({ frame, line: at }) => frame ?? at)).toEqual([
      8, 9, 9, 11, 10, 13, 11, 15,
    ]);
  });

  it('is found by an id that the log prints below zero', () => {
    const id = 0x82_58_5a_11;
    const log = initiatorLog(line('PROPOSAL_NOT_CHOSEN', String(id | 0)));
    expect(told(log, { notify: 18, messageId: id })).toBeDefined();
  });

  it.each([
    ['of one type', line('INVALID_ID_INFORMATION', '9'), { notify: 18 }],
    ['that IOS names in its own way', line('PROPOSAL_NOT_CHOSEN', '9'), { notify: 14 }],
    [
      'beside another one',
      line('PROPOSAL_NOT_CHOSEN', '9'),
      {
        contents: [payloads.notify(18), payloads.notify(14)],
      },
    ],
    ['of another message', line('PROPOSAL_NOT_CHOSEN', '11'), { notify: 18 }],
    ['that this router sent itself', line('PROPOSAL_NOT_CHOSEN', '9', 'Sending'), { notify: 18 }],
    ['of a type that no registry names', line('SOMETHING_ELSE', '9'), { notify: 18 }],
    ['that stays closed', line('PROPOSAL_NOT_CHOSEN', '9'), {}],
  ])('%s is no contradiction', (_, notify, answer) => {
    expect(told(initiatorLog(notify), answer)).toBeUndefined();
  });
});
