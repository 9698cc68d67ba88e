import ipaddr from 'ipaddr.js';

/** Text of the IPv4 address at `at`. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at]!}.${bytes[at + 1]!}.${bytes[at + 2]!}.${bytes[at + 3]!}`;
}

/** Text of the IPv6 address at `at`, as RFC 5952 wants it. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  return new ipaddr.IPv6([...bytes.subarray(at, at + 16)]).toRFC5952String();
}
