import { encryptCbc, prf } from './algorithms.ts';
import { ipPacket } from './capture.ts';
import type { Encounter, Side } from './encounter.ts';
import { concat, fromHex, u16, u32, u8 } from './octets.ts';
import type { EspPair, EspSa } from './quick-mode.ts';

/** RFC 4303 in tunnel mode, AES-CBC-128 with HMAC-SHA-1-96 or HMAC-SHA-256-128. */
const espPacket = (sa: EspSa, sequence: number, iv: Uint8Array, inner: Uint8Array): Uint8Array => {
  const padLength = (16 - ((inner.length + 2) % 16)) % 16;
  const padding = Uint8Array.from({ length: padLength }, (_, i) => i + 1);
  const plain = concat(inner, padding, u8(padLength), u8(4));
  const body = concat(
    u32(sa.spi),
    u32(sequence),
    iv,
    encryptCbc('aes128', sa.encryptionKey, iv, plain),
  );
  return concat(
    body,
    prf(sa.integrity, sa.authKey, body).slice(0, sa.integrity === 'sha1' ? 12 : 16),
  );
};

const sum16 = (octets: Uint8Array): number => {
  let sum = 0;
  for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
};

/** A 100-octet echo between the LAN addresses, inside GRE between the routers. */
const pingInGre = (from: Side, to: Side, type: 8 | 0, id: number, sequence: number): Uint8Array => {
  const data = Uint8Array.from({ length: 72 }, () => 0);
  for (let i = 8; i < 72; i += 2) data.set(fromHex('abcd'), i);
  const echo = concat(u8(type), u8(0), u16(0), u16(id), u16(sequence), data);
  echo.set(u16(sum16(echo)), 2);
  const lan = ipPacket(from.router.lan.address, to.router.lan.address, 1, sequence, echo);
  const gre = concat(u16(0), u16(0x0800), lan);
  return ipPacket(from.router.address, to.router.address, 47, sequence, gre);
};

/** Echoes and answers over the new SAs, as the ping after the first lost one. */
export const pingThrough = (
  encounter: Encounter,
  quick: EspPair,
  atUs: number,
  count: number,
): number => {
  const { initiator, responder, tap, seeded } = encounter;
  const id = seeded.below(0xffff);
  let at = atUs;
  for (let i = 1; i <= count; i += 1) {
    const ask = pingInGre(initiator, responder, 8, id, i);
    const answer = pingInGre(responder, initiator, 0, id, i);
    tap.esp(
      at,
      initiator.router,
      responder.router,
      espPacket(quick.toResponder, i, seeded.octets(16), ask),
    );
    at += 500 + seeded.below(300);
    tap.esp(
      at,
      responder.router,
      initiator.router,
      espPacket(quick.toInitiator, i, seeded.octets(16), answer),
    );
    at += 400 + seeded.below(300);
  }
  initiator.log.waitUntil(at);
  responder.log.waitUntil(at);
  return at;
};
