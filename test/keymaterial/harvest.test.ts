import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { harvestKeys, looksLikeKeyMaterial } from '../../src/keymaterial/harvest.ts';
import { readPskList } from '../../src/keymaterial/psk-list.ts';
import { readPsk } from '../../src/keymaterial/secret-text.ts';
import { seeded } from '../support/exchanges.ts';

/** Every field of every piece as hex, so that a difference is readable. */
function plain(text: string): unknown {
  return harvestKeys(text, 'i1').material.map((one) =>
    Object.fromEntries(
      Object.entries(one)
        .filter(([name, value]) => value !== null && name !== 'place')
        .map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : value]),
    ),
  );
}

const A = '0a130f8a5ed8b976';
const B = 'c158fbe6f3d4cd24';

describe('Wireshark tables', () => {
  it('reads both, quoted or not, upper or lower case', () => {
    const text = `${A},d252218d5a4da509\n"${B.toUpperCase()}","D252218D5A4DA509"\n${A},${B},aabb,ccdd,"AES-CBC-256 [RFC3602]",11,22,"HMAC_SHA2_256_128 [RFC4868]"\n${A},${B},aabb,ccdd,"AES-GCM-128 with 16 octet ICV [RFC5282]",,,"NONE [RFC4306]"\n`;
    expect(plain(text)).toEqual([
      {
        kind: 'ikev1',
        initiatorCookie: A,
        encryptionKey: 'd252218d5a4da509',
        source: 'Wireshark ikev1_decryption_table',
      },
      {
        kind: 'ikev1',
        initiatorCookie: B,
        encryptionKey: 'd252218d5a4da509',
        source: 'Wireshark ikev1_decryption_table',
      },
      {
        kind: 'ikev2',
        initiatorCookie: A,
        responderCookie: B,
        skEi: 'aabb',
        skEr: 'ccdd',
        skAi: '11',
        skAr: '22',
        encryption: 'AES-CBC-256 [RFC3602]',
        integrity: 'HMAC_SHA2_256_128 [RFC4868]',
        source: 'Wireshark ikev2_decryption_table',
      },
      {
        kind: 'ikev2',
        initiatorCookie: A,
        responderCookie: B,
        skEi: 'aabb',
        skEr: 'ccdd',
        encryption: 'AES-GCM-128 with 16 octet ICV [RFC5282]',
        integrity: 'NONE [RFC4306]',
        source: 'Wireshark ikev2_decryption_table',
      },
    ]);
  });
});

