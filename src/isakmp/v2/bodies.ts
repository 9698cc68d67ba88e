import { slice, u16 } from '../../bytes/span.ts';
import type { PayloadContent, ProposalV2, TrafficSelector } from '../../model/isakmp.ts';
import type { Span } from '../../model/span.ts';
import { addressText } from '../address.ts';
import { decodeAttributes, decodeConfigAttributesV2 } from '../attributes.ts';
import { checkIdentity, note, rest, tooShort } from '../body.ts';
import type { BodyDecoder, Faults } from '../body.ts';
import { splitProposals } from '../proposals.ts';
import { splitSpis } from '../spis.ts';

/** RFC 7296 §3.3. */
const securityAssociation: BodyDecoder = (body, faults) => ({
  kind: 'sa-v2',
  proposals: splitProposals(body, faults).map(meaning(faults)),
});

function meaning(faults: Faults): (raw: ReturnType<typeof splitProposals>[number]) => ProposalV2 {
  return (raw) => ({
    ...raw,
    transforms: raw.transforms.map((transform) => ({
      type: transform.first,
      id: u16(transform.body.bytes, 2),
      attributes: decodeAttributes(rest(transform.body, 4), faults),
      offset: transform.offset,
      length: transform.length,
    })),
  });
}

/** §3.4: group, reserved, data. */
const keyExchange: BodyDecoder = (body, faults) =>
  body.bytes.length < 4
    ? tooShort(body, faults)
    : { kind: 'key-exchange', group: u16(body.bytes, 0), data: rest(body, 4) };

/** §3.5: type, three reserved octets, data. */
const identification: BodyDecoder = (body, faults) => {
  if (body.bytes.length < 4) return tooShort(body, faults);
  checkIdentity(body, faults);
  return {
    kind: 'identification',
    idType: body.bytes[0]!,
    protocol: 0,
    port: 0,
    data: rest(body, 4),
  };
};

const encoded =
  (kind: 'certificate' | 'certificate-request'): BodyDecoder =>
  (body, faults) =>
    body.bytes.length < 1
      ? tooShort(body, faults)
      : { kind, encoding: body.bytes[0]!, data: rest(body, 1) };

/** §3.8: method, three reserved octets, data. */
const authentication: BodyDecoder = (body, faults) =>
  body.bytes.length < 4
    ? tooShort(body, faults)
    : { kind: 'authentication', method: body.bytes[0]!, data: rest(body, 4) };

/** §3.10: protocol, SPI size, type, SPI, data. */
const notification: BodyDecoder = (body, faults) => {
  const { bytes } = body;
  if (bytes.length < 4) return tooShort(body, faults);
  let end = 4 + bytes[1]!;
  if (end > bytes.length) {
    note(faults, 'spi-overruns', body.offset + 1, 1);
    end = bytes.length;
  }
  return {
    kind: 'notification',
    doi: null,
    protocol: bytes[0]!,
    notifyType: u16(bytes, 2),
    spi: slice(body, 4, end),
    data: rest(body, end),
  };
};

/** §3.11: protocol, SPI size, count, SPIs. */
const deletion: BodyDecoder = (body, faults) => {
  if (body.bytes.length < 4) return tooShort(body, faults);
  const spis = splitSpis(body, 4, body.bytes[1]!, u16(body.bytes, 2), faults);
  return { kind: 'delete', doi: null, protocol: body.bytes[0]!, spis };
};

const IPV4_RANGE = 7;
const IPV6_RANGE = 8;

/** §3.13: count, three reserved octets, selectors. */
const trafficSelectors: BodyDecoder = (body, faults) => {
  const { bytes } = body;
  if (bytes.length < 4) return tooShort(body, faults);
  const selectors: TrafficSelector[] = [];
  let at = 4;
  let count = 0;
  while (at < bytes.length) {
    const length = bytes.length - at < 8 ? 0 : u16(bytes, at + 2);
    if (length < 8 || length > bytes.length - at) {
      note(faults, 'selector-truncated', body.offset + at, bytes.length - at);
      break;
    }
    const selector = rangeOf(slice(body, at, at + length), faults);
    if (selector !== null) selectors.push(selector);
    count += 1;
    at += length;
  }
  if (count !== bytes[0]) note(faults, 'selector-count-wrong', body.offset, 1);
  return { kind: 'traffic-selectors', selectors };
};

/** §3.13.1. Types without ports and addresses keep their type and protocol only. */
function rangeOf(selector: Span, faults: Faults): TrafficSelector | null {
  const { bytes } = selector;
  const type = bytes[0]!;
  const size = type === IPV4_RANGE ? 4 : type === IPV6_RANGE ? 16 : 0;
  const base = { type, protocol: bytes[1]! };
  if (size === 0) return { ...base, startPort: 0, endPort: 0, startAddress: '', endAddress: '' };
  if (bytes.length !== 8 + 2 * size) {
    note(faults, 'selector-truncated', selector.offset + 2, 2);
    return null;
  }
  return {
    ...base,
    startPort: u16(bytes, 4),
    endPort: u16(bytes, 6),
    startAddress: addressText(bytes.subarray(8, 8 + size)),
    endAddress: addressText(bytes.subarray(8 + size)),
  };
}

/** §3.15: type, three reserved octets, attributes. */
const configuration: BodyDecoder = (body, faults) =>
  body.bytes.length < 4
    ? tooShort(body, faults)
    : {
        kind: 'configuration',
        configType: body.bytes[0]!,
        identifier: null,
        attributes: decodeConfigAttributesV2(rest(body, 4), faults),
      };

/** §3.16 and RFC 3748 §4: code, identifier, length, data. */
const eap: BodyDecoder = (body, faults) =>
  body.bytes.length < 4
    ? tooShort(body, faults)
    : { kind: 'eap', code: body.bytes[0]!, identifier: body.bytes[1]!, data: rest(body, 4) };

const octets =
  (kind: 'nonce' | 'vendor-id'): BodyDecoder =>
  (body) => ({ kind, data: body });

/** One decoder a payload type; SK and SKF need their generic header and are made in payloads.ts. */
export const bodiesV2: ReadonlyMap<number, BodyDecoder> = new Map<number, BodyDecoder>([
  [33, securityAssociation],
  [34, keyExchange],
  [35, identification],
  [36, identification],
  [37, encoded('certificate')],
  [38, encoded('certificate-request')],
  [39, authentication],
  [40, octets('nonce')],
  [41, notification],
  [42, deletion],
  [43, octets('vendor-id')],
  [44, trafficSelectors],
  [45, trafficSelectors],
  [47, configuration],
  [48, eap],
]);

/** RFC 7383 §2.5: fragment number, total, then as SK. */
export function encryptedFragment(
  body: Span,
  firstPayload: number,
  faults: Faults,
): PayloadContent {
  if (body.bytes.length < 4) return tooShort(body, faults);
  const fragment = u16(body.bytes, 0);
  const total = u16(body.bytes, 2);
  if (fragment === 0 || fragment > total) note(faults, 'fragment-number-wrong', body.offset, 4);
  return { kind: 'encrypted-fragment', firstPayload, fragment, total, data: rest(body, 4) };
}
