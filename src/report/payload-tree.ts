import type { TreeNode } from '../model/report.ts';
import type { PayloadRecord } from './decode/payloads.ts';

/** A payload's record as a tree to unfold: fields in their order, nested records as children. */
export function payloadTree(record: PayloadRecord): TreeNode {
  const { type, name, offset, length, ...fields } = record;
  const children = Object.entries(fields).flatMap(([label, value]) => nodes(label, value));
  return {
    label: name ?? `payload ${type}`,
    offset,
    length,
    ...(children.length > 0 && { children }),
  };
}

function nodes(label: string, value: unknown): readonly TreeNode[] {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item, index) => nodes(`${label} ${index + 1}`, item));
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value);
    const number = named(value);
    if (number !== null) return [{ label, value: number }];
    return [{ label, children: entries.flatMap(([key, inner]) => nodes(key, inner)) }];
  }
  return [{ label, value: typeof value === 'string' ? value : JSON.stringify(value) }];
}

/** A registry number with its name, `{ value, name }`, as `NAME (number)`. */
function named(value: object): string | null {
  if (!('value' in value) || !('name' in value) || Object.keys(value).length !== 2) return null;
  const { value: number, name } = value;
  if (typeof number !== 'number') return null;
  return typeof name === 'string' ? `${name} (${number})` : `${number}`;
}
