import { describe, expect, it } from 'vitest';
import type { Packet } from '../../src/model/capture.ts';
import { looksLikeHexDump, readHexDump } from '../../src/pcap/hexdump.ts';
import { ethernet, ike, ipv4, udp } from '../support/packets.ts';

const hex = (bytes: Uint8Array, from = 0, to = bytes.length): string =>
  [...bytes.subarray(from, to)].map((octet) => octet.toString(16).padStart(2, '0')).join('');

const groups = (digits: string, size: number): string =>
  digits.match(new RegExp(`.{1,${size}}`, 'g'))?.join(' ') ?? '';

/** The column of characters, in the worst case looking like octets itself. */
const characters = (bytes: Uint8Array, from: number): string =>
  'ab '.repeat(6).slice(0, Math.min(16, bytes.length - from));

const frame = ethernet(ipv4(udp(ike(84))));
const bare = ipv4(udp(ike(84)));

function lines(bytes: Uint8Array, line: (at: number) => string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 16) text += `${line(at)}\n`;
  return text;
}

const text2pcap = (bytes: Uint8Array): string =>
  lines(bytes, (at) => `${at.toString(16).padStart(6, '0')} ${groups(hex(bytes, at, at + 16), 2)}`);
const wireshark = (bytes: Uint8Array): string =>
  lines(
    bytes,
    (at) =>
      `${at.toString(16).padStart(4, '0')}  ${groups(hex(bytes, at, at + 16), 2).padEnd(48)}  ${characters(bytes, at)}`,
  );
const canonical = (bytes: Uint8Array): string =>
  lines(bytes, (at) => {
    const [left, right] = [
      hex(bytes, at, at + 8),
      hex(bytes, Math.min(at + 8, bytes.length), at + 16),
    ];
    return `${at.toString(16).padStart(8, '0')}  ${groups(left, 2)}  ${groups(right, 2)}  |................|`;
  });
const tcpdump = (bytes: Uint8Array): string =>
  lines(
    bytes,
    (at) =>
      `\t0x${at.toString(16).padStart(4, '0')}:  ${groups(hex(bytes, at, at + 16), 4)}  ${characters(bytes, at)}`,
  );
const asa = (bytes: Uint8Array): string =>
  lines(
    bytes,
    (at) =>
      `0x${at.toString(16).padStart(4, '0')}\t ${groups(hex(bytes, at, at + 16), 4)}\t${characters(bytes, at)}`,
  );

/** IOS: memory addresses, the first line filled from the right, one zero octet at the end. */
function ios(bytes: Uint8Array, firstOctets: number): string {
  const all = Uint8Array.of(...bytes, 0);
  let text = `0D98B860: ${groups(hex(all, 0, firstOctets), 8).padStart(36)}  ........\n`;
  let address = 0x0d98b870;
  for (let at = firstOctets; at < all.length; at += 16) {
    const digits = groups(hex(all, at, at + 16), 8).padEnd(36);
    text += `${address.toString(16).toUpperCase().padStart(8, '0')}: ${digits} ${characters(all, at)}\n`;
    address += 16;
  }
  return text;
}

function read(text: string): {
  readonly packets: readonly Packet[];
  readonly codes: readonly string[];
  readonly names: readonly (string | null)[];
} {
  const packets: Packet[] = [];
  const summary = readHexDump(text, (packet) => packets.push(packet));
  expect(summary.packets).toBe(packets.length);
  return {
    packets,
    codes: summary.anomalies.map(({ code }) => code),
    names: summary.interfaces.map(({ name }) => name),
  };
}

