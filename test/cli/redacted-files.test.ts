import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testIo } from '../support/io.ts';
import { phase1Sa, CKY_I, ZERO, clear } from '../support/isakmp.ts';
import { ethernet, ipv4, udp } from '../support/packets.ts';

const sample = (file: string): Buffer =>
  readFileSync(new URL(`../../samples/02-r2-initiates/${file}`, import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const redact = async (
  name: string,
  content: Uint8Array | string,
  ...options: readonly string[]
): Promise<{ code: number; err: string; copy: Buffer | null }> => {
  writeFileSync(join(folder, name), content);
  const io = testIo({ cwd: folder });
  const target = join(folder, 'clean');
  rmSync(target, { recursive: true, force: true });
  const code = await main(['redact', name, '-o', target, ...options], io);
  const copy = join(target, name.replace(/\.gz$/, ''));
  return { code, err: io.err(), copy: existsSync(copy) ? readFileSync(copy) : null };
};

describe('redact of a compressed capture', () => {
  const capture = sample('capture.pcapng');

  it('gives the same diagnosis, NAT-D included', async () => {
    const { code, copy } = await redact('c.pcapng.gz', gzipSync(capture), '--addresses');
    expect(code).toBe(0);
    expect(copy!.length).toBe(capture.length);
    const io = testIo({ cwd: join(folder, 'clean') });
    await main(['decode', 'c.pcapng'], io);
    expect(io.out()).toContain('no NAT seen');
    expect(io.out()).not.toContain('OTHER');
  });

  it('goes as far as a damaged one does, and tells where that was', async () => {
    const packed = gzipSync(capture);
    const { code, err, copy } = await redact('cut.pcapng.gz', packed.subarray(0, -9));
    expect(code).toBe(0);
    expect(err).toMatch(/^cut\.pcapng\.gz: octet \d+: the compressed data is damaged or cut short/);
    expect(copy!.length).toBeGreaterThan(capture.length / 2);
    const broken = Uint8Array.from(packed.subarray(0, 30)).fill(0xff, 10);
    expect((await redact('broken.pcapng.gz', broken)).err).toMatch(/nothing can be unpacked/);
  });

  it('refuses what expands without end, in one line', async () => {
    const bomb = gzipSync(Buffer.concat([capture, Buffer.alloc(40 << 20)]));
    const { code, err, copy } = await redact('bomb.pcapng.gz', bomb);
    expect(code).toBe(2);
    expect(err).toMatch(/^ike-autopsy: bomb\.pcapng\.gz: expands to more than .*; .*slice.*\n$/);
    expect(copy).toBeNull();
  });
});

describe('redact of a text that holds packets', () => {
  const frame = ethernet(
    ipv4(udp(clear({ initiator: CKY_I, responder: ZERO, exchange: 2 }, phase1Sa()))),
  );
  const rows = (octets: Uint8Array): readonly string[] =>
    Array.from({ length: Math.ceil(octets.length / 16) }, (_, row) => {
      const digits = Buffer.from(octets.subarray(row * 16, row * 16 + 16)).toString('hex');
      return `${(row * 16).toString(16).padStart(4, '0')}:  ${digits.replace(/.{8}(?=.)/g, '$& ')}`;
    });
  const dump = rows(frame);

  it.each([
    ['a debug with a dump behind it', `${sample('r1-debug.txt').toString()}\n${dump.join('\n')}\n`],
    [
      'a dump before a configuration',
      `${dump.join('\n')}\n\n${sample('r1-config.txt').toString()}`,
    ],
    ['a dump far behind', `${sample('r1-debug.txt').toString().repeat(8)}\n${dump.join('\n')}\n`],
    [
      'a dump that begins in its middle',
      `${sample('r1-config.txt').toString()}\n${dump.slice(2).join('\n')}\n`,
    ],
  ])('%s is not copied', async (_name, text) => {
    const { code, err, copy } = await redact('paste.txt', text, '--addresses', '--names');
    expect(code).toBe(0);
    expect(err).toContain('holds octets of packets in a hex dump');
    expect(copy).toBeNull();
  });

  it('takes no certificate of a configuration for one', async () => {
    const chain = `crypto pki certificate chain CA\n certificate self-signed 01\n${[
      '30820229 30820192 A0030201 02020101 300D0609 2A864886 F70D0101 05050030',
      '31312F30 2D060355 04031326 494F532D 53656C66 2D536967 6E65642D 43657274',
    ]
      .map((row) => `  ${row}\n`)
      .join('')}  \tquit\n`;
    const { copy } = await redact('c.txt', `${sample('r1-config.txt').toString()}\n${chain}`);
    expect(copy).not.toBeNull();
  });
});

describe('keys of several words', () => {
  const config = `hostname R1
crypto keyring K
 pre-shared-key address 192.0.2.9 key kiwi and plum
crypto isakmp client configuration group G
 key quince  or medlar
crypto isakmp profile P
 description the key is kiwi and plum, or quince or medlar
 keyring K
 match identity address 192.0.2.9 255.255.255.255
`;
  const words = /kiwi|plum|quince|medlar/;

  it('are hidden whole in a copy', async () => {
    const copy = String((await redact('words.txt', config)).copy);
    expect(copy).toContain('192.0.2.9 key <key#1>\n');
    expect(copy).toContain(' key <key#2>\n');
    expect(copy).not.toMatch(words);
  });

  it.each(['analyze', 'predict'])('are hidden whole by %s', async (command) => {
    writeFileSync(join(folder, 'words.txt'), config);
    for (const format of ['text', 'json']) {
      const io = testIo({ cwd: folder });
      expect(await main([command, 'words.txt', '--format', format], io)).toBeLessThan(2);
      expect(io.out()).not.toMatch(words);
    }
  });
});

describe('redact of a debug with keys among its lines', () => {
  const debug = sample('r1-debug.txt').toString();
  const hex = '00112233445566778899aabbccddeeff';
  const octets = hex.replace(/../g, '$& ').trim();

  it.each([
    ['a note', 'psk: Harbour-Lamp-77', /^psk: <key#\d+>$/m, /Harbour-Lamp/],
    ['a note with words', 'psk peer: harbour lamp 77', /^psk peer: <key#\d+>$/m, /harbour|lamp/],
    ['lines of a key file', `skeyid: ${hex}`, /^<key>$/m, /00112233/],
    [
      'a dump of charon',
      `10:11:12 05[IKE] SKEYID => 16 bytes @ 0x7f\n10:11:12 05[IKE]    0: ${octets}`,
      /^<key>$/m,
      /00 ?11 ?22/,
    ],
    [
      'a dump with a row too many',
      `skeyid: ${hex}\nand so on\n   ${octets}`,
      /^<key>$/m,
      /00 ?11 ?22/,
    ],
  ])('%s is hidden, the debug is copied', async (_name, line, shown, secret) => {
    const { code, err, copy } = await redact('debug.txt', `${line}\n${debug}`);
    expect(code).toBe(0);
    expect(err).not.toContain('not copied');
    expect(copy!.toString()).toMatch(shown);
    expect(copy!.toString()).not.toMatch(secret);
    expect(copy!.toString().split('\n')).toHaveLength(`${line}\n${debug}`.split('\n').length);
  });

  it('keys alone are not copied', async () => {
    const { err, copy } = await redact('keys.txt', `psk: Harbour-Lamp-77\nskeyid: ${hex}\n`);
    expect(err).toContain('holds keys and no debug, so it was not copied');
    expect(copy).toBeNull();
  });
});
