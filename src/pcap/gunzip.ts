import { Gunzip } from 'fflate';
import type { FaultLog } from '../bytes/fault-log.ts';
import { copyOf } from '../bytes/span.ts';
import type { Feeder } from './feeder.ts';
import { readU32 } from './scanner.ts';

/** Octets that are inflated in one go. Deflate expands at most 1032-fold, so this bounds what stands in memory at once. */
const step = 4096;

/** A stream that expands further than this is no capture but an attack: packets hold addresses, lengths and times that differ. */
const largestRatio = 400;
const ratioCheckedFrom = 16 << 20;

/** Inflates (all members of) a gzip stream into `inner`. */
export function createGunzip(inner: Feeder, faults: FaultLog): Feeder {
  let taken = 0;
  let given = 0;
  let isOver = false;
  const gunzip = new Gunzip((piece) => {
    given += piece.length;
    if (piece.length > 0) inner.push(piece);
  });
  /** What had been given when the last member began. */
  let memberStart = 0;
  gunzip.onmember = () => {
    memberStart = given;
  };

  const inflate = (piece: Uint8Array, isFinal: boolean): void => {
    try {
      gunzip.push(piece, isFinal);
    } catch {
      isOver = true;
      faults.note('gzip-damaged', null, taken, 0);
    }
    taken += piece.length;
    if (given > ratioCheckedFrom && given > taken * largestRatio && !isOver) {
      isOver = true;
      faults.note('gzip-ratio', null, taken, 0);
    }
  };

  /** The last octets of the stream: RFC 1952 §2.3.1 ends each member with its length, modulo 2^32. */
  let tail = new Uint8Array(0);

  return {
    push: (chunk) => {
      for (let at = 0; at < chunk.length && !isOver; at += step) {
        // Copied: the inflater keeps what it was given until it has used it.
        inflate(copyOf(chunk, at, at + step), false);
      }
      tail = Uint8Array.of(...tail, ...chunk.subarray(-4)).slice(-4);
    },
    end: () => {
      if (!isOver) inflate(new Uint8Array(0), true);
      // The inflater does not notice a stream that is cut short.
      const isWhole =
        tail.length === 4 && readU32(tail, 0, true) === (given - memberStart) % 2 ** 32;
      if (!isOver && !isWhole) faults.note('gzip-damaged', null, taken, 0);
      inner.end();
    },
  };
}
