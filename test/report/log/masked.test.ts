import { describe, expect, it } from 'vitest';
import { createSecretTokens, maskSecrets } from '../../../src/iosconfig/mask.ts';
import type { LogEvent } from '../../../src/model/log.ts';
import { maskEvent } from '../../../src/report/log/masked.ts';

describe('maskEvent', () => {
  it.each([
    ['pre-shared-key hush9 <key>', { keyring: 'pre-shared-key', hostname: 'hush9' }],
    ['User:ann  logged command:key hush9 two', { user: 'ann', command: 'key hush9 two' }],
    ['crypto isakmp key hush9 address 192.0.2.1', { command: 'key hush9 address 192.0.2.1' }],
    ['key hush9 two', { command: 'key hush9 two' }],
  ])('hides in the fields of "%s" what it hides in the text', (text, fields) => {
    const token = createSecretTokens();
    const event = { message: 'command', text, fields } as unknown as LogEvent;
    const shown = maskEvent(event, (line) => maskSecrets(line, token));
    expect(JSON.stringify(shown)).not.toMatch(/hush9|two/);
  });
});
