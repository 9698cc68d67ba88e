import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hex } from '../../src/bytes/hex.ts';
import { decodeMessage, isEncrypted, whyNotIsakmp } from '../../src/isakmp/message.ts';
import type { Datagram } from '../../src/model/datagram.ts';
import type { IkeMessage } from '../../src/model/isakmp.ts';
import {
  chain,
  CKY_I,
  clear,
  datagram,
  ikeMessage,
  message,
  octets,
  payload,
  phase1Sa,
  sealed,
  UDP_PAYLOAD,
  ZERO,
} from '../support/isakmp.ts';
import { be, marked } from '../support/packets.ts';
import { concat } from '../support/pcap-files.ts';

const mm1 = clear({ responder: ZERO }, phase1Sa(), payload(13, octets('09002689dfd6b712')));

const codes = (one: IkeMessage): readonly string[] => one.anomalies.map(({ code }) => code);

describe('the header', () => {
  it('is read field by field', () => {
    const { header } = ikeMessage(
      message({ next: 8, exchange: 32, flags: 3, messageId: 0x16a66a4a }, new Uint8Array(24)),
    );
    expect(header).toEqual({
      initiatorCookie: '1111111111111111',
      responderCookie: '2222222222222222',
      nextPayload: 8,
      majorVersion: 1,
      minorVersion: 0,
      exchangeType: 32,
      flags: 3,
      messageId: 0x16a66a4a,
      length: 52,
    });
  });

  it('gives back what was built, whatever the values', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc
          .uint8Array({ minLength: 8, maxLength: 8 })
          .filter((cookie) => cookie.some((o) => o !== 0)),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        octet,
        octet,
        octet,
        fc.nat(0xffffffff),
        fc.uint8Array({ maxLength: 64 }),
        (cookieI, cookieR, next, exchange, flags, messageId, body) => {
          const built = message(
            {
              initiator: hex(cookieI),
              responder: hex(cookieR),
              next,
              exchange,
              flags,
              messageId,
            },
            body,
          );
          const { header, pdu } = ikeMessage(built);
          expect(header).toMatchObject({
            initiatorCookie: hex(cookieI),
            responderCookie: hex(cookieR),
            nextPayload: next,
            exchangeType: exchange,
            flags,
            messageId,
          });
          expect(pdu.bytes).toEqual(built);
        },
      ),
      { seed: 17, numRuns: 200 },
    );
  });
});

describe('the non-ESP marker', () => {
  it('is taken off, and offsets still count from the frame', () => {
    const one = ikeMessage(marked(mm1), { srcPort: 4500, dstPort: 4500 });
    expect(one.nonEspMarker).toBe(true);
    expect(one.pdu.offset).toBe(UDP_PAYLOAD + 4);
    expect(one.payloads[0]?.offset).toBe(UDP_PAYLOAD + 4 + 28);
  });

  it('is told from a cookie that begins with zeros by the length', () => {
    const one = ikeMessage(clear({ initiator: '0000000011111111' }, phase1Sa()), { dstPort: 4500 });
    expect(one.nonEspMarker).toBe(false);
    expect(one.header.initiatorCookie).toBe('0000000011111111');
  });

  it('is expected on port 4500 when the length is damaged', () => {
    const damaged = clear({ length: 9999 }, phase1Sa());
    expect(ikeMessage(marked(damaged), { dstPort: 4500 }).nonEspMarker).toBe(true);
  });
});

describe('a header that the snap length cut', () => {
  const cutAt = (bytes: Uint8Array, octets: number, dstPort = 500): Datagram =>
    datagram(bytes.subarray(0, octets), { missing: bytes.length - octets, dstPort });

  it.each([20, 24, 26, 27])('is read as far as it goes (%i octets)', (octets) => {
    const one = decodeMessage(cutAt(mm1, octets), 0)!;
    expect(one.header).toMatchObject({ initiatorCookie: CKY_I, length: mm1.length });
    expect(one.pdu.bytes.length).toBeLessThan(one.header.length);
    expect(codes(one)).toEqual(['header-cut']);
  });

  it('has its marker before it', () => {
    const one = decodeMessage(cutAt(marked(mm1), 26, 4500), 0)!;
    expect(one.nonEspMarker).toBe(true);
    expect(one.header).toMatchObject({ initiatorCookie: CKY_I, length: mm1.length });
  });

  it.each<[string, Uint8Array, number]>([
    ['too little is left', mm1, 19],
    ['the exchange type is none', clear({ exchange: 99 }, phase1Sa()), 26],
    ['the version is none', clear({ version: 0x30 }, phase1Sa()), 26],
    ['it was short when it was sent', mm1.subarray(0, 27), 26],
  ])('is no message where %s', (_, bytes, octets) => {
    expect(decodeMessage(cutAt(bytes, octets), 0)).toBeNull();
    expect(whyNotIsakmp(cutAt(bytes, octets))?.code).toBe('header-cut');
  });
});

