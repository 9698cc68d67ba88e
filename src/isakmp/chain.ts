import { slice, u16 } from '../bytes/span.ts';
import type { Anomaly, Decoded } from '../model/anomaly.ts';
import type { IsakmpAnomalyCode } from '../model/anomalies/isakmp.ts';
import type { Span } from '../model/span.ts';

/** RFC 2408 §3.2 and RFC 7296 §3.2 share this header: next payload, reserved or critical bit, length. */
const HEADER = 4;

/** SK (RFC 7296 §3.14) and SKF (RFC 7383 §2.5) come last: their next-payload names an inner payload. */
const SK = 46;
const SKF = 53;

/** A message of 64 KiB of empty payloads is an attack on the reader; the longest real chains hold some forty. */
const MOST_PAYLOADS = 1024;

export type RawPayload = {
  readonly type: number;
  /** What its header names next; inside SK and SKF the type of the first inner payload. */
  readonly next: number;
  readonly reserved: number;
  readonly declaredLength: number;
  /** Of the generic header, in the frame. */
  readonly offset: number;
  readonly body: Span;
};

/** The payload chain as it stands. Ends at damage: past a wrong length nothing can be known. */
export function splitPayloads(chain: Span, firstType: number): Decoded<readonly RawPayload[]> {
  const payloads: RawPayload[] = [];
  const anomalies: Anomaly[] = [];
  const note = (code: IsakmpAnomalyCode, at: number, length: number): void => {
    anomalies.push({ code, offset: chain.offset + at, length });
  };

  const { bytes } = chain;
  const end = bytes.length;
  let type = firstType;
  let at = 0;
  while (type !== 0) {
    if (end - at < HEADER) {
      note('payload-header-truncated', at, end - at);
      return { value: payloads, anomalies };
    }
    if (payloads.length === MOST_PAYLOADS) {
      note('too-many-payloads', at, end - at);
      return { value: payloads, anomalies };
    }
    const declaredLength = u16(bytes, at + 2);
    if (declaredLength < HEADER) {
      note('payload-length-below-header', at + 2, 2);
      return { value: payloads, anomalies };
    }
    if (declaredLength > end - at) note('payload-length-overruns', at + 2, 2);
    const stop = Math.min(at + declaredLength, end);
    const next = bytes[at]!;
    payloads.push({
      type,
      next,
      reserved: bytes[at + 1]!,
      declaredLength,
      offset: chain.offset + at,
      body: slice(chain, at + HEADER, stop),
    });
    type = type === SK || type === SKF ? 0 : next;
    at = stop;
  }
  if (at < end) note('trailing-octets', at, end - at);
  return { value: payloads, anomalies };
}
