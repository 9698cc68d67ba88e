import { hexRange } from '../bytes/hex.ts';
import { u16, u32 } from '../bytes/span.ts';
import type { IsakmpAnomalyCode } from '../model/anomalies/isakmp.ts';
import type { IsakmpHeader } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import { exchangeTypes } from './registry/exchange-types.ts';
import { payloadTypes } from './registry/payload-types.ts';

/** RFC 2408 §3.1, RFC 7296 §3.1: cookies 0 and 8, next payload 16, version 17, exchange 18, flags 19, id 20, length 24. */
export const HEADER_LENGTH = 28;

/** IKEv1 flags (RFC 2408 §3.1). */
export const FlagV1 = { encrypted: 1, commit: 2, authenticationOnly: 4 } as const;

/** IKEv2 flags (RFC 7296 §3.1). */
export const FlagV2 = { initiator: 0x08, version: 0x10, response: 0x20 } as const;

/** Cisco IKE fragmentation: such a message is clear whatever its flags say, and carries another message. */
export const CISCO_FRAGMENT = 132;

export const ZERO_COOKIE = '0000000000000000';

/** Cookies come again and again, two a message: their texts are shared. A table of the last ones, by their octets. */
const SHARED = 1024;
const cookieWords = new Int32Array(2 * SHARED);
const cookieTexts: string[] = new Array<string>(SHARED).fill(ZERO_COOKIE);

function cookieText(pdu: Uint8Array, at: number): string {
  const high = u32(pdu, at) | 0;
  const low = u32(pdu, at + 4) | 0;
  const place = (high ^ (high >>> 16) ^ low ^ (low >>> 11)) & (SHARED - 1);
  if (cookieWords[2 * place] === high && cookieWords[2 * place + 1] === low) {
    return cookieTexts[place]!;
  }
  const text = hexRange(pdu, at, at + 8);
  cookieWords[2 * place] = high;
  cookieWords[2 * place + 1] = low;
  cookieTexts[place] = text;
  return text;
}

/** The caller has proven that 28 octets are there. */
export function readHeader(pdu: Uint8Array): IsakmpHeader {
  const version = pdu[17]!;
  return {
    initiatorCookie: cookieText(pdu, 0),
    responderCookie: cookieText(pdu, 8),
    nextPayload: pdu[16]!,
    majorVersion: version >> 4,
    minorVersion: version & 0x0f,
    exchangeType: pdu[18]!,
    flags: pdu[19]!,
    messageId: u32(pdu, 20),
    length: u32(pdu, 24),
  };
}

/**
 * Why these octets are no IKE message, or null when they are one. A header whose length is right is taken at its word.
 * One that contradicts its datagram is a damaged message as long as its exchange type and first payload make sense,
 * and noise when they do not. `missing` counts octets that the capture cut off.
 */
export function refusal(pdu: Span, missing: number): IsakmpAnomalyCode | null {
  const { bytes } = pdu;
  if (bytes.length < HEADER_LENGTH) return missing > 0 ? 'header-cut' : 'header-truncated';
  const major = bytes[17]! >> 4;
  if (major !== 1 && major !== 2) return 'version-not-ike';
  if (u32(bytes, 0) === 0 && u32(bytes, 4) === 0) return 'initiator-cookie-zero';
  const length = u32(bytes, 24);
  if (length === bytes.length + missing) return null;
  return exchangeTypes.has(bytes[18]!) && firstPayloadMakesSense(bytes, major)
    ? null
    : 'header-implausible';
}

function firstPayloadMakesSense(bytes: Uint8Array, major: 1 | 2): boolean {
  const types = payloadTypes(major);
  if (!types.has(bytes[16]!)) return false;
  if (bytes.length === HEADER_LENGTH) return true;
  if (bytes.length < HEADER_LENGTH + 4) return false;
  if (major === 1 && (bytes[19]! & FlagV1.encrypted) !== 0) return true;
  return (
    types.has(bytes[HEADER_LENGTH]!) &&
    (bytes[HEADER_LENGTH + 1]! & 0x7f) === 0 &&
    u16(bytes, HEADER_LENGTH + 2) >= 4
  );
}
