import { hex } from '../../bytes/hex.ts';
import { readCertificate, readDistinguishedName } from '../../isakmp/certificate.ts';
import { identityText, readableIdentity } from '../../isakmp/identity.ts';
import {
  configTypesV1,
  configTypesV2,
  eapCodes,
  eapMethods,
} from '../../isakmp/registry/config-attributes.ts';
import { certificateEncodings, idTypes, ipProtocols } from '../../isakmp/registry/identities.ts';
import { groups } from '../../isakmp/registry/groups.ts';
import { notifyTypes } from '../../isakmp/registry/notify-types.ts';
import { payloadTypes } from '../../isakmp/registry/payload-types.ts';
import { doiValues, protocolsV1, protocolsV2, transformsOf } from '../../isakmp/registry/phase2.ts';
import { nameOf } from '../../isakmp/registry/table.ts';
import {
  authenticationMethodsV2,
  trafficSelectorTypes,
  transformIds,
  transformTypes,
} from '../../isakmp/registry/v2-transforms.ts';
import { vendorName } from '../../isakmp/registry/vendor-ids.ts';
import type {
  Payload,
  PayloadContent,
  ProposalV1,
  ProposalV2,
  TrafficSelector,
  TransformV2,
} from '../../model/isakmp.ts';
import type { Span } from '../../model/span.ts';
import { configRecord, phase1Record, phase2Record } from './attributes.ts';
import type { AttributeRecord } from './attributes.ts';
import { named, nameOrValue } from './names.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One payload as plain values: `type`, `name`, `offset` and `length` first, then what its kind holds. */
export type PayloadRecord = {
  readonly type: number;
  readonly name: string | null;
  readonly offset: number;
  readonly length: number;
  readonly [field: string]: Json;
};

const ISAKMP = 1;
const ESP = 3;
const CERTIFICATE = 4;
const CRITICAL = 0x80;

export function payloadRecord(version: 1 | 2, payload: Payload): PayloadRecord {
  return {
    ...payloadHead(version, payload),
    offset: payload.offset,
    length: payload.length,
    ...(version === 2 && (payload.reserved & CRITICAL) !== 0 ? { critical: true } : {}),
    ...payloadFields(version, payload.content),
  };
}

/** What all payloads of a type share. */
export function payloadHead(
  version: 1 | 2,
  { type }: Payload,
): Pick<PayloadRecord, 'type' | 'name'> {
  return { type, name: nameOf(payloadTypes(version), type) };
}

export type JsonFields = Readonly<Record<string, Json>>;

/** What a payload holds, by its kind. */
export function payloadFields(version: 1 | 2, content: PayloadContent): JsonFields {
  switch (content.kind) {
    case 'sa-v1':
      return {
        doi: named(doiValues, content.doi),
        situation: content.situation,
        proposals: content.proposals.map(proposalV1),
      };
    case 'sa-v2':
      return { proposals: content.proposals.map(proposalV2) };
    case 'key-exchange':
      return {
        ...(content.group === null
          ? {}
          : { group: content.group, groupName: nameOf(groups, content.group) }),
        data: hex(content.data.bytes),
      };
    case 'identification': {
      const value = identityText(content.idType, content.data.bytes);
      const text = readableIdentity(content.idType, content.data);
      return {
        idType: named(idTypes(version), content.idType),
        protocol: content.protocol,
        port: content.port,
        value,
        ...(text === value ? {} : { text }),
        data: hex(content.data.bytes),
      };
    }
    case 'certificate':
      return {
        encoding: content.encoding,
        encodingName: nameOf(certificateEncodings, content.encoding),
        ...certificateFields(content.encoding, content.data),
        data: hex(content.data.bytes),
      };
    case 'certificate-request':
      return {
        encoding: content.encoding,
        encodingName: nameOf(certificateEncodings, content.encoding),
        ...authorities(version, content.encoding, content.data),
        data: hex(content.data.bytes),
      };
    case 'vendor-id':
      return { data: hex(content.data.bytes), vendor: vendorName(content.data.bytes) };
    case 'notification':
      return {
        ...(content.doi === null ? {} : { doi: named(doiValues, content.doi) }),
        notifyType: named(notifyTypes(version), content.notifyType),
        protocol: content.protocol,
        spi: hex(content.spi.bytes),
        data: hex(content.data.bytes),
      };
    case 'delete':
      return {
        ...(content.doi === null ? {} : { doi: named(doiValues, content.doi) }),
        protocol: content.protocol,
        spis: content.spis.map(({ bytes }) => hex(bytes)),
      };
    case 'configuration':
      return {
        configType: named(version === 1 ? configTypesV1 : configTypesV2, content.configType),
        identifier: content.identifier,
        attributes: content.attributes.map((attribute) => configRecord(version, attribute)),
      };
    case 'nat-original-address':
      return {
        idType: named(idTypes(version), content.idType),
        value: identityText(content.idType, content.data.bytes),
      };
    case 'authentication':
      return {
        method: named(authenticationMethodsV2, content.method),
        data: hex(content.data.bytes),
      };
    case 'traffic-selectors':
      return { selectors: content.selectors.map(selectorRecord) };
    case 'eap':
      return {
        code: named(eapCodes, content.code),
        identifier: content.identifier,
        ...(content.data.bytes[0] === undefined
          ? {}
          : { method: named(eapMethods, content.data.bytes[0]) }),
        data: hex(content.data.bytes),
      };
    case 'encrypted':
      return { firstPayload: content.firstPayload, octets: content.data.bytes.length };
    case 'encrypted-fragment':
      return {
        firstPayload: content.firstPayload,
        fragment: content.fragment,
        total: content.total,
        octets: content.data.bytes.length,
      };
    case 'cisco-fragment':
      return {
        id: content.id,
        number: content.number,
        last: content.last,
        octets: content.data.bytes.length,
      };
    case 'hash':
    case 'signature':
    case 'nonce':
    case 'nat-discovery':
    case 'unknown':
      return { data: hex(content.data.bytes) };
  }
}

