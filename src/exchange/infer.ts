import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import { answerBySize, isInFlight } from './ike-auth.ts';

const HEADER = 28;

/** IKEv1 hash lengths by number (RFC 2409 Appendix A). */
const hashLengths: ReadonlyMap<number, number> = new Map([
  [1, 16],
  [2, 20],
  [4, 32],
  [5, 48],
  [6, 64],
]);

/** Cipher block lengths by number; AES and Camellia 16, the others 8. */
const sixteen: ReadonlySet<number> = new Set([7, 8]);

type Shape = { readonly length: number; readonly what: string; readonly isNotification: boolean };

/** What an informational carries after its hash payload, and how long that is with its generic header. */
const NO_SPI = 12;
const WITH_COOKIES = 28;
const informationals: readonly Shape[] = [
  { length: NO_SPI, what: 'a notification without SPI', isNotification: true },
  { length: 16, what: 'a delete of one IPsec SA', isNotification: false },
  { length: WITH_COOKIES, what: 'a notification about the IKE SA', isNotification: true },
  { length: 28, what: 'a delete of the IKE SA', isNotification: false },
  { length: 32, what: 'dead peer detection', isNotification: false },
];

/**
 * What size and place of a message that stays closed say about it. An inference: it names what fits, not what is there.
 * Null when nothing can be said. Whoever
 * shows it labels it as an inference.
 */
export function inferContent(exchange: Exchange, entry: ExchangeMessage): string | null {
  if (!entry.encrypted || entry.decryption?.kind === 'decrypted' || entry.partOf !== null) {
    return null;
  }
  return exchange.version === 1 ? inferV1(exchange, entry) : inferV2(exchange, entry);
}

function inferV1(exchange: Exchange, entry: ExchangeMessage): string | null {
  const { length } = entry.message.header;
  switch (entry.step) {
    case 'INFO':
      return inferInformational(exchange, entry, length - HEADER);
    case 'MM5':
    case 'MM6':
      return length > 400
        ? 'large enough for a certificate'
        : 'identity and hash, too small for a certificate';
    case 'QM1':
    case 'QM2':
      return keyExchangeFits(exchange, length)
        ? 'perfect forward secrecy (large enough for a key exchange)'
        : 'no perfect forward secrecy (too small for a key exchange)';
    case 'MM1':
    case 'MM2':
    case 'MM3':
    case 'MM4':
    case 'AM1':
    case 'AM2':
    case 'AM3':
    case 'QM3':
    case 'NGM':
    case 'CFG':
    case 'SA_INIT':
    case 'INTERMEDIATE':
    case 'AUTH':
    case 'CREATE_CHILD_SA':
    case 'INFORMATIONAL':
    case 'FOLLOWUP_KE':
    case 'OTHER':
      return null;
  }
}

function inferInformational(
  exchange: Exchange,
  entry: ExchangeMessage,
  ciphertext: number,
): string | null {
  const refuses = answersPhase1(exchange, entry);
  const fits = informationals.filter(
    ({ length, isNotification }) =>
      sizeFits(exchange, length, ciphertext) && (isNotification || !refuses),
  );
  const size = fits.length === 0 ? '' : `the size of ${fits.map(({ what }) => what).join(' or ')}`;
  if (!refuses) return size === '' ? null : size;
  return `a refusal, for it comes instead of the next message of phase 1${size === '' ? '' : ` and has ${size}`}`;
}

/** By its size a closed informational holds a notification that names the SA by its cookies, and none that does not. */
export function namesTheSa(exchange: Exchange, entry: ExchangeMessage): boolean {
  const ciphertext = entry.message.header.length - HEADER;
  return sizeFits(exchange, WITH_COOKIES, ciphertext) && !sizeFits(exchange, NO_SPI, ciphertext);
}

/** The plaintext is padded to whole blocks; some peers add a whole block where none is needed. */
function sizeFits(exchange: Exchange, length: number, ciphertext: number): boolean {
  const { transform } = exchange;
  const hash = hashLengths.get(transform?.hash ?? 0);
  if (hash === undefined || transform?.encryption == null) return false;
  const block = sixteen.has(transform.encryption) ? 16 : 8;
  const plain = 4 + hash + length;
  return ciphertext % block === 0 && ciphertext - plain >= 0 && ciphertext - plain <= block;
}

/** An informational from one side while the other still waits for the next message of phase 1. */
function answersPhase1(exchange: Exchange, entry: ExchangeMessage): boolean {
  if (exchange.completed || entry.direction !== 'r2i') return false;
  const before = exchange.messages.filter(
    ({ message, step }) => step !== 'INFO' && message.timeNs <= entry.message.timeNs,
  );
  const last = before.at(-1);
  return last?.direction === 'i2r' && (last.step === 'MM5' || last.step === 'MM3');
}

/** Octets of a public value by MODP group number; elliptic groups are too small to tell. */
const publicLengths: ReadonlyMap<number, number> = new Map([
  [1, 96],
  [2, 128],
  [5, 192],
  [14, 256],
  [15, 384],
  [16, 512],
]);

/** HASH, SA with one proposal, nonce of at most 64 octets and two identities stay below 300 octets. */
function keyExchangeFits(exchange: Exchange, length: number): boolean {
  const smallest = publicLengths.get(exchange.transform?.group ?? 0) ?? 96;
  return length - HEADER > Math.max(300, 150 + smallest);
}

/** Only the last word of the responder tells how IKE_AUTH ended. */
function inferV2(exchange: Exchange, entry: ExchangeMessage): string | null {
  if (entry.step !== 'AUTH' || entry.direction !== 'r2i') return null;
  const answer = answerBySize(exchange.messages);
  if (answer?.entry !== entry || isInFlight(exchange, entry)) return null;
  return answer.refuses
    ? 'too small for an AUTH payload: the responder refuses'
    : 'large enough for identity and AUTH: the responder accepted the initiator';
}