describe('charon', () => {
  const log = readFileSync(new URL('../fixtures/keys/v05/initiator.log', import.meta.url), 'utf8');
  const expected = plain(log);

  it('finds one SA with its cookies', () => {
    expect(expected).toHaveLength(1);
    expect(expected).toMatchObject([
      {
        kind: 'ikev1',
        initiatorCookie: '3814c8bd4d770400',
        skeyid: '4a25dff3c5147718f0d0bf78bedaf7e0',
        encryptionKey: 'f2ad0059b5f31b35bbded2b8e34e95b0a0063e592e70ee5e',
        source: 'charon log',
      },
    ]);
  });

  it.each([60, 72, 80, 100])('reads it wrapped at %i columns', (columns) => {
    const wrapped = log.replaceAll(new RegExp(`.{${columns}}(?=.)`, 'g'), '$&\n');
    expect(plain(wrapped)).toEqual(expected);
  });

  it.each([
    [
      'a journal',
      (line: string) =>
        line.replace(/^.{15}/, '2024-06-19T12:28:44.250+0200 gw charon-systemd[812]:'),
    ],
    ['syslog', (line: string) => line.replace(/^(.{15})/, '$1 gw charon:')],
    ['no time at all', (line: string) => line.slice(16)],
    ['levels', (line: string) => line.replace('[IKE]', '[IKE4]')],
    ['carriage returns', (line: string) => `${line}\r`],
  ])('reads it with %s', (_name, change) => {
    expect(plain(log.split('\n').map(change).join('\n'))).toEqual(expected);
  });

  it('keeps interleaved threads apart', () => {
    const other = log
      .replaceAll('<gw|1>', '<gw|2>')
      .replaceAll(/ (\d\d)\[/g, (_, thread: string) => ` ${Number(thread) + 40}[`);
    const mine = log.split('\n');
    const theirs = other.split('\n');
    const mixed = mine.flatMap((line, at) => [line, theirs[at] ?? '']).join('\n');
    expect(plain(mixed)).toEqual([...(expected as object[]), ...(expected as object[])]);
  });

  it('tells a dump that breaks off, without its value', () => {
    const text =
      '01[IKE] <1> SKEYID_e => 20 bytes @ 0x7f00\n01[IKE] <1>    0: 45 EE B0 33 2E DA E5 20 15 82 3A CD 70 83 E9 E5  E\n01[IKE] <1> done\n';
    const { material, anomalies } = harvestKeys(text, 'i1');
    expect(material).toEqual([]);
    expect(anomalies.map(({ line }) => line)).toContain(1);
    expect(JSON.stringify(anomalies)).not.toMatch(/45 ?ee/i);
  });
});

describe('daemons that print a label and octets', () => {
  const keys = {
    sharedSecret: '2a7e7b730aaea4f31e542858',
    skeyid: '9e23e4b6f1102cf27d797fd692f4f965c2fd4099',
    skeyidE: '76882e94967fcec19641aa32c7561f4f92691e39',
    encryptionKey: '76882e94967fcec19641aa32c7561f4f',
  };
  const grouped = (digits: string): string => digits.match(/.{1,8}/g)!.join(' ');
  const pairs = (digits: string): string => digits.match(/../g)!.join(' ');

  it('racoon', () => {
    const at = '2013-01-01 10:00:00: DEBUG: ';
    const text = [
      `${at}compute DH's shared.`,
      at,
      grouped(keys.sharedSecret),
      `${at}SKEYID computed:`,
      at,
      grouped(keys.skeyid),
      `${at}SKEYID_e computed:`,
      at,
      grouped(keys.skeyidE),
      `${at}final encryption key computed:`,
      at,
      grouped(keys.encryptionKey),
      `${at}IV computed:`,
      at,
      '11223344',
    ].join('\n');
    expect(plain(text)).toEqual([{ kind: 'ikev1', ...keys, source: 'racoon log' }]);
  });

  it('MikroTik', () => {
    const at = 'jan/02 10:00:00 ipsec,debug ';
    const text = [
      `${at}compute DH's shared.`,
      at,
      `${at}${grouped(keys.sharedSecret)}`,
      `${at}SKEYID computed:`,
      `${at}${grouped(keys.skeyid)}`,
      `${at}SKEYID_e computed:`,
      `${at}${grouped(keys.skeyidE)}`,
      `${at}final encryption key computed:`,
      `${at}${grouped(keys.encryptionKey)}`,
      `${at}hash(sha1)`,
    ].join('\n');
    expect(plain(text)).toEqual([{ kind: 'ikev1', ...keys, source: 'racoon log' }]);
  });

  it('pluto', () => {
    const at = 'Nov 23 08:23:57 gw pluto[812]: | ';
    const text = [
      `${at}DH shared-secret:`,
      `${at}  ${pairs(keys.sharedSecret)}`,
      `${at}Skeyid:  ${pairs(keys.skeyid)}`,
      `${at}Skeyid_e:`,
      `${at}  ${pairs(keys.skeyidE.slice(0, 32))}`,
      `${at}  ${pairs(keys.skeyidE.slice(32))}`,
      `${at}enc key:  ${pairs(keys.encryptionKey)}`,
      `${at}IV:  11 22`,
    ].join('\n');
    expect(plain(text)).toEqual([{ kind: 'ikev1', ...keys, source: 'pluto log' }]);
  });

  it('isakmpd', () => {
    const at = '170023.123456 Negt 80 ';
    const text = [
      `${at}ike_phase_1_post_exchange_KE_NONCE: g^xy:`,
      `${at}${grouped(keys.sharedSecret)}`,
      `${at}ike_phase_1_post_exchange_KE_NONCE: SKEYID:`,
      `${at}${grouped(keys.skeyid)}`,
      `${at}ike_phase_1_post_exchange_KE_NONCE: SKEYID_e:`,
      `${at}${grouped(keys.skeyidE)}`,
      `${at}exchange_run: done`,
    ].join('\n');
    const rest = { sharedSecret: keys.sharedSecret, skeyid: keys.skeyid, skeyidE: keys.skeyidE };
    expect(plain(text)).toEqual([{ kind: 'ikev1', ...rest, source: 'isakmpd log' }]);
  });

  it('vpnc, with its cookies and its PSK', () => {
    const text = [
      `   i_cookie: ${grouped(A)}`,
      `   r_cookie: ${grouped(B)}`,
      '   dh_shared_secret:',
      `   ${grouped(keys.sharedSecret)}`,
      '   shared-key: gr0upkey',
      '   skeyid:',
      `   ${grouped(keys.skeyid)}`,
      '   skeyid_e:',
      `   ${grouped(keys.skeyidE)}`,
      `   enc-key: ${grouped(keys.encryptionKey)}`,
      '   current_iv: 11223344',
    ].join('\n');
    expect(plain(text)).toEqual([
      { kind: 'ikev1', initiatorCookie: A, responderCookie: B, ...keys, source: 'vpnc log' },
    ]);
    expect(
      harvestKeys(text, 'i1').candidates.map(({ secret }) => Buffer.from(secret).toString()),
    ).toEqual(['gr0upkey']);
  });

  it('FortiGate', () => {
    const text = `ike 0:p1:14: ISAKMP SA ${A}/${B} key 16:${keys.encryptionKey.toUpperCase()}\nike 0:p2:15: IKE SA ${B}/${A} SK_ei 2:AABB\nike 0:p2:15: IKE SA ${B}/${A} SK_er 2:CCDD\n`;
    expect(plain(text)).toEqual([
      {
        kind: 'ikev1',
        initiatorCookie: A,
        responderCookie: B,
        encryptionKey: keys.encryptionKey,
        source: 'FortiGate debug',
      },
      {
        kind: 'ikev2',
        initiatorCookie: B,
        responderCookie: A,
        skEi: 'aabb',
        skEr: 'ccdd',
        source: 'FortiGate debug',
      },
    ]);
  });
});

it('reads the private lines of libreswan for IKEv2, one a direction', () => {
  const enc = (octet: string): string => octet.repeat(16);
  const text = [
    `Nov 23 08:23:57 gw pluto[812]: | ikev2 I 0x${A} 0x${B} sha1_96:0x${'11'.repeat(20)} aes128:0x${enc('22')}`,
    `| ikev2 R ${A} ${B} sha1_96:${'33'.repeat(20)} aes128:${enc('44')}`,
  ].join('\n');
  expect(looksLikeKeyMaterial(text)).toBe(true);
  expect(plain(text)).toEqual([
    {
      kind: 'ikev2',
      initiatorCookie: A,
      responderCookie: B,
      skEi: enc('22'),
      skAi: '11'.repeat(20),
      skEr: enc('44'),
      skAr: '33'.repeat(20),
      source: 'pluto log',
    },
  ]);
});

describe('key files', () => {
  it('reads the plain form', () => {
    const text = `# lab\npsk: quartz ferry\npsk R1 keyring1: hex:00ff\ng^xy ${A}/${B}: 0x0011 2233\nskeyid_e ${A}: 44:55\ndh-private: 0102030405060708\n`;
    const { candidates } = harvestKeys(text, 'i1');
    expect(candidates.map(({ secret, label }) => [hex(secret), label])).toEqual([
      [hex(new TextEncoder().encode('quartz ferry')), 'the key in line 2 of i1'],
      ['00ff', 'the key "R1 keyring1" of i1'],
    ]);
    expect(plain(text)).toEqual([
      {
        kind: 'ikev1',
        initiatorCookie: A,
        responderCookie: B,
        sharedSecret: '00112233',
        source: 'key file',
      },
      {
        kind: 'ikev2',
        initiatorCookie: A,
        responderCookie: B,
        sharedSecret: '00112233',
        source: 'key file',
      },
      { kind: 'ikev1', initiatorCookie: A, skeyidE: '4455', source: 'key file' },
      { kind: 'dh-private', secret: '0102030405060708', source: 'key file' },
    ]);
  });

  it('reads both sides of the JSON form', () => {
    const text = JSON.stringify({
      exchanges: [
        {
          initiatorCookie: A,
          responderCookie: B,
          sharedSecret: '0011',
          psk: { initiator: 'a', responder: 'hex:ff00' },
          initiator: { skeyid: '22' },
          responder: { skeyid: '33' },
        },
      ],
    });
    expect(plain(text)).toEqual([
      {
        kind: 'ikev1',
        initiatorCookie: A,
        responderCookie: B,
        sharedSecret: '0011',
        skeyid: '22',
        source: 'key file (JSON), initiator',
      },
      {
        kind: 'ikev1',
        initiatorCookie: A,
        responderCookie: B,
        sharedSecret: '0011',
        skeyid: '33',
        source: 'key file (JSON), responder',
      },
    ]);
    expect(harvestKeys(text, 'i1').candidates.map(({ secret }) => hex(secret))).toEqual([
      '61',
      'ff00',
    ]);
  });

  it('tells broken JSON', () => {
    expect(harvestKeys('{"exchanges": [', 'i1').anomalies).toHaveLength(1);
  });
});

describe('readPskList', () => {
  it('takes one key a line, in every form', () => {
    const { candidates, anomalies } = readPskList(
      '\uFEFFplain\r\n\n# a comment\n#hash-key\nhex:00ff\n0x0102\n"quoted key"\n pad \nhex:0g\n',
      'i1',
      'psks.txt',
    );
    expect(
      candidates.map(({ secret, label }) => [Buffer.from(secret).toString('latin1'), label]),
    ).toEqual([
      ['plain', 'the key in line 1 of psks.txt'],
      ['#hash-key', 'the key in line 4 of psks.txt'],
      ['\x00\xff', 'the key in line 5 of psks.txt'],
      ['\x01\x02', 'the key in line 6 of psks.txt'],
      ['quoted key', 'the key in line 7 of psks.txt'],
      [' pad ', 'the key in line 8 of psks.txt'],
      ['pad', 'the key in line 8 of psks.txt without the blanks around it'],
    ]);
    expect(anomalies.map(({ line }) => line)).toEqual([9]);
  });
  it.each([
    ['key # of R1', ['key # of R1', 'key']],
    ['  key # of R1', ['  key # of R1', 'key # of R1', 'key']],
    ['key#1', ['key#1']],
    ['two words', ['two words']],
  ])('tries what is left without blanks and notes: %j', (line, keys) => {
    const { candidates } = readPskList(line, 'i1');
    expect(candidates.map(({ secret }) => Buffer.from(secret).toString())).toEqual(keys);
  });
  it('reads UTF-8 and base64', () => {
    expect(hex(readPsk('ü')!)).toBe('c3bc');
    expect(hex(readPsk('0sAAECAw==')!)).toBe('00010203');
  });
});

describe('looksLikeKeyMaterial', () => {
  it.each([
    ['*Jun 19 12:28:44.250: ISAKMP:(0):Looking for a matching key for 192.168.0.1 in default'],
    ['crypto keyring keyring1\n pre-shared-key address 192.168.0.2 key cisco'],
    ['hostname R1\ncrypto isakmp key cisco address 0.0.0.0'],
    [''],
    ['{"schema": "ike-autopsy/analysis@1"}'],
  ])('is not taken in by %j', (text) => {
    expect(looksLikeKeyMaterial(text)).toBe(false);
  });

  it('takes whatever damage without throwing, and invents no key that the text has not', () => {
    const bases = ['v05/initiator.log', 'v05/secrets.json', 'v05/ikev1_decryption_table'].map(
      (name) =>
        readFileSync(new URL(`../fixtures/keys/${name}`, import.meta.url), 'latin1').slice(0, 6000),
    );
    const random = seeded(3);
    const below = (limit: number): number => Math.floor(random() * limit);
    const inserts = [
      '99999',
      ' => 99999 bytes @ 0x1',
      '{"exchanges":[',
      '":[null,{}]',
      ',',
      '\0',
      '\n',
    ];
    for (let run = 0; run < 1500; run += 1) {
      let text = bases[below(bases.length)]!;
      for (let change = 0; change <= below(5); change += 1) {
        const at = below(text.length);
        text = [
          text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1),
          text.slice(0, at) + text.slice(at + below(80)),
          text.slice(0, at) + inserts[below(inserts.length)]! + text.slice(at),
          text.slice(0, at),
        ][below(4)]!;
      }
      const { material } = harvestKeys(text, 'i1');
      const digits = text.replace(/[^0-9a-f]/gi, '').toLowerCase();
      for (const one of material) {
        if (one.kind !== 'ikev1' || one.encryptionKey === null) continue;
        expect(digits).toContain(hex(one.encryptionKey).slice(0, 8));
      }
    }
  });

  it('gets through hostile lines, which hold no key', () => {
    const hostile = [
      'a'.repeat(200_000),
      'ab '.repeat(100_000),
      `${'0'.repeat(16)},`.repeat(20_000),
      ' '.repeat(200_000),
      '01[IKE] <'.repeat(20_000),
      'psk '.repeat(50_000),
      '\n'.repeat(400_000),
      '\r\n'.repeat(400_000),
      `skeyid: ${' '.repeat(8000)}x\n`.repeat(200),
    ];
    for (const text of hostile) {
      // A daemon's log may hold keys further on.
      expect(looksLikeKeyMaterial(text)).toBe(text.includes('[IKE]'));
      expect(harvestKeys(text, 'i1').material).toEqual([]);
    }
  });
});

