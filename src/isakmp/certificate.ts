import { hex } from '../bytes/hex.ts';
import type { CertificateSummary } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import { addressText } from './address.ts';
import { childrenOf, DerTag, oidText, readElement, stringText, timeText } from './der.ts';
import type { DerElement } from './der.ts';

/** Short names of RFC 4514 §3 and those that certificates use besides; other types show as numbers. */
const attributeTypes: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.46', 'dnQualifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'E'],
  ['1.2.840.113549.1.9.2', 'unstructuredName'],
  ['1.2.840.113549.1.9.8', 'unstructuredAddress'],
]);

const SUBJECT_ALT_NAME = '2.5.29.17';

/**
 * What an X.509 certificate says of itself (RFC 5280 §4.1). Nothing is verified. Null when it is no certificate;
 * hostile octets never throw and cost linear time.
 */
export function readCertificate(data: Span): CertificateSummary | null {
  const certificate = readElement(data);
  if (certificate?.tag !== DerTag.sequence) return null;
  const body = childrenOf(certificate)[0];
  if (body?.tag !== DerTag.sequence) return null;
  const fields = childrenOf(body);
  // The version is tagged [0] and absent in version 1.
  const from = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [serial, , issuer, validity, subject, key] = fields.slice(from);
  if (serial === undefined || issuer === undefined || validity === undefined) return null;
  if (subject === undefined || key === undefined) return null;
  const [notBefore, notAfter] = childrenOf(validity);
  return {
    subject: nameText(subject),
    issuer: nameText(issuer),
    serialNumber: hex(serial.value.bytes),
    notBefore: timeText(notBefore) ?? '',
    notAfter: timeText(notAfter) ?? '',
    publicKey: keyText(key),
    subjectAltNames: alternativeNames(fields.slice(from + 6)),
  };
}

/** A distinguished name given as DER, in the form of RFC 4514: last part first. Null when it is none. */
export function readDistinguishedName(data: Span): string | null {
  const name = readElement(data);
  return name?.tag === DerTag.sequence && name.whole.bytes.length === data.bytes.length
    ? nameText(name)
    : null;
}

function nameText(name: DerElement): string {
  return childrenOf(name)
    .map((set) => childrenOf(set).map(pairText).join('+'))
    .reverse()
    .join(',');
}

function pairText(pair: DerElement): string {
  const [type, value] = childrenOf(pair);
  const oid = oidText(type);
  const text = value === undefined ? '' : stringText(value);
  return `${attributeTypes.get(oid) ?? oid}=${escapeValue(text)}`;
}

/** RFC 4514 §2.4. */
function escapeValue(text: string): string {
  return text.replace(/[,+"\\<>;]/g, '\\$&').replace(/^[ #]| $/g, '\\$&');
}

const curves: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
  ['1.3.132.0.35', 'P-521'],
  ['1.3.132.0.10', 'secp256k1'],
]);

const keyAlgorithms: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.2.840.113549.1.1.10', 'RSA-PSS'],
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10045.2.1', 'EC'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
]);

function keyText(key: DerElement): string {
  const [algorithm, bits] = childrenOf(key);
  if (algorithm === undefined) return '';
  const [type, parameters] = childrenOf(algorithm);
  const oid = oidText(type);
  const name = keyAlgorithms.get(oid) ?? oid;
  if (name === 'RSA') return `RSA ${modulusBits(bits)}`.trim();
  if (name === 'EC') return `EC ${curves.get(oidText(parameters)) ?? oidText(parameters)}`.trim();
  return name;
}

/** RFC 8017 A.1.1: the bit string holds a sequence whose first integer is the modulus. */
function modulusBits(bits: DerElement | undefined): string {
  if (bits?.tag !== DerTag.bitString || bits.value.bytes.length < 2) return '';
  const { bytes, offset } = bits.value;
  const sequence = readElement({ bytes: bytes.subarray(1), offset: offset + 1 });
  const modulus = sequence === null ? undefined : childrenOf(sequence)[0];
  if (modulus?.tag !== DerTag.integer) return '';
  const { bytes: octets } = modulus.value;
  const first = octets.findIndex((octet) => octet !== 0);
  if (first < 0) return '';
  return String((octets.length - first) * 8 - Math.clz32(octets[first]!) + 24);
}

/** RFC 5280 §4.2.1.6: context tags 1 mail, 2 DNS, 4 directory name, 6 URI, 7 IP address. */
function alternativeNames(optional: readonly DerElement[]): readonly string[] {
  const extensions = optional.find((element) => element.tag === 0xa3);
  const list = extensions === undefined ? undefined : childrenOf(extensions)[0];
  for (const extension of list === undefined ? [] : childrenOf(list)) {
    const parts = childrenOf(extension);
    if (oidText(parts[0]) !== SUBJECT_ALT_NAME) continue;
    const value = parts.at(-1);
    const names = value === undefined ? null : readElement(value.value);
    return names === null ? [] : childrenOf(names).map(generalName);
  }
  return [];
}

function generalName(name: DerElement): string {
  switch (name.tag) {
    case 0x81:
      return `email:${stringText(name)}`;
    case 0x82:
      return `DNS:${stringText(name)}`;
    case 0x86:
      return `URI:${stringText(name)}`;
    case 0x87:
      return `IP:${addressText(name.value.bytes)}`;
    case 0xa4: {
      const inner = childrenOf(name)[0];
      return `dirName:${inner === undefined ? '' : nameText(inner)}`;
    }
    default:
      return `tag ${String(name.tag & 0x1f)}:${hex(name.value.bytes)}`;
  }
}
