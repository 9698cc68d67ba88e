import type { Span } from '../model/span.ts';
import { HEADER_LENGTH } from './header.ts';
import { exchangeTypes } from './registry/exchange-types.ts';
import { payloadTypes } from './registry/payload-types.ts';

/** Cookies, first payload, version, exchange type and flags: what tells who speaks, and at which step. */
const LEAST = 20;

/** A message as far as the capture holds it. */
export type Captured = {
  readonly whole: Span;
  /** Octets that the capture cut off. */
  readonly missing: number;
  /** The cut goes through the header. */
  readonly isHeaderCut: boolean;
};

/**
 * A header that the snap length cut behind its flags is made whole: the length stands in the UDP header as well, and a message id
 * that was cut is taken for zeros. The old default of tcpdump, 68 octets, leaves 26 of it.
 */
export function withWholeHeader(whole: Span, missing: number): Captured {
  const { bytes, offset } = whole;
  const there = bytes.length;
  const total = there + missing;
  const isHeaderCut = there >= LEAST && there < HEADER_LENGTH && total >= HEADER_LENGTH;
  if (!isHeaderCut || !makesSense(bytes)) return { whole, missing, isHeaderCut: false };
  const header = new Uint8Array(HEADER_LENGTH);
  header.set(bytes);
  new DataView(header.buffer).setUint32(24, total);
  return {
    whole: { bytes: header, offset },
    missing: total - HEADER_LENGTH,
    isHeaderCut: true,
  };
}

/** The length cannot be checked, so the rest has to. */
function makesSense(bytes: Uint8Array): boolean {
  const major = bytes[17]! >> 4;
  return (
    (major === 1 || major === 2) &&
    exchangeTypes.has(bytes[18]!) &&
    payloadTypes(major).has(bytes[16]!)
  );
}