describe('hex dumps', () => {
  for (const [name, dump] of Object.entries({ text2pcap, wireshark, canonical, tcpdump, asa })) {
    it(`reads ${name}`, () => {
      const text = `R1#show something\n${dump(frame)}\n${dump(bare)}${dump(frame)}end\n`;
      expect(looksLikeHexDump(text)).toBe(true);
      const { packets } = read(text.replaceAll('\n', '\r\n'));
      expect(packets.map(({ linkType }) => linkType)).toEqual([1, 101, 1]);
      expect(packets.map(({ bytes }) => hex(bytes))).toEqual([hex(frame), hex(bare), hex(frame)]);
    });
  }

  it('reads an IOS capture buffer with times and interfaces', () => {
    const header = (second: string, port: string): string =>
      `13:35:${second} UTC Nov 29 2025 : IPv4 LES CEF    : ${port} None\n\n`;
    const text = `R2#show monitor capture buffer BUF dump \n${header('46.019', 'Gi0/0')}${ios(frame, 8)}\n${header('46.030', 'Se0/1')}${ios(bare, 4)}\n${header('47.000', 'Gi0/0')}${ios(frame, 8)}R2#`;
    const { packets, codes, names } = read(text);
    expect(packets.map(({ bytes }) => hex(bytes))).toEqual([hex(frame), hex(bare), hex(frame)]);
    expect(packets.map(({ interfaceId }) => interfaceId)).toEqual([0, 1, 0]);
    expect(names).toEqual(['Gi0/0', 'Se0/1']);
    expect(packets[0]?.timeNs).toBe(BigInt(Date.UTC(2025, 10, 29, 13, 35, 46, 19)) * 1_000_000n);
    expect(codes).toEqual([]);
  });

  it('tells how much of a packet the router did not keep', () => {
    const { packets } = read(
      `13:35:46.019 UTC Nov 29 2025 : IPv4 LES CEF    : Gi0/0 None\n\n${ios(frame.subarray(0, 68), 8)}`,
    );
    expect(packets[0]).toMatchObject({ originalLength: frame.length });
    expect(packets[0]?.bytes).toEqual(frame.subarray(0, 68));
  });

  it('reads the times of ASA and of tcpdump', () => {
    const dated = read(
      `2024-02-29 10:11:12.000013 IP a > b\n${tcpdump(bare)}1700000000.5 IP a > b\n${tcpdump(bare)}`,
    );
    expect(dated.packets.map(({ timeNs }) => timeNs)).toEqual([
      BigInt(Date.UTC(2024, 1, 29, 10, 11, 12)) * 1_000_000n + 13_000n,
      1_700_000_000_500_000_000n,
    ]);
    const undated = read(
      `   1: 12:01:15.123456       192.0.2.1.500 > 198.51.100.2.500:  udp 84\n${asa(bare)}`,
    );
    expect(undated.packets[0]?.timeNs).toBe(43_275_123_456_000n);
    expect(undated.codes).toEqual(['hexdump-date-missing']);
    expect(read(asa(bare)).codes).toEqual(['packet-without-time']);
  });

  it('reads seconds since the first packet, and rows that begin like octets', () => {
    const iosXe = (row: string): string =>
      `${row}   192.0.2.1        ->  198.51.100.2     UDP\n${wireshark(bare)}\n`;
    const text = iosXe('   0  112    0.000000') + iosXe('  10 1078   12.500000');
    const { packets, codes } = read(text);
    expect(packets.map(({ timeNs }) => timeNs)).toEqual([0n, 12_500_000_000n]);
    expect(packets.map(({ bytes }) => hex(bytes))).toEqual([hex(bare), hex(bare)]);
    expect(codes).toEqual(['hexdump-date-missing']);
    const fortiGate = `3.034567 wan1 in 192.0.2.1.500 -> 198.51.100.2.500: udp 84\n${asa(bare)}`;
    expect(read(fortiGate).packets[0]?.timeNs).toBe(3_034_567_000n);
  });

  it('counts on past midnight where times name no date', () => {
    const at = (time: string): string =>
      `   1: ${time}       192.0.2.1.500 > 198.51.100.2.500:  udp 84\n${asa(bare)}`;
    const { packets } = read(at('23:59:59.5') + at('23:59:58.5') + at('00:00:00.5'));
    expect(packets.map(({ timeNs }) => Number(timeNs / 100_000_000n))).toEqual([
      863_995, 863_985, 864_005,
    ]);
  });

  it('reads through pagers and mail quotes', () => {
    const paged = (mark: string): string => {
      const [first, second, ...others] = asa(frame).split('\n');
      return [first, `${mark}${second}`, ...others].join('\n');
    };
    const iosPager = ` --More-- ${'\b'.repeat(9)}        ${'\b'.repeat(9)}`;
    const asaPager = `<--- More --->\r              \r`;
    for (const text of [paged(iosPager), paged(asaPager), asa(frame).replace(/^/gm, '> ')]) {
      expect(read(text).packets.map(({ bytes }) => hex(bytes))).toEqual([hex(frame)]);
    }
  });

  it('ends a packet at a gap, and names it', () => {
    const broken = wireshark(frame)
      .split('\n')
      .filter((_, index) => index !== 3)
      .join('\n');
    const { packets, codes } = read(`${broken}\n${wireshark(bare)}`);
    expect(packets.map(({ bytes }) => bytes.length)).toEqual([48, bare.length]);
    expect(codes).toEqual(['hexdump-offset-gap', 'packet-without-time']);
  });

  it('names octets that begin no packet', () => {
    expect(read('0000  de ad be ef 00 01 02 03 04 05 06 07 08 09 0a 0b\n')).toMatchObject({
      packets: [],
      codes: ['hexdump-link-unknown'],
    });
  });

  it('takes neither configurations nor debugs nor prose for a dump', () => {
    const texts = [
      'crypto pki certificate chain CA\n certificate ca 01\n  30820201 3082016A A0030201 02020101 300D0609 2A864886 F70D0101 04050030\n  quit\n',
      '*Nov 29 13:36:10.617: ISAKMP:(1001): processing SA payload. message ID = 0\n',
      'be ad to the decade\nadd beef 12\n',
      'interface Tunnel0\n ip address 10.0.0.1 255.255.255.0\n',
    ];
    for (const text of texts) expect(looksLikeHexDump(text)).toBe(false);
  });
});
