import { describe, expect, it } from 'vitest';
import type { LogNegotiation } from '../../src/model/log.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import {
  RESPONDER,
  documentOf,
  incidentOf,
  logTime,
  loggedView,
  mainModeUp,
  opening,
  unanswered,
  wire,
} from '../support/incident.ts';

const COOKIE = '9433c987e0499023';
const behindNat = { nat: { initiatorTranslated: true, responderTranslated: true } };
const failing = wire([...opening, ...unanswered(3)], { cookie: COOKIE, ...behindNat });
const up = wire(mainModeUp, { completed: true, ...behindNat });
const hub = (exchange: Exchange, more: Partial<LogNegotiation>): LogNegotiation => ({
  ...loggedView(exchange, 'responder', 'n1', 'log0', (ms) => logTime(ms + 400)),
  ...more,
});
const PUBLIC = '203.0.113.77';
const joinsOf = (
  exchange: Exchange,
  log: LogNegotiation,
  configs: readonly string[] = [],
): number =>
  incidentOf({
    exchanges: [exchange],
    logs: [documentOf('log0', [log], 'HUB')],
    configs,
  }).attempts.flatMap(({ joins }) => joins).length;

const CONFIG = `hostname HUB
crypto isakmp policy 10
 authentication pre-share
crypto isakmp key secret address 0.0.0.0
interface GigabitEthernet0/0
 ip address ${RESPONDER} 255.255.255.0
`;

describe('a log and packets on two sides of a NAT', () => {
  const cases: readonly (readonly [string, Exchange, Partial<LogNegotiation>, number])[] = [
    [
      'the whole cookie',
      failing,
      { initiatorCookie: COOKIE, peerAddress: PUBLIC, localAddress: '10.9.9.2' },
      1,
    ],
    [
      'a part of it',
      failing,
      { initiatorCookie: COOKIE.slice(0, 8), peerAddress: PUBLIC, localAddress: '10.9.9.2' },
      0,
    ],
    ['another cookie', failing, { initiatorCookie: 'aa33c987e0499023', peerAddress: PUBLIC }, 0],
    [
      'a message id, one end translated',
      up,
      { messageIds: [77], peerAddress: PUBLIC, localAddress: null },
      1,
    ],
    [
      'a message id, both ends translated',
      up,
      { messageIds: [77], peerAddress: PUBLIC, localAddress: '10.9.9.2' },
      0,
    ],
    ['the times alone', failing, { peerAddress: PUBLIC, localAddress: null }, 0],
    ['the address that the log prints', failing, { peerAddress: PUBLIC }, 1],
  ];
  it.each(cases)('by %s', (_, exchange, more, joins) => {
    expect(joinsOf(exchange, hub(exchange, more))).toBe(joins);
  });

  it('by the address that its configuration has', () => {
    const log = hub(failing, { peerAddress: PUBLIC, localAddress: null });
    expect(joinsOf(failing, log, [CONFIG])).toBe(1);
  });
});

describe('the address of a router that does not print it', () => {
  const addressOf = (configs: readonly string[]): string | null =>
    incidentOf({
      exchanges: [up],
      logs: [documentOf('log0', [hub(up, { localAddress: null })], 'HUB')],
      configs,
    }).negotiations[0]!.localAddress;

  it('is unknown behind a NAT, unless its configuration has it', () => {
    expect(addressOf([])).toBeNull();
    expect(addressOf([CONFIG])).toBe(RESPONDER);
  });
});
