import type { CandidatePsk, KeyMaterial } from '../model/key-material.ts';

/** Something in a key file that could not be used. Never quotes the line: it may hold a secret. */
export type KeyFault = {
  readonly code: 'key-line-unreadable' | 'key-value-unreadable' | 'log-without-keys';
  /** Counts from 1; null when the whole input is meant. */
  readonly line: number | null;
  readonly text: string;
};

/** What was found in one text. */
export type Harvest = {
  readonly material: readonly KeyMaterial[];
  readonly candidates: readonly CandidatePsk[];
  readonly anomalies: readonly KeyFault[];
  /** What kinds of material, in order of appearance: `charon log`, `Wireshark ikev1_decryption_table`. */
  readonly sources: readonly string[];
};

/** The mutable side of a harvest, private to this layer. */
export type Basket = {
  readonly input: string;
  /** File name without folders, for labels. */
  readonly name: string;
  readonly material: KeyMaterial[];
  readonly candidates: CandidatePsk[];
  readonly faults: KeyFault[];
};

/** `path` is where the text came from; labels name its last part. */
export function basket(input: string, path: string): Basket {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return { input, name, material: [], candidates: [], faults: [] };
}

type SecretField =
  | 'sharedSecret'
  | 'skeyid'
  | 'skeyidD'
  | 'skeyidA'
  | 'skeyidE'
  | 'encryptionKey'
  | 'skD'
  | 'skAi'
  | 'skAr'
  | 'skEi'
  | 'skEr'
  | 'skPi'
  | 'skPr'
  | 'dhPrivate';

export type KeyField = SecretField;

/** Fields of one SA while they are being collected. */
export type Draft = {
  readonly values: Map<KeyField, Uint8Array>;
  initiatorCookie: string | null;
  responderCookie: string | null;
  encryption: string | null;
  integrity: string | null;
  line: number;
};

export function draft(line: number): Draft {
  return {
    values: new Map(),
    initiatorCookie: null,
    responderCookie: null,
    encryption: null,
    integrity: null,
    line,
  };
}

const V1_FIELDS: readonly KeyField[] = ['skeyid', 'skeyidD', 'skeyidA', 'skeyidE', 'encryptionKey'];
const V2_FIELDS: readonly KeyField[] = ['skD', 'skAi', 'skAr', 'skEi', 'skEr', 'skPi', 'skPr'];

/** Puts a finished SA into the basket. g^xy alone serves either version, so both get it. */
export function keep(target: Basket, done: Draft, source: string): void {
  const { values, initiatorCookie, responderCookie } = done;
  if (values.size === 0) return;
  const get = (field: KeyField): Uint8Array | null => values.get(field) ?? null;
  const common = {
    initiatorCookie,
    responderCookie,
    place: { input: target.input, line: done.line },
    source,
  };
  const hasV1 = V1_FIELDS.some((field) => values.has(field));
  const hasV2 = V2_FIELDS.some((field) => values.has(field));
  const sharedSecret = get('sharedSecret');
  if (hasV1 || (sharedSecret !== null && !hasV2)) {
    target.material.push({
      kind: 'ikev1',
      ...common,
      sharedSecret,
      skeyid: get('skeyid'),
      skeyidD: get('skeyidD'),
      skeyidA: get('skeyidA'),
      skeyidE: get('skeyidE'),
      encryptionKey: get('encryptionKey'),
    });
  }
  if (hasV2 || (sharedSecret !== null && !hasV1)) {
    target.material.push({
      kind: 'ikev2',
      ...common,
      sharedSecret,
      skD: get('skD'),
      skAi: get('skAi'),
      skAr: get('skAr'),
      skEi: get('skEi'),
      skEr: get('skEr'),
      skPi: get('skPi'),
      skPr: get('skPr'),
      encryption: done.encryption,
      integrity: done.integrity,
    });
  }
  const secret = get('dhPrivate');
  if (secret !== null) target.material.push({ kind: 'dh-private', ...common, secret });
}

/** A candidate PSK that stands in key material rather than in a configuration. Without a label of its own it is named by its line. */
export function keepPsk(
  target: Basket,
  secret: Uint8Array,
  line: number,
  label: string = `the key in line ${line} of ${target.name}`,
): void {
  target.candidates.push({
    secret,
    label,
    place: { input: target.input, line },
    router: null,
    keyring: null,
    scope: null,
  });
}

/** How a key is called to which the file itself gives a name. */
export function quoted(target: Basket, name: string): string {
  return `the key "${name}" of ${target.name}`;
}

export function harvested(target: Basket): Harvest {
  return {
    material: target.material,
    candidates: target.candidates,
    anomalies: target.faults,
    sources: [...new Set(target.material.map(({ source }) => source))],
  };
}
