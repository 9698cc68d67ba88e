import { u16, u32 } from '../../bytes/span.ts';
import type { PayloadContent, ProposalV1 } from '../../model/isakmp.ts';
import type { Span } from '../../model/span.ts';
import { decodeAttributes } from '../attributes.ts';
import { checkIdentity, note, rest, tooShort } from '../body.ts';
import type { BodyDecoder, Faults } from '../body.ts';
import { splitProposals } from '../proposals.ts';
import { splitSpis } from '../spis.ts';

/** RFC 2407 §4.2: SIT_SECRECY and SIT_INTEGRITY. */
const LABELLED = 6;
const IDENTITY_ONLY = 1;
const GDOI = 2;

/**
 * Octets of the labels before the proposals (RFC 2407 §4.6.1): the domain, then for secrecy and for integrity a level and a bitmap of
 * categories, whose lengths are in octets and in bits, each padded to 32 bits.
 */
function labelOctets(bytes: Uint8Array, from: number, situation: number): number {
  if ((situation & LABELLED) === 0) return 0;
  let at = from + 4;
  for (const flag of [2, 4]) {
    if ((situation & flag) === 0) continue;
    if (at + 4 <= bytes.length) at += 4 + padded(u16(bytes, at));
    if (at + 4 <= bytes.length) at += 4 + padded(Math.ceil(u16(bytes, at) / 8));
  }
  return at - from;
}

function padded(octets: number): number {
  return (octets + 3) & ~3;
}

/** RFC 2408 §3.4, RFC 2407 §4.6.1: DOI, situation, proposals. */
const securityAssociation: BodyDecoder = (body, faults) => {
  if (body.bytes.length < 8) return tooShort(body, faults);
  const doi = u32(body.bytes, 0);
  const situation = u32(body.bytes, 4);
  // RFC 6407 §5.2: the SA payload of GDOI's own exchange holds attributes instead of proposals.
  if (doi === GDOI && situation === 0) return { kind: 'sa-v1', doi, situation, proposals: [] };
  if ((situation & IDENTITY_ONLY) === 0) note(faults, 'situation-unassigned', body.offset + 4, 4);
  const labels = labelOctets(body.bytes, 8, situation);
  const start = Math.min(8 + labels, body.bytes.length);
  if (start < 8 + labels) note(faults, 'payload-body-truncated', body.offset + 8, start - 8);
  const proposals = splitProposals(rest(body, start), faults).map(meaning(faults));
  return { kind: 'sa-v1', doi, situation, proposals };
};

function meaning(faults: Faults): (raw: ReturnType<typeof splitProposals>[number]) => ProposalV1 {
  return (raw) => ({
    ...raw,
    transforms: raw.transforms.map((transform) => ({
      number: transform.first,
      id: transform.body.bytes[1]!,
      attributes: decodeAttributes(rest(transform.body, 4), faults),
      offset: transform.offset,
      length: transform.length,
    })),
  });
}

/** RFC 2407 §4.6.2: type, protocol, port, data. */
const identification: BodyDecoder = (body, faults) => {
  if (body.bytes.length < 4) return tooShort(body, faults);
  checkIdentity(body, faults);
  return {
    kind: 'identification',
    idType: body.bytes[0]!,
    protocol: body.bytes[1]!,
    port: u16(body.bytes, 2),
    data: rest(body, 4),
  };
};

/** RFC 2408 §3.14: DOI, protocol, SPI size, type, SPI, data. */
const notification: BodyDecoder = (body, faults) => {
  const { bytes } = body;
  if (bytes.length < 8) return tooShort(body, faults);
  let end = 8 + bytes[5]!;
  if (end > bytes.length) {
    note(faults, 'spi-overruns', body.offset + 5, 1);
    end = bytes.length;
  }
  return {
    kind: 'notification',
    doi: u32(bytes, 0),
    protocol: bytes[4]!,
    notifyType: u16(bytes, 6),
    spi: { bytes: bytes.subarray(8, end), offset: body.offset + 8 },
    data: rest(body, end),
  };
};

