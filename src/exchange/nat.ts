import { equalOctets } from '../bytes/span.ts';
import type { HashName } from '../crypto/names.ts';
import { shortHash } from '../crypto/short-hmac.ts';
import { addressOctets } from '../isakmp/address.ts';
import type { Endpoint } from '../model/datagram.ts';
import type { ExchangeMessage, NatVerdict, NegotiatedTransform } from '../model/exchange.ts';
import type { IkeMessage, Payload } from '../model/isakmp.ts';

/** IKEv1 hash numbers (RFC 2409 Appendix A) that NAT-D can be computed with. */
const hashesV1: ReadonlyMap<number, HashName> = new Map([
  [1, 'md5'],
  [2, 'sha1'],
  [4, 'sha256'],
  [5, 'sha384'],
  [6, 'sha512'],
]);

/** Where the hash was not captured, its length tells it. */
const hashesByLength: ReadonlyMap<number, HashName> = new Map([
  [16, 'md5'],
  [20, 'sha1'],
  [32, 'sha256'],
  [48, 'sha384'],
  [64, 'sha512'],
]);

const SOURCE_IP = 16388;
const DESTINATION_IP = 16389;

/** What one message claims about its own source and destination, and whether the claim fits the packet. */
export type NatClaim = {
  readonly frame: number;
  /** The sender's own address is the one in the packet; null when it made no claim. */
  readonly sourceFits: boolean | null;
  /** The receiver's address, as the sender sees it, is the one in the packet. */
  readonly destinationFits: boolean | null;
};

/**
 * RFC 3947 §3.2: HASH(CKY-I | CKY-R | IP | Port), the first payload for the receiver, the rest for the sender.
 * RFC 7296 §2.23: SHA1(SPIi | SPIr | IP | Port) in two notifications. Null: the message makes no such claim.
 */
export function natClaim(
  message: IkeMessage,
  payloads: readonly Payload[],
  hashNumber: number | null,
): NatClaim | null {
  const claims = message.header.majorVersion === 1 ? hashesOfV1(payloads) : hashesOfV2(payloads);
  if (claims === null) return null;
  const fits = (candidates: readonly Uint8Array[], end: Endpoint): boolean | null => {
    const sample = candidates[0];
    if (sample === undefined) return null;
    const name = natHashName(message, hashNumber, sample.length);
    const expected = name === undefined ? null : natHash(message, end, name);
    if (expected === null) return null;
    return candidates.some((candidate) => equalOctets(candidate, expected));
  };
  return {
    frame: message.frame,
    sourceFits: fits(claims.source, message.src),
    destinationFits: fits(claims.destination, message.dst),
  };
}

type Hashed = {
  readonly initiatorCookie: string;
  readonly responderCookie: string;
  readonly end: Endpoint;
  readonly name: HashName;
  readonly digest: Uint8Array | null;
};

/** Both sides of an exchange hash the same two addresses under the same cookies, and each is asked for more than once. */
const recent: Hashed[] = [];
const REMEMBERED = 8;
let oldest = 0;

/** The NAT-D hash of an address and port under the cookies of a message; null for what is no address. */
export function natHash(message: IkeMessage, end: Endpoint, name: HashName): Uint8Array | null {
  const { initiatorCookie, responderCookie } = message.header;
  for (const one of recent) {
    if (
      one.initiatorCookie === initiatorCookie &&
      one.responderCookie === responderCookie &&
      one.end.port === end.port &&
      one.end.address === end.address &&
      one.name === name
    ) {
      return one.digest;
    }
  }
  const digest = digestOf(message.pdu.bytes, end, name);
  recent[oldest] = { initiatorCookie, responderCookie, end, name, digest };
  oldest = (oldest + 1) % REMEMBERED;
  return digest;
}

/** Both cookies as they stand in the header, the longest address, the port. */
const hashed = new Uint8Array(16 + 16 + 2);

function digestOf(pdu: Uint8Array, end: Endpoint, name: HashName): Uint8Array | null {
  const address = addressOctets(end.address);
  if (address === null) return null;
  for (let at = 0; at < 16; at += 1) hashed[at] = pdu[at]!;
  hashed.set(address, 16);
  const port = 16 + address.length;
  hashed[port] = end.port >> 8;
  hashed[port + 1] = end.port & 0xff;
  return shortHash(name, hashed.subarray(0, port + 2));
}

/** IKEv2 always uses SHA-1; IKEv1 what was negotiated, or what the length betrays. */
export function natHashName(
  message: IkeMessage,
  hashNumber: number | null,
  length: number,
): HashName | undefined {
  if (message.header.majorVersion !== 1) return 'sha1';
  return hashesV1.get(hashNumber ?? 0) ?? hashesByLength.get(length);
}

type Claims = {
  readonly source: readonly Uint8Array[];
  readonly destination: readonly Uint8Array[];
};

function hashesOfV1(payloads: readonly Payload[]): Claims | null {
  const destination: Uint8Array[] = [];
  const source: Uint8Array[] = [];
  for (const { content } of payloads) {
    if (content.kind !== 'nat-discovery') continue;
    (destination.length === 0 ? destination : source).push(content.data.bytes);
  }
  return destination.length === 0 ? null : { destination, source };
}

function hashesOfV2(payloads: readonly Payload[]): Claims | null {
  const ofType = (wanted: number): readonly Uint8Array[] =>
    payloads.flatMap(({ content }) =>
      content.kind === 'notification' && content.notifyType === wanted ? [content.data.bytes] : [],
    );
  const source = ofType(SOURCE_IP);
  const destination = ofType(DESTINATION_IP);
  return source.length + destination.length === 0 ? null : { source, destination };
}

/**
 * Who is translated on the way, from what each side says of itself and of the other. A tap on either side of the NAT
 * sees one of the two hashes disagree with the packet, so both sides' messages are needed to say that nobody is.
 */
export function natVerdict(
  messages: readonly ExchangeMessage[],
  transform: NegotiatedTransform | null,
): NatVerdict {
  const initiator: boolean[] = [];
  const responder: boolean[] = [];
  let initiatorSpoke = false;
  let responderSpoke = false;
  for (const { message, payloads, direction, retransmissionOf } of messages) {
    if (direction === null || retransmissionOf !== null) continue;
    const claim = natClaim(message, payloads, transform?.hash ?? null);
    if (claim === null) continue;
    const [source, destination] =
      direction === 'i2r' ? [initiator, responder] : [responder, initiator];
    if (claim.sourceFits !== null) source.push(claim.sourceFits);
    if (claim.destinationFits !== null) destination.push(claim.destinationFits);
    if (direction === 'i2r') initiatorSpoke = true;
    else responderSpoke = true;
  }
  const both = initiatorSpoke && responderSpoke;
  const judge = (fits: readonly boolean[]): boolean | null => {
    if (fits.includes(false)) return true;
    return both && fits.length > 0 ? false : null;
  };
  return { initiatorTranslated: judge(initiator), responderTranslated: judge(responder) };
}
