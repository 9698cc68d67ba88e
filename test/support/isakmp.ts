import { fromHex } from '../../src/bytes/hex.ts';
import type { Datagram } from '../../src/model/datagram.ts';
import type { IkeMessage } from '../../src/model/isakmp.ts';
import { decodeMessage } from '../../src/isakmp/message.ts';
import { be } from './packets.ts';
import { concat } from './pcap-files.ts';

/** ISAKMP messages built field by field from the RFCs, apart from the decoders. */

export const CKY_I = '1111111111111111';
export const CKY_R = '2222222222222222';
export const ZERO = '0000000000000000';

export type BuiltPayload = { readonly type: number; readonly body: Uint8Array };

export const payload = (type: number, ...parts: readonly Uint8Array[]): BuiltPayload => ({
  type,
  body: concat(...parts),
});

/** RFC 2408 §3.2: each header names the type of the one that follows. `end` is what the last names. */
export function chain(payloads: readonly BuiltPayload[], end = 0): Uint8Array {
  return concat(
    ...payloads.map(({ body }, at) =>
      concat(be(['u8', payloads[at + 1]?.type ?? end], ['u8', 0], ['u16', body.length + 4]), body),
    ),
  );
}

export type HeaderFields = {
  readonly initiator?: string;
  readonly responder?: string;
  readonly version?: number;
  readonly exchange?: number;
  readonly flags?: number;
  readonly messageId?: number;
  readonly next?: number;
  /** When it is to be wrong. */
  readonly length?: number;
};

export function message(fields: HeaderFields, body: Uint8Array): Uint8Array {
  return concat(
    octets(fields.initiator ?? CKY_I),
    octets(fields.responder ?? CKY_R),
    be(
      ['u8', fields.next ?? 0],
      ['u8', fields.version ?? 0x10],
      ['u8', fields.exchange ?? 2],
      ['u8', fields.flags ?? 0],
      ['u32', fields.messageId ?? 0],
      ['u32', fields.length ?? 28 + body.length],
    ),
    body,
  );
}

/** A message of clear payloads. */
export function clear(fields: HeaderFields, ...payloads: readonly BuiltPayload[]): Uint8Array {
  return message({ next: payloads[0]?.type ?? 0, ...fields }, chain(payloads));
}

/** An encrypted IKEv1 message of `size` octets after the header; the filler tells one from another. */
export function sealed(fields: HeaderFields, size = 48, filler = 0xc3): Uint8Array {
  return message({ next: 5, flags: 1, ...fields }, new Uint8Array(size).fill(filler));
}

export const octets = (hex: string): Uint8Array => fromHex(hex)!;

export const tv = (type: number, value: number): Uint8Array =>
  be(['u16', 0x8000 | type], ['u16', value]);

export const tlv = (type: number, data: Uint8Array): Uint8Array =>
  concat(be(['u16', type], ['u16', data.length]), data);

/** RFC 2408 §3.6 and RFC 7296 §3.3.2: `more` is 3 for all but the last. */
export const transform = (
  more: number,
  head: Uint8Array,
  ...attributes: readonly Uint8Array[]
): Uint8Array => {
  const body = concat(head, ...attributes);
  return concat(be(['u8', more], ['u8', 0], ['u16', body.length + 4]), body);
};

/** RFC 2408 §3.5 and RFC 7296 §3.3.1: `more` is 2 for all but the last. */
export const proposal = (
  more: number,
  number: number,
  protocol: number,
  spi: Uint8Array,
  ...transforms: readonly Uint8Array[]
): Uint8Array => {
  const body = concat(
    be(['u8', number], ['u8', protocol], ['u8', spi.length], ['u8', transforms.length]),
    spi,
    ...transforms,
  );
  return concat(be(['u8', more], ['u8', 0], ['u16', body.length + 4]), body);
};

export const saV1 = (...proposals: readonly Uint8Array[]): BuiltPayload =>
  payload(1, be(['u32', 1], ['u32', 1]), ...proposals);

/** AES-CBC-256, SHA2-256, group 14, pre-shared key, 86400 seconds. */
export const phase1Transform = (number = 1, more = 0): Uint8Array =>
  transform(
    more,
    be(['u8', number], ['u8', 1], ['u16', 0]),
    tv(1, 7),
    tv(14, 256),
    tv(2, 4),
    tv(4, 14),
    tv(3, 1),
    tv(11, 1),
    tlv(12, be(['u32', 86400])),
  );

export const phase1Sa = (): BuiltPayload =>
  saV1(proposal(0, 1, 1, new Uint8Array(0), phase1Transform()));

export type Where = {
  readonly frame?: number;
  readonly timeMs?: number;
  readonly src?: string;
  readonly dst?: string;
  readonly srcPort?: number;
  readonly dstPort?: number;
  readonly interfaceId?: number;
  readonly missing?: number;
};

/** Offset of the UDP payload in an Ethernet frame with IPv4. */
export const UDP_PAYLOAD = 42;

export function datagram(bytes: Uint8Array, where: Where = {}): Datagram {
  const frame = where.frame ?? 1;
  return {
    frame,
    fragmentFrames: [],
    timeNs: BigInt(where.timeMs ?? frame * 1000) * 1_000_000n,
    interfaceId: where.interfaceId ?? 0,
    transport: 'udp',
    src: { address: where.src ?? '192.0.2.1', port: where.srcPort ?? 500 },
    dst: { address: where.dst ?? '192.0.2.2', port: where.dstPort ?? 500 },
    payload: { bytes, offset: UDP_PAYLOAD },
    missing: where.missing ?? 0,
    anomalies: [],
  };
}

/** Decoded; the test fails when it is no IKE message. */
export function ikeMessage(bytes: Uint8Array, where: Where = {}, capture = 0): IkeMessage {
  const decoded = decodeMessage(datagram(bytes, where), capture);
  if (decoded === null) throw new Error('not an IKE message');
  return decoded;
}
