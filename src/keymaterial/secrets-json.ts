import { draft, keep, keepPsk, quoted, type Basket, type Draft, type KeyField } from './builder.ts';
import { readHex, readPsk } from './secret-text.ts';

export const SECRETS_JSON = 'key file (JSON)';

/** Property names of the JSON form, for both IKE versions. */
const PROPERTIES: Readonly<Record<string, KeyField>> = {
  sharedSecret: 'sharedSecret',
  skeyid: 'skeyid',
  skeyid_d: 'skeyidD',
  skeyid_a: 'skeyidA',
  skeyid_e: 'skeyidE',
  encryptionKey: 'encryptionKey',
  SK_d: 'skD',
  SK_ai: 'skAi',
  SK_ar: 'skAr',
  SK_ei: 'skEi',
  SK_er: 'skEr',
  SK_pi: 'skPi',
  SK_pr: 'skPr',
  dhPrivate: 'dhPrivate',
};

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function looksLikeSecretsJson(text: string): boolean {
  return /^\s*\{/.test(text) && /"(?:exchanges|psks)"\s*:\s*\[/.test(text);
}

/**
 * `{"exchanges": [{initiatorCookie, responderCookie, sharedSecret, skeyid…, psk: {initiator, responder},
 * initiator: {…}, responder: {…}}], "psks": [{"label", "psk"}]}`. Octets are hex; a PSK is text, or
 * `hex:` and digits. Each side's own keys are material of their own, since a mismatch makes them differ.
 */
export function takeSecretsJson(target: Basket, text: string): void {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    target.faults.push({
      code: 'key-line-unreadable',
      line: null,
      text: 'the file is no valid JSON',
    });
    return;
  }
  if (!isFields(document)) return;
  const exchanges: readonly unknown[] = Array.isArray(document.exchanges) ? document.exchanges : [];
  for (const [at, exchange] of exchanges.entries()) {
    if (isFields(exchange)) takeExchange(target, exchange, at + 1);
    else unreadable(target, `exchange ${at + 1} is no object`);
  }
  const psk = isFields(document.psk) ? document.psk : {};
  takeSides(target, psk.initiator, psk.responder, target.name);
  const psks: readonly unknown[] = Array.isArray(document.psks) ? document.psks : [];
  for (const [at, entry] of psks.entries()) {
    const named = isFields(entry) ? entry : { psk: entry };
    const label =
      typeof named.label === 'string'
        ? quoted(target, named.label)
        : `key ${at + 1} of the list in ${target.name}`;
    takePsk(target, named.psk, label);
  }
}

function unreadable(target: Basket, text: string): void {
  target.faults.push({ code: 'key-value-unreadable', line: null, text });
}

function takeExchange(target: Basket, exchange: Fields, number: number): void {
  const name = `exchange ${number} in ${target.name}`;
  const psk = isFields(exchange.psk) ? exchange.psk : {};
  const before = target.material.length;
  const pskOf = (side: 'initiator' | 'responder'): unknown => {
    const own = exchange[side];
    return psk[side] ?? (isFields(own) ? own.psk : null);
  };
  takeSides(target, pskOf('initiator'), pskOf('responder'), name);
  for (const side of ['initiator', 'responder'] as const) {
    const own = exchange[side];
    if (isFields(own)) takeFields(target, exchange, own, `${SECRETS_JSON}, ${side}`, name);
  }
  if (typeof exchange.psk === 'string') takePsk(target, exchange.psk, `the key of ${name}`);
  // What stands at the top is the same as a side's where sides are given.
  if (target.material.length === before) takeFields(target, exchange, exchange, SECRETS_JSON, name);
}

/** Both sides' keys under one name where they are equal. */
function takeSides(target: Basket, initiator: unknown, responder: unknown, where: string): void {
  if (initiator != null && initiator === responder) {
    takePsk(target, initiator, `the key of ${where}`);
    return;
  }
  takePsk(target, initiator, `the initiator's key of ${where}`);
  takePsk(target, responder, `the responder's key of ${where}`);
}

function cookie(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{16}$/i.test(value) ? value.toLowerCase() : null;
}

function takeFields(
  target: Basket,
  exchange: Fields,
  own: Fields,
  source: string,
  name: string,
): void {
  const row: Draft = draft(1);
  row.initiatorCookie = cookie(exchange.initiatorCookie);
  row.responderCookie = cookie(exchange.responderCookie);
  for (const [property, field] of Object.entries(PROPERTIES)) {
    const value = own[property] ?? (field === 'encryptionKey' ? undefined : exchange[property]);
    if (typeof value !== 'string' || value === '') continue;
    const octets = readHex(value);
    if (octets === null) unreadable(target, `${property} of ${name} is no hex`);
    else row.values.set(field, octets);
  }
  if (typeof exchange.encryption === 'string') {
    const bits = typeof exchange.keyLength === 'number' ? `-${exchange.keyLength}` : '';
    row.encryption = `${exchange.encryption}${bits}`;
  }
  if (typeof exchange.integrity === 'string') row.integrity = exchange.integrity;
  keep(target, row, source);
}

function takePsk(target: Basket, value: unknown, label: string): void {
  if (value === null || value === undefined) return;
  // Quotes belong to the key here: JSON has its own.
  const secret =
    typeof value !== 'string' || value === ''
      ? null
      : value.startsWith('hex:')
        ? readPsk(value)
        : new TextEncoder().encode(value);
  if (secret === null) unreadable(target, `${label} cannot be read`);
  else keepPsk(target, secret, 1, label);
}
