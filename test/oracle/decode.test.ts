import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { hex } from '../../src/bytes/hex.ts';
import { pairMessages } from '../../src/exchange/pair.ts';
import { createCaptureDecoder } from '../../src/exchange/read-capture.ts';
import type { ExchangeMessage } from '../../src/model/exchange.ts';
import type { Attribute, Payload, PayloadContent } from '../../src/model/isakmp.ts';

/**
 * Field by field against tshark, without key material on either side.
 *
 * Differences that are intended:
 * - A message in Cisco or RFC 7383 fragments: here the frame that completes it shows the whole, there the piece.
 * - Datagrams that are noise: tshark dissects any datagram on port 500, here they are anomalies of the capture.
 * - Ports: tshark decides by the lower port whose protocol it is, here either side of a datagram may be on 500.
 * - Messages that the capture cut off: tshark stops at the cut field, here what is there is kept.
 */
const root = join(import.meta.dirname, '../..');
const shared = process.env['IKE_AUTOPSY_SHARED'] ?? join(root, '../shared');
const folders = [join(root, 'samples'), join(shared, 'captures')].filter((path) =>
  existsSync(path),
);
const captures = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(pcap|pcapng|pcap\.gz)$/.test(name))
    .map((name) => join(folder, name))
    .sort(),
);

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) console.log('skipped: tshark is not installed');

/** tshark's name for a field, and how this project's payloads give the same values in the same order. */
const fields: readonly (readonly [string, (entry: ExchangeMessage) => readonly string[]])[] = [
  ['isakmp.ispi', ({ message }) => [message.header.initiatorCookie]],
  ['isakmp.rspi', ({ message }) => [message.header.responderCookie]],
  ['isakmp.exchangetype', ({ message }) => [String(message.header.exchangeType)]],
  [
    'isakmp.messageid',
    ({ message }) => [`0x${message.header.messageId.toString(16).padStart(8, '0')}`],
  ],
  ['isakmp.length', ({ message }) => [String(message.header.length)]],
  ['isakmp.typepayload', ({ payloads }) => payloads.flatMap(payloadTypes)],
  ['isakmp.payloadlength', ({ payloads }) => payloads.flatMap(payloadLengths)],
  ['isakmp.key_exchange.data', octetsOf('key-exchange')],
  ['isakmp.nonce', octetsOf('nonce')],
  ['isakmp.hash', octetsOf('hash')],
  ['isakmp.vid_bytes', octetsOf('vendor-id')],
  ['isakmp.ike.nat_hash', octetsOf('nat-discovery')],
  [
    'isakmp.id.type',
    each((content) => (content.kind === 'identification' ? [content.idType] : [])),
  ],
  ['isakmp.id.port', each((content) => (content.kind === 'identification' ? [content.port] : []))],
  [
    'isakmp.notify.msgtype',
    each((content) => (content.kind === 'notification' ? [content.notifyType] : [])),
  ],
  ['isakmp.ike.attr.encryption_algorithm', phase1(1)],
  ['isakmp.ike.attr.hash_algorithm', phase1(2)],
  ['isakmp.ike.attr.authentication_method', phase1(3)],
  ['isakmp.ike.attr.group_description', phase1(4)],
  ['isakmp.ike.attr.life_type', phase1(11)],
  ['isakmp.ike.attr.life_duration', phase1(12)],
  ['isakmp.ike.attr.key_length', phase1(14)],
  [
    'isakmp.tf.type',
    v2(
      () => true,
      ({ type }) => type,
    ),
  ],
  [
    'isakmp.tf.id.encr',
    v2(
      ({ type }) => type === 1,
      ({ id }) => id,
    ),
  ],
  [
    'isakmp.tf.id.prf',
    v2(
      ({ type }) => type === 2,
      ({ id }) => id,
    ),
  ],
  [
    'isakmp.tf.id.integ',
    v2(
      ({ type }) => type === 3,
      ({ id }) => id,
    ),
  ],
  [
    'isakmp.tf.id.dh',
    v2(
      ({ type }) => type === 4,
      ({ id }) => id,
    ),
  ],
  [
    'isakmp.ike2.attr.key_length',
    v2(
      ({ attributes }) => attributes.length > 0,
      ({ attributes }) => attributes[0]?.value ?? 0,
    ),
  ],
  [
    'isakmp.key_exchange.dh_group',
    each((content) =>
      content.kind === 'key-exchange' && content.group !== null ? [content.group] : [],
    ),
  ],
];

function each(
  read: (content: PayloadContent) => readonly number[],
): (entry: ExchangeMessage) => readonly string[] {
  return ({ payloads }) => payloads.flatMap(({ content }) => read(content)).map(String);
}

