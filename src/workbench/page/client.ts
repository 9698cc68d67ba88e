import type { FromWorker, ToWorker } from '../protocol.ts';

export type Client = {
  readonly send: (request: ToWorker) => void;
  /** Ends whatever runs, and starts afresh with nothing read. */
  readonly restart: () => void;
};

/** The worker, started from the text that the page carries; no file beside the page is needed. */
export function createClient(
  program: string,
  onMessage: (message: FromWorker) => void,
  onCrash: (text: string) => void,
): Client {
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  const start = (): Worker => {
    const worker = new Worker(url);
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => onMessage(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      onCrash(event.message);
    });
    return worker;
  };
  let worker = start();
  return {
    send: (request) => worker.postMessage(request),
    restart: () => {
      worker.terminate();
      worker = start();
    },
  };
}
