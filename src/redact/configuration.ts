import { decodeAttributes, decodeConfigAttributesV2 } from '../isakmp/attributes.ts';
import { configAddresses, secretConfigAttributes } from '../isakmp/registry/config-attributes.ts';
import type { AddressLayout } from '../isakmp/registry/config-attributes.ts';
import type { AddressMap } from './address-map.ts';
import type { DerRules } from './der.ts';
import { fillText } from './name-octets.ts';
import { isText } from './octet-text.ts';

/** Type, then what is reserved and the identifier. */
const HEADER = 4;

/** What hides a password, so that not even equal ones can be told. */
const HIDDEN = 0x2a;

/** User, message, challenge and domain of XAUTH; domains and name servers of IKEv2; banner and domains of Unity. */
const NAMES: ReadonlySet<number> = new Set([
  25, 27, 28, 29, 16521, 16524, 16525, 16526, 28672, 28674, 28675, 28682,
]);

/** Mode-config and XAUTH attributes that were sent in clear, in place and at their length. A password always goes. */
export function redactConfiguration(version: 1 | 2, body: Uint8Array, rules: DerRules): void {
  const list = { bytes: body.subarray(HEADER), offset: 0 };
  const read = version === 1 ? decodeAttributes : decodeConfigAttributesV2;
  for (const { type, data } of read(list, [])) {
    const layout = configAddresses.get(type);
    if (secretConfigAttributes.has(type)) data.bytes.fill(HIDDEN);
    else if (layout !== undefined && rules.addresses !== null)
      redactAddresses(data.bytes, layout, rules.addresses);
    else if (rules.names && (NAMES.has(type) || (layout === undefined && isText(data.bytes))))
      fillText(data.bytes, rules.key);
  }
}

function redactAddresses(data: Uint8Array, layout: AddressLayout, addresses: AddressMap): void {
  if (layout === 'mixed') {
    data.fill(HIDDEN);
    return;
  }
  let at = 0;
  while (at < data.length) {
    for (const [what, size] of layout) {
      const field = data.subarray(at, at + size);
      if (what === 'address' && field.length === size) field.set(addresses.octets(field));
      at += size;
    }
  }
}
