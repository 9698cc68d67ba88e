import ipaddr from 'ipaddr.js';
import { u32 } from '../bytes/span.ts';

/** Addresses that are remembered; a capture of more peers than these begins anew. */
const maxRemembered = 4096;
const remembered = new Map<number, string>();

/** Text of the IPv4 address at `at`. The same few peers come again and again, so their texts are shared. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  const key = u32(bytes, at);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const text = `${bytes[at]!}.${bytes[at + 1]!}.${bytes[at + 2]!}.${bytes[at + 3]!}`;
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(key, text);
  return text;
}

/** Text of the IPv6 address at `at`, as RFC 5952 wants it. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  return new ipaddr.IPv6([...bytes.subarray(at, at + 16)]).toRFC5952String();
}
