import { describe, expect, it } from 'vitest';
import { openType6 } from '../../src/crypto/type6.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const opened = (stored: string, master: string): string | null => {
  const clear = openType6(stored, octets(master));
  return clear === null ? null : new TextDecoder().decode(clear);
};

/* Two strings with the keys that they store: the example of github.com/CiscoDevNet/Type-6-Password-Encode, made by a
   router, and that of github.com/MarcJHuber/cisco6, whose key needs the block counter. */
const vectors = [
  ['fe_a`iJYE\\DZYJhDhTP[`MYaTgRH_MAAB', 'Cisco123', 'Cisco123'],
  ['XOUDEUYHeLGdB`UAZKX\\GK[iEgCWMZXEXN^dTGZ[UAAAB', 'mySecretMasterkey', 'mySecretPassword'],
] as const;

describe('openType6', () => {
  it.each(vectors)('%s', (stored, master, key) => {
    expect(opened(stored, master)).toBe(key);
  });

  it('is null under another master key', () => {
    expect(opened(vectors[0][0], 'cisco123')).toBeNull();
    expect(opened(vectors[0][0], '')).toBeNull();
  });

  it.each(['', 'A', 'AAB', 'AAAB', 'iii', 'fe_a`iJYE', `${vectors[0][0]}z`, 'j'.repeat(36)])(
    'is null for %j, which is no such string',
    (text) => {
      expect(opened(text, 'Cisco123')).toBeNull();
    },
  );

  it('is null when any one character changed', () => {
    const [stored, master] = vectors[1];
    // The last group is padding: only whether it is there counts.
    for (let at = 0; at < stored.length - 3; at += 1) {
      const other = stored[at] === 'B' ? 'C' : 'B';
      const changed = `${stored.slice(0, at)}${other}${stored.slice(at + 1)}`;
      expect(opened(changed, master), changed).toBeNull();
    }
  });
});
