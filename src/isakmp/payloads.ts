import type { Decoded } from '../model/anomaly.ts';
import type { Payload, PayloadContent } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import { note } from './body.ts';
import type { Faults } from './body.ts';
import { splitPayloads } from './chain.ts';
import type { RawPayload } from './chain.ts';
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
  const payloads = raw.value.map((payload) => {
    const reservedBits = version === 1 ? payload.reserved : payload.reserved & ~CRITICAL;
    if (reservedBits !== 0) note(faults, 'payload-reserved-not-zero', payload.offset + 1, 1);
    return {
      type: payload.type,
      offset: payload.offset,
      length: payload.declaredLength,
      reserved: payload.reserved,
      body: payload.body,
      content: version === 1 ? contentV1(payload, faults) : contentV2(payload, faults),
    };
  });
  return { value: payloads, anomalies: faults };
}

function contentV1(payload: RawPayload, faults: Faults): PayloadContent {
  const decode = bodiesV1.get(payload.type);
  return decode === undefined ? unknownBody(payload.body) : decode(payload.body, faults);
}

function contentV2(payload: RawPayload, faults: Faults): PayloadContent {
  if (payload.type === SK) {
    return { kind: 'encrypted', firstPayload: payload.next, data: payload.body };
  }
  if (payload.type === SKF) return encryptedFragment(payload.body, payload.next, faults);
  const decode = bodiesV2.get(payload.type);
  return decode === undefined ? unknownBody(payload.body) : decode(payload.body, faults);
}
