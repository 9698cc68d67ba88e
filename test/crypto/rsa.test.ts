import { constants, generateKeyPairSync, privateEncrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recoverRsa } from '../../src/crypto/rsa.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
const key = {
  modulus: new Uint8Array(Buffer.from(n, 'base64url')),
  exponent: new Uint8Array(Buffer.from(e, 'base64url')),
};
const hash = new Uint8Array(20).fill(7);
const sign = (padding: number, message: Uint8Array): Uint8Array =>
  new Uint8Array(privateEncrypt({ key: privateKey, padding }, message));

describe('recoverRsa', () => {
  const signature = sign(constants.RSA_PKCS1_PADDING, hash);

  it('gives what OpenSSL signed', () => {
    expect(recoverRsa(key, signature)).toEqual(hash);
    const signed = Uint8Array.of(0, ...key.modulus);
    expect(recoverRsa({ ...key, modulus: signed }, signature)).toEqual(hash);
  });

  it.each([
    ['another signature', key, signature.map((octet, at) => (at === 40 ? octet ^ 1 : octet))],
    ['another length', key, signature.subarray(1)],
    ['a number above the modulus', key, new Uint8Array(128).fill(0xff)],
    ['no exponent', { ...key, exponent: new Uint8Array(3) }, signature],
    [
      'an exponent that would take long',
      { ...key, exponent: new Uint8Array(9).fill(1) },
      signature,
    ],
    [
      'a modulus that would take long',
      { ...key, modulus: new Uint8Array(2000).fill(1) },
      new Uint8Array(2000),
    ],
    [
      'a block of another kind',
      key,
      sign(constants.RSA_NO_PADDING, Uint8Array.of(0, 2, ...new Uint8Array(126).fill(9))),
    ],
  ])('gives nothing for %s', (_what, publicPart, octets) => {
    expect(recoverRsa(publicPart, octets)).toBeNull();
  });
});
