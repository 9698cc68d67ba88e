import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hex } from '../../src/bytes/hex.ts';
import { decodePayloads } from '../../src/isakmp/payloads.ts';
import type { Payload, PayloadContent } from '../../src/model/isakmp.ts';
import type { BuiltPayload } from '../support/isakmp.ts';
import {
  chain,
  octets,
  payload,
  phase1Transform,
  proposal,
  saV1,
  tlv,
  transform,
  tv,
} from '../support/isakmp.ts';
import { be } from '../support/packets.ts';
import { concat } from '../support/pcap-files.ts';

const NONE = new Uint8Array(0);

function decode(
  version: 1 | 2,
  ...payloads: readonly BuiltPayload[]
): ReturnType<typeof decodePayloads> {
  return decodePayloads({ bytes: chain(payloads), offset: 100 }, payloads[0]?.type ?? 0, version);
}

/** The content of one well-formed payload. */
function content(version: 1 | 2, built: BuiltPayload): PayloadContent {
  const { value, anomalies } = decode(version, built);
  expect(anomalies).toEqual([]);
  expect(value).toHaveLength(1);
  return value[0]!.content;
}

const faults = (version: 1 | 2, ...payloads: readonly BuiltPayload[]): readonly string[] =>
  decode(version, ...payloads).anomalies.map(
    ({ code, offset }) => `${code}@${String(offset - 100)}`,
  );

describe('the chain', () => {
  it('keeps order, offsets, lengths and unknown types', () => {
    const { value, anomalies } = decode(
      1,
      payload(10, octets('aabb')),
      payload(99, NONE),
      payload(8),
    );
    expect(value.map(({ type, offset, length }) => [type, offset, length])).toEqual([
      [10, 100, 6],
      [99, 106, 4],
      [8, 110, 4],
    ]);
    expect(value[1]?.content.kind).toBe('unknown');
    expect(anomalies).toEqual([]);
  });

  it('stops where nothing can be known', () => {
    const bad = (bytes: string): readonly string[] =>
      decodePayloads({ bytes: octets(bytes), offset: 0 }, 10, 1).anomalies.map(
        ({ code, offset, length }) => `${code}@${String(offset)}+${String(length)}`,
      );
    expect(bad('0a0000')).toEqual(['payload-header-truncated@0+3']);
    expect(bad('0a000003ff')).toEqual(['payload-length-below-header@2+2']);
    expect(bad('00000009aa')).toEqual(['payload-length-overruns@2+2']);
    expect(bad('00000005aabbcc')).toEqual(['trailing-octets@5+2']);
    expect(bad('00070005aa')).toEqual(['payload-reserved-not-zero@1+1']);
  });

  it('ends at SK and SKF, whose next payload names an inner one', () => {
    const one = decodePayloads(
      { bytes: concat(chain([payload(46, octets('aabbccdd'))], 39), octets('ff')), offset: 0 },
      46,
      2,
    );
    expect(one.value).toHaveLength(1);
    expect(one.anomalies.map(({ code }) => code)).toEqual(['trailing-octets']);
  });

  it('keeps the critical bit of IKEv2 and complains of other reserved bits', () => {
    const one = (reserved: string): ReturnType<typeof decodePayloads> =>
      decodePayloads({ bytes: octets(`00${reserved}0006aabb`), offset: 0 }, 40, 2);
    expect(one('80').anomalies).toEqual([]);
    expect(one('80').value[0]?.reserved).toBe(0x80);
    expect(one('81').anomalies.map(({ code }) => code)).toEqual(['payload-reserved-not-zero']);
  });

  it('is bounded', () => {
    const endless = concat(...Array.from({ length: 2000 }, () => octets('0d000004')));
    const { value, anomalies } = decodePayloads({ bytes: endless, offset: 0 }, 13, 1);
    expect(value).toHaveLength(1024);
    expect(anomalies.map(({ code }) => code)).toEqual(['too-many-payloads']);
  });
});

