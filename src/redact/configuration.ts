import { decodeAttributes, decodeConfigAttributesV2 } from '../isakmp/attributes.ts';
import { secretConfigAttributes } from '../isakmp/registry/config-attributes.ts';
import type { DerRules } from './der.ts';
import { fillText } from './name-octets.ts';
import { isText } from './octet-text.ts';

/** Type, then what is reserved and the identifier. */
const HEADER = 4;

/** What hides a password, so that not even equal ones can be told. */
const HIDDEN = 0x2a;

type Place = readonly [size: number, step: number];

/**
 * Attributes that hold addresses: how many octets each has, and after how many the next begins (RFC 7296 §3.15.1;
 * Unity's networks are an address, a mask and ports). Masks stay masks.
 */
const ADDRESSES: ReadonlyMap<number, Place> = new Map<number, Place>([
  ...[1, 3, 4, 6, 13, 20, 28681].map((type) => [type, [4, 4]] as const),
  ...[8, 10, 12, 15, 21].map((type) => [type, [16, 17]] as const),
  ...[28676, 28678].map((type) => [type, [4, 14]] as const),
]);

/** User, message, challenge and domain of XAUTH; domains of IKEv2; banner and domains of Unity. */
const NAMES: ReadonlySet<number> = new Set([
  25, 16521, 16524, 16525, 16526, 28672, 28674, 28675, 28682,
]);

/** Mode-config and XAUTH attributes that were sent in clear, in place and at their length. A password always goes. */
export function redactConfiguration(version: 1 | 2, body: Uint8Array, rules: DerRules): void {
  const list = { bytes: body.subarray(HEADER), offset: 0 };
  const read = version === 1 ? decodeAttributes : decodeConfigAttributesV2;
  for (const { type, data } of read(list, [])) {
    const places = ADDRESSES.get(type);
    if (secretConfigAttributes.has(type)) data.bytes.fill(HIDDEN);
    else if (places !== undefined) redactAddresses(data.bytes, ...places, rules);
    else if (rules.names && (NAMES.has(type) || isText(data.bytes)))
      fillText(data.bytes, rules.key);
  }
}

function redactAddresses(
  data: Uint8Array,
  size: number,
  step: number,
  { addresses }: DerRules,
): void {
  if (addresses === null) return;
  for (let at = 0; at + size <= data.length; at += step) {
    const address = data.subarray(at, at + size);
    address.set(addresses.octets(address));
  }
}