describe('messages of a log that a pen or a terminal broke', () => {
  const key = '0f47e2d0a9a1d7c1b5b4f1e2d3c4b5a6';

  it('joins what a terminal wrapped of a FortiGate key, and tells what never came', () => {
    const line = `ike 0:far:7: ISAKMP SA ${A}/${B} key 16:${key}`;
    for (let cut = line.length - 31; cut < line.length; cut += 1) {
      expect(plain(`${line.slice(0, cut)}\n${line.slice(cut)}\nike 0:far:7: sent\n`)).toEqual([
        {
          kind: 'ikev1',
          initiatorCookie: A,
          responderCookie: B,
          encryptionKey: key,
          source: 'FortiGate debug',
        },
      ]);
    }
    for (const rest of ['', 'ike 0:far:7: sent IKE msg\n']) {
      const { material, anomalies } = harvestKeys(`${line.slice(0, -8)}\n${rest}`, 'i1');
      expect(material).toEqual([]);
      expect(anomalies).toMatchObject([{ code: 'key-value-unreadable', line: 1 }]);
    }
  });

  it("takes racoon's key, whose dump begins in the line of its label", () => {
    const stamp = '2010-03-11 10:00:00: ';
    const text = `${stamp}DEBUG: compute DH's shared.\n${stamp}DEBUG:\n${key} ${key}\n${stamp}DEBUG2: psk: ${stamp}DEBUG2:\n73656372 6574\n${stamp}DEBUG: nonce 1: ${stamp}DEBUG:\nf6ac2dd0\n`;
    expect(harvestKeys(text, 'i1').candidates.map(({ secret }) => hex(secret))).toEqual([
      '736563726574',
    ]);
  });

  it('passes over an empty line between label and dump, with a blank behind its topics or not', () => {
    const topics = '12:00:01 ipsec,debug,packet';
    for (const empty of [topics, `${topics} `]) {
      const text = `${topics} compute DH's shared.\n${empty}\n${topics} ${key}\n${topics} final encryption key computed:\n${empty}\n${topics} ${key}\n`;
      expect(plain(text)).toMatchObject([{ sharedSecret: key, encryptionKey: key }]);
    }
  });

  it('reads the IKEv2 keys of RouterOS', () => {
    const at = '12:00:01 ipsec,debug';
    const names = ['shared secret', 'SK_ai', 'SK_ar', 'SK_ei', 'SK_er', 'SK_pi', 'SK_pr'];
    const text = names.map((name) => `${at} => ${name} (size 0x10)\n${at} ${key}\n`).join('');
    expect(looksLikeKeyMaterial(text)).toBe(true);
    expect(plain(text)).toMatchObject([
      { kind: 'ikev2', sharedSecret: key, skAi: key, skAr: key, skEi: key, skPr: key },
    ]);
  });
});
