import { describe, expect, it } from 'vitest';
import * as browser from '../../src/crypto/browser.ts';
import * as node from '../../src/crypto/node.ts';
import { hex } from '../../src/bytes/hex.ts';

/* Every vector runs against both implementations of `#crypto`. */
const implementations = [
  { name: 'node', crypto: node },
  { name: 'browser', crypto: browser },
];

const octets = (digits: string): Uint8Array =>
  Uint8Array.from(Buffer.from(digits.replaceAll(/\s/g, ''), 'hex'));
const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const filled = (octet: number, length: number): Uint8Array => new Uint8Array(length).fill(octet);

it('exports the same names', () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});

describe.each(implementations)('$name', ({ crypto }) => {
  it.each([
    // RFC 1321 A.5, FIPS 180-4 examples ("abc").
    ['md5', '900150983cd24fb0d6963f7d28e17f72'],
    ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'sha384',
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    ],
    [
      'sha512',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
  ] as const)('hashes with %s', (name, digest) => {
    expect(hex(crypto.hash(name, ascii('a'), ascii('bc')))).toBe(digest);
  });

  it.each([
    // RFC 2202 §2 and §3, cases 1, 2, 3 and 6.
    ['md5', filled(0x0b, 16), ascii('Hi There'), '9294727a3638bb1c13f48ef8158bfc9d'],
    [
      'md5',
      ascii('Jefe'),
      ascii('what do ya want for nothing?'),
      '750c783e6ab0b503eaa86e310a5db738',
    ],
    ['md5', filled(0xaa, 16), filled(0xdd, 50), '56be34521d144c88dbb8c733f0e8b3f6'],
    [
      'md5',
      filled(0xaa, 80),
      ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
      '6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd',
    ],
    ['sha1', filled(0x0b, 20), ascii('Hi There'), 'b617318655057264e28bc0b6fb378c8ef146be00'],
    [
      'sha1',
      ascii('Jefe'),
      ascii('what do ya want for nothing?'),
      'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
    ],
    [
      'sha1',
      filled(0xaa, 80),
      ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
      'aa4ae5e15272d00e95705637ce8a3b55ed402112',
    ],
    // RFC 4231 §4.2, §4.3 and §4.7.
    [
      'sha256',
      filled(0x0b, 20),
      ascii('Hi There'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      'sha384',
      filled(0x0b, 20),
      ascii('Hi There'),
      'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
    ],
    [
      'sha512',
      filled(0x0b, 20),
      ascii('Hi There'),
      '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
    ],
    [
      'sha256',
      ascii('Jefe'),
      ascii('what do ya want for nothing?'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      'sha256',
      filled(0xaa, 131),
      ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ] as const)('HMAC-%s', (name, key, data, mac) => {
    expect(hex(crypto.hmac(name, key, data))).toBe(mac);
    expect(hex(crypto.hmac(name, key, data.subarray(0, 3), data.subarray(3)))).toBe(mac);
  });

  it.each([
    // NIST SP 800-38A F.2.1, F.2.3, F.2.5: CBC-AES128, 192 and 256.
    [
      'aes',
      '2b7e151628aed2a6abf7158809cf4f3c',
      '000102030405060708090a0b0c0d0e0f',
      '7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2',
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51',
    ],
    [
      'aes',
      '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
      '000102030405060708090a0b0c0d0e0f',
      '4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a',
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51',
    ],
    [
      'aes',
      '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
      '000102030405060708090a0b0c0d0e0f',
      'f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d',
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51',
    ],
    // FIPS 81 table C1 (CBC): "Now is the time for all ".
    [
      'des',
      '0123456789abcdef',
      '1234567890abcdef',
      'e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6',
      '4e6f77206973207468652074696d6520666f7220616c6c20',
    ],
    // NIST SP 800-67 / SP 800-20 style: three keys of FIPS 46-3, "The qufck brown fox jump" in ECB is SP 800-67 B.1; block 1 with a zero IV.
    [
      '3des',
      '0123456789abcdef23456789abcdef01456789abcdef0123',
      '0000000000000000',
      'a826fd8ce53b855f',
      '5468652071756663',
    ],
    // Eric Young's Blowfish vectors (CBC, 7654321 Now is the time for ...), padded with zeros.
    [
      'blowfish',
      '0123456789abcdeff0e1d2c3b4a59687',
      'fedcba9876543210',
      '6b77b4d63006dee605b156e27403979358deb9e7154616d959f1652bd5ff92cc',
      '37363534333231204e6f77206973207468652074696d6520666f722000000000',
    ],
  ] as const)('%s-CBC', (cipher, key, iv, ciphertext, plaintext) => {
    expect(crypto.canDecrypt(cipher)).toBe(true);
    const opened = crypto.decryptCbc(cipher, octets(key), octets(iv), octets(ciphertext));
    expect(hex(opened!)).toBe(plaintext);
  });

  it('keeps trailing octets that look like padding', () => {
    const key = octets('0123456789abcdeff0e1d2c3b4a59687');
    const ciphertext = octets('6b77b4d63006dee605b156e27403979358deb9e7154616d959f1652bd5ff92cc');
    for (const cipher of ['blowfish', 'des', '3des', 'aes'] as const) {
      const size = { blowfish: 16, des: 8, '3des': 24, aes: 16 }[cipher];
      const block = cipher === 'aes' ? 16 : 8;
      const opened = crypto.decryptCbc(
        cipher,
        filled(7, size).map((octet, at) => octet + at),
        filled(0, block),
        ciphertext,
      );
      expect(opened?.length).toBe(ciphertext.length);
    }
    expect(crypto.decryptCbc('blowfish', key, filled(0, 8), new Uint8Array(0))).toEqual(
      new Uint8Array(0),
    );
  });

  it('says null for a key, IV or ciphertext of the wrong length', () => {
    expect(crypto.decryptCbc('aes', filled(1, 15), filled(0, 16), filled(0, 16))).toBeNull();
    expect(crypto.decryptCbc('3des', filled(1, 8), filled(0, 8), filled(0, 16))).toBeNull();
    expect(crypto.decryptCbc('des', filled(1, 24), filled(0, 8), filled(0, 16))).toBeNull();
    expect(crypto.decryptCbc('aes', filled(1, 16), filled(0, 8), filled(0, 16))).toBeNull();
    expect(crypto.decryptCbc('aes', filled(1, 16), filled(0, 16), filled(0, 17))).toBeNull();
    expect(crypto.decryptAesCtr(filled(1, 5), filled(0, 16), filled(0, 16))).toBeNull();
  });

  it('opens AES-CTR', () => {
    // NIST SP 800-38A F.5.1.
    const opened = crypto.decryptAesCtr(
      octets('2b7e151628aed2a6abf7158809cf4f3c'),
      octets('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'),
      octets('874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff'),
    );
    expect(hex(opened!)).toBe('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51');
  });

  // "The Galois/Counter Mode of Operation", McGrew and Viega, test case 4; shorter tags are its beginning (SP 800-38D §5.2.1.2).
  it.each([16, 12, 8])('opens AES-GCM with a tag of %i octets', (length) => {
    const key = octets('feffe9928665731c6d6a8f9467308308');
    const nonce = octets('cafebabefacedbaddecaf888');
    const associated = octets('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const ciphertext = octets(
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091',
    );
    const tag = octets('5bc94fbc3221a5db94fae95ae7121a47').subarray(0, length);
    const opened = crypto.openAead('aes-gcm', key, nonce, associated, ciphertext, tag);
    expect(hex(opened!)).toBe(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    );
    expect(
      crypto.openAead(
        'aes-gcm',
        key,
        nonce,
        associated,
        ciphertext,
        tag.map((octet) => octet ^ 1),
      ),
    ).toBeNull();
  });

  it.each([
    // RFC 3610 §8, packet vectors 1 (8-octet tag), and 7 (10-octet tag).
    [
      'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf',
      '00000003020100a0a1a2a3a4a5',
      '0001020304050607',
      '588c979a61c663d2f066d0c2c0f989806d5f6b61dac384',
      '17e8d12cfdf926e0',
      '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e',
    ],
    [
      'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf',
      '00000009080706a0a1a2a3a4a5',
      '0001020304050607',
      '0135d1b2c95f41d5d1d4fec185d166b8094e999dfed96c',
      '048c56602c97acbb7490',
      '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e',
    ],
  ])('opens AES-CCM', (key, nonce, associated, ciphertext, tag, plaintext) => {
    const args = [octets(key), octets(nonce), octets(associated), octets(ciphertext)] as const;
    expect(hex(crypto.openAead('aes-ccm', ...args, octets(tag))!)).toBe(plaintext);
    expect(
      crypto.openAead(
        'aes-ccm',
        ...args,
        octets(tag).map((octet) => octet ^ 0x80),
      ),
    ).toBeNull();
  });

  it('opens ChaCha20-Poly1305', () => {
    // RFC 8439 §2.8.2 (RFC 7539 §2.8.2).
    const args = [
      octets('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f'),
      octets('070000004041424344454647'),
      octets('50515253c0c1c2c3c4c5c6c7'),
      octets(
        'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116',
      ),
    ] as const;
    const opened = crypto.openAead(
      'chacha20-poly1305',
      ...args,
      octets('1ae10b594f09e26a7e902ecbd0600691'),
    );
    expect(Buffer.from(opened!).toString('latin1')).toBe(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    expect(
      crypto.openAead('chacha20-poly1305', ...args, octets('1ae10b594f09e26a7e902ecbd0600690')),
    ).toBeNull();
  });
});

describe('node alone', () => {
  it('opens Camellia-CBC, which the page cannot', () => {
    // RFC 3713 appendix A, 128-bit key, one block: a zero IV makes CBC the block cipher itself.
    const key = octets('0123456789abcdeffedcba9876543210');
    const opened = node.decryptCbc(
      'camellia',
      key,
      filled(0, 16),
      octets('67673138549669730857065648eabe43'),
    );
    expect(hex(opened!)).toBe('0123456789abcdeffedcba9876543210');
    expect(browser.canDecrypt('camellia')).toBe(false);
    expect(browser.decryptCbc('camellia', key, filled(0, 16), key)).toBeNull();
  });
});
