import type { Decryption, DecryptionFailure } from '../model/exchange.ts';

/** An encrypted message that stays closed, and exactly why. */
export function opaque(reason: DecryptionFailure, why: string): Decryption {
  return { kind: 'opaque', reason, why };
}

/** What every encrypted message is before key material was tried. */
export const untried: Decryption = opaque(
  'no-key-material',
  'No key material was given. g^xy with the pre-shared key, or a derived key, would open it.',
);

/** A piece of a fragmented message; the frame that completes the set holds the whole. */
export const piece: Decryption = opaque(
  'exchange-incomplete',
  'One fragment of a larger message: what it holds is shown where the last fragment arrives.',
);
