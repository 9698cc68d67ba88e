import type { CaptureInterface, Packet } from '../model/capture.ts';

/** Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, times in nanoseconds. */

const overhead = 12;

type Option = { readonly code: number; readonly value: Uint8Array };

const utf8 = new TextEncoder();

/** An option's length is a 16-bit number. */
const maxOptionOctets = 65_535;

function textOption(code: number, text: string | null): readonly Option[] {
  if (text === null || text === '') return [];
  return [{ code, value: utf8.encode(text).subarray(0, maxOptionOctets) }];
}

const padded = (octets: number): number => (octets + 3) & ~3;

/** One block: fixed fields, data and options, each padded to 32 bits. */
function block(
  type: number,
  fixed: Uint8Array,
  data: Uint8Array,
  options: readonly Option[],
): Uint8Array {
  const optionOctets =
    options.length === 0
      ? 0
      : options.reduce((sum, { value }) => sum + 4 + padded(value.length), 0) + 4;
  const total = overhead + fixed.length + padded(data.length) + optionOctets;
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, total, true);
  bytes.set(fixed, 8);
  let at = 8 + fixed.length;
  bytes.set(data, at);
  at += padded(data.length);
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(total - 4, total, true);
  return bytes;
}

const none = new Uint8Array(0);

/** Begins the file. The comments are those of the file it was taken from. */
export function sectionBlock(application: string, comments: readonly string[]): Uint8Array {
  const fixed = new Uint8Array(16);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, 0x1a2b3c4d, true);
  view.setUint16(4, 1, true);
  // The length of the section is not told: -1.
  view.setBigInt64(8, -1n, true);
  return block(0x0a0d0d0a, fixed, none, [
    ...comments.flatMap((comment) => textOption(1, comment)),
    ...textOption(4, application),
  ]);
}

/** Describes an interface; those that follow one another are counted from 0. */
export function interfaceBlock(
  source: Pick<CaptureInterface, 'linkType' | 'snapLength' | 'name' | 'description'>,
): Uint8Array {
  const fixed = new Uint8Array(8);
  const view = new DataView(fixed.buffer);
  view.setUint16(0, source.linkType, true);
  view.setUint32(4, source.snapLength, true);
  return block(1, fixed, none, [
    ...textOption(2, source.name),
    ...textOption(3, source.description),
    { code: 9, value: Uint8Array.of(9) },
  ]);
}

/** A packet with its own time, lengths and comment. `interfaceId` counts the interface blocks written. */
export function packetBlock(packet: Packet, interfaceId: number): Uint8Array {
  const fixed = new Uint8Array(20);
  const view = new DataView(fixed.buffer);
  const units = BigInt.asUintN(64, packet.timeNs);
  view.setUint32(0, interfaceId, true);
  view.setUint32(4, Number(units >> 32n), true);
  view.setUint32(8, Number(units & 0xffff_ffffn), true);
  view.setUint32(12, packet.bytes.length, true);
  view.setUint32(16, packet.originalLength, true);
  return block(6, fixed, packet.bytes, textOption(1, packet.comment));
}
