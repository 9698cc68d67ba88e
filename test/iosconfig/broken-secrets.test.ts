import { describe, expect, it } from 'vitest';
import {
  brokenSecrets,
  createBrokenMask,
  maskedBroken,
  maskParts,
} from '../../src/iosconfig/broken-secrets.ts';
import { createSecretTokens, maskSecrets } from '../../src/iosconfig/mask.ts';

/** What is shown of a text: its torn secrets, then those that a line shows alone. */
function shown(text: string): string {
  const token = createSecretTokens();
  const lines = text.split('\n');
  const broken = brokenSecrets(lines);
  return lines
    .map((line, index) => maskSecrets(maskParts(line, broken.get(index) ?? [], token), token))
    .join('\n');
}

const secret = 'Zq7Wx4Vb9';

const commands = [
  'crypto isakmp key Zq7Wx4Vb9 address 192.0.2.1',
  'crypto isakmp key 6 Zq7Wx4Vb9 hostname a.example',
  'crypto isakmp key 0 Zq7Wx4Vb9 address 192.0.2.0 255.255.255.0 no-xauth',
  'no crypto isakmp key Zq7Wx4Vb9 address 192.0.2.1',
  'pre-shared-key address 192.0.2.1 key Zq7Wx4Vb9',
  'pre-shared-key address 192.0.2.0 255.255.255.0 key 6 Zq7Wx4Vb9',
  'pre-shared-key hostname a.example key Zq7Wx4Vb9',
  'pre-shared-key Zq7Wx4Vb9',
  'pre-shared-key local Zq7Wx4Vb9',
  'pre-shared-key remote 6 Zq7Wx4Vb9',
  'authentication remote pre-share key Zq7Wx4Vb9',
  'authentication local pre-share key 6 Zq7Wx4Vb9',
  'set aggressive-mode password Zq7Wx4Vb9',
  'key config-key password-encrypt Zq7Wx4Vb9',
  'key-string 7 Zq7Wx4Vb9',
  'username ann password 0 Zq7Wx4Vb9',
  'username ann privilege 15 secret 5 Zq7Wx4Vb9',
  'enable secret 5 Zq7Wx4Vb9',
  'tacacs-server host 192.0.2.9 key Zq7Wx4Vb9',
  'radius-server host 192.0.2.9 auth-port 1812 acct-port 1813 key 7 Zq7Wx4Vb9',
  'snmp-server community Zq7Wx4Vb9 RO 10',
  'ip ospf message-digest-key 1 md5 Zq7Wx4Vb9',
  'ip nhrp authentication Zq7Wx4Vb9',
  'neighbor 192.0.2.1 password Zq7Wx4Vb9',
  'ppk manual id X key Zq7Wx4Vb9',
  'ppk manual id X key 6 Zq7Wx4Vb9 required',
];

