import { concat, fromHex, ipv4, u16, u32, u8 } from './octets.ts';

/** RFC 2408 section 3.1, RFC 7296 section 3.1: payload types of both versions, as far as they are written here. */
export const payloadType = {
  none: 0,
  sa: 1,
  ke: 4,
  id: 5,
  cert: 6,
  certReq: 7,
  hash: 8,
  sig: 9,
  nonce: 10,
  notify: 11,
  delete: 12,
  vid: 13,
  natD: 20,
  sa2: 33,
  ke2: 34,
  idi2: 35,
  idr2: 36,
  auth2: 39,
  nonce2: 40,
  notify2: 41,
  delete2: 42,
  vid2: 43,
  tsi2: 44,
  tsr2: 45,
  sk2: 46,
} as const;

export type PayloadName = keyof typeof payloadType;

export type Payload = { readonly name: PayloadName; readonly body: Uint8Array };

export const payload = (name: PayloadName, ...parts: readonly Uint8Array[]): Payload => ({
  name,
  body: concat(...parts),
});

export const exchangeType = {
  main: 2,
  informational: 5,
  quick: 32,
  saInit: 34,
  auth: 35,
  info2: 37,
} as const;

/** A chain of payloads with generic headers; `last` is the next-payload value of the final one. */
export const chain = (payloads: readonly Payload[], last = 0): Uint8Array =>
  concat(
    ...payloads.map((one, i) => {
      const next = payloads[i + 1];
      return concat(
        u8(next === undefined ? last : payloadType[next.name]),
        u8(0),
        u16(one.body.length + 4),
        one.body,
      );
    }),
  );

export type HeaderFields = {
  readonly initiatorCookie: Uint8Array;
  readonly responderCookie: Uint8Array;
  readonly next: number;
  readonly version: number;
  readonly exchange: number;
  readonly flags: number;
  readonly messageId: number;
};

/** RFC 2408 section 3.1: 28 octets, the length counting the header. */
export const message = (header: HeaderFields, body: Uint8Array): Uint8Array =>
  concat(
    header.initiatorCookie,
    header.responderCookie,
    u8(header.next),
    u8(header.version),
    u8(header.exchange),
    u8(header.flags),
    u32(header.messageId),
    u32(body.length + 28),
    body,
  );

/** RFC 2408 section 3.3: a short value stands in the attribute itself. */
export const basic = (type: number, value: number): Uint8Array =>
  concat(u16(0x8000 | type), u16(value));
export const variable = (type: number, value: Uint8Array): Uint8Array =>
  concat(u16(type), u16(value.length), value);

export type VendorName = 'rfc3947' | 'natt-07' | 'natt-03' | 'natt-02' | 'dpd' | 'unity' | 'xauth';

/** The vendor ids that IOS sends. The vendor id of IOS itself differs with every exchange. */
export const vendorIds: Readonly<Record<VendorName, Uint8Array>> = {
  rfc3947: fromHex('4a131c81070358455c5728f20e95452f'),
  'natt-07': fromHex('439b59f8ba676c4c7737ae22eab8f582'),
  'natt-03': fromHex('7d9419a65310ca6f2c179d9215529d56'),
  'natt-02': fromHex('90cb80913ebb696e086381b5ec427b1f'),
  dpd: fromHex('afcad71368a1f1c96b8696fc77570100'),
  unity: fromHex('12f5f28c457168a9702d9fe274cc0100'),
  xauth: fromHex('09002689dfd6b712'),
};

/** Identity payload body: type, protocol, port, value (RFC 2407 section 4.6.2). */
export const identityBody = (
  type: number,
  protocol: number,
  port: number,
  value: Uint8Array,
): Uint8Array => concat(u8(type), u8(protocol), u16(port), value);

export const addressIdentity = (address: string): Uint8Array =>
  identityBody(1, 17, 500, ipv4(address));