describe('IKEv1 payloads', () => {
  it('SA with several proposals, transforms and both attribute forms', () => {
    const esp = (number: number, more: number): Uint8Array =>
      transform(
        more,
        be(['u8', number], ['u8', 12], ['u16', 0]),
        tv(4, 61443),
        tv(6, 128),
        tlv(2, be(['u32', 3600])),
      );
    const sa = content(
      1,
      saV1(
        proposal(2, 1, 3, octets('c719d3ae'), esp(1, 3), esp(2, 0)),
        proposal(0, 2, 1, NONE, phase1Transform()),
      ),
    );
    expect(sa).toMatchObject({
      kind: 'sa-v1',
      doi: 1,
      situation: 1,
      proposals: [
        {
          number: 1,
          protocol: 3,
          transforms: [
            {
              number: 1,
              id: 12,
              attributes: [
                { type: 4, value: 61443 },
                { type: 6, value: 128 },
                { type: 2, value: 3600 },
              ],
            },
            { number: 2 },
          ],
        },
        { number: 2, protocol: 1, transforms: [{ number: 1, id: 1 }] },
      ],
    });
  });

  it('SA damage is told at its octet', () => {
    const whole = saV1(proposal(0, 1, 1, NONE, phase1Transform()));
    const changed = (at: number, ...values: readonly number[]): BuiltPayload => {
      const body = Uint8Array.from(whole.body);
      body.set(values, at);
      return { type: 1, body };
    };
    // Offsets in the chain: generic header 4, DOI and situation 8, proposal 12, transform 20.
    expect(faults(1, changed(8, 2))).toEqual(['proposal-count-wrong@12']);
    expect(faults(1, changed(10, 0, 7))).toEqual(['proposal-length-wrong@14']);
    expect(faults(1, changed(10, 1, 0))).toEqual(['proposal-length-wrong@14']);
    expect(faults(1, changed(15, 2))).toEqual(['transform-count-wrong@19']);
    expect(faults(1, changed(18, 0, 3))).toEqual([
      'transform-length-wrong@22',
      'transform-count-wrong@19',
    ]);
    expect(faults(1, changed(14, 200))).toContain('spi-overruns@18');
    expect(faults(1, { type: 1, body: whole.body.subarray(0, 7) })).toEqual([
      'payload-body-truncated@4',
    ]);
  });

  it('reads the proposals of an SA whatever its situation says', () => {
    const whole = saV1(proposal(0, 1, 1, NONE, phase1Transform()));
    const proposals = whole.body.subarray(8);
    const situated = (situation: number, labels: string, doi = 1): BuiltPayload => ({
      type: 1,
      body: concat(be(['u32', doi], ['u32', situation]), octets(labels), proposals),
    });
    const one = { proposals: [{ number: 1, protocol: 1, transforms: [{ id: 1 }] }] };
    // Domain; a secrecy level of 2 octets, 9 bits of categories; an integrity level of 1 octet, no categories.
    const labels = '0000000100020000abcd000000090000ff80000000010000ab00000000000000';
    expect(content(1, situated(7, labels))).toMatchObject(one);
    expect(faults(1, situated(7, labels))).toEqual([]);
    expect(faults(1, situated(0, ''))).toEqual(['situation-unassigned@8']);
    expect(content(1, situated(0, '', 2))).toMatchObject({ proposals: [] });
    expect(faults(1, situated(7, 'ffffffffffff'))).not.toEqual([]);
  });

  it('keeps the numbers of long attributes only as octets', () => {
    const sa = content(
      1,
      saV1(
        proposal(
          0,
          1,
          1,
          NONE,
          transform(
            0,
            be(['u8', 1], ['u8', 1], ['u16', 0]),
            tlv(6, new Uint8Array(7).fill(1)),
            tlv(12, octets('000100000000')),
          ),
        ),
      ),
    );
    expect(sa).toMatchObject({
      proposals: [{ transforms: [{ attributes: [{ value: null }, { value: 2 ** 32 }] }] }],
    });
  });

  it('ID, with a length that must fit its type', () => {
    const id = (type: number, data: string): BuiltPayload =>
      payload(5, be(['u8', type], ['u8', 17], ['u16', 500]), octets(data));
    expect(content(1, id(1, 'c0000201'))).toMatchObject({
      kind: 'identification',
      idType: 1,
      protocol: 17,
      port: 500,
    });
    expect(faults(1, id(1, 'c00002'))).toEqual(['identity-length-wrong@8']);
    expect(faults(1, payload(5, octets('0100')))).toEqual(['payload-body-truncated@4']);
  });

  it('N and D', () => {
    expect(
      content(
        1,
        payload(11, be(['u32', 1], ['u8', 1], ['u8', 2], ['u16', 24578]), octets('aabbcc')),
      ),
    ).toMatchObject({ kind: 'notification', doi: 1, protocol: 1, notifyType: 24578 });
    const short = payload(11, be(['u32', 1], ['u8', 1], ['u8', 16], ['u16', 16]), octets('aabb'));
    expect(faults(1, short)).toEqual(['spi-overruns@9']);
    const deletion = content(
      1,
      payload(12, be(['u32', 1], ['u8', 3], ['u8', 4], ['u16', 2]), octets('c719d3aecdb9decb')),
    );
    expect(deletion.kind === 'delete' && deletion.spis.map(({ bytes }) => hex(bytes))).toEqual([
      'c719d3ae',
      'cdb9decb',
    ]);
    expect(
      faults(1, payload(12, be(['u32', 1], ['u8', 3], ['u8', 4], ['u16', 3]), octets('c719d3ae'))),
    ).toEqual(['delete-count-wrong@10']);
  });

  it('mode config, NAT-D of three numberings, NAT-OA, Cisco fragments', () => {
    expect(
      content(
        1,
        payload(
          14,
          be(['u8', 2], ['u8', 0], ['u16', 77]),
          tv(16527, 1),
          tlv(1, octets('0a590101')),
        ),
      ),
    ).toMatchObject({
      configType: 2,
      identifier: 77,
      attributes: [{ type: 16527 }, { value: 0x0a590101 }],
    });
    for (const type of [15, 20, 130]) {
      expect(content(1, payload(type, new Uint8Array(20)))).toMatchObject({
        kind: 'nat-discovery',
      });
    }
    expect(content(1, payload(15, new Uint8Array(21)))).toMatchObject({ kind: 'unknown' });
    expect(content(1, payload(21, octets('01000000c0000201')))).toMatchObject({ idType: 1 });
    expect(faults(1, payload(132, octets('00010000')))).toEqual(['fragment-number-wrong@6']);
  });
});

