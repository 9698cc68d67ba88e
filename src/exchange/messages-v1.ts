import { hex } from '../bytes/hex.ts';
import { equalOctets } from '../bytes/span.ts';
import { blockLengths } from '../crypto/names.ts';
import { decodePayloads } from '../isakmp/payloads.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { Decryption, Exchange, ExchangeMessage, Side } from '../model/exchange.ts';
import type { Payload } from '../model/isakmp.ts';
import type { ResultV1 } from './results-v1.ts';
import { opaque } from './opaque.ts';
import { expectationOf, ivsOf, openV1, type KeysV1, type Opened, type Sealed } from './open-v1.ts';
import { isRecognisable } from './plaintext.ts';
import { checkOf } from './search-v1.ts';

type Reading = {
  readonly decryption: Decryption;
  /** Null keeps what the message had. */
  readonly payloads: readonly Payload[] | null;
  readonly anomalies: readonly Anomaly[];
};

/** The messages with what the keys make of them. Repetitions of a ciphertext share one reading. */
export function applyMessagesV1(
  exchange: Exchange,
  result: ResultV1,
): { readonly messages: readonly ExchangeMessage[]; readonly decryptions: readonly Decryption[] } {
  const readings = new Map<string, Reading>();
  for (const sealed of result.search.sealed) {
    readings.set(hex(sealed.message.pdu.bytes), readingOf(result, sealed));
  }
  const messages = exchange.messages.map((entry): ExchangeMessage => {
    if (!entry.encrypted || entry.partOf !== null) return entry;
    const reading = readings.get(hex(entry.message.pdu.bytes));
    if (reading === undefined) return entry;
    return {
      ...entry,
      decryption: reading.decryption,
      payloads: reading.payloads ?? entry.payloads,
      anomalies: [...entry.anomalies, ...reading.anomalies],
    };
  });
  return { messages, decryptions: [...readings.values()].map(({ decryption }) => decryption) };
}

const RANK: Readonly<Record<Opened['kind'], number>> = {
  whole: 3,
  resync: 2,
  broken: 1,
  garbage: 0,
};

function readingOf(result: ResultV1, sealed: Sealed): Reading {
  const { search, sides } = result;
  const order: readonly Side[] =
    sealed.side === 'responder' ? ['responder', 'initiator'] : ['initiator', 'responder'];
  const own = order.map((side) => sides[side].keys?.keys).filter((keys) => keys !== undefined);
  const list = [...new Set([...own, ...result.tried])];
  let best: { keys: KeysV1; opened: Opened } | null = null;
  for (const keys of list) {
    const opened = openV1(keys, sealed, ivsOf(sealed, search.index, search.facts, keys.suite));
    if (opened === null) continue;
    if (best === null || RANK[opened.kind] > RANK[best.opened.kind]) best = { keys, opened };
    if (opened.kind === 'whole') break;
  }
  if (best === null) return closed(unopened(result, sealed));
  const block = blockLengths[best.keys.suite.cipher];
  if (sealed.cut || sealed.body.length === 0 || sealed.body.length % block !== 0) {
    return truncated(sealed, best.opened, block);
  }
  switch (best.opened.kind) {
    case 'whole':
      return wholeReading(result, sealed, best.keys, best.opened);
    case 'resync':
      return resyncReading(result, sealed, best.keys, best.opened);
    case 'broken': {
      const why =
        'The message begins as it should under this key, then stops being a payload chain: the ciphertext was damaged, or the sender wrote it so.';
      return {
        ...closed(opaque('malformed', why)),
        ...payloadsOf(best.opened.plaintext, sealed, best.opened.walk.end),
      };
    }
    case 'garbage':
      return closed(garbled(result, sealed, best.keys));
  }
}

function closed(decryption: Decryption): Reading {
  return { decryption, payloads: null, anomalies: [] };
}

