import { copyOf, u16 } from '../bytes/span.ts';
import type { Cursor } from '../net/cursor.ts';
import type { End } from './ike.ts';

export const UDP = 17;
export const UDP_HEADER = 8;
export const TCP_HEADER = 20;

const IKE_PORTS: ReadonlySet<number> = new Set([500, 4500, 848]);

/** Whether the UDP or TCP header that the cursor stands on names a port of IKE. */
export function isIke(bytes: Uint8Array, { at }: Pick<Cursor, 'at'>): boolean {
  return IKE_PORTS.has(u16(bytes, at)) || IKE_PORTS.has(u16(bytes, at + 2));
}

/** Source (0) or destination (1) of the IP header that the cursor stands on. */
export function addressOf(
  bytes: Uint8Array,
  { ipAt, ipVersion }: Pick<Cursor, 'ipAt' | 'ipVersion'>,
  which: 0 | 1,
): Uint8Array {
  const [offset, size] = ipVersion === 4 ? [12, 4] : [8, 16];
  const at = ipAt + offset + which * size;
  return copyOf(bytes, at, at + size);
}

/** Both ends of the UDP or TCP header that the cursor stands on. */
export function endsOf(
  bytes: Uint8Array,
  cursor: Cursor,
): { readonly src: End; readonly dst: End } {
  const { at } = cursor;
  return {
    src: { address: addressOf(bytes, cursor, 0), port: u16(bytes, at) },
    dst: { address: addressOf(bytes, cursor, 1), port: u16(bytes, at + 2) },
  };
}

/** Where the data of a TCP segment begin. */
export function tcpData(bytes: Uint8Array, { at, end }: Cursor): number {
  return Math.min(end, at + Math.max(TCP_HEADER, (bytes[at + 12]! >> 4) * 4));
}
