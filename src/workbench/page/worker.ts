/* The worker of the page: everything that takes time happens here. */
import type { ToWorker } from '../protocol.ts';
import { createSession } from '../session.ts';

const session = createSession(
  (message) => postMessage(message),
  () => performance.now(),
);

// One request after the other; a newer analysis is still seen by the one that runs, between two slices of a file.
let queue = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'analyze') void session.receive(data);
  else queue = queue.then(() => session.receive(data));
});
