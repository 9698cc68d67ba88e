import { concat } from '../crypto/octets.ts';
import { fromHex } from '../bytes/hex.ts';
import { equalOctets } from '../bytes/span.ts';
import { modpGroups } from '../crypto/modp-groups.ts';
import {
  coordinateLengths,
  CURVE25519,
  CURVE448,
  type BlockCipher,
  type HashName,
} from '../crypto/names.ts';
import { authKindV1, hashesV1, suiteV1, type AuthKind, type SuiteV1 } from '../crypto/v1/suite.ts';
import type { Exchange, NegotiatedTransform } from '../model/exchange.ts';
import type { Payload } from '../model/isakmp.ts';

/** What the clear-text messages of an IKEv1 exchange give to the key schedule. */
export type FactsV1 = {
  /** One when the capture shows the negotiation; otherwise every suite that could be. */
  readonly suites: readonly SuiteV1[];
  readonly suiteAssumed: boolean;
  /** The negotiated encryption or hash is in none of the tables. */
  readonly suiteUnknown: boolean;
  /** What was agreed, also beside a cipher that is in none of the tables; null while it is not known. */
  readonly hash: HashName | null;
  readonly auth: AuthKind | null;
  readonly group: number | null;
  readonly cookieI: Uint8Array;
  readonly cookieR: Uint8Array;
  /** CKY-I | CKY-R. */
  readonly cookies: Uint8Array;
  readonly publicI: Uint8Array | null;
  readonly publicR: Uint8Array | null;
  readonly nonceI: Uint8Array | null;
  readonly nonceR: Uint8Array | null;
  /** SAi_b: body of the SA payload of the first message. */
  readonly saBody: Uint8Array | null;
};

const SA = 1;
const KE = 4;
const NONCE = 10;

const EMPTY = new Uint8Array(0);

/** The first payload of a type that one side sent in clear, whole. */
function clearPayload(exchange: Exchange, direction: 'i2r' | 'r2i', type: number): Payload | null {
  for (const entry of exchange.messages) {
    if (entry.encrypted || entry.direction !== direction || entry.message.header.messageId !== 0) {
      continue;
    }
    const found = entry.payloads.find((payload) => payload.type === type && isWhole(payload));
    if (found !== undefined) return found;
  }
  return null;
}

function body(payload: Payload | null): Uint8Array | null {
  return payload === null ? null : payload.body.bytes;
}

/** KE and nonce of one message. */
type Share = { readonly publicValue: Uint8Array | null; readonly nonce: Uint8Array | null };

/** More than one is rare: a peer that restarted between two tries sends other ones under the same cookies. */
const MOST_SHARES = 3;

/** The different pairs of KE and nonce that one side sent, in order of first sight; a capture may hold one without the other. */
function sharesOf(exchange: Exchange, direction: 'i2r' | 'r2i'): readonly Share[] {
  const shares: Share[] = [];
  for (const entry of exchange.messages) {
    if (entry.encrypted || entry.direction !== direction || entry.message.header.messageId !== 0) {
      continue;
    }
    const whole = (type: number): Uint8Array | null =>
      body(entry.payloads.find((one) => one.type === type && isWhole(one)) ?? null);
    const [publicValue, nonce] = [whole(KE), whole(NONCE)];
    if (publicValue === null || nonce === null) continue;
    const known = shares.some(
      (one) => equalOctets(one.publicValue!, publicValue) && equalOctets(one.nonce!, nonce),
    );
    if (!known) shares.push({ publicValue, nonce });
    if (shares.length === MOST_SHARES) break;
  }
  if (shares.length > 0) return shares;
  const apart = (type: number): Uint8Array | null => body(clearPayload(exchange, direction, type));
  return [{ publicValue: apart(KE), nonce: apart(NONCE) }];
}

function isWhole(payload: Payload): boolean {
  return payload.body.bytes.length === payload.length - 4;
}

/** Suites to try where MM1 and MM2 were not captured, the likely ones first. */
const ASSUMED: readonly { readonly cipher: BlockCipher; readonly keyLength: number }[] = [
  { cipher: 'aes', keyLength: 16 },
  { cipher: 'aes', keyLength: 32 },
  { cipher: '3des', keyLength: 24 },
  { cipher: 'aes', keyLength: 24 },
  { cipher: 'des', keyLength: 8 },
  { cipher: 'blowfish', keyLength: 16 },
  { cipher: 'camellia', keyLength: 16 },
  { cipher: 'camellia', keyLength: 32 },
  { cipher: 'cast', keyLength: 16 },
];

