import { describe, expect, it } from 'vitest';

import type { Finding } from '../../src/model/finding.ts';
import { noteTokens } from '../../src/report/token-notes.ts';

const noted = (config: string | undefined): string | undefined => {
  const finding = {
    remedies: [{ text: 'Change it.', verified: false, ...(config !== undefined && { config }) }],
  } as unknown as Finding;
  const line = { input: 'i1', means: null, negotiation: null };
  const held = [
    { ...line, line: 7, text: ' pre-shared-key address 192.0.2.1 key <key#1>' },
    { ...line, line: 9, text: ' pre-shared-key address 192.0.2.2 key <key#1>' },
    { ...line, line: 11, text: ' pre-shared-key address 192.0.2.3 key <key#12>' },
  ];
  return noteTokens(finding, held, new Map([['i1', 'r1.cfg']])).remedies[0]?.config;
};

describe('noteTokens', () => {
  it.each([
    [
      'crypto keyring A\n pre-shared-key address 192.0.2.1 key <key#1>',
      '! In place of <key#1> type the key itself, as in r1.cfg line 7\n',
    ],
    [
      'key <key#12>\nkey <key#2>\nkey <key#12>',
      '! In place of <key#12> type the key itself, as in r1.cfg line 11\n! In place of <key#2> type the key itself\n',
    ],
    ['key <key>', '! In place of <key> type the key itself\n'],
    ['no crypto keyring A', ''],
  ])('%j', (config, before) => {
    expect(noted(config)).toBe(before + config);
  });

  it('leaves a remedy without commands', () => {
    expect(noted(undefined)).toBeUndefined();
  });
});
