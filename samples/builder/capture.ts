import { concat, fromHex, ipv4, le16, le32, u16, u8, uint, utf8 } from './octets.ts';

/** Where and how the frames were taken. */
export type LinkName = 'ethernet' | 'vlan' | 'linux-cooked' | 'raw-ip';
export type FileFormat = 'pcap' | 'pcap-nanosecond' | 'pcapng';

export type Station = { readonly address: string; readonly mac: string };

type Frame = { readonly atUs: number; readonly octets: Uint8Array };

/** Collects what passes between two routers; times are microseconds since 1970 on the capture's clock. */
export type Tap = {
  udp(
    atUs: number,
    from: Station,
    to: Station,
    sourcePort: number,
    destinationPort: number,
    data: Uint8Array,
  ): void;
  esp(atUs: number, from: Station, to: Station, packet: Uint8Array): void;
  arp(atUs: number, asking: Station, asked: Station): void;
  file(format: FileFormat): Uint8Array;
};

const linkTypeValue: Readonly<Record<LinkName, number>> = {
  ethernet: 1,
  vlan: 1,
  'linux-cooked': 113,
  'raw-ip': 101,
};

const vlanId = 120;
const broadcast = fromHex('ffffffffffff');
const macOctets = (station: Station): Uint8Array => fromHex(station.mac.replaceAll('.', ''));

/** RFC 1071. */
const checksum = (octets: Uint8Array): number => {
  let sum = 0;
  for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
};

export const ipPacket = (
  source: string,
  destination: string,
  protocol: number,
  identification: number,
  data: Uint8Array,
): Uint8Array => {
  const header = concat(
    u8(0x45),
    u8(protocol === 1 ? 0 : 0xc0),
    u16(20 + data.length),
    u16(identification),
    u16(0),
    u8(255),
    u8(protocol),
    u16(0),
    ipv4(source),
    ipv4(destination),
  );
  header.set(u16(checksum(header)), 10);
  return concat(header, data);
};

const udpDatagram = (
  from: Station,
  to: Station,
  ports: Uint8Array,
  data: Uint8Array,
): Uint8Array => {
  const length = u16(8 + data.length);
  const pseudo = concat(ipv4(from.address), ipv4(to.address), u8(0), u8(17), length);
  const sum = checksum(concat(pseudo, ports, length, u16(0), data));
  return concat(ports, length, u16(sum === 0 ? 0xffff : sum), data);
};

const pcapFile = (frames: readonly Frame[], link: number, nanosecond: boolean): Uint8Array =>
  concat(
    le32(nanosecond ? 0xa1b23c4d : 0xa1b2c3d4),
    le16(2),
    le16(4),
    le32(0),
    le32(0),
    le32(262_144),
    le32(link),
    ...frames.map(({ atUs, octets }) =>
      concat(
        le32(Math.floor(atUs / 1_000_000)),
        le32((atUs % 1_000_000) * (nanosecond ? 1000 : 1)),
        le32(octets.length),
        le32(octets.length),
        octets,
      ),
    ),
  );

const pad4 = (octets: Uint8Array): Uint8Array => concat(octets, new Uint8Array(-octets.length & 3));

const block = (type: number, body: Uint8Array): Uint8Array =>
  concat(le32(type), le32(12 + body.length), body, le32(12 + body.length));

const option = (code: number, value: Uint8Array): Uint8Array =>
  concat(le16(code), le16(value.length), pad4(value));

const pcapngFile = (frames: readonly Frame[], link: number): Uint8Array =>
  concat(
    block(0x0a0d0d0a, concat(le32(0x1a2b3c4d), le16(1), le16(0), new Uint8Array(8).fill(0xff))),
    block(1, concat(le16(link), le16(0), le32(262_144), option(2, utf8('span0')), le32(0))),
    ...frames.map(({ atUs, octets }) =>
      block(
        6,
        concat(
          le32(0),
          le32(Math.floor(atUs / 2 ** 32)),
          le32(atUs % 2 ** 32),
          le32(octets.length),
          le32(octets.length),
          pad4(octets),
        ),
      ),
    ),
  );

export const createTap = (link: LinkName): Tap => {
  const frames: Frame[] = [];
  const identifications = new Map<string, number>();

  const frameOf = (
    from: Station,
    to: Station | null,
    etherType: number,
    data: Uint8Array,
  ): Uint8Array => {
    const target = to === null ? broadcast : macOctets(to);
    switch (link) {
      case 'ethernet':
        // Ethernet frames are padded to 60 octets before the check sequence.
        return padded(concat(target, macOctets(from), u16(etherType), data));
      case 'vlan':
        return padded(
          concat(target, macOctets(from), u16(0x8100), u16(vlanId), u16(etherType), data),
        );
      case 'linux-cooked':
        return concat(
          u16(to === null ? 1 : 3),
          u16(1),
          u16(6),
          macOctets(from),
          u16(0),
          u16(etherType),
          data,
        );
      case 'raw-ip':
        return data;
    }
  };
  const padded = (octets: Uint8Array): Uint8Array =>
    concat(octets, new Uint8Array(Math.max(0, 60 - octets.length)));

  const ip = (
    atUs: number,
    from: Station,
    to: Station,
    protocol: number,
    data: Uint8Array,
  ): void => {
    const identification = ((identifications.get(from.address) ?? 100) + 1) & 0xffff;
    identifications.set(from.address, identification);
    const packet = ipPacket(from.address, to.address, protocol, identification, data);
    frames.push({ atUs, octets: frameOf(from, to, 0x0800, packet) });
  };

  return {
    udp: (atUs, from, to, sourcePort, destinationPort, data) =>
      ip(
        atUs,
        from,
        to,
        17,
        udpDatagram(from, to, concat(u16(sourcePort), u16(destinationPort)), data),
      ),
    esp: (atUs, from, to, packet) => ip(atUs, from, to, 50, packet),
    arp: (atUs, asking, asked) => {
      if (link === 'raw-ip') return;
      const head = fromHex('0001080006040001');
      const question = concat(
        head,
        macOctets(asking),
        ipv4(asking.address),
        uint(0, 6),
        ipv4(asked.address),
      );
      const answer = concat(
        fromHex('0001080006040002'),
        macOctets(asked),
        ipv4(asked.address),
        macOctets(asking),
        ipv4(asking.address),
      );
      frames.push({ atUs, octets: frameOf(asking, null, 0x0806, question) });
      frames.push({ atUs: atUs + 310, octets: frameOf(asked, asking, 0x0806, answer) });
    },
    file: (format) => {
      const inOrder = frames.toSorted((a, b) => a.atUs - b.atUs);
      switch (format) {
        case 'pcap':
          return pcapFile(inOrder, linkTypeValue[link], false);
        case 'pcap-nanosecond':
          return pcapFile(inOrder, linkTypeValue[link], true);
        case 'pcapng':
          return pcapngFile(inOrder, linkTypeValue[link]);
      }
    },
  };
};
