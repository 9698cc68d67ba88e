import { decryptExchanges } from '../../src/exchange/decrypt.ts';
import { pairMessages } from '../../src/exchange/pair.ts';
import { createCaptureDecoder } from '../../src/exchange/read-capture.ts';
import { harvestKeys } from '../../src/keymaterial/harvest.ts';
import type { Exchange, ExchangeMessage } from '../../src/model/exchange.ts';
import type { IkeMessage } from '../../src/model/isakmp.ts';
import type { CandidatePsk, KeyMaterial } from '../../src/model/key-material.ts';

/** Every IKE message of a capture file. */
export function messagesOf(capture: Uint8Array): readonly IkeMessage[] {
  const decoder = createCaptureDecoder(0);
  decoder.push(capture);
  return decoder.end().messages;
}

export type Keys = {
  readonly material: readonly KeyMaterial[];
  readonly candidates: readonly CandidatePsk[];
};

/** The keys in several texts, as one. */
export function keysOf(texts: readonly string[]): Keys {
  const harvests = texts.map((text, at) => harvestKeys(text, `k${at + 1}`));
  return {
    material: harvests.flatMap(({ material }) => material),
    candidates: harvests.flatMap(({ candidates }) => candidates),
  };
}

export function decrypted(messages: readonly IkeMessage[], keys: Keys): readonly Exchange[] {
  return decryptExchanges(pairMessages(messages), keys.material, keys.candidates);
}

/** A candidate that stands nowhere. */
export function candidate(text: string, label: string = text): CandidatePsk {
  return {
    secret: new TextEncoder().encode(text),
    label,
    place: null,
    router: null,
    keyring: null,
    scope: null,
  };
}

/** Encrypted messages that are no piece of a larger one. */
export function sealedOf(exchange: Exchange): readonly ExchangeMessage[] {
  return exchange.messages.filter((entry) => entry.encrypted && entry.partOf === null);
}

/** A small generator of the same numbers every time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  const random = seeded(seed);
  return list
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