describe('brokenSecrets', () => {
  describe.each(['R1(config)#', '', '> '])('behind %j', (prefix) => {
    it.each(commands)('finds the secret of "%s", wherever the line breaks', (command) => {
      const mark = prefix === '> ' ? prefix : '';
      const left: string[] = [];
      for (let cut = 3; cut < command.length; cut++) {
        const lines = [prefix + command.slice(0, cut), mark + command.slice(cut).trimStart()];
        const text = `${lines.join('\n')}\n${mark}!`;
        const out = shown(text);
        for (let from = 0; from + 4 <= secret.length; from++)
          if (out.includes(secret.slice(from, from + 4))) left.push(out);
      }
      expect([...new Set(left)]).toEqual([]);
    });
  });

  it.each([
    ['crypto isakmp key\nZq7Wx4Vb9 address\n192.0.2.1', 'three lines'],
    ['crypto isakmp\nkey\nZq7Wx4Vb9', 'a word a line'],
    [
      '*Mar  1 00:00:01.000: %PARSER-5-CFGLOG_LOGGEDCMD: User:console  logged command:crypto isakmp key\nZq7Wx4Vb9 address 192.0.2.1',
      'a message that quotes the command',
    ],
    ['12: crypto isakmp key\n13: Zq7Wx4Vb9 address 192.0.2.1', 'lines with numbers'],
    ['- crypto isakmp key\n  Zq7Wx4Vb9 address 192.0.2.1', 'an item of a list'],
    ['> * crypto isakmp key Zq7W\n>   x4Vb9 address 192.0.2.1', 'an item within a mail'],
    ['- R1(config)#crypto isakmp key Zq7W\n  x4Vb9 address 192.0.2.1', 'an item with a prompt'],
    ['- crypto isakmp key\n- Zq7Wx4Vb9 address 192.0.2.1', 'two items'],
    ['crypto isakmp key Zq7W\n!x4Vb9 address 192.0.2.1', 'a second part like a comment'],
    ['crypto isakmp key Zq7W\n#x4Vb9 hostname a.example', 'a second part like a heading'],
    ['! crypto isakmp key Zq7W\nx4Vb9 address 192.0.2.1', 'a comment'],
    ['# pre-shared-key address 192.0.2.1 key Zq7W\nx4Vb9', 'a comment of another kind'],
    ['+crypto isakmp key Zq7W\nx4Vb9 address 192.0.2.1', 'an added line'],
    [
      '    4     1        admin@vty0       |crypto isakmp key Zq7W\nx4Vb9 address 192.0.2.1',
      'a row',
    ],
    [
      'RP/0/RSP0/CPU0:r1(config-keyring)# pre-shared-key address 192.0.2.1 key\nZq7Wx4Vb9',
      'IOS XR',
    ],
    [' ikev1 pre-shared-key Zq7W\nx4Vb9', 'a tunnel group'],
    ['asa(config-tunnel-ipsec)# ikev2 local-authentication pre-shared-key Zq7W\nx4Vb9', 'another'],
    ['a\n\ncrypto isakmp key\n\nZq7Wx4Vb9 address 192.0.2.1\n\nb', 'doubled line ends'],
  ])('finds it in %j, %s', (text) => {
    expect(shown(text)).not.toMatch(/Zq7W|x4Vb9/);
  });

  it('hides a key of digits and one of several words', () => {
    expect(shown('crypto isakmp key\n70481593 address 192.0.2.1')).not.toContain('7048');
    expect(shown('crypto isakmp key open\nsesame address 192.0.2.1')).not.toMatch(/open|sesame/);
  });

  it('gives a torn secret the token of the whole, and keeps the lines', () => {
    expect(
      shown(
        'crypto isakmp key Zq7W\nx4Vb9 address 192.0.2.1\n!\npre-shared-key address 192.0.2.1 key Zq7Wx4Vb9',
      ),
    ).toBe(
      'crypto isakmp key <key#1>\n address 192.0.2.1\n!\npre-shared-key address 192.0.2.1 key <key#1>',
    );
  });

  it('takes a word of letters for the rest of a secret where the line is as wide as any', () => {
    expect(shown('pre-shared-key address 192.0.2.1 key wordsof\nletters\nend')).not.toContain(
      'letters',
    );
    expect(
      shown(`pre-shared-key address 192.0.2.1 key words\nletters\n${'!'.repeat(60)}`),
    ).toContain('letters');
  });

  it.each([
    [
      'no crypto isakmp key\nZq7Wx4Vb9 address 192.0.2.1',
      'a command that is taken back by its value',
    ],
    ['no enable secret\nZq7Wx4Vb9', 'what is no word of a command'],
    ['crypto isakmp key\ninterface address 192.0.2.1', 'a secret that is a word of commands'],
    ['pre-shared-key local\ninterface', 'the same without more words'],
    [`neighbor 2001:db8::0000:0000:0000:1 password\nline up`, 'behind a line that is full'],
  ])('hides the first word of the second line of %j, %s', (text) => {
    expect(shown(text)).not.toMatch(/Zq7W|^interface|^line/m);
  });

  it.each([
    'no enable secret\ninterface GigabitEthernet0/0',
    'no enable password\nline vty 0 4\n login',
    'no ip ftp password\nline vty 0 4',
    'R1(config)#no enable secret\nR1(config)#ip cef',
    ' no ip ospf authentication-key\n bandwidth 1000',
    ' no neighbor 192.0.2.1 password\n bgp router-id 192.0.2.9',
    ' no tunnel key\n unknown words 1',
    ' ppp chap password\n encapsulation ppp',
    ' ppp chap password\n duplex auto\n speed auto',
    'key config-key password-encrypt\nline vty 0 4',
    'crypto isakmp key\ninterface GigabitEthernet0/0\nip address 192.0.2.1 255.255.255.0',
    'username ann password\nrouter ospf 1',
    'snmp-server community <key#1>\nvlan 10',
    'crypto isakmp policy 10\n authentication pre-share\n group 14',
    ' ip ospf authentication-key 7 <key#1>\n ip address 192.0.2.9 255.255.255.0',
    'ip ospf authentication-key <key#1>\nip address 192.0.2.9 255.255.255.0',
    ' tunnel key 0\n tunnel protection ipsec profile P',
    'key chain K\n key 1\n  accept-lifetime 00:00:00 Jan 1 2026 infinite',
    'username ann password 7 <key#1>\nusername bob privilege 15',
    ' pre-shared-key local <key#1>\n exit\n!',
    ' ikev1 pre-shared-key\ntunnel-group 192.0.2.10 type ipsec-l2l',
    ' ikev1 pre-shared-key\ngroup-policy GP internal',
    'passwd\ndynamic-access-policy-record DfltAccessPolicy',
    ' key 1\n  key-string\n ip authentication key-chain eigrp 1 CH',
    'R1(config)#crypto isakmp key\n% Incomplete command.\nR1(config)#end',
    'R1(config)#crypto isakmp key\n*Mar  1 00:00:01.000: ISAKMP:(0): beginning Main Mode exchange',
    'crypto isakmp key\nI looked at this and then',
    'crypto isakmp key\n! address 192.0.2.1 is behind the hub',
    'key\npoints: check this first',
    '! crypto isakmp key\n!\ninterface Tunnel0',
    '! key of the hub\ninterface Tunnel0',
    '! the pre-shared key\ncrypto isakmp policy 10',
    '+crypto isakmp policy 10\n+ authentication pre-share',
    'The commands are\n- crypto isakmp key\n- crypto isakmp policy',
    'ISAKMP:(0): found peer pre-shared key\nmatching 192.0.2.1',
  ])('leaves %j as it is', (text) => {
    expect(shown(text)).toBe(text);
  });

  it('knows the lines by what stands in them, with and without what is in front', () => {
    const known = maskedBroken(
      'R1(config)#crypto isakmp key Zq7W\nx4Vb9 address 192.0.2.1',
      () => '<key#1>',
    );
    expect(known.get('crypto isakmp key Zq7W')).toBe('crypto isakmp key <key#1>');
    expect(known.get('R1(config)#crypto isakmp key Zq7W')).toBe(
      'R1(config)#crypto isakmp key <key#1>',
    );
    expect(known.get('x4Vb9 address 192.0.2.1')).toBe('address 192.0.2.1');
  });
});

describe('createBrokenMask', () => {
  it('hides in each line what the lines before tell', () => {
    const mask = createBrokenMask();
    expect(
      ['R1(config)#pre-shared-key local', 'Zq7Wx4Vb9', 'R1(config)#end'].map((line) =>
        mask.next(line),
      ),
    ).toEqual(['R1(config)#pre-shared-key local', '<key>', 'R1(config)#end']);
  });

  it('takes nothing for the rest of a command behind a message', () => {
    const mask = createBrokenMask();
    mask.next('R1(config)#crypto isakmp key');
    expect(mask.isOpen).toBe(true);
    mask.close();
    expect(mask.next('Word address 192.0.2.1')).toBe('Word address 192.0.2.1');
  });
});
