import { dhPublic, dhShared } from '#crypto';
import { equalOctets } from '../bytes/span.ts';
import { hashLengths } from '../crypto/names.ts';
import { padLeft } from '../crypto/octets.ts';
import {
  deriveCipherKey,
  deriveSkeyidKeys,
  deriveSkeyidPsk,
  deriveSkeyidSignature,
} from '../crypto/v1/key-schedule.ts';
import type { SuiteV1 } from '../crypto/v1/suite.ts';
import type { DhPrivate, IkeV1Keys, KeyMaterial } from '../model/key-material.ts';
import { groupsOfLength, noncesOf, sharedLength, type FactsV1 } from './facts-v1.ts';
import type { KeysV1 } from './open-v1.ts';

/** A g^xy that may belong to an exchange, with where it comes from. */
export type SharedSecret = {
  readonly by: string;
  readonly value: Uint8Array;
  /** The material names this exchange's cookies, or the private value fits its KE payload. */
  readonly bound: boolean;
};

export type BoundMaterial<K> = { readonly material: K & KeyMaterial; readonly bound: boolean };

type Cookies = { readonly initiatorCookie: string; readonly responderCookie: string };

/** Does a piece of material name this exchange, say nothing of it, or name another one? */
export function binding(material: KeyMaterial, exchange: Cookies): 'bound' | 'open' | 'other' {
  const { initiatorCookie, responderCookie } = material;
  if (initiatorCookie !== null && initiatorCookie !== exchange.initiatorCookie) return 'other';
  if (responderCookie !== null && responderCookie !== exchange.responderCookie) {
    // A half-open exchange has seen no responder cookie yet.
    if (!/^0*$/.test(exchange.responderCookie)) return 'other';
  }
  return initiatorCookie === null && responderCookie === null ? 'open' : 'bound';
}

/** Every g^xy that the material gives for this exchange, the bound ones first. */
export function sharedSecrets(
  facts: Pick<FactsV1, 'group' | 'publicI' | 'publicR'>,
  keys: readonly BoundMaterial<{ readonly sharedSecret: Uint8Array | null }>[],
  privates: readonly BoundMaterial<DhPrivate>[],
): readonly SharedSecret[] {
  const length = expectedLength(facts);
  const found: SharedSecret[] = [];
  const add = (secret: SharedSecret): void => {
    if (!found.some(({ value }) => equalOctets(value, secret.value))) found.push(secret);
  };
  for (const { material, bound } of keys) {
    if (material.sharedSecret === null) continue;
    const value = length === null ? material.sharedSecret : padLeft(material.sharedSecret, length);
    if (value !== null) add({ by: `g^xy of ${material.source}`, value, bound });
  }
  for (const { material } of privates) {
    const value = fromPrivate(facts, material.secret);
    if (value !== null) {
      add({ by: `Diffie-Hellman private value of ${material.source}`, value, bound: true });
    }
  }
  return found.sort((a, b) => Number(b.bound) - Number(a.bound));
}

function expectedLength(facts: Pick<FactsV1, 'group' | 'publicI' | 'publicR'>): number | null {
  if (facts.group !== null) return sharedLength(facts.group);
  const publicLength = (facts.publicI ?? facts.publicR)?.length;
  if (publicLength === undefined) return null;
  const lengths = new Set(groupsOfLength(publicLength).map(sharedLength));
  const [only] = [...lengths];
  return lengths.size === 1 ? (only ?? null) : null;
}

/** The public value that belongs to a private one says whose it is. */
function fromPrivate(
  facts: Pick<FactsV1, 'group' | 'publicI' | 'publicR'>,
  secret: Uint8Array,
): Uint8Array | null {
  const { publicI, publicR } = facts;
  if (publicI === null || publicR === null) return null;
  const groups = facts.group === null ? groupsOfLength(publicI.length) : [facts.group];
  for (const group of groups) {
    const own = dhPublic(group, secret);
    if (own === null) continue;
    if (equalOctets(own, publicI)) return dhShared(group, secret, publicR);
    if (equalOctets(own, publicR)) return dhShared(group, secret, publicI);
  }
  return null;
}

