import type { Decoded } from '../model/anomaly.ts';
import type { Payload, PayloadContent } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import { note } from './body.ts';
import type { Faults } from './body.ts';
import { splitPayloads } from './chain.ts';
import type { RawPayload } from './chain.ts';
import { createSharedBodies } from './shared-bodies.ts';
import { bodiesV1, unknownBody } from './v1/bodies.ts';
import { bodiesV2, encryptedFragment } from './v2/bodies.ts';

const SK = 46;
const SKF = 53;

/** RFC 7296 §3.2: the critical bit; all others are reserved. */
const CRITICAL = 0x80;

/**
 * The payloads of a chain, clear or decrypted, with their meaning. Never throws; offsets count from the frame (or
 * from the start of the plaintext, whose span has the offset 0). Damage ends the chain and is told.
 */
export function decodePayloads(
  chain: Span,
  firstType: number,
  version: 1 | 2,
): Decoded<readonly Payload[]> {
  const raw = splitPayloads(chain, firstType);
  const faults: Faults = [...raw.anomalies];
  const payloads: Payload[] = [];
  for (const payload of raw.value) {
    const reservedBits = version === 1 ? payload.reserved : payload.reserved & ~CRITICAL;
    if (reservedBits !== 0) note(faults, 'payload-reserved-not-zero', payload.offset + 1, 1);
    payloads.push({
      type: payload.type,
      offset: payload.offset,
      length: payload.declaredLength,
      reserved: payload.reserved,
      body: payload.body,
      content: version === 1 ? contentV1(payload, faults) : contentV2(payload, faults),
    });
  }
  return { value: payloads, anomalies: faults };
}

/** Payloads whose octets are the same in exchange after exchange: SA, identification, certificate request, notification, vendor id. */
const REPEATED_V1: ReadonlySet<number> = new Set([1, 5, 7, 11, 13]);
const REPEATED_V2: ReadonlySet<number> = new Set([33, 35, 36, 38, 41, 43]);

const sharedV1 = createSharedBodies();
const sharedV2 = createSharedBodies();

function contentV1({ type, body }: RawPayload, faults: Faults): PayloadContent {
  const decode = bodiesV1.get(type);
  if (decode === undefined) return unknownBody(body);
  return REPEATED_V1.has(type) ? sharedV1(decode, type, body, faults) : decode(body, faults);
}

function contentV2({ type, next, body }: RawPayload, faults: Faults): PayloadContent {
  if (type === SK) return { kind: 'encrypted', firstPayload: next, data: body };
  if (type === SKF) return encryptedFragment(body, next, faults);
  const decode = bodiesV2.get(type);
  if (decode === undefined) return unknownBody(body);
  return REPEATED_V2.has(type) ? sharedV2(decode, type, body, faults) : decode(body, faults);
}
