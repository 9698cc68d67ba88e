import { hmac } from '#crypto';

import { copyOf } from '../bytes/span.ts';
import { nameFor } from './rename.ts';

/** Text of the same length, equal for equal text. */
export function fillText(data: Uint8Array, key: Uint8Array): void {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const tag = hmac('sha512', key, copyOf(data));
  for (let i = 0; i < data.length; i += 1) {
    data[i] = letters.charCodeAt(tag[i % tag.length]! & 31);
  }
}

/** What texts call the name that the octets spell; null when they spell none. */
export function nameInOctets(data: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (!data.every((octet) => octet >= 0x20 && octet < 0x7f)) return null;
  const text = new TextDecoder().decode(data);
  return /[A-Za-z]/.test(text) ? new TextEncoder().encode(nameFor(key, text)) : null;
}

/** As texts call it where that is as long; elsewhere, as in a message in several packets, by a name of its own. */
export function redactName(data: Uint8Array, key: Uint8Array): void {
  const name = nameInOctets(data, key);
  if (name?.length === data.length) data.set(name);
  else fillText(data, key);
}