describe('what is no IKE message', () => {
  const refused = (bytes: Uint8Array, missing = 0): string | undefined => {
    expect(decodeMessage(datagram(bytes, { missing }), 0)).toBeNull();
    return whyNotIsakmp(datagram(bytes, { missing }))?.code;
  };

  it('is refused by a rule that has a name', () => {
    expect(refused(mm1.subarray(0, 27))).toBe('header-truncated');
    expect(refused(clear({ version: 0x30 }, phase1Sa()))).toBe('version-not-ike');
    expect(refused(clear({ initiator: ZERO }, phase1Sa()))).toBe('initiator-cookie-zero');
  });

  it('is noise when header and first payload contradict the datagram', () => {
    // Header of a garbage datagram that a capture of a busy responder holds: length 1000, reserved octet set.
    const body = octets('2f014134028 0b32a41304e81fa465b6df5'.replace(' ', ''));
    expect(refused(message({ next: 1, responder: ZERO, length: 1000 }, body))).toBe(
      'header-implausible',
    );
  });

  it('is not a damaged message whose payloads make sense', () => {
    const cut = ikeMessage(mm1.subarray(0, mm1.length - 20));
    expect(codes(cut)).toContain('message-length-overruns');
    expect(cut.payloads[0]?.content.kind).toBe('sa-v1');
    expect(whyNotIsakmp(datagram(mm1))).toBeNull();
  });
});

describe('lengths', () => {
  it('longer than the datagram, shorter, and below the header are told apart', () => {
    expect(codes(ikeMessage(clear({ length: 4000 }, phase1Sa())))).toContain(
      'message-length-overruns',
    );
    expect(codes(ikeMessage(clear({ length: 27 }, phase1Sa())))).toContain(
      'message-length-below-header',
    );
    const trailing = ikeMessage(concat(mm1, new Uint8Array(5)));
    expect(trailing.anomalies).toEqual([
      { code: 'octets-after-message', offset: UDP_PAYLOAD + mm1.length, length: 5 },
    ]);
    expect(trailing.pdu.bytes).toEqual(mm1);
  });

  it('do not blame the sender for what the capture cut off', () => {
    const cut = ikeMessage(mm1.subarray(0, 54), { missing: mm1.length - 54 });
    expect(cut.anomalies).toEqual([]);
    expect(cut.header.length).toBe(mm1.length);
  });
});

describe('encryption', () => {
  it('hides the payloads of IKEv1 and leaves a Cisco fragment readable', () => {
    expect(ikeMessage(sealed({})).payloads).toEqual([]);
    expect(isEncrypted(ikeMessage(sealed({})))).toBe(true);
    const fragment = ikeMessage(
      message(
        { next: 132, flags: 1 },
        chain([payload(132, be(['u16', 7], ['u8', 1], ['u8', 1]), octets('aabb'))]),
      ),
    );
    expect(fragment.payloads[0]?.content).toMatchObject({
      kind: 'cisco-fragment',
      id: 7,
      number: 1,
      last: true,
    });
    expect(isEncrypted(fragment)).toBe(false);
  });

  it('is a payload in IKEv2', () => {
    const body = chain([payload(46, new Uint8Array(48))], 35);
    const one = ikeMessage(message({ version: 0x20, exchange: 35, next: 46, flags: 8 }, body));
    expect(isEncrypted(one)).toBe(true);
    expect(one.payloads[0]?.content).toMatchObject({ kind: 'encrypted', firstPayload: 35 });
    expect(codes(one)).toEqual([]);
  });
});

it('names an exchange type that no registry has', () => {
  const one = ikeMessage(message({ exchange: 200, initiator: CKY_I, next: 0 }, new Uint8Array(0)));
  expect(one.anomalies).toEqual([
    { code: 'exchange-type-unassigned', offset: UDP_PAYLOAD + 18, length: 1 },
  ]);
});
