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

/** One message, as every path that was watched showed it: the path that had it first leads. */
type Sightings = {
  readonly first: number;
  readonly paths: Map<string, Path>;
};

/** The units that were sent on one path, and the one seen last. */
type Path = { readonly sent: number[]; latest: number };

/**
 * Tells a message that was sent again from a packet that was seen again. Same octets and same path (addresses, ports,
 * interface, capture): retransmission. Same octets and another path: the other side of a NAT or a second tap, where the
 * n-th that passes is the n-th of the first path again; only what goes beyond those was sent once more.
 */
export function repeatsOf(units: readonly Unit[]): readonly Repeat[] {
  const { sightingsAt, rankAt } = sightingsOf(units);
  const frame = (index: number): number => units[index]!.message.frame;
  return units.map((_, at): Repeat => {
    const { first } = sightingsAt[at]!;
    const { path, lead, rank, before } = rankAt[at]!;
    const none = { retransmissionOf: null, copyOf: null, original: first };
    if (at === first) return none;
    if (before !== null) return { ...none, copyOf: frame(before) };
    if (path === lead) return { ...none, retransmissionOf: frame(first) };
    const same = lead.sent[rank];
    if (same !== undefined) return { ...none, copyOf: frame(same) };
    const [own] = path.sent;
    return own === at
      ? { ...none, copyOf: frame(first) }
      : { ...none, retransmissionOf: frame(own!) };
  });
}

/** Where a unit stands: on which path, as which of those that were sent there, or as the same as one just before it. */
type Rank = {
  readonly path: Path;
  /** The path of the first of them all. */
  readonly lead: Path;
  readonly rank: number;
  readonly before: number | null;
};

function sightingsOf(units: readonly Unit[]): {
  readonly sightingsAt: readonly Sightings[];
  readonly rankAt: readonly Rank[];
} {
  const byPrint = new Map<number, Sightings[]>();
  const sightingsAt: Sightings[] = [];
  const rankAt: Rank[] = [];
  for (const [at, { message }] of units.entries()) {
    const { bytes } = message.pdu;
    const print = fingerprint(bytes);
    const alike = byPrint.get(print) ?? [];
    if (alike.length === 0) byPrint.set(print, alike);
    // Different messages may share a fingerprint: what is sought among them is found by its octets.
    let sightings = alike.find(({ first }) => equalOctets(units[first]!.message.pdu.bytes, bytes));
    if (sightings === undefined) {
      sightings = { first: at, paths: new Map() };
      if (alike.length < REMEMBERED) alike.push(sightings);
    }
    const { paths } = sightings;
    const key = pathOf(message);
    const own = paths.get(key) ?? { sent: [], latest: at };
    if (own.sent.length === 0) paths.set(key, own);
    const gap = message.timeNs - units[own.latest]!.message.timeNs;
    const isTwice = own.sent.length > 0 && gap < SEEN_TWICE_NS && gap > -SEEN_TWICE_NS;
    const [lead = own] = paths.values();
    rankAt.push({ path: own, lead, rank: own.sent.length, before: isTwice ? own.latest : null });
    if (!isTwice) own.sent.push(at);
    own.latest = at;
    sightingsAt.push(sightings);
  }
  return { sightingsAt, rankAt };
}

/** Bounds the work on a capture that was made so that fingerprints collide. */
const REMEMBERED = 16;

const pathOf = ({ capture, interfaceId, src, dst }: IkeMessage): string =>
  `${capture} ${interfaceId} ${src.address} ${src.port} ${dst.address} ${dst.port}`;

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
