import { encryptionV2, integritiesV2, type EncryptionV2, type IntegrityV2 } from './suite.ts';

/** IANA numbers of the ciphers that Wireshark's ikev2_decryption_table knows, with key bits, as it names them. */
const TABLE_ENCRYPTIONS: readonly (readonly [id: number, bits: number | null, name: string])[] = [
  [3, null, '3DES [RFC2451]'],
  [12, 128, 'AES-CBC-128 [RFC3602]'],
  [12, 192, 'AES-CBC-192 [RFC3602]'],
  [12, 256, 'AES-CBC-256 [RFC3602]'],
  [13, 128, 'AES-CTR-128 [RFC5930]'],
  [13, 192, 'AES-CTR-192 [RFC5930]'],
  [13, 256, 'AES-CTR-256 [RFC5930]'],
  [14, 128, 'AES-CCM-128 with 8 octet ICV [RFC5282]'],
  [14, 192, 'AES-CCM-192 with 8 octet ICV [RFC5282]'],
  [14, 256, 'AES-CCM-256 with 8 octet ICV [RFC5282]'],
  [15, 128, 'AES-CCM-128 with 12 octet ICV [RFC5282]'],
  [15, 192, 'AES-CCM-192 with 12 octet ICV [RFC5282]'],
  [15, 256, 'AES-CCM-256 with 12 octet ICV [RFC5282]'],
  [16, 128, 'AES-CCM-128 with 16 octet ICV [RFC5282]'],
  [16, 192, 'AES-CCM-192 with 16 octet ICV [RFC5282]'],
  [16, 256, 'AES-CCM-256 with 16 octet ICV [RFC5282]'],
  [18, 128, 'AES-GCM-128 with 8 octet ICV [RFC5282]'],
  [18, 192, 'AES-GCM-192 with 8 octet ICV [RFC5282]'],
  [18, 256, 'AES-GCM-256 with 8 octet ICV [RFC5282]'],
  [19, 128, 'AES-GCM-128 with 12 octet ICV [RFC5282]'],
  [19, 192, 'AES-GCM-192 with 12 octet ICV [RFC5282]'],
  [19, 256, 'AES-GCM-256 with 12 octet ICV [RFC5282]'],
  [20, 128, 'AES-GCM-128 with 16 octet ICV [RFC5282]'],
  [20, 192, 'AES-GCM-192 with 16 octet ICV [RFC5282]'],
  [20, 256, 'AES-GCM-256 with 16 octet ICV [RFC5282]'],
  [11, null, 'NULL [RFC2410]'],
];

const TABLE_INTEGRITIES: readonly (readonly [id: number, name: string])[] = [
  [1, 'HMAC_MD5_96 [RFC2403]'],
  [2, 'HMAC_SHA1_96 [RFC2404]'],
  [6, 'HMAC_MD5_128 [RFC4595]'],
  [7, 'HMAC_SHA1_160 [RFC4595]'],
  [12, 'HMAC_SHA2_256_128 [RFC4868]'],
  [13, 'HMAC_SHA2_384_192 [RFC4868]'],
  [14, 'HMAC_SHA2_512_256 [RFC4868]'],
];

/** What the table writes where a cipher brings its own integrity. */
const NO_INTEGRITY = 'NONE [RFC4306]';

/** IANA number and key bits of a cipher. */
function numberOf(encryption: EncryptionV2): readonly [id: number, bits: number | null] {
  switch (encryption.kind) {
    case 'null':
      return [11, null];
    case 'ctr':
      return [13, encryption.keyLength * 8];
    case 'cbc':
      return [
        encryption.cipher === 'aes' ? 12 : encryption.cipher === '3des' ? 3 : 0,
        encryption.keyLength * 8,
      ];
    case 'aead': {
      const first = { 'aes-gcm': 18, 'aes-ccm': 14, 'chacha20-poly1305': 28 }[encryption.cipher];
      const step = encryption.cipher === 'chacha20-poly1305' ? 0 : (encryption.tagLength - 8) / 4;
      return [first + step, encryption.keyLength * 8];
    }
  }
}

/** The name that Wireshark accepts; null for a cipher that its table does not know. */
export function tableEncryptionName(encryption: EncryptionV2): string | null {
  const [id, bits] = numberOf(encryption);
  const row = TABLE_ENCRYPTIONS.find(
    ([number, length]) => number === id && (length === null || length === bits),
  );
  return row?.[2] ?? null;
}

export function tableIntegrityName(integrity: IntegrityV2 | null): string | null {
  if (integrity === null) return NO_INTEGRITY;
  return TABLE_INTEGRITIES.find(([number]) => integritiesV2[number] === integrity)?.[1] ?? null;
}

/** `AES-CBC-256 [RFC3602]`, `AES-GCM-16-256`, `AES-GCM-256 with 16 octet ICV`, `CHACHA20-POLY1305`, `3DES`. */
export function parseEncryptionName(text: string, keyOctets: number | null): EncryptionV2 | null {
  const name = text.toUpperCase().replaceAll('_', '-').replace(/\[.*$/, '').trim();
  const bits = /\b(128|192|256)\b/.exec(name)?.[1];
  const salted = /GCM|CTR/.test(name) ? 4 : name.includes('CCM') ? 3 : 0;
  const octets =
    bits !== undefined ? Number(bits) / 8 : keyOctets === null ? null : keyOctets - salted;
  const tag = /\b(8|12|16)\b(?! *BIT)/.exec(name)?.[1] ?? '16';
  const tagIndex = ['8', '12', '16'].indexOf(tag);
  if (name.includes('CHACHA20')) return encryptionV2(28, null);
  if (name.includes('GCM')) return encryptionV2(18 + tagIndex, octets);
  if (name.includes('CCM')) return encryptionV2(14 + tagIndex, octets);
  if (name.includes('CTR')) return encryptionV2(13, octets);
  if (name.includes('CAMELLIA')) return encryptionV2(23, octets);
  if (name.includes('BLOWFISH')) return encryptionV2(7, octets);
  if (name.includes('CAST')) return encryptionV2(6, octets);
  if (name.includes('3DES')) return encryptionV2(3, null);
  if (name === 'DES' || name === 'DES-CBC') return encryptionV2(2, null);
  if (name.startsWith('NULL')) return encryptionV2(11, null);
  if (name.includes('AES')) return encryptionV2(12, octets);
  return null;
}

/** `HMAC_SHA2_256_128 [RFC4868]`, `HMAC-SHA1-96`, `AES-XCBC-96`, `AES-CMAC-96`; null for none. */
export function parseIntegrityName(text: string): IntegrityV2 | null {
  const name = text.toUpperCase().replaceAll('_', '-').replace(/\[.*$/, '').trim();
  if (name.includes('XCBC')) return integritiesV2[5] ?? null;
  if (name.includes('CMAC')) return integritiesV2[8] ?? null;
  if (name.includes('512')) return integritiesV2[14] ?? null;
  if (name.includes('384')) return integritiesV2[13] ?? null;
  if (name.includes('256')) return integritiesV2[12] ?? null;
  if (name.includes('SHA1-160')) return integritiesV2[7] ?? null;
  if (name.includes('SHA1') || name.includes('SHA-1')) return integritiesV2[2] ?? null;
  if (name.includes('MD5-128')) return integritiesV2[6] ?? null;
  if (name.includes('MD5')) return integritiesV2[1] ?? null;
  return null;
}
