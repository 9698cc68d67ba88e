import { equalOctets } from '../bytes/span.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import type { Unit } from './unit.ts';

/** What a message repeats; nulls for the first of its octets. */
export type Repeat = {
  readonly retransmissionOf: number | null;
  readonly copyOf: number | null;
  /** Index of the first message with the same octets; its own index when it is the first. */
  readonly original: number;
};

/**
 * The shortest retransmission timer of any IKE implementation is half a second. The same octets on the same path within
 * this time are one packet that the capture point saw twice.
 */
const SEEN_TWICE_NS = 20_000_000n;

/**
 * Tells a message that was sent again from a packet that was seen again. Same octets and same path (addresses, ports,
 * interface, capture): retransmission. Same octets and another path: the other side of a NAT or a second tap.
 */
export function repeatsOf(units: readonly Unit[]): readonly Repeat[] {
  const byPrint = new Map<number, number[]>();
  return units.map((unit, at): Repeat => {
    const { bytes } = unit.message.pdu;
    const print = fingerprint(bytes);
    const seen = byPrint.get(print);
    if (seen === undefined) {
      byPrint.set(print, [at]);
      return { retransmissionOf: null, copyOf: null, original: at };
    }
    // Different messages may share a fingerprint: what is sought among them is found by its octets.
    const first = seen.find((index) => equalOctets(units[index]!.message.pdu.bytes, bytes));
    const samePath = seen.filter(
      (index) =>
        isSamePath(units[index]!.message, unit.message) &&
        equalOctets(units[index]!.message.pdu.bytes, bytes),
    );
    if (seen.length < REMEMBERED) seen.push(at);
    if (first === undefined) return { retransmissionOf: null, copyOf: null, original: at };
    const sent = samePath[0];
    const last = samePath.at(-1);
    if (sent === undefined || last === undefined) {
      return { retransmissionOf: null, copyOf: units[first]!.message.frame, original: first };
    }
    const gap = unit.message.timeNs - units[last]!.message.timeNs;
    return gap < SEEN_TWICE_NS && gap > -SEEN_TWICE_NS
      ? { retransmissionOf: null, copyOf: units[last]!.message.frame, original: first }
      : { retransmissionOf: units[sent]!.message.frame, copyOf: null, original: first };
  });
}

/** Bounds the work on a capture that repeats one packet for ever. */
const REMEMBERED = 16;

function isSamePath(a: IkeMessage, b: IkeMessage): boolean {
  return (
    a.capture === b.capture &&
    a.interfaceId === b.interfaceId &&
    a.src.address === b.src.address &&
    a.dst.address === b.dst.address &&
    a.src.port === b.src.port &&
    a.dst.port === b.dst.port
  );
}

/** How many octets at either end tell messages apart; what they do not tell is compared octet by octet. */
const ENDS = 32;

/** FNV-1a of the header and of the end, where ciphertexts and payloads differ. */
function fingerprint(bytes: Uint8Array): number {
  let print = 0x811c9dc5 ^ bytes.length;
  const head = Math.min(ENDS, bytes.length);
  for (let at = 0; at < head; at += 1) print = Math.imul(print ^ bytes[at]!, 0x01000193);
  for (let at = Math.max(head, bytes.length - ENDS); at < bytes.length; at += 1) {
    print = Math.imul(print ^ bytes[at]!, 0x01000193);
  }
  return print;
}
