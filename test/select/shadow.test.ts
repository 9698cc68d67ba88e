import { describe, expect, it } from 'vitest';
import { between } from '../support/map-router.ts';

describe('a global key', () => {
  const profile = (entry: string): string => `crypto keyring K
 pre-shared-key address ${entry}
crypto isakmp profile P
 keyring K
 match identity address 192.0.2.1 255.255.255.255`;

  it.each([
    ['in front of the key that is meant', '192.0.2.1 key walnut', 'default-keyring-shadows'],
    ['closer than a keyring for others', '0.0.0.0 0.0.0.0 key pear', 'keyring-mismatch-after-mm5'],
    [
      'closer than the same key for all',
      '0.0.0.0 0.0.0.0 key walnut',
      'keyring-mismatch-after-mm5',
    ],
    ['in front of a key of another value', '192.0.2.1 key pear', 'keyring-mismatch-after-mm5'],
  ])('%s', (_, entry, finding) => {
    const { directions } = between({}, { extra: profile(entry) });
    expect(directions.find(({ initiator }) => initiator === 'A')).toMatchObject({
      failingStep: 'mm5-verify',
      finding,
    });
  });

  it('that MM5 decrypts with is neither changed nor taken away for a key of others', () => {
    const { repairs } = between({}, { extra: profile('0.0.0.0 0.0.0.0 key pear') });
    expect(repairs.map(({ commands }) => commands.join('\n'))).toContainEqual(
      expect.stringContaining('keyring default'),
    );
    for (const { commands } of repairs) {
      expect(commands.join('\n')).not.toMatch(/crypto isakmp key|pre-shared-key/);
    }
  });

  it('that is the right one is named by the profile, and a stale key that its keyring has is removed', () => {
    const stale = `crypto keyring K
 pre-shared-key address 192.0.2.1 key pear
crypto isakmp profile P
 keyring K
 match identity address 192.0.2.1 255.255.255.255`;
    const { directions, repairs } = between(
      {},
      {
        key: 'crypto isakmp key walnut address 0.0.0.0 0.0.0.0',
        profile: 'set isakmp-profile P',
        extra: stale,
      },
    );
    expect(directions.map(({ finding }) => finding)).toEqual([
      'keyring-mismatch-after-mm5',
      'psk-mismatch',
    ]);
    expect(repairs[0]?.commands).toEqual([
      'crypto isakmp profile P',
      ' keyring default',
      'crypto keyring K',
      ' no pre-shared-key address 192.0.2.1 key <key#2>',
    ]);
    expect(repairs[0]?.text).toContain('name the global keys (keyring default) as well');
  });
});
