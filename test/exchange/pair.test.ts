import { describe, expect, it } from 'vitest';

import { hash } from '#crypto';

import { inferContent } from '../../src/exchange/infer.ts';
import { pairMessages } from '../../src/exchange/pair.ts';
import { stopPoint } from '../../src/exchange/stop.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { IkeMessage } from '../../src/model/isakmp.ts';
import {
  chain,
  CKY_I,
  CKY_R,
  clear,
  ikeMessage,
  message,
  octets,
  payload,
  phase1Sa,
  sealed,
  ZERO,
} from '../support/isakmp.ts';
import type { HeaderFields, Where } from '../support/isakmp.ts';
import { be } from '../support/packets.ts';
import { concat } from '../support/pcap-files.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
const to: Where = { src: A, dst: B };
const back: Where = { src: B, dst: A };

const nonce = payload(10, new Uint8Array(16).fill(7));
const ke = (filler: number): ReturnType<typeof payload> =>
  payload(4, new Uint8Array(32).fill(filler));

const mm1 = clear({ responder: ZERO }, phase1Sa());
const mm2 = clear({}, phase1Sa());
const mm3 = clear({}, ke(3), nonce);
const mm4 = clear({}, ke(4), nonce);
const mm5 = sealed({}, 64, 5);
const mm6 = sealed({}, 64, 6);
const quick = (filler: number, size = 160, messageId = 9): Uint8Array =>
  sealed({ exchange: 32, messageId }, size, filler);
const info = (filler: number, messageId = 70): Uint8Array =>
  sealed({ exchange: 5, messageId, next: 8 }, 64, filler);

/** Messages in the order given, one frame and one second after the other. */
function exchangesOf(...sent: readonly (readonly [Uint8Array, Where])[]): readonly Exchange[] {
  return pairMessages(
    sent.map(([bytes, where], at) => ikeMessage(bytes, { frame: at + 1, ...where })),
  );
}

function only(exchanges: readonly Exchange[]): Exchange {
  expect(exchanges).toHaveLength(1);
  return exchanges[0]!;
}

const steps = (exchange: Exchange): readonly string[] =>
  exchange.messages.map(({ step, direction }) => `${step} ${direction ?? '?'}`);

describe('main mode', () => {
  const whole = exchangesOf(
    [mm1, to],
    [mm2, back],
    [mm3, to],
    [mm4, back],
    [mm5, to],
    [mm6, back],
    [quick(1), to],
    [quick(2), back],
    [quick(3, 40), to],
  );

  it('is one exchange whose first message joins its pair', () => {
    const exchange = only(whole);
    expect(steps(exchange)).toEqual([
      'MM1 i2r',
      'MM2 r2i',
      'MM3 i2r',
      'MM4 r2i',
      'MM5 i2r',
      'MM6 r2i',
      'QM1 i2r',
      'QM2 r2i',
      'QM3 i2r',
    ]);
    expect(exchange).toMatchObject({
      id: 'x1',
      mode: 'main',
      initiatorCookie: CKY_I,
      responderCookie: CKY_R,
      initiator: { address: A, port: 500 },
      completed: true,
      startedBefore: false,
      lastFromInitiator: 'QM3',
      lastFromResponder: 'QM2',
      transform: { encryption: 7, keyLength: 256, hash: 4, group: 14, lifeSeconds: 86400 },
    });
    expect(exchange.messages[4]?.decryption).toMatchObject({ reason: 'no-key-material' });
    expect(exchange.messages[0]?.decryption).toBeNull();
  });

  it.each([
    [
      'MM3',
      [
        [mm3, to],
        [mm4, back],
        [mm5, to],
      ],
      ['MM3 i2r', 'MM4 r2i', 'MM5 i2r'],
    ],
    [
      'MM4',
      [
        [mm4, back],
        [mm5, to],
        [mm6, back],
      ],
      ['MM4 r2i', 'MM5 i2r', 'MM6 r2i'],
    ],
    [
      'MM5',
      [
        [mm5, to],
        [mm6, back],
      ],
      ['MM5 i2r', 'MM6 r2i'],
    ],
    [
      'MM6',
      [
        [mm6, back],
        [quick(1), to],
      ],
      ['MM6 r2i', 'QM1 i2r'],
    ],
    [
      'QM1',
      [
        [quick(1), to],
        [quick(2), back],
      ],
      ['QM1 ?', 'QM2 ?'],
    ],
    [
      'QM2',
      [
        [quick(2), back],
        [quick(3, 40), to],
      ],
      ['QM2 ?', 'QM3 ?'],
    ],
  ] as const)('that began before the capture, first seen at %s', (_, sent, wanted) => {
    const exchange = only(exchangesOf(...sent));
    expect(steps(exchange)).toEqual(wanted);
    expect(exchange.startedBefore).toBe(true);
  });

  it('seen from one side only keeps its steps', () => {
    expect(steps(only(exchangesOf([mm1, to], [mm3, to], [mm5, to])))).toEqual([
      'MM1 i2r',
      'MM3 i2r',
      'MM5 i2r',
    ]);
    expect(steps(only(exchangesOf([mm2, back], [mm4, back], [mm6, back])))).toEqual([
      'MM2 r2i',
      'MM4 r2i',
      'MM6 r2i',
    ]);
  });

  it('between two ports of one host goes by ports', () => {
    const there = { src: A, dst: A, srcPort: 500, dstPort: 5500 };
    const again = { src: A, dst: A, srcPort: 5500, dstPort: 500 };
    expect(steps(only(exchangesOf([mm1, there], [mm2, again], [mm3, there])))).toEqual([
      'MM1 i2r',
      'MM2 r2i',
      'MM3 i2r',
    ]);
  });
});

