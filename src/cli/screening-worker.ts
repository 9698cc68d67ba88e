/* A thread that screens pieces of a candidate list against the exchanges it was started with. */
import { parentPort, workerData } from 'node:worker_threads';
import { screenGroups } from '../exchange/decrypt.ts';
import type { FoundPiece, Piece, ScreeningWork } from './screening.ts';

const { exchanges, material } = workerData as ScreeningWork;

parentPort?.on('message', ({ from, groups }: Piece) => {
  const found: FoundPiece = { from, survivors: screenGroups(exchanges, material, groups) };
  parentPort?.postMessage(found);
});
