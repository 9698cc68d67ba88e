import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { groupCandidates, type PskGroup } from '../exchange/psk-groups.ts';
import type { Screening } from '../exchange/screening.ts';
import type { Input } from '../intake/input.ts';
import { wireWork } from '../intake/wire.ts';
import { plainMessage } from '../isakmp/message.ts';
import type { Exchange } from '../model/exchange.ts';
import type { CandidatePsk, KeyMaterial } from '../model/key-material.ts';
import type { Io } from './io.ts';
import type { SharedOptions } from './options.ts';
import { startProgress } from './progress.ts';

/** What every thread is started with. */
export type ScreeningWork = {
  readonly exchanges: readonly Exchange[];
  readonly material: readonly KeyMaterial[];
};

/** Messages are written out, for a thread gets a copy of their fields alone. */
export function screeningWork(
  exchanges: readonly Exchange[],
  material: readonly KeyMaterial[],
): ScreeningWork {
  return {
    exchanges: exchanges.map((exchange) => ({
      ...exchange,
      messages: exchange.messages.map((entry) => ({
        ...entry,
        message: plainMessage(entry.message),
      })),
    })),
    material,
  };
}

/** A run of candidate groups; `from` is the index of the first. */
export type Piece = { readonly from: number; readonly groups: readonly PskGroup[] };

/** For each exchange, indices inside the piece. */
export type FoundPiece = {
  readonly from: number;
  readonly survivors: readonly (readonly number[])[];
};

/** With fewer candidates, or fewer tests in all, one thread is done before others have started. */
const FEWEST_CANDIDATES = 500;
const FEWEST_TESTS = 20_000;
const MOST_THREADS = 16;
/** The release holds the thread's program beside the chunk that this module is in. */
const program: URL = new URL('./screening-worker.js', import.meta.url);
/** Small enough that the bar moves and that no thread is left with much at the end. */
const LARGEST_PIECE = 500;

/**
 * Screens many candidates on all cores, with a bar on a terminal. The outcome of the command is the same
 * without it: undefined where it is not worth it, or where threads cannot be had.
 */
export async function screenCandidates(
  inputs: readonly Input[],
  extra: readonly CandidatePsk[],
  options: SharedOptions,
  io: Io,
): Promise<Screening | undefined> {
  const listed = inputs.reduce((sum, { keys }) => sum + (keys?.candidates.length ?? 0), 0);
  // Asked before anything is paired: most runs end here. No configuration holds that many keys.
  if (extra.length + listed < FEWEST_CANDIDATES) return undefined;
  const { exchanges, material, candidates } = wireWork(inputs, extra);
  const groups = groupCandidates(candidates);
  if (groups.length < FEWEST_CANDIDATES || groups.length * exchanges.length < FEWEST_TESTS)
    return undefined;
  const pieces = cut(groups);
  const progress = options.progress ? startProgress('testing candidates', io, 0) : null;
  try {
    const found = await runPieces(screeningWork(exchanges, material), pieces, (done) =>
      progress?.update(done, pieces.length),
    );
    return gather(exchanges, found);
  } catch {
    // One thread gives the same answer, only later.
    return undefined;
  } finally {
    await progress?.stop();
  }
}

function cut(groups: readonly PskGroup[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < groups.length; from += LARGEST_PIECE)
    pieces.push({ from, groups: groups.slice(from, from + LARGEST_PIECE) });
  return pieces;
}

function gather(exchanges: readonly Exchange[], found: readonly FoundPiece[]): Screening {
  return new Map(
    exchanges.map(({ id }, at) => [
      id,
      new Set(
        found.flatMap(({ from, survivors }) =>
          (survivors[at] ?? []).map((number) => from + number),
        ),
      ),
    ]),
  );
}

/** Hands out the pieces one by one to as many threads as there are cores. Rejects when one of them fails. */
async function runPieces(
  work: ScreeningWork,
  pieces: readonly Piece[],
  done: (pieces: number) => void,
): Promise<readonly FoundPiece[]> {
  const found: FoundPiece[] = [];
  let next = 0;
  const threads = Math.min(availableParallelism(), MOST_THREADS, pieces.length);
  const { Worker } = await import('node:worker_threads');
  const workers = Array.from({ length: threads }, () => new Worker(program, { workerData: work }));
  const drain = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        const piece = pieces[next];
        if (piece === undefined) {
          resolve();
          return;
        }
        next += 1;
        worker.postMessage(piece);
      };
      worker.on('message', (result: FoundPiece) => {
        found.push(result);
        done(found.length);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('a thread ended early')));
      give();
    });
  try {
    await Promise.all(workers.map(drain));
    return found;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
