import { concat, fromHex, u8, uint, utf8 } from './octets.ts';
import type { RsaKey } from './rsa.ts';
import { signSha256 } from './rsa.ts';

/** X.690: tag, definite length, content. */
const der = (tag: number, ...content: readonly Uint8Array[]): Uint8Array => {
  const body = concat(...content);
  if (body.length < 0x80) return concat(u8(tag), u8(body.length), body);
  const width = body.length < 0x100 ? 1 : 2;
  return concat(u8(tag), u8(0x80 | width), uint(body.length, width), body);
};

const sequence = (...content: readonly Uint8Array[]): Uint8Array => der(0x30, ...content);
const oid = (encoded: string): Uint8Array => der(0x06, fromHex(encoded));
/** A positive INTEGER needs a leading zero when its highest bit is set. */
const integer = (octets: Uint8Array): Uint8Array =>
  der(0x02, octets[0]! & 0x80 ? concat(u8(0), octets) : octets);
const nothing = der(0x05);

const attributeIds = {
  cn: '550403',
  // unstructuredName, in which IOS puts the host name
  hostname: '2a864886f70d010902',
} as const;

export type NamePart = { readonly kind: keyof typeof attributeIds; readonly value: string };

/** A distinguished name, one attribute in each set. */
export const derName = (parts: readonly NamePart[]): Uint8Array =>
  sequence(
    ...parts.map(({ kind, value }) =>
      der(0x31, sequence(oid(attributeIds[kind]), der(kind === 'cn' ? 0x13 : 0x16, utf8(value)))),
    ),
  );

const sha256WithRsa = sequence(oid('2a864886f70d01010b'), nothing);
const rsaEncryption = sequence(oid('2a864886f70d010101'), nothing);

const utcTime = (text: string): Uint8Array => der(0x17, utf8(text));

const bitString = (octets: Uint8Array): Uint8Array => der(0x03, u8(0), octets);

export type CertificateRequest = {
  readonly serial: number;
  readonly subject: readonly NamePart[];
  readonly dnsName: string;
  readonly subjectKey: RsaKey;
  readonly issuer: readonly NamePart[];
  readonly issuerKey: RsaKey;
};

/** RFC 5280 version 3 with a subjectAltName, signed with SHA-256 and RSA. */
export const certificate = (request: CertificateRequest): Uint8Array => {
  const publicKey = sequence(
    rsaEncryption,
    bitString(sequence(integer(request.subjectKey.modulus), integer(request.subjectKey.exponent))),
  );
  const alternative = sequence(
    oid('551d11'),
    der(0x04, sequence(der(0x82, utf8(request.dnsName)))),
  );
  const body = sequence(
    der(0xa0, integer(u8(2))),
    integer(uint(request.serial, 2)),
    sha256WithRsa,
    derName(request.issuer),
    sequence(utcTime('240101000000Z'), utcTime('340101000000Z')),
    derName(request.subject),
    publicKey,
    der(0xa3, sequence(alternative)),
  );
  return sequence(body, sha256WithRsa, bitString(signSha256(request.issuerKey, body)));
};