describe('aggressive mode', () => {
  it('has three steps, the last clear or encrypted', () => {
    const am = (fields: HeaderFields): HeaderFields => ({ exchange: 4, ...fields });
    const am1 = clear(am({ responder: ZERO }), phase1Sa(), ke(1), nonce);
    const am2 = clear(am({}), phase1Sa(), ke(2), nonce);
    const last = [clear(am({}), payload(8, new Uint8Array(20))), sealed(am({}), 40)];
    for (const am3 of last) {
      const exchange = only(exchangesOf([am1, to], [am2, back], [am3, to]));
      expect(steps(exchange)).toEqual(['AM1 i2r', 'AM2 r2i', 'AM3 i2r']);
      expect(exchange.mode).toBe('aggressive');
      // QM1 from the initiator proves nothing: it does not wait for the responder.
      expect(exchange.completed).toBe(false);
    }
  });
});

describe('what is seen more than once', () => {
  const repeats = (exchange: Exchange): readonly (readonly (number | null)[])[] =>
    exchange.messages.map(({ retransmissionOf, copyOf }) => [retransmissionOf, copyOf]);

  it('on the same path is sent again', () => {
    expect(repeats(only(exchangesOf([mm1, to], [mm1, to], [mm1, to])))).toEqual([
      [null, null],
      [1, null],
      [1, null],
    ]);
  });

  it('on another path or interface is the same packet', () => {
    const outside = { src: '203.0.113.7', srcPort: 40500, dst: B };
    const exchange = only(
      exchangesOf(
        [mm1, to],
        [mm1, outside],
        [mm1, { ...to, interfaceId: 1 }],
        [mm1, outside],
        [mm2, { src: B, dst: '203.0.113.7', dstPort: 40500 }],
      ),
    );
    expect(repeats(exchange)).toEqual([
      [null, null],
      [null, 1],
      [null, 1],
      [2, null],
      [null, null],
    ]);
    expect(steps(exchange).at(-1)).toBe('MM2 r2i');
  });

  it('on the same path at once was not sent again', () => {
    const exchange = only(exchangesOf([mm1, { ...to, timeMs: 0 }], [mm1, { ...to, timeMs: 5 }]));
    expect(repeats(exchange)).toEqual([
      [null, null],
      [null, 1],
    ]);
  });
});

