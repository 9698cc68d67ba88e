import type { Palette } from '../palette.ts';
import { safeText } from '../safe-text.ts';
import type { MessageRecord } from './document.ts';
import type { PayloadRecord } from './payloads.ts';

/** Longer hex values are cut and say how long they are. */
const HEX_SHOWN = 64;

const INDENT = '        ';

/** A message with all its fields, one a line. */
export function* treeLines(record: MessageRecord, palette: Palette): Generator<string> {
  yield palette.faint(
    `${INDENT}${record.time}  ${record.src.address}:${record.src.port} → ${record.dst.address}:${record.dst.port}  message id ${record.messageId}  flags ${flagsText(record)}${record.nonEspMarker ? '  non-ESP marker' : ''}`,
  );
  if (record.decrypted !== null) {
    yield palette.faint(`${INDENT}opened by ${safeText(record.decrypted.by)}`);
  }
  if (record.opaque !== null) yield palette.faint(`${INDENT}${safeText(record.opaque.why)}`);
  for (const payload of record.payloads) {
    yield `${INDENT}${palette.strong(payload.name ?? `payload ${payload.type}`)}${palette.faint(`  octet ${payload.offset}, ${payload.length} octets`)}`;
    yield* fieldLines(payload);
  }
}

function flagsText({ flags }: MessageRecord): string {
  const set = Object.entries(flags).flatMap(([name, on]) => (on ? [name] : []));
  return set.length === 0 ? 'none' : set.join(', ');
}

const HEADER_FIELDS: ReadonlySet<string> = new Set(['type', 'name', 'offset', 'length']);

function* fieldLines(payload: PayloadRecord): Generator<string> {
  for (const [key, value] of Object.entries(payload)) {
    if (!HEADER_FIELDS.has(key)) yield* valueLines(key, value, `${INDENT}  `);
  }
}

function* valueLines(key: string, value: unknown, indent: string): Generator<string> {
  const flat = flatText(value);
  if (flat !== null) {
    yield `${indent}${key}: ${flat}`;
    return;
  }
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries())
      yield* valueLines(`${key.replace(/s$/, '')} ${at + 1}`, item, indent);
    return;
  }
  yield `${indent}${key}`;
  for (const [inner, part] of Object.entries(value as object)) {
    yield* valueLines(inner, part, `${indent}  `);
  }
}

/** One line for numbers, texts, registry entries and small flat records; null for what needs lines of its own. */
function flatText(value: unknown): string | null {
  if (value === null) return 'unknown';
  if (typeof value === 'string') return stringText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    return value.every((item) => typeof item === 'string') ? value.map(stringText).join(' ') : null;
  }
  const entries = Object.entries(value as object) as [string, unknown][];
  if (isNamed(value))
    return value.name === null ? String(value.value) : `${value.name} (${value.value})`;
  if (entries.some(([, part]) => typeof part === 'object' && part !== null)) return null;
  return entries.map(([name, part]) => `${safeText(name)} ${flatText(part) ?? ''}`).join(', ');
}

function stringText(text: string): string {
  if (text === '') return '""';
  if (text.length <= 2 * HEX_SHOWN || !/^[0-9a-f]+$/.test(text)) return safeText(text);
  return `${text.slice(0, 2 * HEX_SHOWN)}… (${text.length / 2} octets)`;
}

function isNamed(
  value: unknown,
): value is { readonly value: number; readonly name: string | null } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 2 &&
    'value' in value &&
    'name' in value
  );
}
