import { describe, expect, it } from 'vitest';
import { findHelp, withoutHelp } from '../../src/iosconfig/help.ts';
import { parseConfigs } from '../../src/iosconfig/parse.ts';

const keyring = `R1(config)#crypto keyring KR-A
R1(conf-keyring)#pre-shared-key address 192.0.2.1 key ?
  0     Specifies an UNENCRYPTED password will follow
  6     Specifies an ENCRYPTED password will follow
  LINE  The UNENCRYPTED (cleartext) user password

R1(conf-keyring)#pre-shared-key address 192.0.2.1 key hush ?
LINE    <cr>

R1(conf-keyring)#pre-shared-key address 192.0.2.1 key hush`;

const global = `R1(config)#crypto isakmp key 0 hush ?
  address   define shared key with IP address
  hostname  define shared key with hostname

R1(config)#crypto isakmp key 0 hush address 192.0.2.1 ?
  A.B.C.D   Peer IP subnet mask
  no-xauth  Bypasses XAuth for this peer
  <cr>      <cr>

R1(config)#crypto isakmp key 0 hush address 192.0.2.1`;

const asa = `asa(config-tunnel-ipsec)# ikev1 pre-shared-key ?

tunnel-group-ipsec mode commands/options:
  0     Specifies an UNENCRYPTED password will follow
  WORD  Enter an alphanumeric string between 1-128 characters
asa(config-tunnel-ipsec)# ikev1 pre-shared-key hush`;

const found = (text: string): readonly [readonly number[], readonly number[]] => {
  const { requests, answers } = findHelp(text.split('\n'));
  return [[...requests], [...answers]];
};

describe('findHelp', () => {
  it('finds what was asked and what was answered', () => {
    expect(found(keyring)).toEqual([
      [1, 6],
      [2, 3, 4, 7],
    ]);
    expect(found(global)).toEqual([
      [0, 4],
      [1, 2, 5, 6, 7],
    ]);
    expect(found(asa)).toEqual([[0], [3, 4]]);
  });

  it('finds it in a mail', () => {
    expect(found(keyring.replace(/^/gm, '> '))).toEqual(found(keyring));
  });

  it('needs an answer where no prompt stands', () => {
    expect(found(global.replaceAll('R1(config)#', ''))).toEqual(found(global));
    expect(found('crypto isakmp key hush ?\ncrypto isakmp policy 10')).toEqual([[], []]);
  });

  it.each([
    ' pre-shared-key hush?\n pre-shared-key other',
    'Does the hub have the same key?\nIt should have.',
    'Why ?\n\nI looked at  both routers.',
    ' description who owns this?\n ip address 192.0.2.1 255.255.255.0',
  ])('leaves %j', (text) => {
    expect(found(text)).toEqual([[], []]);
    expect(withoutHelp(text.split('\n'))).toEqual(text.split('\n'));
  });

  it('looks at a line in time that grows with it', () => {
    const blanks = ' '.repeat(200_000);
    for (const answer of [
      `  WORD  a${blanks}\rb`,
      `  word  a${blanks}b`,
      `${blanks}options:`,
      '<cr>',
    ])
      findHelp(['R1#show ?', answer, `${answer} ?`, answer]);
  });

  it('leaves the prompt of a request', () => {
    expect(withoutHelp(global.split('\n')).slice(0, 3)).toEqual(['R1(config)#', '', '']);
  });
});

describe('a configuration with help in it', () => {
  it.each([keyring, global, global.replaceAll('R1(config)#', '')])(
    'has its commands: %s',
    (text) => {
      const [model] = parseConfigs(text, 'i1');
      expect(
        model?.keyrings.flatMap(({ entries }) => entries.map(({ secret, line }) => [secret, line])),
      ).toEqual([['hush', text.split('\n').length]]);
    },
  );
});
