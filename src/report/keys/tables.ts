import { hex } from '../../bytes/hex.ts';
import type { SessionKeys } from '../../model/session-keys.ts';

/** The two files that a Wireshark profile directory takes. Text holds keys: write it only where asked. */
export type WiresharkTables = {
  /** `ikev1_decryption_table`; null when no IKEv1 exchange was opened. */
  readonly ikev1: string | null;
  readonly ikev2: string | null;
  /** What could not be written, and why. */
  readonly omitted: readonly { readonly exchange: string; readonly why: string }[];
};

/**
 * Decryption tables as tshark reads them (epan/dissectors/packet-isakmp.c, both UATs). One row an SA:
 * the IKEv1 table has no room for a second key, so the initiator's is written, which opens MM5.
 */
export function wiresharkTables(sessions: readonly SessionKeys[]): WiresharkTables {
  const ikev1 = new Map<string, string>();
  const ikev2: string[] = [];
  const omitted: { exchange: string; why: string }[] = [];
  for (const session of sessions) {
    if (session.version === 1) {
      const key = session.initiatorKey ?? session.responderKey;
      if (key === null) continue;
      // Wireshark looks SAs up by the initiator cookie alone.
      if (ikev1.has(session.initiatorCookie)) {
        const why =
          'another exchange has the same initiator cookie, and the table has room for one';
        omitted.push({ exchange: session.exchange, why });
      } else ikev1.set(session.initiatorCookie, `${session.initiatorCookie},${hex(key)}`);
      continue;
    }
    const row = ikev2Row(session);
    if (row === null) {
      const why = 'Wireshark cannot decrypt with these algorithms';
      omitted.push({ exchange: session.exchange, why });
    } else ikev2.push(row);
  }
  return {
    ikev1: ikev1.size === 0 ? null : `${[...ikev1.values()].join('\n')}\n`,
    ikev2: ikev2.length === 0 ? null : `${ikev2.join('\n')}\n`,
    omitted,
  };
}

/** SPIi,SPIr,SK_ei,SK_er,"encryption",SK_ai,SK_ar,"integrity". */
function ikev2Row(session: Extract<SessionKeys, { version: 2 }>): string | null {
  const { encryption, integrity } = session;
  if (encryption === null || integrity === null) return null;
  const octets = (key: Uint8Array | null): string => (key === null ? '' : hex(key));
  const fields = [
    session.initiatorCookie,
    session.responderCookie,
    octets(session.skEi),
    octets(session.skEr),
    `"${encryption}"`,
    octets(session.skAi),
    octets(session.skAr),
    `"${integrity}"`,
  ];
  return fields.join(',');
}