function payloadsOf(
  plaintext: Uint8Array,
  sealed: Sealed,
  end: number,
  from = 0,
  firstType: number = sealed.message.header.nextPayload,
): Pick<Reading, 'payloads' | 'anomalies'> {
  const chain = { bytes: plaintext.subarray(from, end), offset: from };
  const { value, anomalies } = decodePayloads(chain, firstType, 1);
  return { payloads: value, anomalies };
}

/** Whose key it was, where the two sides are known to have different ones. */
function keyOwner(result: ResultV1, keys: KeysV1): Side | null {
  const { initiator, responder } = result.sides;
  const key = (side: typeof initiator): Uint8Array | null => side.keys?.keys.cipherKey ?? null;
  const [i, r] = [key(initiator), key(responder)];
  if (i !== null && r !== null && equalOctets(i, r)) return null;
  if (i !== null && equalOctets(i, keys.cipherKey)) return 'initiator';
  if (r !== null && equalOctets(r, keys.cipherKey)) return 'responder';
  return null;
}

function wholeReading(
  result: ResultV1,
  sealed: Sealed,
  keys: KeysV1,
  opened: Extract<Opened, { kind: 'whole' }>,
): Reading {
  const { plaintext, walk } = opened;
  const sides: readonly Side[] = sealed.side === null ? ['initiator', 'responder'] : [sealed.side];
  const fits = sides
    .map((side) => checkOf(result.search, keys, sealed, side, plaintext, walk))
    .find((check) => check !== null);
  const checkable = expectedCheck(
    sealed,
    keys,
    walk.payloads.some(({ type }) => type === 8),
    result,
  );
  const refuted = fits === undefined && checkable !== null;
  const read = payloadsOf(plaintext, sealed, walk.end);
  return {
    decryption: {
      kind: 'decrypted',
      by: keys.by,
      keyOf: keyOwner(result, keys),
      verified: fits !== undefined,
      check: fits ?? checkable,
      firstBlockLost: false,
      plaintext,
    },
    payloads: read.payloads,
    anomalies: refuted
      ? [...read.anomalies, { code: 'hash-does-not-fit', offset: 0, length: walk.end }]
      : read.anomalies,
  };
}

/** The check that could have been made and did not fit; null when nothing could be checked. */
function expectedCheck(
  sealed: Sealed,
  keys: KeysV1,
  hasHash: boolean,
  { search }: ResultV1,
): string | null {
  if (!hasHash) return null;
  if (sealed.message.header.messageId !== 0) return keys.skeyidA === null ? null : 'HASH(1)';
  const { publicI, publicR, saBody } = search.facts;
  if (keys.skeyid === null || publicI === null || publicR === null || saBody === null) return null;
  return sealed.side === 'responder' ? 'HASH_R' : 'HASH_I';
}

function resyncReading(
  result: ResultV1,
  sealed: Sealed,
  keys: KeysV1,
  opened: Extract<Opened, { kind: 'resync' }>,
): Reading {
  const { plaintext, resync } = opened;
  const { facts, index } = result.search;
  const { complete } = ivsOf(sealed, index, facts, keys.suite);
  const read = payloadsOf(plaintext, sealed, resync.walk.end, resync.from, resync.firstType);
  if (complete) {
    const why =
      'All but the first cipher block reads well, so the key is right and the IV is not the one that the captured KE payloads give: one of them was changed on the way or in the capture, or the sender computes IVs wrongly.';
    return { ...closed(opaque('wrong-iv', why)), ...read };
  }
  return {
    decryption: {
      kind: 'decrypted',
      by: keys.by,
      keyOf: keyOwner(result, keys),
      verified: false,
      check: null,
      firstBlockLost: true,
      plaintext,
    },
    ...read,
  };
}

function truncated(sealed: Sealed, opened: Opened, block: number): Reading {
  const { header, pdu } = sealed.message;
  const why =
    header.length > pdu.bytes.length
      ? `The capture holds ${pdu.bytes.length} of ${header.length} octets of this message; whole messages are needed (snap length, lost fragments).`
      : header.length < pdu.bytes.length
        ? `The header says ${header.length} octets but the datagram holds ${pdu.bytes.length}.`
        : `${sealed.body.length} octets of ciphertext are no whole number of ${block}-octet blocks.`;
  const decryption = opaque('truncated', why);
  if (opened.kind !== 'broken' && opened.kind !== 'whole') return closed(decryption);
  return { ...closed(decryption), ...payloadsOf(opened.plaintext, sealed, opened.walk.end) };
}

