import { hash, hmac } from '#crypto';

import { copyOf, equalOctets, u16, u32 } from '../bytes/span.ts';
import type { HashName } from '../crypto/names.ts';
import { vendorName } from '../isakmp/registry/vendor-ids.ts';
import type { AddressMap } from './address-map.ts';
import { redactConfiguration } from './configuration.ts';
import { redactDer } from './der.ts';
import { fillText, redactName } from './name-octets.ts';
import { isText } from './octet-text.ts';

/** What replaces addresses and names in the octets of a capture. */
export type OctetRules = {
  readonly key: Uint8Array;
  readonly addresses: AddressMap | null;
  readonly names: boolean;
  /** Addresses of the evidence, as octets: what a NAT-D hash of a translated host may be of. */
  readonly known: readonly Uint8Array[];
};

export type End = { readonly address: Uint8Array; readonly port: number };

const HEADER = 28;
const GENERIC = 4;
/** Octets that no decoder takes for a message. */
const NOTHING = 0xff;

/** RFC 2407 §4.6.2.1 and RFC 7296 §3.5. */
const ID_ADDRESSES: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [4, 4],
  [5, 16],
  [6, 16],
  [7, 4],
  [8, 16],
]);
const ID_RANGES: ReadonlySet<number> = new Set([7, 8]);
/** ID_DER_ASN1_DN and ID_DER_ASN1_GN. */
const ID_STRUCTURES: ReadonlySet<number> = new Set([9, 10]);

/** RFC 2408 §3.1, RFC 3947 §3 and its drafts, RFC 7296 §3.2. */
const payload = {
  v1Id: 5,
  v1Certificate: 6,
  v1Request: 7,
  v1Notify: 11,
  v1Vendor: 13,
  v1Attributes: 14,
  v2IdI: 35,
  v2IdR: 36,
  v2Certificate: 37,
  v2Notify: 41,
  v2Vendor: 43,
  v2TsI: 44,
  v2TsR: 45,
  v2Sk: 46,
  v2Configuration: 47,
  v2Eap: 48,
  v2Skf: 53,
} as const;
const NAT_D: ReadonlySet<number> = new Set([20, 130]);
const NAT_OA: ReadonlySet<number> = new Set([21, 131]);
const NAT_DETECTION: ReadonlySet<number> = new Set([16388, 16389]);
/** REDIRECT and REDIRECTED_FROM (RFC 5685 §7): a gateway by address or name. */
const REDIRECTS: ReadonlySet<number> = new Set([16407, 16408]);
/** A gateway's IPv4 address, as concentrators tell it to Unity clients. */
const UNITY_LOAD_BALANCE = 40_501;

const HASHES: ReadonlyMap<number, HashName> = new Map([
  [16, 'md5'],
  [20, 'sha1'],
  [32, 'sha256'],
  [48, 'sha384'],
  [64, 'sha512'],
]);

/** Ports that a NAT-D hash may be of beside those of the packet (RFC 3947 §4). */
const PORTS: readonly number[] = [500, 4500];

/**
 * Rewrites an ISAKMP message in `bytes[from..to)` in place and at its length. What is encrypted stays as it is: it says
 * nothing to who has no key. `src` and `dst` are the ends as captured.
 */
export function redactIke(
  bytes: Uint8Array,
  from: number,
  to: number,
  src: End,
  dst: End,
  rules: OctetRules,
): void {
  const version = to - from < HEADER ? 0 : bytes[from + 17]! >> 4;
  if (version !== 1 && version !== 2) {
    bytes.fill(NOTHING, from, to);
    return;
  }
  const isEncrypted = version === 1 && (bytes[from + 19]! & 1) === 1;
  if (isEncrypted) return;
  const cookies = copyOf(bytes, from, from + 16);
  let type = bytes[from + 16]!;
  let at = from + HEADER;
  while (type !== 0 && to - at >= GENERIC) {
    const length = u16(bytes, at + 2);
    if (version === 2 && (type === payload.v2Sk || type === payload.v2Skf)) return;
    if (length < GENERIC) {
      at += GENERIC;
      break;
    }
    const end = Math.min(at + length, to);
    const body = bytes.subarray(at + GENERIC, end);
    if (version === 1) redactV1(type, body, cookies, src, dst, rules);
    else redactV2(type, body, cookies, src, dst, rules);
    type = bytes[at]!;
    at = end;
  }
  // Behind the last payload, or behind one that says nothing of where the next begins.
  bytes.fill(0, Math.min(at, to), to);
}

function redactV1(
  type: number,
  body: Uint8Array,
  cookies: Uint8Array,
  src: End,
  dst: End,
  rules: OctetRules,
): void {
  if (NAT_D.has(type)) redactNatHash(body, cookies, src, dst, rules);
  else if (type === payload.v1Id || NAT_OA.has(type)) redactIdentity(body, rules);
  else if (type === payload.v1Certificate || type === payload.v1Request) {
    redactCertificate(body, rules);
  } else if (type === payload.v1Vendor) redactVendor(body, rules);
  else if (type === payload.v1Attributes) redactConfiguration(1, body, rules);
  else if (type === payload.v1Notify && body.length >= 2 * GENERIC) {
    const data = body.subarray(2 * GENERIC + body[5]!);
    const isGateway = u16(body, 6) === UNITY_LOAD_BALANCE && data.length === 4;
    if (isGateway && rules.addresses !== null) data.set(rules.addresses.octets(data));
    else redactNotice(data, rules);
  }
}