describe('cookies', () => {
  it('tell simultaneous initiations apart', () => {
    const other = { initiator: '3333333333333333', responder: ZERO };
    const exchanges = exchangesOf([mm1, to], [clear(other, phase1Sa()), back], [mm2, back]);
    expect(exchanges.map((one) => [one.initiator.address, one.responderCookie])).toEqual([
      [A, CKY_R],
      [B, ZERO],
    ]);
  });

  it('of a responder that changes make two exchanges with one first message', () => {
    const changed = clear({ responder: '4444444444444444' }, phase1Sa());
    const exchanges = exchangesOf([mm1, to], [mm2, back], [mm1, to], [changed, back]);
    expect(exchanges.map(({ responderCookie }) => responderCookie)).toEqual([
      CKY_R,
      '4444444444444444',
    ]);
    expect(steps(exchanges[1]!)).toEqual(['MM1 i2r', 'MM1 i2r', 'MM2 r2i']);
    expect(exchanges[1]?.startedBefore).toBe(false);
    expect(exchanges[1]?.messages.at(-1)?.anomalies).toContainEqual(
      expect.objectContaining({ code: 'responder-cookie-changed' }),
    );
  });

  it('cost linear time, however many there are', () => {
    const flood: IkeMessage[] = [ikeMessage(mm1, { ...to, frame: 1 })];
    for (let at = 2; at < 10_000; at += 1) {
      const responder = at.toString(16).padStart(16, '0');
      flood.push(ikeMessage(clear({ responder }, phase1Sa()), { ...back, frame: at }));
      flood.push(ikeMessage(mm1, { ...to, frame: at, srcPort: at }));
    }
    // Processor time: other work on the machine does not count.
    const begun = process.cpuUsage();
    expect(pairMessages(flood).length).toBe(9_998);
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5000);
  }, 30_000);
});

describe('IKEv2', () => {
  const v2 = (fields: HeaderFields): HeaderFields => ({ version: 0x20, flags: 0x08, ...fields });
  const response = (fields: HeaderFields): HeaderFields => v2({ flags: 0x20, ...fields });
  const notify = (type: number): ReturnType<typeof payload> =>
    payload(41, be(['u8', 0], ['u8', 0], ['u16', type]), octets('000e'));
  const keyed = payload(34, octets('000e0000'), new Uint8Array(32));
  const seal = (fields: HeaderFields, size: number): Uint8Array =>
    message({ next: 46, ...fields }, chain([payload(46, new Uint8Array(size))], 35));

  it('keeps restarts by COOKIE and INVALID_KE_PAYLOAD in one exchange', () => {
    const request = clear(v2({ responder: ZERO, exchange: 34 }), keyed);
    const cookie = clear(response({ responder: ZERO, exchange: 34 }), notify(16390));
    const again = clear(v2({ responder: ZERO, exchange: 34 }), notify(16390), keyed);
    const wrongGroup = clear(response({ responder: ZERO, exchange: 34 }), notify(17));
    const exchange = only(
      exchangesOf(
        [request, to],
        [cookie, back],
        [again, to],
        [wrongGroup, back],
        [clear(response({ exchange: 34 }), keyed), back],
        [seal(v2({ exchange: 35, messageId: 1 }), 200), to],
        [seal(v2({ exchange: 35, messageId: 1 }), 200), { ...to, timeMs: 9000 }],
      ),
    );
    expect(exchange.mode).toBe('ikev2');
    expect(exchange.responderCookie).toBe(CKY_R);
    expect(stopPoint(exchange)).toMatchObject({
      lastStep: 'AUTH',
      silent: 'responder',
      resends: [{ frame: 7, afterMs: 3000 }],
    });
    expect(exchange.notifications.map(({ notifyType }) => notifyType)).toEqual([16390, 16390, 17]);
  });

  it('takes the side from the flag, not from who asks', () => {
    const exchange = only(
      exchangesOf(
        [seal(response({ exchange: 37, flags: 0 }), 40), back],
        [seal(v2({ exchange: 37, flags: 0x28 }), 40), to],
      ),
    );
    expect(steps(exchange)).toEqual(['INFORMATIONAL r2i', 'INFORMATIONAL i2r']);
    expect(exchange.startedBefore).toBe(true);
  });

  it('takes neither a short fragment nor a short answer that the initiator asks on after for a refusal', () => {
    const ask = (messageId: number, size = 200): Uint8Array =>
      seal(v2({ exchange: 35, messageId }), size);
    const answer = (messageId: number, size: number): Uint8Array =>
      seal(response({ exchange: 35, messageId }), size);
    const piece = (number: number, size: number): Uint8Array =>
      message(
        response({ exchange: 35, messageId: 1, next: 53 }),
        chain([payload(53, be(['u16', number], ['u16', 2]), new Uint8Array(size))], 36),
      );
    const verdicts = [
      exchangesOf([ask(1), to], [answer(1, 40), back]),
      exchangesOf([ask(1), to], [piece(1, 400), back], [piece(2, 40), back]),
      exchangesOf([ask(1), to], [answer(1, 40), back], [ask(2, 80), to], [answer(2, 200), back]),
    ].map((exchanges) => {
      const exchange = only(exchanges);
      return exchange.messages
        .map((entry) => inferContent(exchange, entry)?.split(': ')[1])
        .filter((text) => text !== undefined);
    });
    expect(verdicts).toEqual([
      ['the responder refuses'],
      [],
      ['the responder accepted the initiator'],
    ]);
  });

  it('knows an SA that was up before the capture by what goes on under its keys', () => {
    const rekeyed = exchangesOf(
      [seal(response({ exchange: 36, messageId: 4, flags: 0 }), 200), back],
      [seal(v2({ exchange: 36, messageId: 4, flags: 0x28 }), 200), to],
    );
    expect(only(rekeyed)).toMatchObject({ startedBefore: true, completed: true });
    const lone = exchangesOf([seal(v2({ exchange: 37, messageId: 2 }), 40), to]);
    expect(only(lone).completed).toBe(false);
  });

  it('orders the pieces of a fragmented message by number, whatever the order of arrival', () => {
    const piece = (number: number): Uint8Array =>
      message(
        { ...v2({ exchange: 35, messageId: 1, next: 53 }) },
        chain([payload(53, be(['u16', number], ['u16', 3]), new Uint8Array(40).fill(number))], 35),
      );
    const exchange = only(
      exchangesOf([piece(3), to], [piece(1), to], [piece(1), to], [piece(2), to]),
    );
    expect(exchange.messages.map(({ partOf }) => partOf)).toEqual([4, null, 4, null]);
    expect(exchange.messages[1]?.retransmissionOf).toBeNull();
    expect(exchange.messages[3]?.message.fragmentFrames).toEqual([3, 4, 1]);
  });
});

