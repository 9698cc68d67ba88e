import { describe, expect, it } from 'vitest';

import { createSecretTokens } from '../../src/iosconfig/mask.ts';
import { createRenamer } from '../../src/redact/rename.ts';
import { redactText } from '../../src/redact/text.ts';

const key = new TextEncoder().encode('a key');
const names = ['EDGE-A', 'PROF-NEW'];
const renamer = createRenamer(key, { addresses: true, names: true }, names);
const redact = (text: string): string =>
  redactText(text, createSecretTokens(), renamer, (line) => line);

describe('redactText', () => {
  it('takes secrets out always, equal ones alike', () => {
    const keep = createRenamer(key, { addresses: false, names: false }, []);
    const text =
      'crypto isakmp key hunter22 address 192.0.2.1\n pre-shared-key address 192.0.2.2 key hunter22\n pre-shared-key address 192.0.2.3 key other33\n';
    expect(redactText(text, createSecretTokens(), keep, (line) => line)).toBe(
      'crypto isakmp key <key#1> address 192.0.2.1\n pre-shared-key address 192.0.2.2 key <key#1>\n pre-shared-key address 192.0.2.3 key <key#2>\n',
    );
  });

  it('leaves help, and takes out what was typed before it, with the token of the key', () => {
    const text = `R1(config)#crypto isakmp key 0 hunter22 ?
  address   define shared key with IP address
  key       Per-server encryption key

R1(config)#crypto isakmp key 0 hunter22 address 192.0.2.1`;
    const keep = createRenamer(key, { addresses: false, names: false }, []);
    expect(redactText(text, createSecretTokens(), keep, (line) => line)).toBe(
      text.replaceAll('hunter22', '<key#1>'),
    );
  });

  it('takes them out of the table that shows them', () => {
    const table =
      'R1#show crypto isakmp key\nKeyring      Hostname/Address      Preshared Key\n\nR1#';
    const rows = table.replace('Key\n\n', 'Key\ndefault      0.0.0.0  [0.0.0.0]     hunter22\n\n');
    expect(redact(rows)).not.toContain('hunter22');
  });

  it('leaves words of a message that only sound like a secret', () => {
    const text =
      '*Sep  5 16:30:49.360: IKEv2:(SESSION ID = 14,SA ID = 1):[IKEv2 -> Crypto\nEngine] Computing DH secret key, DH Group 14';
    expect(redact(text)).toBe(text);
  });

  it.each([
    'authentication remote pre-share key hunter22',
    ' set aggressive-mode password hunter22',
    'I typed "crypto isakmp key hunter22 address 203.0.113.1" on it.',
    'radius-server key hunter22',
    'tacacs-server host 192.0.2.9 key hunter22',
    ' neighbor 192.0.2.1 password hunter22',
    'group EZ key 6 hunter22',
    ' standby 1 authentication hunter22',
    'set security ike policy P pre-shared-key ascii-text "hunter22"',
  ])('takes the secret of "%s" out right behind a message', (command) => {
    const message = '*Mar  1 00:01:02.003: ISAKMP:(0):received packet from 203.0.113.1 dport 500';
    expect(redact(`${message}\n${command}`)).not.toContain('hunter22');
  });

  it.each([
    'IKEv2:(SESSION ID = 1,SA ID = 1):Found the\npre-shared key of the peer',
    'ISAKMP:(0): Looking for a matching\nkey for 203.0.113.1 in default',
    'ISAKMP:(0): a pre-shared\nkey negotiation failed with peer',
  ])('leaves the rest of a message: %j', (text) => {
    const keep = createRenamer(key, { addresses: false, names: false }, []);
    expect(redactText(text, createSecretTokens(), keep, (line) => line)).toBe(text);
  });

  it('takes them out where CR alone ends the lines', () => {
    const text =
      'hostname R1\rusername bob password 0 hunter22\rsnmp-server community hunter33 RO\r';
    const copy = redact(text);
    expect(copy.split('\r')).toHaveLength(4);
    expect(copy).not.toMatch(/hunter/);
  });

  it('keeps the number of lines and their ends', () => {
    const text = 'EDGE-A#\r\nISAKMP: peer 203.0.113.7\n\nend';
    const out = redact(text);
    expect(out.split('\n')).toHaveLength(4);
    expect(out.split('\n')[0]!.endsWith('\r')).toBe(true);
    expect(out).not.toMatch(/EDGE-A|203\.0\.113\.7/);
  });

  it('finds an address and a name that the terminal broke', () => {
    const out = redact(
      'ISAKMP:(0): received packet from 203.0.1\n13.77 dport 500\nISAKMP:(0):: peer matches PROF\n-NEW profile',
    );
    expect(out.replaceAll('\n', '')).not.toMatch(/203\.0\.113\.77|PROF-NEW/);
    expect(out.split('\n')).toHaveLength(4);
  });

  it('gets through long texts and many lines', () => {
    expect(redact('203.0.113.7 '.repeat(20_000))).not.toContain('203.0.113.7');
    for (const text of [
      'a\n'.repeat(50_000),
      '.'.repeat(100_000),
      '@'.repeat(100_000),
      `${':'.repeat(50_000)}\n${'1.'.repeat(50_000)}`,
    ]) {
      expect(redact(text).split('\n')).toHaveLength(text.split('\n').length);
    }
  });
});
