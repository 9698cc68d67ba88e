import type { EspFlow } from '../model/capture.ts';
import { createEspTable } from './esp-table.ts';

export type EspFlows = {
  /** The ESP header stands at `bytes[at..end)`. */
  add(
    bytes: Uint8Array,
    at: number,
    end: number,
    encapsulation: EspFlow['encapsulation'],
    src: string,
    dst: string,
    origin: { readonly frame: number; readonly timeNs: bigint },
  ): void;
  list(): readonly EspFlow[];
  packets(): number;
  unlisted(): number;
};

/** ESP packets by SPI: where and when each was first seen. */
export function createEspFlows(): EspFlows {
  const table = createEspTable();
  const flows: Omit<EspFlow, 'packets'>[] = [];
  return {
    add: (bytes, at, end, encapsulation, src, dst, origin) => {
      if (end - at < 4) return;
      const spi =
        ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>>
        0;
      if (!table.add(spi)) return;
      const { frame, timeNs } = origin;
      flows.push({
        spi,
        encapsulation,
        src,
        dst,
        firstFrame: frame,
        firstTimeNs: timeNs,
      });
    },
    list: () => flows.map((flow) => ({ ...flow, packets: table.count(flow.spi) })),
    packets: () => table.total(),
    unlisted: () => table.unlisted(),
  };
}
