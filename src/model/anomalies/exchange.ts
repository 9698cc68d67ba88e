export type ExchangeAnomalyCode =
  'responder-cookie-changed' | 'plaintext-malformed' | 'hash-does-not-fit' | 'ike-fragment-missing';

/** Faults of pairing and decryption. The sentence completes "At octet N: …". */
export const exchangeAnomalies: Readonly<Record<ExchangeAnomalyCode, string>> = {
  'responder-cookie-changed':
    'another responder cookie answers a first message that was answered before',
  'plaintext-malformed': 'the decrypted octets are no payload chain',
  'hash-does-not-fit': 'the decrypted octets do not fit the HASH that comes with them',
  'ike-fragment-missing':
    'other fragments of this message are not in the capture, so it cannot be put together',
};
