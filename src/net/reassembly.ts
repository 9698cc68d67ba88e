import { equalOctets } from '../bytes/span.ts';
import type { NetAnomalyCode } from '../model/anomalies/net.ts';
import type { Packet } from '../model/capture.ts';

/** One IP fragment. */
export type Fragment = {
  /** Fragments with the same key belong together: addresses, identification, protocol, interface. */
  readonly key: string;
  /** That carried it; for fragments inside fragments, all of them. */
  readonly packets: readonly Packet[];
  readonly frame: number;
  readonly timeNs: bigint;
  readonly offset: number;
  readonly isLast: boolean;
  readonly protocol: number;
  /** Captured octets; fewer than `octets` when the snap length cut them. */
  readonly data: Uint8Array;
  readonly octets: number;
  /** Place of `data` in the frame. */
  readonly place: number;
  readonly interfaceId: number;
  readonly src: string;
  readonly dst: string;
};

/** The payload of an IP packet put together again, or as much of its start as there is. */
export type Reassembled = {
  readonly first: Fragment;
  /** The fragment that completed it, or the last one that was seen. */
  readonly last: Fragment;
  /** That carried the parts, each once, in frame order. */
  readonly packets: readonly Packet[];
  readonly bytes: Uint8Array;
  /** Octets that were sent behind `bytes` but are not there; at least 1 when nothing tells how many. */
  readonly missing: number;
  readonly isComplete: boolean;
  /** The last fragment is not there, so nothing but what is inside tells how long the packet was. */
  readonly isOpen: boolean;
  readonly faults: readonly NetAnomalyCode[];
};

export type Reassembler = {
  /** The packet that this fragment completed, if any. */
  add(fragment: Fragment): Reassembled | null;
  /** Gives up what is still waiting. */
  end(): void;
  readonly counts: { fragments: number; orphans: number };
};

export type ReassemblyTarget = {
  /** Judges the first fragment: is what it begins of interest? */
  isWanted(first: Fragment): boolean;
  onIncomplete(parts: Reassembled): void;
  /** A fragment whose first one never came. */
  onOrphan(fragment: Fragment): void;
  onEvicted(fragment: Fragment): void;
};

/** RFC 8200 §4.5. */
const timeoutNs = 60_000_000_000n;

const maxSets = 4096;
const maxWaitingOctets = 32 << 20;
const maxPacket = 65_535;

/** What an empty fragment costs to keep. */
const overhead = 64;

type Piece = {
  readonly start: number;
  readonly end: number;
  readonly fragment: Fragment;
};

type FragmentSet = {
  readonly startedNs: bigint;
  /** Sorted, without overlap. */
  readonly pieces: Piece[];
  readonly packets: Map<number, Packet>;
  /** Whole fragments that came twice, as when one wire is tapped on both sides: the beginning of the second copy. */
  readonly spares: Fragment[];
  readonly faults: Set<NetAnomalyCode>;
  first: Fragment | null;
  last: Fragment;
  total: number | null;
  covered: number;
  waiting: number;
  /** What its first fragment begins is of no interest: the others are dropped as they come. */
  isForeign: boolean;
};

export function createReassembler(target: ReassemblyTarget): Reassembler {
  const sets = new Map<string, FragmentSet>();
  const completed = createMemory();
  const counts = { fragments: 0, orphans: 0 };
  let waiting = 0;

  const drop = (key: string, set: FragmentSet): void => {
    sets.delete(key);
    waiting -= set.waiting;
  };

  const giveUp = (key: string, set: FragmentSet): void => {
    drop(key, set);
    // Single fragments that came twice are no part of another packet.
    if (set.isForeign || completed.holds(key, set)) return;
    if (set.first === null) {
      counts.orphans += Math.max(set.packets.size, 1);
      target.onOrphan(set.last);
    } else target.onIncomplete(assemble(set, set.first));
  };

  const expire = (nowNs: bigint): void => {
    for (const [key, set] of sets) {
      if (nowNs - set.startedNs <= timeoutNs) return;
      giveUp(key, set);
    }
  };

  const makeRoom = (): void => {
    for (const [key, set] of sets) {
      if (sets.size <= maxSets && waiting <= maxWaitingOctets) return;
      if (!set.isForeign) target.onEvicted(set.last);
      giveUp(key, set);
    }
  };

  const begin = (fragment: Fragment): FragmentSet => {
    const set: FragmentSet = {
      startedNs: fragment.timeNs,
      pieces: [],
      packets: new Map(),
      spares: [],
      faults: new Set(),
      first: null,
      last: fragment,
      total: null,
      covered: 0,
      waiting: 0,
      isForeign: false,
    };
    sets.set(fragment.key, set);
    return set;
  };

  const take = (fragment: Fragment): Reassembled | null => {
    expire(fragment.timeNs);
    let set = sets.get(fragment.key);
    // The identification has come round again: another packet begins.
    if (set?.isForeign === true && fragment.offset === 0) {
      drop(fragment.key, set);
      set = undefined;
    }
    set ??= begin(fragment);
    if (set.isForeign) return null;
    if (fragment.offset === 0 && set.first === null && !target.isWanted(fragment)) {
      drop(fragment.key, set);
      begin(fragment).isForeign = true;
      makeRoom();
      return null;
    }
    const before = set.waiting;
    place(set, fragment);
    waiting += set.waiting - before;
    if (set.first === null || set.total === null || set.covered < set.total) {
      makeRoom();
      return null;
    }
    drop(fragment.key, set);
    completed.keep(fragment.key, set, fragment.timeNs);
    const whole = assemble(set, set.first);
    for (const spare of set.spares) take(spare);
    return whole;
  };

  return {
    add: (fragment) => {
      counts.fragments += 1;
      return take(fragment);
    },
    end: () => {
      for (const [key, set] of sets) giveUp(key, set);
    },
    counts,
  };
}