function assumedSuites(): readonly SuiteV1[] {
  return [
    'sha1' as const,
    'md5' as const,
    'sha256' as const,
    'sha384' as const,
    'sha512' as const,
  ].flatMap((hash) => ASSUMED.map((cipher) => ({ hash, ...cipher })));
}

/** Where the answer is missing, one of the offers was taken; where the offers are missing too, anything can be. */
function suitesOf(exchange: Exchange): readonly SuiteV1[] {
  const offered = exchange.offered.flatMap((transform) => suiteOf(transform) ?? []);
  const seen = new Set<string>();
  return [...offered, ...assumedSuites()].filter((suite) => {
    const print = JSON.stringify(suite);
    return seen.has(print) ? false : seen.add(print);
  });
}

function suiteOf(transform: NegotiatedTransform): SuiteV1 | null {
  const { encryption, keyLength, hash } = transform;
  return encryption === null || hash === null ? null : suiteV1(encryption, keyLength, hash);
}

/** The method of the answer, or the only one that was offered. */
function methodOf({ transform, offered }: Exchange): number | null {
  if (transform !== null) return transform.authentication;
  const methods = new Set(offered.map(({ authentication }) => authentication));
  return methods.size === 1 ? (offered[0]?.authentication ?? null) : null;
}

/** What the clear-text messages say; several where a side sent more than one KE or nonce, first sights first. */
export function factsV1(exchange: Exchange): readonly FactsV1[] {
  const common = commonFacts(exchange);
  const responses = sharesOf(exchange, 'r2i');
  return sharesOf(exchange, 'i2r').flatMap((i) =>
    responses.map((r) => ({
      ...common,
      publicI: i.publicValue,
      publicR: r.publicValue,
      nonceI: i.nonce,
      nonceR: r.nonce,
    })),
  );
}

function commonFacts(
  exchange: Exchange,
): Omit<FactsV1, 'publicI' | 'publicR' | 'nonceI' | 'nonceR'> {
  const { transform } = exchange;
  const named = transform !== null && transform.encryption !== null && transform.hash !== null;
  const suite = named ? suiteOf(transform) : null;
  const method = methodOf(exchange);
  const cookieI = fromHex(exchange.initiatorCookie) ?? EMPTY;
  const cookieR = fromHex(exchange.responderCookie) ?? EMPTY;
  return {
    suites: named ? (suite === null ? [] : [suite]) : suitesOf(exchange),
    suiteAssumed: !named,
    suiteUnknown: named && suite === null,
    hash: named ? (hashesV1[transform.hash] ?? null) : null,
    auth: method === null ? null : authKindV1(method),
    group: transform?.group ?? null,
    cookieI,
    cookieR,
    cookies: concat(cookieI, cookieR),
    saBody: body(clearPayload(exchange, 'i2r', SA)),
  };
}

/** Ni_b | Nr_b, or null while one is not in the capture. */
export function noncesOf(facts: {
  readonly nonceI: Uint8Array | null;
  readonly nonceR: Uint8Array | null;
}): Uint8Array | null {
  return facts.nonceI === null || facts.nonceR === null ? null : concat(facts.nonceI, facts.nonceR);
}

/** Groups that could have made public values of these octets, where no message names the group. */
export function groupsOfLength(length: number): readonly number[] {
  const modp = Object.entries(modpGroups)
    .filter(([, group]) => group.prime.length / 2 === length)
    .map(([number]) => Number(number));
  const curves = Object.entries(coordinateLengths)
    .filter(([, octets]) => octets * 2 === length)
    .map(([number]) => Number(number));
  const single = length === 32 ? [CURVE25519] : length === 56 ? [CURVE448] : [];
  return [...modp, ...curves, ...single];
}

/** Octets of g^xy in a group; null for a group that is not in the tables. */
export function sharedLength(group: number): number | null {
  const modp = modpGroups[group];
  if (modp !== undefined) return modp.prime.length / 2;
  if (group === CURVE25519) return 32;
  if (group === CURVE448) return 56;
  return coordinateLengths[group] ?? null;
}
