import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/model/incident.ts';
import { incidentOf } from '../support/incident.ts';

/** One attempt of one router, pasted more than once. */
const PEER = '203.0.113.40';
const texts = [
  `ISAKMP (0): received packet from ${PEER} dport 500 sport 500 Global (N) NEW SA`,
  'ISAKMP:(0):Old State = IKE_READY  New State = IKE_R_MM1 ',
  `ISAKMP:(0):found peer pre-shared key matching ${PEER}`,
  'ISAKMP:(1001):atts are acceptable. Next payload is 0',
  `ISAKMP:(1001): sending packet to ${PEER} my_port 500 peer_port 500 (R) MM_SA_SETUP`,
  'ISAKMP:(1001):Old State = IKE_R_MM1  New State = IKE_R_MM2 ',
  `ISAKMP (1001): received packet from ${PEER} dport 500 sport 500 Global (R) MM_SA_SETUP`,
  `ISAKMP:(1001): sending packet to ${PEER} my_port 500 peer_port 500 (R) MM_KEY_EXCH`,
  `ISAKMP (1001): received packet from ${PEER} dport 500 sport 500 Global (R) MM_KEY_EXCH`,
  'ISAKMP:(1001):Old State = IKE_R_MM4  New State = IKE_R_MM5 ',
  'ISAKMP: reserved not zero on ID payload!',
  `%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from ${PEER} failed its sanity check or is malformed`,
];
const stamped = (minute = 0, list = texts): readonly string[] =>
  list.map(
    (text, at) =>
      `*Mar  3 10:${String(minute).padStart(2, '0')}:${String(at).padStart(2, '0')}.123: ${text}`,
  );
const joined = (lines: readonly string[]): string => lines.join('\n');
const whole = joined(stamped());
const summary = ({ attempts, repeats }: Incident): readonly number[] => [
  attempts.length,
  repeats.length,
];
const logs = (...list: readonly string[]): Incident => incidentOf({ logs: list });

describe('lines that were seen before', () => {
  const lines = stamped();
  it.each([
    ['a copy', [whole, whole]],
    ['a copy in the same file', [`${whole}\n${whole}`]],
    ['the beginning, before the whole', [joined(lines.slice(0, 7)), whole]],
    ['the end, after the whole', [whole, joined(lines.slice(6))]],
    ['two halves that overlap', [joined(lines.slice(0, 9)), joined(lines.slice(4))]],
    [
      'the syslog beside the terminal',
      [joined(lines.map((line, at) => `Mar  3 09:00:00 192.0.2.77 ${at + 1}: ${line}`)), whole],
    ],
    ['a copy without times', [joined(texts), joined(texts)]],
  ])('%s is one attempt', (_, given) => {
    const incident = logs(...given);
    expect(summary(incident)).toEqual([1, 1]);
    expect(incident.negotiations).toHaveLength(1);
    expect(incident.routers).toHaveLength(1);
    expect(incident.routers[0]!.inputs).toHaveLength(given.length);
    expect(incident.attempts[0]!.responder.log).toMatchObject({ verdict: 'psk-mismatch' });
    expect(incident.repeats[0]!.lines).toBeGreaterThan(2);
  });

  it('three copies are one attempt too', () => {
    expect(summary(logs(whole, whole, whole))).toEqual([1, 2]);
  });

  it('the view that shows how it ended is kept, whichever comes first', () => {
    const [begin, end] = [joined(lines.slice(0, 9)), joined(lines.slice(4))];
    expect(logs(begin, end).repeats).toMatchObject([{ input: 'log0', of: { input: 'log1' } }]);
    expect(logs(end, begin).repeats).toMatchObject([{ input: 'log1', of: { input: 'log0' } }]);
  });
});

describe('lines that only look alike', () => {
  it('another time is another attempt', () => {
    expect(summary(logs(whole, joined(stamped(5))))).toEqual([2, 0]);
    expect(summary(logs(joined([...stamped(), ...stamped(5)])))).toEqual([2, 0]);
  });

  it('another connection is another attempt', () => {
    const other = texts.map((text) => text.replaceAll('1001', '1002').replace('(0)', '(1002)'));
    expect(summary(logs(whole, joined(stamped(0, other)))).at(0)).toBe(2);
  });

  it('routers that are named apart are two', () => {
    const named = (name: string): string =>
      joined([`${name}#debug crypto isakmp`, ...stamped(), `${name}#`]);
    expect(summary(logs(named('R1'), named('R9')))).toEqual([2, 0]);
    expect(summary(logs(named('R1'), named('r1')))).toEqual([1, 1]);
  });

  it('without times a part decides nothing', () => {
    expect(summary(logs(joined(texts), joined(texts.slice(0, 9))))).toEqual([2, 0]);
  });
});
