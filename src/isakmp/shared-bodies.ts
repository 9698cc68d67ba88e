import { copyOf, equalOctets } from '../bytes/span.ts';
import type { PayloadContent } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import type { BodyDecoder, Faults } from './body.ts';

/**
 * Peers offer the same proposals and name the same vendors in every exchange, at the same place of the frame: such a body is
 * decoded once, and the messages share what it means. Whoever derives something from a content may remember it by the object.
 */
export type SharedBodies = (
  decode: BodyDecoder,
  type: number,
  body: Span,
  faults: Faults,
) => PayloadContent;

type Known = {
  readonly type: number;
  readonly offset: number;
  readonly octets: Uint8Array;
  readonly content: PayloadContent;
};

const mostKnown = 4096;
const mostOctets = 1024;

export function createSharedBodies(): SharedBodies {
  const byPrint = new Map<number, Known>();
  return (decode, type, body, faults) => {
    const { bytes, offset } = body;
    if (bytes.length > mostOctets) return decode(body, faults);
    const print = fingerprint(bytes, type, offset);
    const known = byPrint.get(print);
    if (
      known !== undefined &&
      known.type === type &&
      known.offset === offset &&
      equalOctets(known.octets, bytes)
    ) {
      return known.content;
    }
    // A copy: the octets of a message share their memory with those of many others, which would all be kept.
    const octets = copyOf(bytes);
    const before = faults.length;
    const content = decode({ bytes: octets, offset }, faults);
    // What is wrong with a body is told for each message anew.
    if (faults.length > before) return content;
    if (byPrint.size >= mostKnown) byPrint.clear();
    byPrint.set(print, { type, offset, octets, content });
    return content;
  };
}

/** FNV-1a. */
function fingerprint(bytes: Uint8Array, type: number, offset: number): number {
  let print = Math.imul(0x811c9dc5 ^ type, 0x01000193) ^ offset;
  for (let at = 0; at < bytes.length; at += 1) {
    print = Math.imul(print ^ bytes[at]!, 0x01000193);
  }
  return print;
}
