import { slice } from '../bytes/span.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { IsakmpAnomalyCode } from '../model/anomalies/isakmp.ts';
import type { PayloadContent } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import { fitsIdType } from './identity.ts';

/** Where the decoders of one message put what is wrong with it; offsets count in the frame. */
export type Faults = Anomaly[];

export function note(
  faults: Faults,
  code: IsakmpAnomalyCode,
  offset: number,
  length: number,
): void {
  faults.push({ code, offset, length });
}

/** What one payload body means. Total: any octets give a content, and what is wrong goes to `faults`. */
export type BodyDecoder = (body: Span, faults: Faults) => PayloadContent;

/** A body that is too short for its fixed fields stays octets. */
export function tooShort(body: Span, faults: Faults): PayloadContent {
  note(faults, 'payload-body-truncated', body.offset, body.bytes.length);
  return { kind: 'unknown', data: body };
}

/** RFC 2407 §4.6.2, RFC 7296 §3.5: both begin with the type and have the data after four octets. */
export function checkIdentity(body: Span, faults: Faults): void {
  const length = body.bytes.length - 4;
  if (fitsIdType(body.bytes[0]!, length)) return;
  note(faults, 'identity-length-wrong', body.offset + 4, length);
}

/** The octets after the fixed fields of a body. */
export function rest(body: Span, from: number): Span {
  return slice(body, from, body.bytes.length);
}
