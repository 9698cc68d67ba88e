import { canonicalAddress, parseIpv4, parseIpv6 } from '../iosconfig/address.ts';
import type { ConfigModel, IsakmpProfile, NameUse } from '../model/config.ts';
import { allowed } from './certificates.ts';
import type { Certificate } from './certificates.ts';

export type IdentityType = 'ipv4' | 'ipv6' | 'fqdn' | 'user-fqdn' | 'key-id' | 'dn';

/** What a peer says it is. For a certificate also its subject and issuer, as far as configurations tell. */
export type Identity = {
  readonly type: IdentityType;
  readonly value: string;
};

const TYPES: Readonly<Record<string, IdentityType>> = {
  '1': 'ipv4',
  '2': 'fqdn',
  '3': 'user-fqdn',
  '5': 'ipv6',
  '9': 'dn',
  '11': 'key-id',
  id_ipv4_addr: 'ipv4',
  id_ipv6_addr: 'ipv6',
  id_fqdn: 'fqdn',
  id_user_fqdn: 'user-fqdn',
  id_rfc822_addr: 'user-fqdn',
  id_key_id: 'key-id',
  id_der_asn1_dn: 'dn',
  address: 'ipv4',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  fqdn: 'fqdn',
  hostname: 'fqdn',
  'user-fqdn': 'user-fqdn',
  user_fqdn: 'user-fqdn',
  email: 'user-fqdn',
  'key-id': 'key-id',
  key_id: 'key-id',
  group: 'key-id',
  dn: 'dn',
};

/** An address that no key, profile or tunnel is for, in the place of one that cannot be told. */
export const NOBODY = '0.0.0.0';

export function addressText(address: string): string {
  return address === NOBODY ? 'the address of the initiator' : address;
}

/** An identity as a log, a packet (registry name or number) or a configuration writes it. */
export function toIdentity(written: { readonly type: string; readonly value: string }): Identity {
  const type = TYPES[written.type.trim().toLowerCase()];
  const value = written.value.trim();
  if (type === 'ipv4' || type === 'ipv6' || type === undefined) return addressIdentity(value);
  return { type, value };
}

export function addressIdentity(address: string): Identity {
  if (parseIpv4(address) !== null) return { type: 'ipv4', value: canonicalAddress(address) };
  if (parseIpv6(address) !== null) return { type: 'ipv6', value: canonicalAddress(address) };
  return { type: address.includes('@') ? 'user-fqdn' : 'fqdn', value: address };
}

/** What a router says it is: the profile's self-identity, then `crypto isakmp identity`; its address by default. */
export function ownIdentity(
  model: ConfigModel,
  profile: IsakmpProfile | null,
  local: string | null,
): Identity | null {
  const self = profile?.selfIdentity ?? null;
  if (self !== null) {
    switch (self.kind) {
      case 'address':
      case 'ipv6':
        return fromAddress(self.value ?? local);
      case 'fqdn':
        return { type: 'fqdn', value: self.value ?? fullName(model) };
      case 'user-fqdn':
        return { type: 'user-fqdn', value: self.value ?? fullName(model) };
    }
  }
  switch (model.isakmpIdentity) {
    case 'address':
      return fromAddress(local);
    case 'hostname':
      return { type: 'fqdn', value: fullName(model) };
    case 'dn':
      return dnIdentity(model, profile?.trustpoints ?? []);
  }
}

/** The subject of the first certificate that may be presented; empty when no configuration tells it. */
export function dnIdentity(model: ConfigModel, wanted: readonly NameUse[]): Identity {
  return { type: 'dn', value: allowed(model, wanted)[0]?.subjectName ?? '' };
}

/** A distinguished name as identity is the subject of the certificate. */
export function namedCertificate({ type, value }: Identity): Certificate | null {
  return type === 'dn' && value !== '' ? { subject: value, issuer: null } : null;
}

export function identityText(identity: Identity): string {
  return identity.type === 'ipv4' || identity.type === 'ipv6'
    ? identity.value
    : `${identity.type} ${identity.value}`.trim();
}

function fromAddress(address: string | null): Identity | null {
  return address === null ? null : addressIdentity(address);
}

/** The host name with its domain. */
export function fullName(model: ConfigModel): string {
  const host = model.hostname ?? '';
  return model.domainName === null ? host : `${host}.${model.domainName}`;
}
