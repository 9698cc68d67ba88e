import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A mixed capture as a busy router would write it: mostly TCP and UDP of others, a little IKE in between. */
export type MixedCapture = {
  readonly path: string;
  readonly packets: number;
  /** Frames that carry an IKE message or a fragment of one. */
  readonly ikePackets: number;
};

/** Same numbers every time: the file is made once and must not differ between machines. */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

const ethernetHeader = 14;
const ipHeader = 20;

type Flow = {
  readonly src: readonly number[];
  readonly dst: readonly number[];
  readonly sourcePort: number;
  readonly destinationPort: number;
};

/** Writes Ethernet, IPv4 and the first eight octets of the transport into `out`; the payload starts behind. */
function writeHeaders(
  out: Uint8Array,
  at: number,
  flow: Flow,
  protocol: number,
  ipOctets: number,
  id: number,
  fragment: number,
): number {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  out.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0], at);
  const ip = at + ethernetHeader;
  out.set([0x45, 0], ip);
  view.setUint16(ip + 2, ipOctets);
  view.setUint16(ip + 4, id);
  view.setUint16(ip + 6, fragment);
  out.set([64, protocol, 0, 0, ...flow.src, ...flow.dst], ip + 8);
  let sum = 0;
  for (let word = 0; word < ipHeader; word += 2) sum += view.getUint16(ip + word);
  view.setUint16(ip + 10, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
  return ip + ipHeader;
}

function writeUdp(out: Uint8Array, at: number, flow: Flow, octets: number): number {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  view.setUint16(at, flow.sourcePort);
  view.setUint16(at + 2, flow.destinationPort);
  view.setUint16(at + 4, octets + 8);
  view.setUint16(at + 6, 0);
  return at + 8;
}

/** An encrypted IKEv1 message of an exchange: a header that agrees with its length, then octets that look random. */
function writeIke(
  out: Uint8Array,
  at: number,
  exchange: number,
  index: number,
  octets: number,
  random: (below: number) => number,
): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  for (let place = at; place < at + octets; place += 1) out[place] = random(256);
  view.setUint32(at, 0xa0000000 + exchange);
  view.setUint32(at + 4, 0x51515151);
  view.setUint32(at + 8, 0xb0000000 + exchange);
  view.setUint32(at + 12, 0x62626262);
  // Informational or quick mode, encrypted, each with its own message id.
  out.set([8, 0x10, index % 3 === 0 ? 5 : 32, 1], at + 16);
  view.setUint32(at + 20, 0x10000 + index);
  view.setUint32(at + 24, octets);
}

const address = (network: number, host: number): readonly number[] => [
  10,
  network,
  (host >> 8) & 255,
  host & 255,
];

/**
 * Writes `packets` packets of 833 octets on average, `ikePackets` of them IKE (one in twelve split into two IP fragments, whose
 * second part no port filter finds). Nothing is written when the file is there.
 */