/** RFC 2408 §3.15: DOI, protocol, SPI size, count, SPIs. */
const deletion: BodyDecoder = (body, faults) => {
  if (body.bytes.length < 8) return tooShort(body, faults);
  const spis = splitSpis(body, 8, body.bytes[5]!, u16(body.bytes, 6), faults);
  return { kind: 'delete', doi: u32(body.bytes, 0), protocol: body.bytes[4]!, spis };
};

/** draft-ietf-ipsec-isakmp-mode-cfg-05 §3.2: type, reserved, identifier, attributes. */
const configuration: BodyDecoder = (body, faults) => {
  if (body.bytes.length < 4) return tooShort(body, faults);
  return {
    kind: 'configuration',
    configType: body.bytes[0]!,
    identifier: u16(body.bytes, 2),
    attributes: decodeAttributes(rest(body, 4), faults),
  };
};

/** RFC 3947 §5.2: type, three reserved octets, address. */
const natOriginalAddress: BodyDecoder = (body, faults) => {
  if (body.bytes.length < 4) return tooShort(body, faults);
  return { kind: 'nat-original-address', idType: body.bytes[0]!, data: rest(body, 4) };
};

/** Cisco: fragment id, number (from 1), flags with bit 0 on the last one, data. */
const ciscoFragment: BodyDecoder = (body, faults) => {
  if (body.bytes.length < 4) return tooShort(body, faults);
  const number = body.bytes[2]!;
  if (number === 0) note(faults, 'fragment-number-wrong', body.offset + 2, 1);
  return {
    kind: 'cisco-fragment',
    id: u16(body.bytes, 0),
    number,
    last: (body.bytes[3]! & 1) !== 0,
    data: rest(body, 4),
  };
};

const encoded =
  (kind: 'certificate' | 'certificate-request'): BodyDecoder =>
  (body, faults) =>
    body.bytes.length < 1
      ? tooShort(body, faults)
      : { kind, encoding: body.bytes[0]!, data: rest(body, 1) };

const octets =
  (kind: 'hash' | 'signature' | 'nonce' | 'vendor-id' | 'nat-discovery'): BodyDecoder =>
  (body) => ({ kind, data: body });

/** Lengths of the hashes that NAT-D payloads hold (RFC 3947 §3.2). */
const HASH_LENGTHS: ReadonlySet<number> = new Set([16, 20, 32, 48, 64]);

/** draft-ietf-ipsec-nat-t-ike-04 to -08 numbered NAT-D 15, which RFC 6407 later gave to GDOI's SAK. */
const draftNatDiscovery: BodyDecoder = (body) =>
  HASH_LENGTHS.has(body.bytes.length)
    ? { kind: 'nat-discovery', data: body }
    : { kind: 'unknown', data: body };

const keyExchange: BodyDecoder = (body) => ({ kind: 'key-exchange', group: null, data: body });

/** One decoder a payload type; see registry/payload-types.ts for the sources of the numbers. */
export const bodiesV1: ReadonlyMap<number, BodyDecoder> = new Map<number, BodyDecoder>([
  [1, securityAssociation],
  [4, keyExchange],
  [5, identification],
  [6, encoded('certificate')],
  [7, encoded('certificate-request')],
  [8, octets('hash')],
  [9, octets('signature')],
  [10, octets('nonce')],
  [11, notification],
  [12, deletion],
  [13, octets('vendor-id')],
  [14, configuration],
  [15, draftNatDiscovery],
  [20, octets('nat-discovery')],
  [21, natOriginalAddress],
  [130, octets('nat-discovery')],
  [131, natOriginalAddress],
  [132, ciscoFragment],
]);

export function unknownBody(body: Span): PayloadContent {
  return { kind: 'unknown', data: body };
}