/** The packets that were put together of late, by the marks of their fragments. */
type Memory = {
  keep(key: string, set: FragmentSet, nowNs: bigint): void;
  /** Whether the packet of this key had every fragment of the set. */
  holds(key: string, set: FragmentSet): boolean;
};

const maxRemembered = 1 << 16;

function createMemory(): Memory {
  const known = new Map<string, { readonly marks: ReadonlySet<string>; readonly atNs: bigint }>();
  let count = 0;
  const forget = (key: string): void => {
    count -= known.get(key)?.marks.size ?? 0;
    known.delete(key);
  };
  return {
    keep: (key, { pieces }, atNs) => {
      forget(key);
      const marks = new Set(pieces.map(({ fragment }) => markOf(fragment)));
      known.set(key, { marks, atNs });
      count += marks.size;
      for (const [oldest] of known) {
        if (count <= maxRemembered) break;
        forget(oldest);
      }
    },
    holds: (key, { pieces, startedNs }) => {
      const packet = known.get(key);
      if (packet === undefined || pieces.length === 0) return false;
      return (
        startedNs - packet.atNs <= timeoutNs &&
        pieces.every(({ fragment }) => packet.marks.has(markOf(fragment)))
      );
    },
  };
}

/** Place, length and FNV-1a of what it carries: the identification alone comes round again. */
function markOf({ offset, octets, data }: Fragment): string {
  let sum = 0x811c9dc5;
  for (const octet of data) sum = Math.imul(sum ^ octet, 0x01000193);
  return `${offset} ${octets} ${sum >>> 0}`;
}

/** Index of the first piece that ends behind `offset`. */
function firstBehind(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts a fragment where it belongs; octets that are there already stay. */
function place(set: FragmentSet, fragment: Fragment): void {
  const { offset, octets, isLast } = fragment;
  const end = offset + octets;
  if (!isLast && octets % 8 !== 0) set.faults.add('fragment-length-odd');
  if (end > maxPacket || (set.total !== null && end > set.total)) {
    set.faults.add('fragment-past-end');
    return;
  }
  const { pieces } = set;
  let index = firstBehind(pieces, offset);
  const twin = pieces[index]?.fragment;
  if (twin?.offset === offset && twin.octets === octets && equalOctets(twin.data, fragment.data)) {
    set.spares.push(fragment);
    set.waiting += octets + overhead;
    return;
  }
  if (isLast) {
    if (pieces.length > 0 && pieces.at(-1)!.end > end) set.faults.add('fragment-past-end');
    else set.total = end;
  }
  if (offset === 0) set.first ??= fragment;
  set.last = fragment;
  for (const packet of fragment.packets) set.packets.set(packet.frame, packet);
  set.waiting += octets + overhead;
  let start = offset;
  while (start < end) {
    const neighbour = pieces[index];
    const stop = neighbour === undefined ? end : Math.min(end, neighbour.start);
    if (stop > start) {
      pieces.splice(index, 0, { start, end: stop, fragment });
      set.covered += stop - start;
      index += 1;
    }
    if (neighbour === undefined || stop === end) break;
    set.faults.add('fragment-overlap');
    start = neighbour.end;
    index += 1;
  }
}

/** The start of the packet up to the first hole. */
function assemble(set: FragmentSet, first: Fragment): Reassembled {
  const parts: Uint8Array[] = [];
  const faults = set.faults;
  let length = 0;
  for (const piece of set.pieces) {
    if (piece.start !== length) break;
    const from = piece.start - piece.fragment.offset;
    const data = piece.fragment.data.subarray(from, piece.end - piece.fragment.offset);
    parts.push(data);
    length += data.length;
    if (data.length < piece.end - piece.start) {
      faults.add('fragment-cut');
      break;
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const isComplete = set.total !== null && set.covered >= set.total;
  const known = Math.max(set.total ?? 0, set.pieces.at(-1)?.end ?? 0);
  return {
    first,
    last: set.last,
    packets: [...set.packets.values()].sort((a, b) => a.frame - b.frame),
    bytes,
    missing: isComplete ? known - length : Math.max(known - length, 1),
    isComplete,
    isOpen: set.total === null,
    faults: [...faults],
  };
}
