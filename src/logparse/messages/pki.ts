import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** `debug crypto pki`, and the lines below the syslog of certificates. */
export const pkiMessages: readonly MessageSpec[] = defineMessages('bare', [
  {
    id: 'pki-no-trustpoint',
    pattern: 'CRYPTO_PKI: {detail:text} No suitable trustpoints found',
    means: 'no trustpoint can check this certificate',
    samples: ['CRYPTO_PKI: (A0031) No suitable trustpoints found'],
  },
  {
    id: 'pki-ip-extension',
    pattern: 'CRYPTO_PKI: ip-ext-val: IP extension validation not required',
    means: 'the certificate names no addresses to check',
    samples: ['CRYPTO_PKI: ip-ext-val: IP extension validation not required'],
  },
  {
    id: 'pki-request-fingerprint',
    pattern: 'CRYPTO_PKI: Certificate Request Fingerprint {algorithm:name}: {fingerprint:text}',
    means: 'a certificate is asked for; the authority can compare',
    samples: [
      'CRYPTO_PKI:  Certificate Request Fingerprint MD5: 00112233 44556677 8899AABB CCDDEEFF',
    ],
    block: 'fingerprint',
  },
  {
    id: 'pki',
    pattern: 'CRYPTO_PKI: {detail:text}',
    means: 'certificates at work',
    samples: ['CRYPTO_PKI: Unable to locate cert record by issuername'],
    general: true,
  },
  {
    id: 'pki-installed-trustpoint',
    pattern: 'Trustpoint~: {trustpoint:name}',
    means: 'trustpoint of the certificate that was installed',
    samples: ['Trustpoint   : TP-FIRST'],
    bare: true,
  },
  {
    id: 'pki-installed-issuer',
    pattern: 'Issuer-name~: {issuer:text}',
    means: 'authority of the certificate that was installed',
    samples: ['Issuer-name  : o=Example,cn=CA-FIRST'],
    bare: true,
  },
]);
