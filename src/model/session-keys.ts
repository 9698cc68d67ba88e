import type { Secret } from './key-material.ts';

/** The keys that opened an exchange, for writing decryption tables. Secrets: shown only where a user asked for them. */
export type SessionKeys =
  | {
      readonly version: 1;
      readonly exchange: string;
      readonly initiatorCookie: string;
      readonly responderCookie: string;
      /** Ka as each side has it; they differ when the pre-shared keys do. Null when it opened nothing. */
      readonly initiatorKey: Secret | null;
      readonly responderKey: Secret | null;
    }
  | {
      readonly version: 2;
      readonly exchange: string;
      readonly initiatorCookie: string;
      readonly responderCookie: string;
      readonly skEi: Secret | null;
      readonly skEr: Secret | null;
      readonly skAi: Secret | null;
      readonly skAr: Secret | null;
      /** As Wireshark's ikev2_decryption_table names the algorithms; null for one that it does not know. */
      readonly encryption: string | null;
      readonly integrity: string | null;
    };