/** Keys that the material gives without any candidate, one for each suite that their lengths allow. */
export function explicitKeysV1(
  facts: FactsV1,
  materials: readonly BoundMaterial<IkeV1Keys>[],
  shared: readonly SharedSecret[],
): readonly { readonly keys: KeysV1; readonly bound: boolean }[] {
  const found: { keys: KeysV1; bound: boolean }[] = [];
  const nonces = noncesOf(facts);
  for (const suite of facts.suites) {
    for (const { material, bound } of materials) {
      const keys = completeKeys(facts, suite, material, shared);
      if (keys !== null) found.push({ keys, bound });
    }
    // Signatures: g^xy alone is enough.
    if (facts.auth === 'psk' || facts.auth === 'public-key-encryption' || nonces === null) continue;
    for (const secret of shared) {
      const skeyid = deriveSkeyidSignature(suite.hash, nonces, secret.value);
      const keys = keysFromSkeyid(facts, suite, skeyid, secret);
      found.push({ keys: { ...keys, by: secret.by, candidate: null }, bound: secret.bound });
    }
  }
  return found.sort((a, b) => Number(b.bound) - Number(a.bound));
}

function completeKeys(
  facts: FactsV1,
  suite: SuiteV1,
  material: IkeV1Keys & { readonly source: string },
  shared: readonly SharedSecret[],
): KeysV1 | null {
  const length = hashLengths[suite.hash];
  const ofHash = (value: Uint8Array | null): Uint8Array | null =>
    value !== null && value.length === length ? value : null;
  const skeyid = ofHash(material.skeyid);
  const own = material.sharedSecret;
  const secret = shared.find(
    ({ value }) => own !== null && equalOctets(padLeft(own, value.length) ?? own, value),
  );
  const derived =
    skeyid !== null && secret !== undefined
      ? deriveSkeyidKeys(suite.hash, skeyid, secret.value, facts.cookies)
      : null;
  const skeyidA = ofHash(material.skeyidA) ?? derived?.skeyidA ?? null;
  const skeyidE = ofHash(material.skeyidE) ?? derived?.skeyidE ?? null;
  const given = material.encryptionKey;
  const cipherKey =
    given !== null && given.length === suite.keyLength
      ? given
      : given === null && skeyidE !== null
        ? deriveCipherKey(suite, skeyidE)
        : null;
  if (cipherKey === null) return null;
  return { by: material.source, candidate: null, suite, skeyid, skeyidA, cipherKey };
}

function keysFromSkeyid(
  facts: FactsV1,
  suite: SuiteV1,
  skeyid: Uint8Array,
  shared: SharedSecret,
): Omit<KeysV1, 'by' | 'candidate'> {
  const { cookies } = facts;
  const { skeyidA, skeyidE } = deriveSkeyidKeys(suite.hash, skeyid, shared.value, cookies);
  return { suite, skeyid, skeyidA, cipherKey: deriveCipherKey(suite, skeyidE) };
}

/** The keys that a side with this PSK and this g^xy uses. `label` names the PSK. */
export function candidateKeysV1(
  facts: FactsV1,
  suite: SuiteV1,
  nonces: Uint8Array,
  shared: SharedSecret,
  psk: Uint8Array,
  candidate: number,
  label: string,
): KeysV1 {
  const skeyid = deriveSkeyidPsk(suite.hash, psk, nonces);
  const { skeyidA, skeyidE } = deriveSkeyidKeys(suite.hash, skeyid, shared.value, facts.cookies);
  const cipherKey = deriveCipherKey(suite, skeyidE);
  return {
    by: `${shared.by} with PSK ${label}`,
    candidate,
    suite,
    skeyid,
    skeyidA,
    cipherKey,
  };
}
