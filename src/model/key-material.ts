import type { EvidencePlace } from './evidence.ts';

/** A secret's octets. Never in messages, error texts or snapshots; reporters print one only when told to. */
export type Secret = Uint8Array;

/** A pre-shared key to try, with everything that is known of where it comes from. */
export type CandidatePsk = {
  readonly secret: Secret;
  /** A noun phrase that names it without showing it, and no other key: `the key of --psk #2`, `the key in line 7 of psks.txt`. */
  readonly label: string;
  readonly place: EvidencePlace | null;
  /** Router and keyring that hold it, when it comes from a configuration or `show crypto isakmp key`. */
  readonly router: string | null;
  readonly keyring: string | null;
  /** The peer address, prefix or name it is configured for, as written. */
  readonly scope: string | null;
};

/** What a piece of key material says it belongs to. Nulls are matched by proof. */
export type SaReference = {
  /** 16 hex digits. */
  readonly initiatorCookie: string | null;
  readonly responderCookie: string | null;
};

export type IkeV1Keys = SaReference & {
  readonly kind: 'ikev1';
  /** g^xy, as the shared secret octets (leading zeros kept as given). */
  readonly sharedSecret: Secret | null;
  readonly skeyid: Secret | null;
  readonly skeyidD: Secret | null;
  readonly skeyidA: Secret | null;
  readonly skeyidE: Secret | null;
  /** Ka: the expanded cipher key, as in Wireshark's ikev1_decryption_table. */
  readonly encryptionKey: Secret | null;
};

export type IkeV2Keys = SaReference & {
  readonly kind: 'ikev2';
  readonly sharedSecret: Secret | null;
  readonly skD: Secret | null;
  readonly skAi: Secret | null;
  readonly skAr: Secret | null;
  readonly skEi: Secret | null;
  readonly skEr: Secret | null;
  readonly skPi: Secret | null;
  readonly skPr: Secret | null;
  /** Names as in Wireshark's ikev2_decryption_table, when the source gives them. */
  readonly encryption: string | null;
  readonly integrity: string | null;
};

/** One side's Diffie-Hellman private value; the public value in the capture says whose. */
export type DhPrivate = SaReference & {
  readonly kind: 'dh-private';
  readonly secret: Secret;
};

export type KeyMaterial = (IkeV1Keys | IkeV2Keys | DhPrivate) & {
  readonly place: EvidencePlace;
  /** For instance `charon log`, `Wireshark ikev1_decryption_table`. */
  readonly source: string;
};
