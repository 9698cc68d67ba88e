/** Counts packets by SPI without allocating; SPIs beyond its size are counted together. */
export type EspTable = {
  /** True when this SPI is seen for the first time and has a place of its own. */
  add(spi: number): boolean;
  count(spi: number): number;
  total(): number;
  /** Packets of SPIs that found no place. */
  unlisted(): number;
};

const slots = 8192;
const capacity = 4096;

/** Open addressing with linear probing; a place is free while its count is 0. */
export function createEspTable(): EspTable {
  const keys = new Uint32Array(slots);
  const counts = new Float64Array(slots);
  let used = 0;
  let total = 0;
  let unlisted = 0;

  const find = (spi: number): number => {
    // Knuth's multiplicative hash: the upper bits are well mixed.
    let slot = Math.imul(spi, 0x9e3779b1) >>> 19;
    while (counts[slot] !== 0 && keys[slot] !== spi) slot = (slot + 1) & (slots - 1);
    return slot;
  };

  return {
    add: (spi) => {
      total += 1;
      const slot = find(spi);
      if (counts[slot] !== 0) {
        counts[slot]! += 1;
        return false;
      }
      if (used === capacity) {
        unlisted += 1;
        return false;
      }
      used += 1;
      keys[slot] = spi;
      counts[slot] = 1;
      return true;
    },
    count: (spi) => counts[find(spi)]!,
    total: () => total,
    unlisted: () => unlisted,
  };
}