describe('Cisco fragments', () => {
  const cut = (bytes: Uint8Array, id: number): readonly Uint8Array[] => {
    const half = Math.ceil(bytes.length / 2);
    return [bytes.subarray(0, half), bytes.subarray(half)].map((part, at) =>
      clear({}, payload(132, be(['u16', id], ['u8', at + 1], ['u8', at]), part)),
    );
  };

  it('are joined where the last one arrives, and take the step of the whole', () => {
    const [first, second] = cut(mm5, 1);
    const exchange = only(
      exchangesOf([mm1, to], [mm2, back], [mm3, to], [second!, to], [first!, to]),
    );
    expect(steps(exchange).slice(3)).toEqual(['MM5 i2r', 'MM5 i2r']);
    const [piece, whole] = exchange.messages.slice(3);
    expect(piece).toMatchObject({ partOf: 5, encrypted: false });
    expect(whole).toMatchObject({ partOf: null, encrypted: true });
    expect(whole?.message.fragmentFrames).toEqual([5, 4]);
    expect(whole?.message.pdu.bytes).toEqual(mm5);
  });

  it('that never complete stay what they are', () => {
    const [first] = cut(mm5, 1);
    const exchange = only(exchangesOf([mm1, to], [first!, to]));
    expect(exchange.messages[1]).toMatchObject({ step: 'MM5', partOf: null, encrypted: false });
  });

  it('of two senders do not mix', () => {
    const [first] = cut(mm5, 1);
    const [, second] = cut(mm6, 1);
    const exchange = only(exchangesOf([mm1, to], [first!, to], [second!, back]));
    expect(exchange.messages.every(({ message: one }) => one.fragmentFrames.length === 0)).toBe(
      true,
    );
  });
});