function octetsOf(kind: PayloadContent['kind']): (entry: ExchangeMessage) => readonly string[] {
  return ({ payloads }) =>
    payloads.flatMap(({ content }) =>
      content.kind === kind && 'data' in content ? [hex(content.data.bytes)] : [],
    );
}

function phase1(type: number): (entry: ExchangeMessage) => readonly string[] {
  return each((content) =>
    content.kind === 'sa-v1'
      ? content.proposals.flatMap((proposal) =>
          proposal.transforms.flatMap(({ attributes }) =>
            attributes.flatMap((attribute: Attribute) =>
              attribute.type === type ? [attribute.value ?? -1] : [],
            ),
          ),
        )
      : [],
  );
}

type TransformV2 = Extract<
  PayloadContent,
  { kind: 'sa-v2' }
>['proposals'][number]['transforms'][number];

function v2(
  wanted: (transform: TransformV2) => boolean,
  value: (transform: TransformV2) => number,
): (entry: ExchangeMessage) => readonly string[] {
  return each((content) =>
    content.kind === 'sa-v2'
      ? content.proposals.flatMap(({ transforms }) => transforms.filter(wanted).map(value))
      : [],
  );
}

/** tshark counts proposals (2) and transforms (3) among the payloads. */
function payloadTypes({ type, content }: Payload): readonly string[] {
  if (content.kind !== 'sa-v1' && content.kind !== 'sa-v2') return [String(type)];
  return [
    String(type),
    ...content.proposals.flatMap(({ transforms }) => ['2', ...transforms.map(() => '3')]),
  ];
}

function payloadLengths({ length, content }: Payload): readonly string[] {
  if (content.kind !== 'sa-v1' && content.kind !== 'sa-v2') return [String(length)];
  return [
    String(length),
    ...content.proposals.flatMap((proposal) => [
      String(proposal.length),
      ...proposal.transforms.map((transform) => String(transform.length)),
    ]),
  ];
}

type Packet = {
  readonly _source: { readonly layers: Readonly<Record<string, readonly string[]>> };
};

function askTshark(
  path: string,
  ports: ReadonlySet<number>,
): ReadonlyMap<number, Readonly<Record<string, readonly string[]>>> {
  const names = ['frame.number', ...fields.map(([name]) => name)];
  const output = execFileSync(
    'tshark',
    [
      '-r',
      path,
      '-Y',
      'isakmp && !icmp',
      ...[...ports].flatMap((port) => ['-d', `udp.port==${String(port)},isakmp`]),
      '-T',
      'json',
      ...names.flatMap((name) => ['-e', name]),
    ],
    { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' },
  );
  const packets = JSON.parse(output) as readonly Packet[];
  return new Map(
    packets.map(({ _source: { layers } }) => [Number(layers['frame.number']![0]), layers]),
  );
}

/** tshark writes numbers in decimal or hexadecimal and octets with or without colons. */
function plain(value: string): string {
  if (/^0x[0-9a-f]+$/.test(value) && value.length < 10) return String(Number.parseInt(value, 16));
  return value.replaceAll(':', '');
}

describe.skipIf(!hasTshark || captures.length === 0)('tshark reads the same', () => {
  for (const path of captures) {
    it(basename(join(path, '..')), () => {
      const decoder = createCaptureDecoder(0);
      decoder.push(new Uint8Array(readFileSync(path)));
      const { messages, anomalies } = decoder.end();
      // A NAT may choose a port that tshark gives to another protocol, such as 111.
      const moved = messages.flatMap(({ src, dst }) =>
        dst.port === 500 ? [src.port] : src.port === 500 ? [dst.port] : [],
      );
      const theirs = askTshark(path, new Set(moved.filter((port) => port !== 500)));
      let compared = 0;
      for (const { messages: entries } of pairMessages(messages)) {
        for (const entry of entries) {
          const { frame, fragmentFrames } = entry.message;
          const isCut = entry.message.pdu.bytes.length < entry.message.header.length;
          if (
            isCut ||
            entry.partOf !== null ||
            (fragmentFrames.length > 0 && entry.encrypted && entry.message.pdu.offset === 0)
          )
            continue;
          const layers = theirs.get(frame);
          expect(layers, `frame ${String(frame)}`).toBeDefined();
          for (const [name, read] of fields) {
            const label = `frame ${String(frame)} ${name}`;
            expect([label, read(entry).map(plain)]).toEqual([
              label,
              (layers![name] ?? []).map(plain),
            ]);
          }
          compared += 1;
        }
      }
      const ours = new Set(messages.map(({ frame }) => frame));
      for (const frame of theirs.keys()) {
        if (ours.has(frame)) continue;
        expect(anomalies.map((anomaly) => anomaly.frame)).toContain(frame);
      }
      const isCutCapture = messages.every(({ pdu, header }) => pdu.bytes.length < header.length);
      if (!isCutCapture) expect(compared).toBeGreaterThan(0);
    });
  }
});
