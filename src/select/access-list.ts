import { parseIpv4 } from '../iosconfig/address.ts';
import type { AccessList, AclEntry } from '../model/config.ts';

type End = AclEntry['source'];

/** Every address of `inner` is one of `outer`, and the port is the same or free. */
export function contains(outer: End, inner: End): boolean {
  const a = parseIpv4(outer.address);
  const b = parseIpv4(inner.address);
  const outerWild = parseIpv4(outer.wildcard);
  const innerWild = parseIpv4(inner.wildcard);
  if (a === null || b === null || outerWild === null || innerWild === null) {
    return outer.address === inner.address;
  }
  const fixed = ~outerWild >>> 0;
  return (
    ((a ^ b) & fixed) >>> 0 === 0 &&
    (innerWild & fixed) >>> 0 === 0 &&
    (outer.port === null || outer.port === inner.port)
  );
}

/** Whether a list permits IKE from one address to another. */
export function permitsIke(list: AccessList, from: string, to: string): boolean {
  const host = (address: string): End => ({ address, wildcard: '0.0.0.0', port: null });
  const first = list.entries.find(
    ({ protocol, source, destination }) =>
      (protocol === 'ip' || protocol === 'udp') &&
      contains(source, host(from)) &&
      contains(destination, host(to)),
  );
  return first?.action === 'permit';
}
