import { canDecrypt } from '#crypto';
import { fromHex } from '../bytes/hex.ts';
import { parseEncryptionName, parseIntegrityName } from '../crypto/v2/names.ts';
import { encryptionV2, integritiesV2, prfsV2, type SuiteV2 } from '../crypto/v2/suite.ts';
import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import type { IkeV2Keys } from '../model/key-material.ts';
import type { Payload } from '../model/isakmp.ts';

/** What the IKE_SA_INIT messages of an exchange give to the key schedule. */
export type FactsV2 = {
  readonly suite: SuiteV2 | null;
  /** The peers agreed on a cipher or an integrity check that is in none of the tables or that the runtime lacks. */
  readonly unsupported: boolean;
  readonly group: number | null;
  readonly spiI: Uint8Array;
  readonly spiR: Uint8Array;
  readonly publicI: Uint8Array | null;
  readonly publicR: Uint8Array | null;
  readonly nonceI: Uint8Array | null;
  readonly nonceR: Uint8Array | null;
  /** Whole IKE_SA_INIT messages that AUTH covers: every request that offered keys, and the answer. */
  readonly requests: readonly Uint8Array[];
  readonly responses: readonly Uint8Array[];
  /** RFC 9242: AUTH also covers these, which this program does not compute. */
  readonly hasIntermediate: boolean;
  /** RFC 8784: both sides said USE_PPK in IKE_SA_INIT. */
  readonly usesPpk: boolean;
  /** RFC 9370: an additional key exchange was agreed, so the keys change after IKE_SA_INIT. */
  readonly hasMoreKeyExchanges: boolean;
};

const SA_INIT = 34;
const USE_PPK = 16435;
const FIRST_ADDITIONAL_KE = 6;
const LAST_ADDITIONAL_KE = 12;

const EMPTY = new Uint8Array(0);

type Init = {
  readonly entry: ExchangeMessage;
  readonly ke: { readonly group: number | null; readonly data: Uint8Array };
  readonly nonce: Uint8Array;
};

/** An IKE_SA_INIT message that carries a key exchange and a nonce. */
function initOf(entry: ExchangeMessage): Init | null {
  if (entry.encrypted || entry.message.header.exchangeType !== SA_INIT) return null;
  let ke: Init['ke'] | null = null;
  let nonce: Uint8Array | null = null;
  for (const { content } of entry.payloads) {
    if (content.kind === 'key-exchange') ke = { group: content.group, data: content.data.bytes };
    if (content.kind === 'nonce') nonce = content.data.bytes;
  }
  return ke === null || nonce === null ? null : { entry, ke, nonce };
}

export function factsV2(exchange: Exchange): FactsV2 {
  const suite = suiteOf(exchange);
  const named = exchange.transform?.encryption ?? null;
  const inits = exchange.messages.map(initOf).filter((init) => init !== null);
  const answers = inits.filter(({ entry }) => entry.direction === 'r2i');
  const answer = answers[0] ?? null;
  const asked = inits.filter(
    ({ entry, ke }) =>
      entry.direction === 'i2r' && (answer === null || ke.group === answer.ke.group),
  );
  // After COOKIE or INVALID_KE_PAYLOAD the initiator asks again: the last request counts.
  const request = asked.at(-1) ?? null;
  const notified = (direction: 'i2r' | 'r2i', type: number): boolean =>
    inits.some(
      ({ entry }) => entry.direction === direction && entry.payloads.some((p) => notifies(p, type)),
    );
  return {
    suite,
    unsupported: named !== null && (suite === null || !isAvailable(suite)),
    group: answer?.ke.group ?? exchange.transform?.group ?? null,
    spiI: fromHex(exchange.initiatorCookie) ?? EMPTY,
    spiR: fromHex(exchange.responderCookie) ?? EMPTY,
    publicI: request?.ke.data ?? null,
    publicR: answer?.ke.data ?? null,
    nonceI: request?.nonce ?? null,
    nonceR: answer?.nonce ?? null,
    requests: asked.map(({ entry }) => entry.message.pdu.bytes).reverse(),
    responses: answers.map(({ entry }) => entry.message.pdu.bytes),
    hasIntermediate: exchange.messages.some(({ step }) => step === 'INTERMEDIATE'),
    usesPpk: notified('i2r', USE_PPK) && notified('r2i', USE_PPK),
    hasMoreKeyExchanges: answers.some(({ entry }) => entry.payloads.some(agreesMore)),
  };
}

function isAvailable({ encryption }: SuiteV2): boolean {
  return encryption.kind !== 'cbc' || canDecrypt(encryption.cipher);
}

function notifies({ content }: Payload, type: number): boolean {
  return content.kind === 'notification' && content.notifyType === type;
}

/** RFC 9370 §2.2.2: transform types 6 to 12; the number 0 is NONE. */
function agreesMore({ content }: Payload): boolean {
  return (
    content.kind === 'sa-v2' &&
    content.proposals.some(({ transforms }) =>
      transforms.some(
        ({ type, id }) => type >= FIRST_ADDITIONAL_KE && type <= LAST_ADDITIONAL_KE && id !== 0,
      ),
    )
  );
}

/** An AEAD cipher may stand beside an integrity transform NONE (RFC 7296 §3.3.2). */
const NONE = 0;

function suiteOf({ transform }: Exchange): SuiteV2 | null {
  if (transform === null || transform.encryption === null) return null;
  const bits = transform.keyLength;
  const encryption = encryptionV2(transform.encryption, bits === null ? null : bits / 8);
  const integrity = transform.hash === null ? null : (integritiesV2[transform.hash] ?? null);
  if (encryption === null || (integrity === null && (transform.hash ?? NONE) !== NONE)) return null;
  return {
    encryption,
    integrity,
    prf: transform.prf === null ? null : (prfsV2[transform.prf] ?? null),
  };
}

/** The suite that the material itself names, for an SA whose negotiation is not in the capture. */
export function suiteOfNames(material: IkeV2Keys): SuiteV2 | null {
  const encryption =
    material.encryption === null
      ? null
      : parseEncryptionName(material.encryption, (material.skEi ?? material.skEr)?.length ?? null);
  if (encryption === null) return null;
  const integrity = material.integrity === null ? null : parseIntegrityName(material.integrity);
  return { encryption, integrity, prf: null };
}
