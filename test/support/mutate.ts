/** A copy of a file with one to eight damages: octets, lengths, pieces lost, doubled or swapped, an end cut off. */
export function mutate(file: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = file.slice();
  for (let damages = 1 + random(8); damages > 0 && bytes.length > 8; damages -= 1) {
    bytes = damaged(bytes, random);
  }
  return bytes;
}

const EXTREMES: readonly number[] = [0, 1, 3, 4, 7, 8, 0x7f, 0x80, 0xff];

function damaged(bytes: Uint8Array, random: (below: number) => number): Uint8Array<ArrayBuffer> {
  const at = random(bytes.length);
  const some = Math.min(1 + random(64), bytes.length - at);
  const copy = bytes.slice();
  switch (random(10)) {
    case 0:
      return join(bytes.subarray(0, at), bytes.subarray(at + some));
    case 1:
      return join(bytes.subarray(0, at + some), bytes.subarray(at));
    case 2:
      return join(bytes.subarray(0, at), new Uint8Array(some), bytes.subarray(at));
    case 3:
      return random(4) === 0 ? bytes.slice(0, at) : copy;
    case 4:
      // A length of two octets at its greatest or smallest.
      copy[at] = EXTREMES[random(EXTREMES.length)]!;
      if (at + 1 < copy.length) copy[at + 1] = EXTREMES[random(EXTREMES.length)]!;
      return copy;
    case 5:
      copy[at] = copy[at]! ^ (1 << random(8));
      return copy;
    case 6:
      copy[at] = copy[at]! + (random(2) === 0 ? 1 : 255);
      return copy;
    default:
      copy[at] = random(256);
      return copy;
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
