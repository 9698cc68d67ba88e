import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testIo } from '../support/io.ts';

/** Keys in pastes as people make them, and everything that is printed of these. */

const secret = 'Zq7!hush-01';

const debug = `*Mar  1 00:20:15.003: ISAKMP:(0): SA request profile is (NULL)
*Mar  1 00:20:15.003: ISAKMP: Created a peer struct for 192.0.2.1, peer port 500
*Mar  1 00:20:15.007: ISAKMP:(0):found peer pre-shared key matching 192.0.2.1
*Mar  1 00:20:15.007: ISAKMP:(0): beginning Main Mode exchange
*Mar  1 00:20:15.011: ISAKMP:(0): sending packet to 192.0.2.1 my_port 500 peer_port 500 (I) MM_NO_STATE
`;

const listing = `hostname R1
crypto isakmp policy 10
 authentication pre-share
 group 14
interface GigabitEthernet0/0
 ip address 192.0.2.9 255.255.255.0
`;

const pastes: Readonly<Record<string, string>> = {
  'help in a keyring': `R1(conf-keyring)#pre-shared-key address 192.0.2.1 key ?
  0     Specifies an UNENCRYPTED password will follow
  6     Specifies an ENCRYPTED password will follow
  LINE  The UNENCRYPTED (cleartext) user password

R1(conf-keyring)#pre-shared-key address 192.0.2.1 key KEY ?
LINE    <cr>

R1(conf-keyring)#pre-shared-key address 192.0.2.1 key KEY`,
  'help at a global key': `R1(config)#crypto isakmp key 0 KEY ?
  address   define shared key with IP address
  hostname  define shared key with hostname

R1(config)#crypto isakmp key 0 KEY a?
address

R1(config)#crypto isakmp key 0 KEY a`,
  'a comment': '! key KEY',
  'a comment without a blank': '!key KEY',
  'a comment that tells': '! old key: KEY',
  'a command that was refused': `R1(config)#crypto isakmp kye KEY address 192.0.2.1
                         ^
% Invalid input detected at '^' marker.`,
  'short words': 'R1(config)#cry isa k KEY ad 192.0.2.1',
  'filtered lines': 'R1#show run | inc key\ncrypto isakmp key KEY address 192.0.2.1\n key KEY',
  'the log of the configuration': '    7     1        admin@vty0       | key KEY',
  'a comparison': '+ key KEY\n-crypto isakmp key KEY address 192.0.2.1',
  'the table of keys': `R1#show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

default      192.0.2.1                                   KEY`,
  'rows of that table': 'default      192.0.2.1       [255.255.255.255]           KEY',
  'a pager': ' --More--  key KEY',
  'a search in files': './r1.cfg: key KEY',
  'an applet': ' action 1.2 cli command "key KEY"',
  'an element': '<pre-shared-key>KEY</pre-shared-key>',
  colours: '\u001b[32mcrypto isakmp key\u001b[0m KEY address 192.0.2.1',
};

const ends: Readonly<Record<string, (text: string) => string>> = {
  LF: (text) => text,
  'CR LF': (text) => text.replaceAll('\n', '\r\n'),
  CR: (text) => text.replaceAll('\n', '\r'),
  'a mail': (text) => text.replace(/^/gm, '> '),
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: readonly string[]): Promise<string> {
  const io = testIo({ cwd: folder });
  await main(argv, io);
  return io.out() + io.err();
}

describe.each(Object.entries(pastes))('%s', (_, paste) => {
  it.each(Object.entries(ends))('shows no key, in %s', async (_, convert) => {
    const body = paste.replaceAll('KEY', secret);
    for (const text of [`${debug}${body}\n${debug}`, `${listing}${body}\nend\n${debug}`]) {
      writeFileSync(join(folder, 'a.txt'), convert(text));
      const shown = [await run('predict', 'a.txt')];
      for (const format of ['text', 'json', 'ndjson'])
        shown.push(await run('log', 'a.txt', '--format', format));
      for (const format of ['json', 'html'])
        shown.push(await run('analyze', 'a.txt', '--format', format));
      await run('redact', 'a.txt', '-o', 'copy');
      shown.push(readFileSync(join(folder, 'copy', 'a.txt'), 'utf8'));
      expect(shown.filter((each) => each.includes(secret))).toEqual([]);
    }
  });

  it('leaves a copy that is read as the original is', async () => {
    const body = paste.replaceAll('KEY', secret);
    writeFileSync(join(folder, 'a.txt'), `${listing}${body}\nend\n${debug}`);
    await run('redact', 'a.txt', '-o', 'copy');
    const findings = async (path: string): Promise<unknown> => {
      const report = JSON.parse(await run('analyze', path, '--format', 'json')) as {
        readonly findings: readonly { readonly id: string; readonly title: string }[];
      };
      return report.findings.map(({ id, title }) => [id, title]);
    };
    expect(await findings(join('copy', 'a.txt'))).toEqual(await findings('a.txt'));
  });
});
