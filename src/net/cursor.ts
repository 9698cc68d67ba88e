import type { NetAnomalyCode } from '../model/anomalies/net.ts';

/**
 * A place in a packet, moved inwards layer by layer. One record is reused for all packets, since the walk runs for packets
 * that turn out to be of no interest; nothing here allocates.
 */
export type Cursor = {
  bytes: Uint8Array;
  /** Start of what has not been read yet. */
  at: number;
  /** End of what was captured of it. */
  end: number;
  /** End of it by the lengths that the headers declare; beyond `end` when the snap length cut the packet. */
  declaredEnd: number;
  /** What stands at `at`: a key of the layer table. */
  next: number;
  /** Innermost IP header; version 0 while there is none. */
  ipVersion: 0 | 4 | 6;
  ipAt: number;
  /** Fragmentation as the innermost IP header tells it; offset in octets. */
  fragmentOffset: number;
  moreFragments: boolean;
  fragmentId: number;
  outcome: Outcome;
  /** Of the transport, or of what is fragmented. */
  protocol: number;
  fault: NetAnomalyCode | null;
  faultAt: number;
};

/**
 * `walking` while there are layers to read; `other`: nothing that could carry IKE. For `udp`, `tcp` and `esp`, `at` is the first
 * octet of that header; for `fragment`, the first octet of the fragment's data.
 */
export type Outcome = 'walking' | 'udp' | 'tcp' | 'esp' | 'fragment' | 'other' | 'unsupported';

export function createCursor(): Cursor {
  return {
    bytes: new Uint8Array(0),
    at: 0,
    end: 0,
    declaredEnd: 0,
    next: 0,
    ipVersion: 0,
    ipAt: 0,
    fragmentOffset: 0,
    moreFragments: false,
    fragmentId: 0,
    outcome: 'other',
    protocol: 0,
    fault: null,
    faultAt: 0,
  };
}

/** Ends the walk at a fault. */
export function stopAt(cursor: Cursor, code: NetAnomalyCode, at: number): void {
  cursor.fault = code;
  cursor.faultAt = at;
  cursor.outcome = 'other';
}

/** Notes a fault that does not end the walk; the first one is kept. */
export function noteAt(cursor: Cursor, code: NetAnomalyCode, at: number): void {
  if (cursor.fault !== null) return;
  cursor.fault = code;
  cursor.faultAt = at;
}

export function stop(cursor: Cursor): void {
  cursor.outcome = 'other';
}

/** Steps over a header of `octets` onto what `next` names. */
export function advance(cursor: Cursor, octets: number, next: number): void {
  cursor.at += octets;
  cursor.next = next;
}

/** Whether that many octets were captured; if not, the walk ends with the fault. */
export function has(cursor: Cursor, octets: number, code: NetAnomalyCode): boolean {
  if (cursor.end - cursor.at >= octets) return true;
  stopAt(cursor, code, cursor.at);
  return false;
}
