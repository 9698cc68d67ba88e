import { hex } from '../bytes/hex.ts';
import { concat } from '../crypto/octets.ts';
import { prf, type Prf } from '../crypto/prf.ts';
import { deriveSkKeys } from '../crypto/v2/key-schedule.ts';
import type { Exchange, ExchangeMessage, NegotiatedTransform } from '../model/exchange.ts';
import { isOriginal, isRequest } from './entries.ts';
import type { FactsV2 } from './facts-v2.ts';
import type { SharedSecret } from './keys-v1.ts';
import type { KeysV2 } from './open-v2.ts';
import { ikeTransforms } from './transforms.ts';

/** An IKEv2 SA whose messages were opened, with its keys. */
export type OpenedSa = { readonly exchange: Exchange; readonly keys: KeysV2 };

/** The CREATE_CHILD_SA exchange in which an IKE SA was agreed on, under the keys of the one before it. */
export type Rekeying = {
  /** `Exchange.id` of the SA before it. */
  readonly from: string;
  readonly frames: readonly [request: number, response: number];
  readonly transform: NegotiatedTransform | null;
  readonly group: number | null;
  readonly publicI: Uint8Array;
  readonly publicR: Uint8Array;
  readonly nonceI: Uint8Array;
  readonly nonceR: Uint8Array;
  /** Of the SA before it. */
  readonly prf: Prf;
  readonly skD: Uint8Array;
};

const IKE = 1;

type Half = {
  readonly entry: ExchangeMessage;
  readonly spi: string;
  readonly nonce: Uint8Array;
  readonly ke: { readonly group: number | null; readonly data: Uint8Array };
};

/** What one message of the exchange gives: SPI, nonce and public value (RFC 7296 §1.3.2). */
function halfOf(entry: ExchangeMessage): Half | null {
  if (entry.step !== 'CREATE_CHILD_SA' || !isOriginal(entry)) return null;
  let spi: string | null = null;
  let nonce: Uint8Array | null = null;
  let ke: Half['ke'] | null = null;
  for (const { content } of entry.payloads) {
    if (content.kind === 'sa-v2') {
      const proposal = content.proposals.find(({ protocol }) => protocol === IKE);
      if (proposal !== undefined) spi = hex(proposal.spi.bytes);
    }
    if (content.kind === 'nonce') nonce = content.data.bytes;
    if (content.kind === 'key-exchange') ke = { group: content.group, data: content.data.bytes };
  }
  return spi === null || nonce === null || ke === null ? null : { entry, spi, nonce, ke };
}

type Halves = {
  readonly requests: ReadonlyMap<string, Half>;
  readonly responses: ReadonlyMap<string, Half>;
};

const halvesOf = new WeakMap<Exchange, Halves>();

/** The halves that the messages of an SA give, by SPI. Gathered once, however many SAs are asked about. */
function halvesIn(exchange: Exchange): Halves {
  const known = halvesOf.get(exchange);
  if (known !== undefined) return known;
  const requests = new Map<string, Half>();
  const responses = new Map<string, Half>();
  for (const entry of exchange.messages) {
    const half = halfOf(entry);
    if (half === null) continue;
    const side = isRequest(entry) ? requests : responses;
    if (!side.has(half.spi)) side.set(half.spi, half);
  }
  const halves = { requests, responses };
  halvesOf.set(exchange, halves);
  return halves;
}

/** Whether the responder of a CREATE_CHILD_SA agreed, before a message, to an IKE SA in the place of this one (RFC 7296 §1.3.2). */
export function hasSuccessor(
  { messages }: Exchange,
  { message: { timeNs } }: ExchangeMessage,
): boolean {
  return messages.some(
    (entry) => !isRequest(entry) && entry.message.timeNs <= timeNs && halfOf(entry) !== null,
  );
}

/** The frame of the response in the capture that holds the request, if it is there: frames of two captures are not told apart. */
function besides(
  { messages }: Exchange,
  request: ExchangeMessage,
  response: ExchangeMessage,
): number {
  const { frame } = response.message;
  const copy = messages.find(
    (entry) => entry.copyOf === frame && entry.message.capture === request.message.capture,
  );
  return response.message.capture === request.message.capture || copy === undefined
    ? frame
    : copy.message.frame;
}

/** Who asks for the new SA is its initiator, whoever began the old one; each end gives its SPI. */
export function rekeyingOf(successor: Exchange, opened: readonly OpenedSa[]): Rekeying | null {
  if (!successor.startedBefore) return null;
  for (const { exchange, keys } of opened) {
    if (keys.skD === null || keys.suite.prf === null) continue;
    const { requests, responses } = halvesIn(exchange);
    const request = requests.get(successor.initiatorCookie);
    const response = responses.get(successor.responderCookie);
    if (request === undefined || response === undefined) continue;
    return {
      from: exchange.id,
      frames: [request.entry.message.frame, besides(exchange, request.entry, response.entry)],
      transform: ikeTransforms(response.entry.payloads)[0] ?? null,
      group: response.ke.group,
      publicI: request.ke.data,
      publicR: response.ke.data,
      nonceI: request.nonce,
      nonceR: response.nonce,
      prf: keys.suite.prf,
      skD: keys.skD,
    };
  }
  return null;
}

/** RFC 7296 §2.18: SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr), by the prf of the old SA; the rest by that of the new one. */
export function rekeyedKeys(
  { suite, spiI, spiR }: FactsV2,
  { skD, prf: old, nonceI, nonceR }: Rekeying,
  shared: SharedSecret,
): KeysV2 | null {
  if (suite?.prf == null) return null;
  const nonces = concat(nonceI, nonceR);
  const skeyseed = prf(old, skD, shared.value, nonces);
  const keys = deriveSkKeys({ ...suite, prf: suite.prf }, skeyseed, nonces, concat(spiI, spiR));
  return { by: shared.by.replace('g^xy', 'g^ir'), suite, ...keys };
}
