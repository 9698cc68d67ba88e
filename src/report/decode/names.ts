import { exchangeTypes } from '../../isakmp/registry/exchange-types.ts';
import {
  authenticationMethods,
  encryptionAlgorithms,
  hashAlgorithms,
} from '../../isakmp/registry/phase1.ts';
import { groups } from '../../isakmp/registry/groups.ts';
import { notifyTypes } from '../../isakmp/registry/notify-types.ts';
import { nameOf } from '../../isakmp/registry/table.ts';
import type { NameTable } from '../../isakmp/registry/table.ts';
import {
  encryptionTransforms,
  integrityTransforms,
  prfTransforms,
} from '../../isakmp/registry/v2-transforms.ts';
import type { NegotiatedTransform } from '../../model/exchange.ts';

/** A number with its registry name, null where the registry has none. */
export type Named = { readonly value: number; readonly name: string | null };

export function named(names: NameTable, value: number): Named {
  return { value, name: nameOf(names, value) };
}

/** The registry name, or the number where there is none. */
export function nameOrValue(names: NameTable, value: number): string | number {
  return nameOf(names, value) ?? value;
}

/** A transform in registry names, as far as it is known. Groups stay numbers and have their name beside them. */
export type TransformRecord = {
  readonly encryption: string | number | null;
  readonly keyLength: number | null;
  /** IKEv1 hash; null in IKEv2. */
  readonly hash: string | number | null;
  /** IKEv2 only. */
  readonly integrity: string | number | null;
  readonly prf: string | number | null;
  readonly group: number | null;
  readonly groupName: string | null;
  readonly authentication: string | number | null;
  readonly lifeSeconds: number | null;
  readonly lifeKilobytes: number | null;
};

export function transformRecord(version: 1 | 2, transform: NegotiatedTransform): TransformRecord {
  const name = (names: NameTable, value: number | null): string | number | null =>
    value === null ? null : nameOrValue(names, value);
  const v1 = version === 1;
  return {
    encryption: name(v1 ? encryptionAlgorithms : encryptionTransforms, transform.encryption),
    keyLength: transform.keyLength,
    hash: v1 ? name(hashAlgorithms, transform.hash) : null,
    integrity: v1 ? null : name(integrityTransforms, transform.hash),
    prf: name(prfTransforms, transform.prf),
    group: transform.group,
    groupName: transform.group === null ? null : nameOf(groups, transform.group),
    authentication: name(authenticationMethods, transform.authentication),
    lifeSeconds: transform.lifeSeconds,
    lifeKilobytes: transform.lifeKilobytes,
  };
}

/** For a line of text: `AES-CBC-256, SHA2-256, group 14, pre-shared key, 86400 s`. */
export function transformText(version: 1 | 2, transform: NegotiatedTransform): string {
  const record = transformRecord(version, transform);
  const encryption =
    record.encryption === null
      ? null
      : `${record.encryption}${record.keyLength === null ? '' : `-${record.keyLength}`}`;
  return [
    encryption,
    record.hash,
    record.integrity,
    record.prf,
    record.group === null ? null : `group ${record.group}`,
    record.authentication,
    record.lifeSeconds === null ? null : `${record.lifeSeconds} s`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

export function exchangeTypeName(value: number): string {
  return nameOf(exchangeTypes, value) ?? `exchange type ${value}`;
}

export function notifyName(version: 1 | 2, value: number): string {
  return nameOf(notifyTypes(version), value) ?? `notify type ${value}`;
}
