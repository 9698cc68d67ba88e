export type ExchangeAnomalyCode =
  | 'plaintext-malformed';

/** Faults of pairing and decryption. The sentence completes "At octet N: …". */
export const exchangeAnomalies: Readonly<Record<ExchangeAnomalyCode, string>> = {
  'plaintext-malformed': 'the decrypted octets are no payload chain',
};
