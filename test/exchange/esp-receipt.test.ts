import { describe, expect, it } from 'vitest';
import { completedByEsp } from '../../src/exchange/esp-receipt.ts';
import type { EspFlow } from '../../src/model/capture.ts';
import { INITIATOR, RESPONDER, START_MS, sent, wire } from '../support/incident.ts';

const exchange = wire(
  [
    sent('SA_INIT', '>', 0),
    sent('SA_INIT', '<', 20),
    sent('AUTH', '>', 40, { messageId: 1, length: 300 }),
    sent('AUTH', '<', 60, { messageId: 1, length: 280 }),
    sent('AUTH', '>', 2000, { messageId: 1, length: 300, again: true }),
    sent('AUTH', '>', 4000, { messageId: 1, length: 300, again: true }),
    sent('AUTH', '<', 4020, { messageId: 1, length: 280, again: true }),
  ],
  { version: 2 },
);

const esp = (src: string, dst: string, at: number): EspFlow => ({
  spi: 0x01020304,
  encapsulation: 'udp',
  src,
  dst,
  firstFrame: 9,
  firstTimeNs: BigInt(START_MS + at) * 1_000_000n,
  packets: 3,
});

describe('ESP shows that the answer to IKE_AUTH arrived', () => {
  it.each<[string, readonly EspFlow[], boolean]>([
    ['the initiator sends it after the answer', [esp(INITIATOR, RESPONDER, 5000)], true],
    ['the responder alone sends it', [esp(RESPONDER, INITIATOR, 5000)], false],
    [
      'the initiator has sent it before, under another SA',
      [esp(INITIATOR, RESPONDER, 10), esp(INITIATOR, RESPONDER, 5000)],
      false,
    ],
    ['it is of others', [esp('203.0.113.9', RESPONDER, 5000)], false],
    ['there is none', [], false],
  ])('where %s', (_, flows, completed) => {
    expect(completedByEsp(exchange, flows).completed).toBe(completed);
  });
});