describe('IKEv2 payloads', () => {
  it('SA, KE, AUTH and EAP', () => {
    const sa = payload(
      33,
      proposal(
        0,
        1,
        1,
        octets('0102030405060708'),
        transform(3, be(['u8', 1], ['u8', 0], ['u16', 12]), tv(14, 256)),
        transform(0, be(['u8', 6], ['u8', 0], ['u16', 36])),
      ),
    );
    expect(content(2, sa)).toMatchObject({
      proposals: [
        {
          transforms: [
            { type: 1, id: 12, attributes: [{ type: 14, value: 256 }] },
            { type: 6, id: 36 },
          ],
        },
      ],
    });
    expect(content(2, payload(34, octets('001f0000aabb')))).toMatchObject({ group: 31 });
    expect(content(2, payload(39, octets('02000000aa')))).toMatchObject({ method: 2 });
    expect(content(2, payload(48, octets('0107000501')))).toMatchObject({ code: 1, identifier: 7 });
  });

  it('TS of both families', () => {
    const range = octets('070600100000ffff0a5100000a5100ff');
    const six = octets(
      `08000028 0050 0050 ${'20010db8'.padEnd(32, '0')}${'20010db8'.padEnd(32, 'f')}`.replaceAll(
        ' ',
        '',
      ),
    );
    expect(content(2, payload(44, be(['u8', 2], ['u8', 0], ['u16', 0]), range, six))).toMatchObject(
      {
        selectors: [
          {
            protocol: 6,
            startPort: 0,
            endPort: 65535,
            startAddress: '10.81.0.0',
            endAddress: '10.81.0.255',
          },
          {
            startPort: 80,
            startAddress: '2001:db8::',
            endAddress: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
          },
        ],
      },
    );
    expect(faults(2, payload(44, be(['u8', 2], ['u8', 0], ['u16', 0]), range))).toEqual([
      'selector-count-wrong@4',
    ]);
    expect(
      faults(2, payload(44, be(['u8', 1], ['u8', 0], ['u16', 0]), range.subarray(0, 12))),
    ).toEqual(['selector-truncated@8', 'selector-count-wrong@4']);
  });

  it('N, D, CP and SKF', () => {
    expect(content(2, payload(41, octets('0300400aaabb')))).toMatchObject({
      doi: null,
      notifyType: 16394,
    });
    expect(content(2, payload(42, octets('03040001c31fccf3')))).toMatchObject({ protocol: 3 });
    expect(
      content(2, payload(47, octets('01000000'), tlv(1, NONE), tlv(8, new Uint8Array(17)))),
    ).toMatchObject({ configType: 1, attributes: [{ type: 1, value: null }, { type: 8 }] });
    const skf = decodePayloads(
      { bytes: chain([payload(53, octets('00020003aabb'))], 35), offset: 0 },
      53,
      2,
    );
    expect(skf.value[0]?.content).toMatchObject({ fragment: 2, total: 3, firstPayload: 35 });
    expect(faults(2, payload(53, octets('00040003aabb')))).toEqual(['fragment-number-wrong@4']);
  });
});

describe('any octets', () => {
  const inside = (payloads: readonly Payload[], from: number, to: number): boolean =>
    payloads.every(
      ({ offset, body }) =>
        offset >= from && body.offset >= from && body.offset + body.bytes.length <= to,
    );

  it('give payloads and anomalies inside the chain, without a throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 0, max: 140 }),
        fc.constantFrom<1 | 2>(1, 2),
        (bytes, first, version) => {
          const { value, anomalies } = decodePayloads({ bytes, offset: 50 }, first, version);
          expect(inside(value, 50, 50 + bytes.length)).toBe(true);
          for (const { offset, length } of anomalies) {
            expect(offset).toBeGreaterThanOrEqual(50);
            expect(offset + length).toBeLessThanOrEqual(50 + bytes.length);
          }
          for (const { body } of value) expect(body.bytes.buffer).toBe(bytes.buffer);
        },
      ),
      { seed: 2408, numRuns: 2000 },
    );
  });
});
