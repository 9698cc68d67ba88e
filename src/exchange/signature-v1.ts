import { equalOctets } from '../bytes/span.ts';
import { recoverRsa, type RsaPublicKey } from '../crypto/rsa.ts';
import { childrenOf, DerTag, oidText, readElement } from '../isakmp/der.ts';

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';

/** The RSA key of an X.509 certificate (RFC 5280 §4.1, RFC 8017 A.1.1); null for another key or no certificate. */
function rsaKeyOf(certificate: Uint8Array): RsaPublicKey | null {
  const outer = readElement({ bytes: certificate, offset: 0 });
  const body = outer === null ? undefined : childrenOf(outer)[0];
  if (body === undefined) return null;
  const fields = childrenOf(body);
  // The version is tagged [0] and absent in version 1.
  const key = fields[fields[0]?.tag === 0xa0 ? 6 : 5];
  const [algorithm, bits] = key === undefined ? [] : childrenOf(key);
  if (algorithm === undefined || bits?.tag !== DerTag.bitString) return null;
  if (oidText(childrenOf(algorithm)[0]) !== RSA_ENCRYPTION) return null;
  const numbers = readElement({ bytes: bits.value.bytes.subarray(1), offset: 0 });
  const [modulus, exponent] = numbers === null ? [] : childrenOf(numbers);
  if (modulus?.tag !== DerTag.integer || exponent?.tag !== DerTag.integer) return null;
  return { modulus: modulus.value.bytes, exponent: exponent.value.bytes };
}

/** IANA "ISAKMP Certificate Encoding": X.509 Certificate - Signature, and - Key Exchange. */
const X509: ReadonlySet<number> = new Set([4, 5]);

/** A chain has a few certificates; the signer's is among the first. */
const MOST_CERTIFICATES = 4;

/**
 * RFC 2409 §5.1: SIG_I and SIG_R sign HASH_I and HASH_R; with RSA the hash alone stands in the PKCS #1
 * block, without a name of its algorithm. `certificates` are the bodies of CERT payloads.
 */
export function signatureFits(
  certificates: readonly Uint8Array[],
  signature: Uint8Array,
  hash: Uint8Array,
): boolean {
  return certificates
    .filter((body) => X509.has(body[0] ?? 0))
    .slice(0, MOST_CERTIFICATES)
    .some((body) => {
      const key = rsaKeyOf(body.subarray(1));
      const signed = key === null ? null : recoverRsa(key, signature);
      return signed !== null && equalOctets(signed, hash);
    });
}
