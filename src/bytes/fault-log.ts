import type { AnomalyCode } from '../model/anomaly.ts';
import type { CaptureAnomaly, OmittedAnomalies } from '../model/capture.ts';

/** A file of garbage has a fault every few octets: beyond this many of one code they are counted only. */
const listedPerCode = 100;

export type FaultLog = {
  /** `frame` null: `offset` counts from the start of the file, else from the start of the frame. */
  note(code: AnomalyCode, frame: number | null, offset: number, length: number): void;
  /** Only the first fault of this code and key is noted. */
  noteOnce(code: AnomalyCode, key: number, frame: number | null, offset: number): void;
  anomalies(): readonly CaptureAnomaly[];
  omitted(): readonly OmittedAnomalies[];
};

/** Faults in the order noted, bounded in memory whatever the input. */
export function createFaultLog(): FaultLog {
  const listed: CaptureAnomaly[] = [];
  const counts = new Map<AnomalyCode, number>();
  const once = new Set<string>();

  const note: FaultLog['note'] = (code, frame, offset, length) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count <= listedPerCode) listed.push({ code, frame, offset, length });
  };

  return {
    note,
    noteOnce: (code, key, frame, offset) => {
      const id = `${code} ${key}`;
      if (once.has(id) || once.size >= listedPerCode) return;
      once.add(id);
      note(code, frame, offset, 0);
    },
    anomalies: () => listed,
    omitted: () =>
      [...counts]
        .filter(([, count]) => count > listedPerCode)
        .map(([code, count]) => ({ code, count: count - listedPerCode })),
  };
}
