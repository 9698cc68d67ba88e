import { u16 } from '../bytes/span.ts';
import { concat } from '../crypto/octets.ts';
import { createCursor } from '../net/cursor.ts';
import { classifyPayload } from '../net/udp-payload.ts';
import { walkFrame } from '../net/walk.ts';
import { updateChecksum, updateUdpChecksum, wordSum } from './checksum.ts';
import { renameDer } from './der.ts';
import { endsOf, isIke, UDP_HEADER } from './ends.ts';
import { nameInOctets } from './name-octets.ts';

const HEADER = 28;
/** Generic header, then type, protocol and port of an identity. */
const IDENTITY_DATA = 8;
const IDENTITY = 5;

/** ID_FQDN, ID_USER_FQDN and ID_KEY_ID (RFC 2407 §4.6.2.1): what a configuration calls by the same words. */
const ID_TEXTS: ReadonlySet<number> = new Set([2, 3, 11]);
const ID_DN = 9;

/**
 * The frame with the clear identities of its IKE message called as texts call them, and every length around them as
 * long as that makes it. Null: there is nothing to rename, or not all of the message is in this frame.
 */
export function renameIdentities(
  frame: Uint8Array,
  linkType: number,
  originalLength: number,
  key: Uint8Array,
): Uint8Array | null {
  const cursor = createCursor();
  walkFrame(cursor, frame, 0, frame.length, linkType, originalLength);
  const { outcome, at, end, ipAt, ipVersion } = cursor;
  const from = at + UDP_HEADER;
  if (outcome !== 'udp' || originalLength !== frame.length || end < from || !isIke(frame, cursor))
    return null;
  const octets = u16(frame, at + 4) - UDP_HEADER;
  const { src, dst } = endsOf(frame, cursor);
  const kind = classifyPayload(frame, from, end, octets, src.port, dst.port);
  if (from + octets !== end || (kind !== 'ike' && kind !== 'ike-marked')) return null;
  const start = from + (kind === 'ike-marked' ? 4 : 0);
  const message = renameInMessage(frame.subarray(start, end), key);
  if (message === null) return null;
  const made = concat(frame.subarray(0, start), message, frame.subarray(end));
  const grown = message.length - (end - start);
  const add = (place: number): void => {
    const value = u16(made, place) + grown;
    made.set([value >> 8, value & 0xff], place);
  };
  const lengthAt = ipAt + (ipVersion === 4 ? 2 : 4);
  add(lengthAt);
  if (ipVersion === 4) updateChecksum(made, ipAt + 10, u16(frame, lengthAt), u16(made, lengthAt));
  add(at + 4);
  // The length of a datagram counts twice: in its header, and in the pseudo header (RFC 768).
  const sum = (bytes: Uint8Array, stop: number): number =>
    2 * u16(bytes, at + 4) + wordSum(bytes, from, stop);
  updateUdpChecksum(made, at + 6, sum(frame, end), sum(made, end + grown));
  walkFrame(cursor, made, 0, made.length, linkType, made.length);
  // A tunnel or a link has lengths of its own, in which a longer packet would not fit.
  const fits = cursor.outcome === 'udp' && cursor.at === at && cursor.end === end + grown;
  return fits ? made : null;
}

/** A clear message of IKEv1 that is all there; in IKEv2 no identity is sent in clear. */
function renameInMessage(message: Uint8Array, key: Uint8Array): Uint8Array | null {
  const isClear = message.length >= HEADER && message[17]! >> 4 === 1 && (message[19]! & 1) === 0;
  if (!isClear) return null;
  const pieces: Uint8Array[] = [message.subarray(0, HEADER)];
  let isRenamed = false;
  let type = message[16]!;
  let at = HEADER;
  while (type !== 0 && message.length - at >= 4) {
    const length = u16(message, at + 2);
    if (length < 4 || at + length > message.length) return null;
    const payload = message.subarray(at, at + length);
    const renamed = type === IDENTITY ? renamePayload(payload, key) : null;
    isRenamed ||= renamed !== null;
    pieces.push(renamed ?? payload);
    type = payload[0]!;
    at += length;
  }
  if (!isRenamed || type !== 0) return null;
  const made = concat(...pieces, message.subarray(at));
  new DataView(made.buffer).setUint32(24, made.length - (message.length - at));
  return made;
}

function renamePayload(payload: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (payload.length <= IDENTITY_DATA) return null;
  const type = payload[4]!;
  const data = payload.subarray(IDENTITY_DATA);
  const name = ID_TEXTS.has(type)
    ? nameInOctets(data, key)
    : type === ID_DN
      ? renameDer(data, key)
      : null;
  if (name === null) return null;
  const made = concat(payload.subarray(0, IDENTITY_DATA), name);
  new DataView(made.buffer).setUint16(2, made.length);
  return made;
}
