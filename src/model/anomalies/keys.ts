export type KeyAnomalyCode = 'key-line-unreadable';

/** Faults of key material. The sentence completes "At octet N: …". */
export const keyAnomalies: Readonly<Record<KeyAnomalyCode, string>> = {
  'key-line-unreadable': 'a line of key material could not be read',
};
