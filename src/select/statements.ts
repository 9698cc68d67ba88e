import { readMask } from '../iosconfig/address.ts';
import type { IdentityMatch, Ikev2Key, Ikev2Profile } from '../model/config.ts';
import type { SecretToken } from '../iosconfig/mask.ts';
import { formOf } from '../iosconfig/secrets.ts';
import type { Identity } from './identity.ts';

/** A match statement of an ISAKMP profile as it is typed. */
export function matchCommand({ kind, value, mask, vrf }: IdentityMatch): string {
  const table = vrf === null ? '' : ` ${vrf}`;
  switch (kind) {
    case 'address':
      return `match identity address ${value} ${mask ?? '255.255.255.255'}${table}`;
    case 'ipv6':
      return `match identity address ipv6 ${value}/${mask ?? '128'}${table}`;
    case 'certificate-map':
      return `match certificate ${value}`;
    case 'host':
    case 'host-domain':
    case 'user':
    case 'user-domain':
    case 'group':
      return `match identity ${kind.replace('-', ' ')} ${value}`;
  }
}

/** The narrowest statement of an ISAKMP profile that fits an identity; null for one that only a certificate tells. */
export function matchFor({ type, value }: Identity, vrf: string | null): string | null {
  const statement = (
    kind: IdentityMatch['kind'],
    mask: string | null,
    table: string | null,
  ): string => matchCommand({ kind, value, mask, prefixLength: null, vrf: table, line: 0 });
  switch (type) {
    case 'ipv4':
      return statement('address', '255.255.255.255', vrf);
    case 'ipv6':
      return statement('ipv6', '128', vrf);
    case 'fqdn':
      return value === '' ? null : statement('host', null, null);
    case 'user-fqdn':
      return statement('user', null, null);
    case 'key-id':
      return statement('group', null, null);
    case 'dn':
      return null;
  }
}

/** A `match` statement of an IKEv2 profile as it is typed. */
export function ikev2MatchCommand({ kind, value, mask }: Ikev2Profile['matches'][number]): string {
  switch (kind) {
    case 'local-address':
      return /^[\d.:a-f]+$/i.test(value)
        ? `match address local ${value}`
        : `match address local interface ${value}`;
    case 'certificate-map':
      return `match certificate ${value}`;
    case 'any':
      return 'match identity remote any';
    case 'address':
      return `match identity remote address ${value}${maskText(value, mask)}`;
    default:
      return `match identity remote ${kind.replace('-domain', ' domain')} ${value}`;
  }
}

function maskText(address: string, mask: string | null): string {
  if (address.includes(':')) return `/${mask ?? '128'}`;
  return mask === null || readMask(mask).prefixLength === null ? '' : ` ${mask}`;
}

const IKEV2_KINDS: Readonly<Record<Identity['type'], string | null>> = {
  ipv4: 'address',
  ipv6: 'address',
  fqdn: 'fqdn',
  'user-fqdn': 'email',
  'key-id': 'key-id',
  dn: null,
};

/** The same for an IKEv2 profile. */
export function ikev2MatchFor({ type, value }: Identity): string | null {
  const kind = IKEV2_KINDS[type];
  if (kind === null || value === '') return null;
  const mask = type === 'ipv4' ? '255.255.255.255' : null;
  return ikev2MatchCommand({ kind, value, mask, line: 0 });
}

/** An identity with its type, as a sentence names it. */
export function identityWords({ type, value }: Identity): string {
  switch (type) {
    case 'ipv4':
    case 'ipv6':
      return `address ${value}`;
    case 'dn':
      return `distinguished name ${value}`.trim();
    case 'fqdn':
    case 'user-fqdn':
    case 'key-id':
      return `${type} ${value}`;
  }
}

/** An IKEv2 key as it is typed behind its keyword, its secret as a token. */
export function ikev2KeyText({ secret, secretType }: Ikev2Key, token: SecretToken): string {
  const typed = secretType === 6 || secretType === 'hex' ? `${String(secretType)} ` : '';
  return `${typed}${token(secret, formOf({ secretType }))}`;
}
