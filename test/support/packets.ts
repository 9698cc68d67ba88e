import { concat, fields } from './pcap-files.ts';

/** Packets built layer by layer, inside out. */

export const be = (...values: readonly (readonly ['u8' | 'u16' | 'u32', number])[]): Uint8Array =>
  fields(false, ...values);

/** An ISAKMP header whose length fits, with filler behind it. */
export function ike(octets = 60, marker = 0x11): Uint8Array {
  const bytes = new Uint8Array(octets).fill(0xab);
  bytes.fill(marker, 0, 8);
  bytes.fill(0x22, 8, 16);
  bytes.set([8, 0x10, 2, 1], 16);
  bytes.set(be(['u32', 0], ['u32', octets]), 20);
  return bytes;
}

export const marked = (message: Uint8Array): Uint8Array => concat(new Uint8Array(4), message);

export function udp(
  payload: Uint8Array,
  source = 500,
  destination = 500,
  length?: number,
): Uint8Array {
  return concat(
    be(['u16', source], ['u16', destination], ['u16', length ?? payload.length + 8], ['u16', 0]),
    payload,
  );
}

export function tcp(
  payload: Uint8Array,
  sequence: number,
  { source = 40_000, destination = 4500, flags = 0x18 } = {},
): Uint8Array {
  return concat(
    be(
      ['u16', source],
      ['u16', destination],
      ['u32', sequence],
      ['u32', 0],
      ['u8', 0x50],
      ['u8', flags],
    ),
    be(['u16', 1000], ['u16', 0], ['u16', 0]),
    payload,
  );
}

const octetsOf = (address: string): Uint8Array => Uint8Array.from(address.split('.').map(Number));

export type Ipv4Options = {
  readonly protocol?: number;
  readonly src?: string;
  readonly dst?: string;
  readonly id?: number;
  /** In octets. */
  readonly offset?: number;
  readonly more?: boolean;
  readonly options?: Uint8Array;
  readonly total?: number;
};

export function ipv4(payload: Uint8Array, it: Ipv4Options = {}): Uint8Array {
  const options = it.options ?? new Uint8Array(0);
  const header = 20 + options.length;
  return concat(
    be(['u8', 0x40 | (header / 4)], ['u8', 0], ['u16', it.total ?? header + payload.length]),
    be(['u16', it.id ?? 1], ['u16', (it.more === true ? 0x2000 : 0) | ((it.offset ?? 0) / 8)]),
    be(['u8', 64], ['u8', it.protocol ?? 17], ['u16', 0]),
    octetsOf(it.src ?? '192.0.2.1'),
    octetsOf(it.dst ?? '198.51.100.2'),
    options,
    payload,
  );
}

const v6 = (last: number): Uint8Array =>
  Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last);

export function ipv6(payload: Uint8Array, next = 17): Uint8Array {
  return concat(
    be(['u32', 0x60000000], ['u16', payload.length], ['u8', next], ['u8', 64]),
    v6(1),
    v6(2),
    payload,
  );
}

export function ipv6Fragment(
  data: Uint8Array,
  offset: number,
  more: boolean,
  id: number,
  next = 17,
): Uint8Array {
  return ipv6(
    concat(be(['u8', next], ['u8', 0], ['u16', offset | (more ? 1 : 0)], ['u32', id]), data),
    44,
  );
}

export function ethernet(payload: Uint8Array, type = 0x0800): Uint8Array {
  return concat(Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2), be(['u16', type]), payload);
}

/** The pieces of an IPv4 packet's payload, cut at `size` octets. */
export function fragments(
  payload: Uint8Array,
  size: number,
  it: Ipv4Options = {},
): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += size) {
    const data = payload.subarray(offset, offset + size);
    pieces.push(ipv4(data, { ...it, offset, more: offset + size < payload.length }));
  }
  return pieces;
}