export function makeMixedCapture(path: string, packets: number, ikePackets: number): MixedCapture {
  const made: MixedCapture = { path, packets, ikePackets };
  if (existsSync(path) && statSync(path).size > 0) return made;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.part`;
  const file = openSync(draft, 'w');
  const random = createRandom(20);
  const buffer = new Uint8Array(8 << 20);
  const view = new DataView(buffer.buffer);
  for (let place = 0; place < buffer.length; place += 4)
    view.setUint32(place, random(4_294_967_296));
  let at = 0;
  const flush = (): void => {
    writeSync(file, buffer, 0, at);
    at = 0;
  };
  buffer.set([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]);
  at = 24;
  const startRecord = (index: number, octets: number): number => {
    if (at + 16 + octets > buffer.length) flush();
    view.setUint32(at, 1_700_000_000 + Math.floor(index / 2000), true);
    view.setUint32(at + 4, (index % 2000) * 500, true);
    view.setUint32(at + 8, octets, true);
    view.setUint32(at + 12, octets, true);
    const start = at + 16;
    at = start + octets;
    return start;
  };
  const every = Math.floor(packets / ikePackets);
  let ike = 0;
  for (let index = 0; index < packets; index += 1) {
    const pair = random(4000);
    if (index % every === 0 && ike < ikePackets) {
      const peer = ike % 40;
      const flow: Flow = {
        src: address(1, peer),
        dst: address(2, peer),
        sourcePort: 500,
        destinationPort: 500,
      };
      const octets = 28 + 8 * (10 + random(60));
      const isSplit = ike % 24 === 12 && ike + 1 < ikePackets;
      const ipOctets = ipHeader + 8 + octets;
      if (isSplit) {
        // Two frames of one datagram of 1,800 octets.
        const long = new Uint8Array(8 + 1800);
        writeIke(long, writeUdp(long, 0, flow, 1800), peer, ike, 1800, random);
        const first = startRecord(index, ethernetHeader + ipHeader + 1480);
        const data = writeHeaders(buffer, first, flow, 17, ipHeader + 1480, ike, 0x2000);
        buffer.set(long.subarray(0, 1480), data);
        index += 1;
        const rest = long.length - 1480;
        const second = startRecord(index, ethernetHeader + ipHeader + rest);
        const tail = writeHeaders(buffer, second, flow, 17, ipHeader + rest, ike, 185);
        buffer.set(long.subarray(1480), tail);
        ike += 2;
      } else {
        const start = startRecord(index, ethernetHeader + ipOctets);
        const data = writeHeaders(buffer, start, flow, 17, ipOctets, ike, 0);
        writeIke(buffer, writeUdp(buffer, data, flow, octets), peer, ike, octets, random);
        ike += 1;
      }
      continue;
    }
    const isTcp = random(10) < 7;
    const payload = random(10) < 5 ? 1400 : 60 + random(340);
    const flow: Flow = {
      src: address(10 + (pair & 3), pair),
      dst: address(20, pair >> 3),
      sourcePort: 1024 + random(3000),
      destinationPort: isTcp ? 443 : 53 + random(200),
    };
    const ipOctets = ipHeader + 8 + payload;
    const start = startRecord(index, ethernetHeader + ipOctets);
    const data = writeHeaders(
      buffer,
      start,
      flow,
      isTcp ? 6 : 17,
      ipOctets,
      index & 0xffff,
      0x4000,
    );
    writeUdp(buffer, data, flow, payload);
    buffer[data + 12] = 0x50;
    if (index % 64 === 0) buffer[start + ethernetHeader + 1] = random(4) << 2;
  }
  flush();
  closeSync(file);
  renameSync(draft, path);
  return made;
}

const u16 = (value: number): readonly number[] => [(value >> 8) & 255, value & 255];
const u32 = (value: number): readonly number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** A payload with its generic header. */
function payload(next: number, body: readonly number[]): readonly number[] {
  return [next, 0, ...u16(body.length + 4), ...body];
}

/** Main mode messages in clear: SA with two transforms and a vendor id; key exchange, nonce and NAT-D twice. */
function clearMessages(random: (below: number) => number): readonly (readonly number[])[] {
  const octets = (count: number): number[] => Array.from({ length: count }, () => random(256));
  const transform = (number: number, next: number): readonly number[] =>
    payload(next, [
      number,
      1,
      0,
      0,
      ...[
        [1, 7],
        [14, 256],
        [2, 4],
        [4, 14],
        [3, 1],
        [11, 1],
      ].flatMap(([type, value]) => [0x80, type!, ...u16(value!)]),
      ...[0, 12, 0, 4],
      ...u32(86_400),
    ]);
  const proposal = payload(0, [1, 1, 0, 2, ...transform(1, 3), ...transform(2, 0)]);
  const sa = payload(13, [...u32(1), ...u32(1), ...proposal]);
  const vendor = payload(
    0,
    [
      0x4a, 0x13, 0x1c, 0x81, 0x07, 0x03, 0x58, 0x45, 0x5c, 0x57, 0x28, 0xf2, 0x0e, 0x95, 0x45,
      0x2f,
    ],
  );
  const exchange = [
    ...payload(10, octets(256)),
    ...payload(20, octets(32)),
    ...payload(20, octets(32)),
    ...payload(0, octets(32)),
  ];
  return [[...sa, ...vendor], exchange];
}

/** Writes `count` IKEv1 main mode messages, six an exchange, the last two encrypted. Nothing is written when the file is there. */
export function makeMessageCapture(path: string, count: number): void {
  if (existsSync(path) && statSync(path).size > 0) return;
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(`${path}.part`, 'w');
  const random = createRandom(21);
  const [proposals, keys] = clearMessages(random);
  const buffer = new Uint8Array(1 << 20);
  const view = new DataView(buffer.buffer);
  buffer.set([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]);
  let at = 24;
  for (let index = 0; index < count; index += 1) {
    const exchange = Math.floor(index / 6);
    const step = index % 6;
    const isEncrypted = step >= 4;
    const body = isEncrypted
      ? Array.from({ length: 72 }, () => random(256))
      : step < 2
        ? proposals!
        : keys!;
    const octets = 28 + body.length;
    const frame = ethernetHeader + ipHeader + 8 + octets;
    if (at + 16 + frame > buffer.length) {
      writeSync(file, buffer, 0, at);
      at = 0;
    }
    view.setUint32(at, 1_700_000_000 + Math.floor(index / 500), true);
    view.setUint32(at + 4, (index % 500) * 2000, true);
    view.setUint32(at + 8, frame, true);
    view.setUint32(at + 12, frame, true);
    const [near, far] = [address(1, exchange & 0xffff), address(2, exchange & 0xffff)];
    const isAnswer = step % 2 === 1;
    const flow: Flow = {
      src: isAnswer ? far : near,
      dst: isAnswer ? near : far,
      sourcePort: 500,
      destinationPort: 500,
    };
    const data = writeHeaders(buffer, at + 16, flow, 17, ipHeader + 8 + octets, index & 0xffff, 0);
    const start = writeUdp(buffer, data, flow, octets);
    const responder = step === 0 ? 0 : 0xb0000000 + exchange;
    const first = isEncrypted ? 5 : step < 2 ? 1 : 4;
    buffer.set(
      [
        ...u32(0xa0000000 + exchange),
        ...u32(0x51515151),
        ...u32(responder),
        ...u32(step === 0 ? 0 : 0x62626262),
        first,
        0x10,
        2,
        isEncrypted ? 1 : 0,
        ...u32(0),
        ...u32(octets),
        ...body,
      ],
      start,
    );
    at += 16 + frame;
  }
  writeSync(file, buffer, 0, at);
  closeSync(file);
  renameSync(`${path}.part`, path);
}
