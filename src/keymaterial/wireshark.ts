import { fromHex } from '../bytes/hex.ts';
import { draft, keep, type Basket } from './builder.ts';

export const TABLE_V1 = 'Wireshark ikev1_decryption_table';
export const TABLE_V2 = 'Wireshark ikev2_decryption_table';

/** `icookie,key`: epan/dissectors/packet-isakmp.c, UAT "IKEv1 Decryption Table". */
const ROW_V1 = /^"?([0-9a-f]{16})"?,"?([0-9a-f]{10,128})"?$/i;

/** `SPIi,SPIr,SK_ei,SK_er,"encryption",SK_ai,SK_ar,"integrity"`. */
const ROW_V2 =
  /^"?([0-9a-f]{16})"?,"?([0-9a-f]{16})"?,"?([0-9a-f]*)"?,"?([0-9a-f]*)"?,"([^"]*)","?([0-9a-f]*)"?,"?([0-9a-f]*)"?,"([^"]*)"$/i;

/** Takes a row of either table, as strongSwan's save-keys also writes them. False for any other line. */
export function takeTableRow(target: Basket, line: string, number: number): boolean {
  const text = line.trim();
  const v1 = ROW_V1.exec(text);
  if (v1 !== null) {
    const key = fromHex(v1[2]!);
    if (key === null) return false;
    const row = draft(number);
    row.initiatorCookie = v1[1]!.toLowerCase();
    row.values.set('encryptionKey', key);
    keep(target, row, TABLE_V1);
    return true;
  }
  const v2 = ROW_V2.exec(text);
  if (v2 === null) return false;
  const row = draft(number);
  row.initiatorCookie = v2[1]!.toLowerCase();
  row.responderCookie = v2[2]!.toLowerCase();
  row.encryption = v2[5]!;
  row.integrity = v2[8]!;
  const fields = [
    ['skEi', v2[3]!],
    ['skEr', v2[4]!],
    ['skAi', v2[6]!],
    ['skAr', v2[7]!],
  ] as const;
  for (const [field, digits] of fields) {
    const key = digits === '' ? null : fromHex(digits);
    if (key !== null) row.values.set(field, key);
  }
  keep(target, row, TABLE_V2);
  return true;
}

export function looksLikeTable(text: string): boolean {
  return (
    /^"?[0-9a-f]{16}"?,"?[0-9a-f]{10,128}"?\s*$/im.test(text) ||
    /^"?[0-9a-f]{16}"?,"?[0-9a-f]{16}"?,"?[0-9a-f]*"?,"?[0-9a-f]*"?,"/im.test(text)
  );
}