describe('the NAT verdict', () => {
  const natD = (address: string, port: number): ReturnType<typeof payload> =>
    payload(
      20,
      hash(
        'sha256',
        octets(CKY_I + CKY_R),
        Uint8Array.from(address.split('.').map(Number)),
        be(['u16', port]),
      ),
    );
  const verdict = (inside: string): Exchange['nat'] =>
    only(
      exchangesOf(
        [mm1, to],
        [mm2, back],
        [clear({}, ke(3), nonce, natD(B, 500), natD(inside, 500)), to],
        [clear({}, ke(4), nonce, natD(A, 500), natD(B, 500)), back],
      ),
    ).nat;

  it('is recomputed from the addresses of the packets', () => {
    expect(verdict(A)).toEqual({ initiatorTranslated: false, responderTranslated: false });
    expect(verdict('10.0.0.5')).toEqual({ initiatorTranslated: true, responderTranslated: false });
  });

  it('waits for both sides before it says that nobody is translated', () => {
    const half = only(
      exchangesOf([mm1, to], [mm2, back], [clear({}, ke(3), natD(B, 500), natD(A, 500)), to]),
    );
    expect(half.nat).toEqual({ initiatorTranslated: null, responderTranslated: null });
  });
});

describe('where it stopped', () => {
  it('names the silent side and the schedule', () => {
    const exchange = only(
      exchangesOf(
        [mm1, { ...to, timeMs: 0 }],
        [mm1, { ...to, timeMs: 4000 }],
        [mm1, { ...to, timeMs: 11_200 }],
      ),
    );
    expect(stopPoint(exchange)).toEqual({
      lastStep: 'MM1',
      lastFrame: 1,
      expected: 'MM2',
      silent: 'responder',
      repeating: null,
      insteadFrames: [],
      resends: [
        { frame: 2, afterMs: 4000, gapMs: 4000 },
        { frame: 3, afterMs: 11_200, gapMs: 7200 },
      ],
    });
  });

  it('does not call a side silent that repeats what it said before', () => {
    const exchange = only(
      exchangesOf(
        [mm1, { ...to, timeMs: 0 }],
        [mm2, { ...back, timeMs: 10 }],
        [mm3, { ...to, timeMs: 20 }],
        [mm4, { ...back, timeMs: 30 }],
        [mm3, { ...to, timeMs: 10_020 }],
        [mm4, { ...back, timeMs: 10_030 }],
        [mm3, { ...to, timeMs: 20_020 }],
      ),
    );
    expect(stopPoint(exchange)).toMatchObject({
      lastStep: 'MM4',
      expected: 'MM5',
      silent: null,
      repeating: 'initiator',
    });
  });

  it('goes by the clock where the file has messages out of order', () => {
    const exchange = only(
      exchangesOf(
        [mm1, { ...to, timeMs: 0 }],
        [mm3, { ...to, timeMs: 20 }],
        [mm2, { ...back, timeMs: 10 }],
      ),
    );
    expect(stopPoint(exchange)).toMatchObject({ lastStep: 'MM3', expected: 'MM4' });
  });

  it('tells a refusal from silence', () => {
    const exchange = only(
      exchangesOf([mm1, to], [mm2, back], [mm3, to], [mm4, back], [mm5, to], [info(1), back]),
    );
    expect(stopPoint(exchange)).toMatchObject({
      lastStep: 'MM5',
      expected: 'MM6',
      silent: null,
      insteadFrames: [6],
    });
    expect(exchange.completed).toBe(false);
    expect(inferContent(exchange, exchange.messages[5]!)).toContain('refusal');
  });

  it('expects nothing after the last message', () => {
    const exchange = only(exchangesOf([mm1, to], [mm2, back], [mm5, to], [mm6, back]));
    expect(stopPoint(exchange)).toMatchObject({ lastStep: 'MM6', expected: null, silent: null });
    expect(exchange.completed).toBe(false);
  });
});

it('loses no message', () => {
  const noise = concat(mm5, octets('00'));
  const all = [mm1, mm2, mm5, info(1), quick(1), noise].map((bytes, at) =>
    ikeMessage(bytes, { frame: at + 1, src: `198.51.100.${String(at + 1)}`, dst: B }),
  );
  const placed = new Set(
    pairMessages(all).flatMap(({ messages }) => messages.map((m) => m.message.frame)),
  );
  expect(placed.size).toBe(all.length);
});