/** Only the first two kinds are sent in clear; of a peer that sends others so, nothing may be told all the same. */
function redactV2(
  type: number,
  body: Uint8Array,
  cookies: Uint8Array,
  src: End,
  dst: End,
  rules: OctetRules,
): void {
  if (type === payload.v2Notify) redactNotify(body, cookies, src, dst, rules);
  else if (type === payload.v2Vendor) redactVendor(body, rules);
  else if (type === payload.v2IdI || type === payload.v2IdR) redactIdentity(body, rules);
  else if (type === payload.v2Certificate) redactCertificate(body, rules);
  else if (type === payload.v2Configuration) redactConfiguration(2, body, rules);
  else if (type === payload.v2Eap || type === payload.v2TsI || type === payload.v2TsR) body.fill(0);
}

/** Encodings (RFC 2408 §3.9) that are DER: PKCS #7, X.509 of three uses, lists, an attribute. */
const DER_ENCODINGS: ReadonlySet<number> = new Set([1, 4, 5, 7, 8, 10]);

/** The encoding, then the certificate or the name of who shall have signed it. */
function redactCertificate(body: Uint8Array, rules: OctetRules): void {
  const data = body.subarray(1);
  if (DER_ENCODINGS.has(body[0] ?? 0)) redactDer(data, rules);
  else if (rules.names) fillText(data, rules.key);
}

/** What nobody knows may be a name; what a registry knows is the same for everybody. */
function redactVendor(body: Uint8Array, { key, names }: OctetRules): void {
  if (names && vendorName(body) === null) fillText(body, key);
}

/** Words for people. */
function redactNotice(data: Uint8Array, { key, names }: OctetRules): void {
  if (names && isText(data)) fillText(data, key);
}

/** RFC 5685 §7: kind (1 IPv4, 2 IPv6, 3 name), length, gateway. */
function redactGateway(data: Uint8Array, { key, addresses, names }: OctetRules): void {
  if (data.length < 2) return;
  const gateway = data.subarray(2, 2 + data[1]!);
  if (data[0] !== 3) gateway.set(addresses?.octets(gateway) ?? gateway);
  else if (names) fillText(gateway, key);
}

/** RFC 7296 §3.10: protocol, SPI size, type, SPI, data. */
function redactNotify(
  body: Uint8Array,
  cookies: Uint8Array,
  src: End,
  dst: End,
  rules: OctetRules,
): void {
  if (body.length < GENERIC) return;
  const type = u16(body, 2);
  const data = body.subarray(GENERIC + body[1]!);
  if (NAT_DETECTION.has(type)) redactNatHash(data, cookies, src, dst, rules);
  else if (REDIRECTS.has(type)) redactGateway(data, rules);
  else redactNotice(data, rules);
}

/** The hash of a known end becomes that of its replacement; of an end that nobody knows, a number that leads nowhere. */
function redactNatHash(
  value: Uint8Array,
  cookies: Uint8Array,
  src: End,
  dst: End,
  { key, addresses, known }: OctetRules,
): void {
  const name = HASHES.get(value.length);
  if (addresses === null) return;
  const portBytes = (port: number): Uint8Array => Uint8Array.of(port >> 8, port & 0xff);
  const natHash = (address: Uint8Array, port: number): Uint8Array =>
    name === undefined ? new Uint8Array(0) : hash(name, cookies, address, portBytes(port));
  const ends = [
    src,
    dst,
    ...known.flatMap((address) =>
      [...new Set([src.port, dst.port, ...PORTS])].map((port) => ({ address, port })),
    ),
  ];
  const fit = ends.find(({ address, port }) => equalOctets(natHash(address, port), value));
  if (fit !== undefined) {
    value.set(natHash(addresses.octets(fit.address), fit.port));
    return;
  }
  const blind = hmac('sha512', key, value);
  for (let i = 0; i < value.length; i += 1) value[i] = blind[i % blind.length]!;
}

/** RFC 2407 §4.6.2: type, protocol, port, data. A range keeps its ends in order. */
function redactIdentity(body: Uint8Array, rules: OctetRules): void {
  const { key, addresses, names } = rules;
  if (body.length < GENERIC) return;
  const type = body[0]!;
  const data = body.subarray(GENERIC);
  if (ID_STRUCTURES.has(type)) {
    redactDer(data, rules);
    return;
  }
  const size = ID_ADDRESSES.get(type);
  if (size === undefined) {
    if (names) redactName(data, key);
    return;
  }
  if (addresses === null || data.length < size) return;
  const first = addresses.octets(data.subarray(0, size));
  data.set(first);
  if (!ID_RANGES.has(type) || data.length < 2 * size) return;
  const last = addresses.octets(data.subarray(size, 2 * size));
  const inOrder = size !== 4 || u32(first, 0) <= u32(last, 0);
  data.set(inOrder ? [...first, ...last] : [...last, ...first]);
}
