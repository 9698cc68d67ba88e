import { safeText } from '../report/safe-text.ts';
import type { Io } from './io.ts';

export type Progress = {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => Promise<void>;
};

/** Below this size a file is read before an eye could follow. */
const worthShowing = 64 << 20;

/**
 * A bar on stderr while something long is done, such as reading a large file; the caller has made sure
 * that stderr is a terminal. Nothing is shown while the total is below `fewest`.
 */
export function startProgress(label: string, io: Io, fewest: number = worthShowing): Progress {
  const name = safeText(label);
  let shown = -1;
  return {
    update: (done, total) => {
      if (total < fewest) return;
      const percent = Math.floor((100 * done) / total);
      if (percent === shown) return;
      shown = percent;
      const filled = Math.floor(percent / 5);
      void io.stderr.draw(
        `\r${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${String(percent).padStart(3)} %  ${name}`,
      );
    },
    stop: () => (shown < 0 ? Promise.resolve() : io.stderr.draw('\r\x1b[K')),
  };
}