function certificateFields(encoding: number, data: Span): JsonFields {
  const summary = encoding === CERTIFICATE || encoding === 5 ? readCertificate(data) : null;
  return summary === null ? { subject: null, issuer: null } : { ...summary };
}

/** IKEv1 names one authority (RFC 2408 §3.10), IKEv2 lists SHA-1 hashes of their keys (RFC 7296 §3.7). */
function authorities(version: 1 | 2, encoding: number, data: Span): JsonFields {
  if (encoding !== CERTIFICATE) return {};
  if (version === 1) return { authority: readDistinguishedName(data) };
  const hashes: string[] = [];
  for (let at = 0; at + 20 <= data.bytes.length; at += 20) {
    hashes.push(hex(data.bytes.subarray(at, at + 20)));
  }
  return { authorities: hashes };
}

function proposalV1(proposal: ProposalV1): Json {
  const phase1 = proposal.protocol === ISAKMP;
  const names = transformsOf(proposal.protocol);
  return {
    number: proposal.number,
    protocol: named(protocolsV1, proposal.protocol),
    spi: hex(proposal.spi.bytes),
    transforms: proposal.transforms.map((transform) => ({
      number: transform.number,
      id: named(names, transform.id),
      attributes: phase1
        ? phase1Record(transform.attributes)
        : {
            ...(proposal.protocol === ESP ? { encryption: nameOrValue(names, transform.id) } : {}),
            ...phase2Record(transform.attributes),
          },
    })),
  };
}

function proposalV2(proposal: ProposalV2): Json {
  return {
    number: proposal.number,
    protocol: named(protocolsV2, proposal.protocol),
    spi: hex(proposal.spi.bytes),
    transforms: proposal.transforms.map((transform) => ({
      type: named(transformTypes, transform.type),
      id: named(transformIds(transform.type), transform.id),
      attributes: attributesV2(transform),
    })),
  };
}

const KEY_LENGTH = 14;
const keysV2: ReadonlyMap<number, string> = new Map([
  [1, 'encryption'],
  [2, 'prf'],
  [3, 'integrity'],
  [5, 'sequenceNumbers'],
]);

function attributesV2(transform: TransformV2): AttributeRecord {
  const names = transformIds(transform.type);
  const keyLength = transform.attributes.find(({ type }) => type === KEY_LENGTH)?.value ?? null;
  const key = keysV2.get(transform.type);
  const what: AttributeRecord =
    key === undefined
      ? transform.type === 4
        ? { group: transform.id, groupName: nameOf(names, transform.id) ?? String(transform.id) }
        : {}
      : { [key]: nameOrValue(names, transform.id) };
  return keyLength === null ? what : { ...what, keyLength };
}

/** RFC 7296 §3.13.1: `10.1.0.0-10.1.0.255`; ports 0 to 65535 are any. */
export function selectorText(selector: TrafficSelector): string {
  const { startAddress, endAddress, startPort, endPort, protocol } = selector;
  const range = startAddress === endAddress ? startAddress : `${startAddress}-${endAddress}`;
  const ports =
    startPort === 0 && endPort === 65535
      ? ''
      : ` port ${startPort === endPort ? startPort : `${startPort}-${endPort}`}`;
  const name = protocol === 0 ? '' : ` ${nameOf(ipProtocols, protocol) ?? `protocol ${protocol}`}`;
  return `${range}${name}${ports}`;
}

function selectorRecord(selector: TrafficSelector): Json {
  return {
    type: named(trafficSelectorTypes, selector.type),
    protocol: selector.protocol,
    startPort: selector.startPort,
    endPort: selector.endPort,
    startAddress: selector.startAddress,
    endAddress: selector.endAddress,
    text: selectorText(selector),
  };
}
