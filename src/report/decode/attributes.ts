import { hex } from '../../bytes/hex.ts';
import { addressText } from '../../isakmp/address.ts';
import {
  configAttributesV1,
  configAttributesV2,
  secretConfigAttributes,
} from '../../isakmp/registry/config-attributes.ts';
import { groups } from '../../isakmp/registry/groups.ts';
import {
  authenticationMethods,
  encryptionAlgorithms,
  groupTypes,
  hashAlgorithms,
  Phase1,
  phase1Attributes,
} from '../../isakmp/registry/phase1.ts';
import {
  encapsulationModes,
  Phase2,
  phase2Attributes,
  phase2Authentication,
} from '../../isakmp/registry/phase2.ts';
import { nameOf } from '../../isakmp/registry/table.ts';
import type { NameTable } from '../../isakmp/registry/table.ts';
import type { Attribute } from '../../model/isakmp.ts';
import { nameOrValue } from './names.ts';

/** Attributes by what they mean: `encryption: "AES-CBC"`, `lifeSeconds: 86400`. */
export type AttributeRecord = Readonly<Record<string, string | number>>;

type Field = { readonly key: string; readonly names: NameTable | null };

const phase1Fields: ReadonlyMap<number, Field> = new Map<number, Field>([
  [Phase1.encryption, { key: 'encryption', names: encryptionAlgorithms }],
  [Phase1.hash, { key: 'hash', names: hashAlgorithms }],
  [Phase1.authentication, { key: 'authentication', names: authenticationMethods }],
  [Phase1.group, { key: 'group', names: null }],
  [5, { key: 'groupType', names: groupTypes }],
  [Phase1.prf, { key: 'prf', names: null }],
  [Phase1.keyLength, { key: 'keyLength', names: null }],
]);

const phase2Fields: ReadonlyMap<number, Field> = new Map<number, Field>([
  [Phase2.group, { key: 'group', names: null }],
  [Phase2.encapsulation, { key: 'encapsulation', names: encapsulationModes }],
  [Phase2.authentication, { key: 'authentication', names: phase2Authentication }],
  [Phase2.keyLength, { key: 'keyLength', names: null }],
]);

/** RFC 2409 Appendix A. */
export function phase1Record(attributes: readonly Attribute[]): AttributeRecord {
  return record(attributes, phase1Fields, phase1Attributes, Phase1.lifeType, Phase1.lifeDuration);
}

/** RFC 2407 §4.5. */
export function phase2Record(attributes: readonly Attribute[]): AttributeRecord {
  return record(attributes, phase2Fields, phase2Attributes, Phase2.lifeType, Phase2.lifeDuration);
}

const KILOBYTES = 2;

function record(
  attributes: readonly Attribute[],
  fields: ReadonlyMap<number, Field>,
  names: NameTable,
  lifeType: number,
  lifeDuration: number,
): AttributeRecord {
  const entries = new Map<string, string | number>();
  let unit = 1;
  for (const { type, value, data } of attributes) {
    const shown = value ?? hex(data.bytes);
    const field = fields.get(type);
    if (type === lifeType) unit = value ?? unit;
    else if (type === lifeDuration) {
      entries.set(unit === KILOBYTES ? 'lifeKilobytes' : 'lifeSeconds', shown);
    } else if (field === undefined) entries.set(nameOf(names, type) ?? `attribute ${type}`, shown);
    else {
      entries.set(
        field.key,
        field.names === null || value === null ? shown : nameOrValue(field.names, value),
      );
      if (field.key === 'group' && value !== null) {
        const name = nameOf(groups, value);
        if (name !== null) entries.set('groupName', name);
      }
    }
  }
  return Object.fromEntries(entries);
}

/** A mode-config, XAUTH or CP attribute. `value` is text or hex; a password is never shown. */
export type ConfigAttributeRecord = {
  readonly type: number;
  readonly name: string | null;
  readonly value: string | number;
};

const ADDRESSES: ReadonlySet<number> = new Set([1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 20, 21]);
const TEXT: ReadonlySet<number> = new Set([7, 16521, 16524, 16526, 25, 28672, 28674, 28675, 28682]);

export function configRecord(version: 1 | 2, attribute: Attribute): ConfigAttributeRecord {
  const { type, data } = attribute;
  return {
    type,
    name: nameOf(version === 1 ? configAttributesV1 : configAttributesV2, type),
    value: configValue(type, attribute, data.bytes),
  };
}

const utf8 = new TextDecoder('utf-8');

function configValue(type: number, attribute: Attribute, bytes: Uint8Array): string | number {
  if (bytes.length === 0) return '';
  if (secretConfigAttributes.has(type)) return `<${bytes.length} octets, not shown>`;
  if (TEXT.has(type)) return utf8.decode(bytes);
  if (ADDRESSES.has(type)) {
    // IKEv2 appends a prefix length to IPv6 addresses (RFC 7296 §3.15.1).
    const plain = bytes.length === 17 ? bytes.subarray(0, 16) : bytes;
    const text = addressText(plain);
    if (text !== '') return bytes.length === 17 ? `${text}/${bytes[16]}` : text;
  }
  return bytes.length === 2 && attribute.value !== null ? attribute.value : hex(bytes);
}
