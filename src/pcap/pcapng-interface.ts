import type { CaptureInterface } from '../model/capture.ts';

/** An interface as its description block gives it, and the times seen on it as they stand in the file. */
export type Port = {
  readonly id: number;
  readonly linkType: number;
  readonly name: string | null;
  readonly description: string | null;
  readonly snapLength: number;
  readonly base: 'decimal' | 'binary';
  readonly exponent: number;
  readonly offsetSeconds: bigint;
  dropped: number | null;
  packets: number;
  firstHigh: number;
  firstLow: number;
  lastHigh: number;
  lastLow: number;
};

/** Time stamp units of an interface to nanoseconds since 1970. */
export function toNs(port: Port, high: number, low: number): bigint {
  const units = (BigInt(high) << 32n) | BigInt(low);
  const exponent = BigInt(port.exponent);
  const sinceOffset =
    port.base === 'binary'
      ? (units * 1_000_000_000n) >> exponent
      : exponent <= 9n
        ? units * 10n ** (9n - exponent)
        : units / 10n ** (exponent - 9n);
  return sinceOffset + port.offsetSeconds * 1_000_000_000n;
}

/** Keeps the earliest and the latest time. */
export function noteTime(port: Port, high: number, low: number): void {
  if (
    port.packets === 0 ||
    high < port.firstHigh ||
    (high === port.firstHigh && low < port.firstLow)
  ) {
    port.firstHigh = high;
    port.firstLow = low;
  }
  if (
    port.packets === 0 ||
    high > port.lastHigh ||
    (high === port.lastHigh && low > port.lastLow)
  ) {
    port.lastHigh = high;
    port.lastLow = low;
  }
  port.packets += 1;
}

/** As the summary tells it. */
export function interfaceOf(port: Port): CaptureInterface {
  return {
    id: port.id,
    linkType: port.linkType,
    name: port.name,
    description: port.description,
    snapLength: port.snapLength,
    timeResolution: { base: port.base, exponent: port.exponent },
    dropped: port.dropped,
  };
}