function garbled(result: ResultV1, sealed: Sealed, keys: KeysV1): Decryption {
  const { search, sides } = result;
  const ivs = ivsOf(sealed, search.index, search.facts, keys.suite);
  const expected = expectationOf(sealed, keys.suite);
  const block = blockLengths[keys.suite.cipher];
  if (!isRecognisable(sealed.body.length, block, expected, ivs.complete)) {
    const missing =
      expected.phase === 1
        ? 'The capture lacks a KE payload or the message before it, so its IV is not known'
        : 'The message before it under the same message id, or the last one of phase 1, is perhaps not in the capture, so its IV is not known';
    return opaque(
      'exchange-incomplete',
      `${missing}, and what follows the first block is too little to be told from noise.`,
    );
  }
  const whose = sealed.side === 'responder' ? 'responder' : 'initiator';
  const own = sides[whose];
  const other = sides[whose === 'responder' ? 'initiator' : 'responder'];
  if (own.keys === null && other.keys !== null) {
    const help =
      search.shared.length > 0 && search.groups.length > 0
        ? `None of the candidate PSKs gives the ${whose}'s key.`
        : `g^xy together with the ${whose}'s PSK, or a key log of the ${whose}, would open it.`;
    return opaque(
      'wrong-key',
      `Nothing of it reads well under the key of the other side, so the ${whose} encrypted it under another key: its pre-shared key differs. ${help}`,
    );
  }
  if (own.keys !== null) {
    return opaque(
      'malformed',
      `Other messages open under this key (${keys.by}), but this one reads as noise: its ciphertext was damaged, or it belongs to another SA.`,
    );
  }
  return opaque(
    'wrong-key',
    `Nothing of it reads well under the key of ${keys.by}: every block is noise, so the key is wrong, not the IV.`,
  );
}

/** No key at all was there to try. */
function unopened(result: ResultV1, sealed: Sealed): Decryption {
  const { facts, shared, groups, unsupported, elsewhere } = result.search;
  if (unsupported) {
    return opaque(
      'unsupported-cipher',
      'The cipher or hash that the peers agreed on is not available in this runtime.',
    );
  }
  if (sealed.cut) {
    return opaque(
      'truncated',
      `The capture holds ${sealed.message.pdu.bytes.length} of ${sealed.message.header.length} octets of this message.`,
    );
  }
  if (!shared.some(({ bound }) => bound)) {
    const why =
      elsewhere !== null
        ? `The key material given is of another SA (initiator cookie ${elsewhere}), not of this one. g^xy, a Diffie-Hellman private value, SKEYID_e or the final key of this exchange would open it.`
        : groups.length > 0
          ? 'Candidate PSKs alone open nothing: the key also needs g^xy, which no capture holds. g^xy, a Diffie-Hellman private value, SKEYID_e or the final key would open it.'
          : 'No key material was given for this exchange. g^xy with the PSK, SKEYID_e or the final key (a Wireshark table, a charon log at ike = 4) would open it.';
    return opaque('no-key-material', why);
  }
  if (
    facts.nonceI === null ||
    facts.nonceR === null ||
    facts.publicI === null ||
    facts.publicR === null
  ) {
    return opaque(
      'exchange-incomplete',
      'g^xy is given, but the capture lacks a nonce or KE payload of this exchange, which the key or its first IV needs. SKEYID_e or the final key would open it.',
    );
  }
  if (groups.length === 0) {
    return opaque('no-key-material', 'g^xy is given; the key also needs the pre-shared key.');
  }
  return opaque(
    'no-candidate-fits',
    groups.length === 1
      ? 'The only candidate PSK does not open it with the given g^xy.'
      : `None of the ${groups.length} different candidate PSKs opens it with the given g^xy.`,
  );
}
