import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markedStart } from '../../src/iosconfig/command-start.ts';
import {
  createLineMask,
  createSecretTokens,
  maskKeyRow,
  maskSecrets,
} from '../../src/iosconfig/mask.ts';
import { MAY_HOLD_SECRET, SECRETS } from '../../src/iosconfig/secret-places.ts';

const cases: readonly (readonly [string, string])[] = [
  ['crypto isakmp key hush address 192.0.2.1', 'crypto isakmp key <key#1> address 192.0.2.1'],
  ['crypto isakmp key 6 hush hostname a.example', 'crypto isakmp key 6 <key#1> hostname a.example'],
  [
    'crypto isakmp key hush address ipv6 2001:db8::/32',
    'crypto isakmp key <key#1> address ipv6 2001:db8::/32',
  ],
  ['  pre-shared-key address 192.0.2.1 key hush', '  pre-shared-key address 192.0.2.1 key <key#1>'],
  [
    'pre-shared-key address  0.0.0.0 0.0.0.0  key 6 hush',
    'pre-shared-key address  0.0.0.0 0.0.0.0  key 6 <key#1>',
  ],
  [
    'pre-shared-key address ipv6 2001:db8::/32 key hush',
    'pre-shared-key address ipv6 2001:db8::/32 key <key#1>',
  ],
  [
    'pre-shared-key hostname a.example key hush !x',
    'pre-shared-key hostname a.example key <key#1>',
  ],
  ['  pre-shared-key hush', '  pre-shared-key <key#1>'],
  ['  pre-shared-key local 6 hush', '  pre-shared-key local 6 <key#1>'],
  ['  pre-shared-key remote hex hush', '  pre-shared-key remote hex <key#1>'],
  [' set aggressive-mode password hush', ' set aggressive-mode password <key#1>'],
  [' key hush', ' key <key#1>'],
  ['username ann privilege 15 secret 5 hush', 'username ann privilege 15 secret 5 <key#1>'],
  ['snmp-server community hush RO', 'snmp-server community <key#1> RO'],
  ['cry isa key hush add 192.0.2.1', 'cry isa key <key#1> add 192.0.2.1'],
  [' pre-sh addr 192.0.2.1 k hush', ' pre-sh addr 192.0.2.1 k <key#1>'],
  [' pre-shared hush', ' pre-shared <key#1>'],
  ['key config-key password-encrypt hush', 'key config-key password-encrypt <key#1>'],
  ['enable secret 9 hush', 'enable secret 9 <key#1>'],
  // Words of that prose hide nothing where a key stands.
  [' password reply', ' password <key#1>'],
  ['username ann save password reply value 0', 'username ann save password <key#1> value 0'],
  ['  psk 14', '  psk <key#1>'],
  ['  psk 14 hush', '  psk <key#1> hush'],
  ['  psk 7 23:47:45', '  psk 7 <key#1>'],
  [
    'crypto isakmp key "hush hush" address 192.0.2.1',
    'crypto isakmp key <key#1> address 192.0.2.1',
  ],
  [' authentication remote pre-share key hush', ' authentication remote pre-share key <key#1>'],
  [
    'R1(config-ikev2-profile)#no authentication local pre-share key 6 hush',
    'R1(config-ikev2-profile)#no authentication local pre-share key 6 <key#1>',
  ],
  [' authentication local pre-share', ' authentication local pre-share'],
  [' group clients key hush', ' group clients key <key#1>'],
  [
    ' set session-key inbound esp 256 cipher hush authenticator hash',
    ' set session-key inbound esp 256 cipher <key#1> authenticator <key#2>',
  ],
  [' set session-key outbound ah 256 hush', ' set session-key outbound ah 256 <key#1>'],
  [' client 192.0.2.1 server-key 7 hush', ' client 192.0.2.1 server-key 7 <key#1>'],
  [' standby 1 authentication hush', ' standby 1 authentication <key#1>'],
  [
    ' standby 1 authentication md5 key-string hush',
    ' standby 1 authentication md5 key-string <key#1>',
  ],
  [
    'crypto key export rsa A pem url nvram: 3des hush',
    'crypto key export rsa A pem url nvram: 3des <key#1>',
  ],
  ['  wpa-psk ascii 0 hush', '  wpa-psk ascii 0 <key#1>'],
  [' aaa authorization user psk cached', ' aaa authorization user psk cached'],
  // Prose of debugs that speaks of keys and secrets.
  ...[
    'ISAKMP:(0):found peer pre-shared key matching 192.0.2.1',
    'pre-shared key matching 192.0.2.1',
    'ISAKMP:(0):SA is doing pre-shared key authentication using id type ID_IPV4_ADDR',
    'IKEv2:(SA ID = 1):[IKEv2 -> Crypto Engine] Computing DH secret key, DH Group 14',
    '*Mar  1 00:20:17.227: ISAKMP: Sending save password reply value 0',
    '1013  192.0.2.2       192.0.2.1              ACTIVE aes  sha384 psk  14 23:47:45 N',
    '1001  192.0.2.2       192.0.2.1              ACTIVE aes  sha    psk  2  9:59:53',
  ].map((line): readonly [string, string] => [line, line]),
  ['crypto keyring hush', 'crypto keyring hush'],
  ['tunnel destination 192.0.2.1', 'tunnel destination 192.0.2.1'],
  // Other commands that hold keys and passwords.
  [' server-private 192.0.2.1 key hush', ' server-private 192.0.2.1 key <key#1>'],
  [' server-private 192.0.2.1 key 7 hush', ' server-private 192.0.2.1 key 7 <key#1>'],
  ['radius-server host 192.0.2.1 key 6 hush', 'radius-server host 192.0.2.1 key 6 <key#1>'],
  [' ip ospf authentication-key hush', ' ip ospf authentication-key <key#1>'],
  [' ip ospf authentication-key 7 hush', ' ip ospf authentication-key 7 <key#1>'],
  ['ntp authentication-key 1 md5 hush 7', 'ntp authentication-key 1 md5 <key#1> 7'],
  ['ntp authentication-key 2 hmac-sha2-256 hush', 'ntp authentication-key 2 hmac-sha2-256 <key#1>'],
  [
    ' area 0 virtual-link 192.0.2.1 authentication-key hush',
    ' area 0 virtual-link 192.0.2.1 authentication-key <key#1>',
  ],
  [' ip nhrp authentication hush', ' ip nhrp authentication <key#1>'],
  [' ip nhrp authentication 7 hush', ' ip nhrp authentication 7 <key#1>'],
  [' ip nhrp authentication 7', ' ip nhrp authentication <key#1>'],
  [
    'snmp-server user u1 g1 v3 auth sha hush priv aes 128 other',
    'snmp-server user u1 g1 v3 auth sha <key#1> priv aes 128 <key#2>',
  ],
  [
    'snmp-server user u1 g1 v3 encrypted auth md5 hush priv des other access 10',
    'snmp-server user u1 g1 v3 encrypted auth md5 <key#1> priv des <key#2> access 10',
  ],
  ['snmp mib community-map hush engineid 80', 'snmp mib community-map <key#1> engineid 80'],
  [' authentication mode hmac-sha-256 7 hush', ' authentication mode hmac-sha-256 7 <key#1>'],
  [
    ' ipv6 ospf authentication ipsec spi 500 sha1 0123456789',
    ' ipv6 ospf authentication ipsec spi 500 sha1 <key#1>',
  ],
  [
    ' area 0 encryption ipsec spi 500 esp aes-cbc 128 0123456789 sha1 9876543210',
    ' area 0 encryption ipsec spi 500 esp aes-cbc 128 <key#1> sha1 <key#2>',
  ],
  [
    ' ipv6 ospf encryption ipsec spi 500 esp null md5 7 0123456789',
    ' ipv6 ospf encryption ipsec spi 500 esp null md5 7 <key#1>',
  ],
  [
    'crypto pki import TP pkcs12 flash:a.p12 password 7 hush',
    'crypto pki import TP pkcs12 flash:a.p12 password 7 <key#1>',
  ],
  [
    'crypto pki import TP pkcs12 flash:a.p12 hush',
    'crypto pki import TP pkcs12 flash:a.p12 <key#1>',
  ],
  ['crypto pki export TP pkcs12 terminal hush', 'crypto pki export TP pkcs12 terminal <key#1>'],
  ['aaa-server AAA (inside) host 192.0.2.1 hush', 'aaa-server AAA (inside) host 192.0.2.1 <key#1>'],
  ['passwd hush encrypted', 'passwd <key#1> encrypted'],
  [' ldap-login-password hush', ' ldap-login-password <key#1>'],
  [' domain-password hush', ' domain-password <key#1>'],
  [' shared-secret 0 hush', ' shared-secret 0 <key#1>'],
  [' security wpa psk set-key ascii 0 hush', ' security wpa psk set-key ascii 0 <key#1>'],
  [' encryption key 1 size 40bit 7 hush', ' encryption key 1 size 40bit 7 <key#1>'],
  [
    'cellular 0 gsm profile create 1 apn chap ann hush',
    'cellular 0 gsm profile create 1 apn chap ann <key#1>',
  ],
  ['kerberos srvtab entry host/a.example 0 hush', 'kerberos srvtab entry host/a.example 0 <key#1>'],
  ['event manager environment _ftp_pw hush', 'event manager environment _ftp_pw <key#1>'],
  [' some-new command with wrapped-key 8 hush', ' some-new command with wrapped-key 8 <key#1>'],
  // Of URLs the password alone goes.
  [' enrollment url http://ann:hush@192.0.2.1', ' enrollment url http://ann:<key#1>@192.0.2.1'],
  [' path ftp://ann:hu@sh@192.0.2.1/a@b', ' path ftp://ann:<key#1>@192.0.2.1/a@b'],
  [
    'copy ftp://ann:hush@192.0.2.1/a scp://bob:other@192.0.2.2/b',
    'copy ftp://ann:<key#1>@192.0.2.1/a scp://bob:<key#2>@192.0.2.2/b',
  ],
  [' enrollment url http://192.0.2.1:80/a@b', ' enrollment url http://192.0.2.1:80/a@b'],
  // Commands that a message quotes.
  ...[
    ['*Mar  1 00:00:01: %PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:', ''],
    ['%HA_EM-6-LOG: applet: CLI: ', ''],
    ["%ASA-5-111008: User 'ann' executed the '", "' command."],
    ["%ASA-5-111010: User 'ann', running 'CLI' from IP 192.0.2.1, executed '", "'"],
    ['tty=2 priv=15 cmd=', ' <cr>'],
  ].flatMap(([before = '', behind = '']) =>
    [
      'crypto isakmp key hush address 192.0.2.1',
      'pre-shared-key address 192.0.2.1 key hush',
      'username ann password 0 hush',
      'key hush-1',
      'standby 1 authentication hush',
    ]
      .filter((command) => !(command.startsWith('key') && behind.includes('c')))
      .map((command): readonly [string, string] => [
        before + command + behind,
        before + command.replace(/hush(-1)?/, '<key#1>') + behind,
      ]),
  ),
  // PIX.
  [
    'isakmp key hush address 192.0.2.1 netmask 255.255.255.255',
    'isakmp key <key#1> address 192.0.2.1 netmask 255.255.255.255',
  ],
  ['no isakmp key hush address 192.0.2.1', 'no isakmp key <key#1> address 192.0.2.1'],
  [
    "%ASA-5-111008: User 'ann' executed the 'isakmp key hush address 192.0.2.1' command.",
    "%ASA-5-111008: User 'ann' executed the 'isakmp key <key#1> address 192.0.2.1' command.",
  ],
  [
    '{"message":"isakmp key hush address 192.0.2.1"}',
    '{"message":"isakmp key <key#1> address 192.0.2.1"}',
  ],
  ['found isakmp key for address 192.0.2.1', 'found isakmp key for address 192.0.2.1'],
  // The end of a command that a terminal scrolled.
  ...[
    '$d-key address 192.0.2.1 key hush',
    '$d-key address ipv6 2001:db8::1/128 key 6 hush',
    '$key address 192.0.2.1 255.255.255.0 k hush',
    '$y hush address 192.0.2.1',
    '$akmp key 6 hush address 192.0.2.1',
    '$ hush hostname a.example',
    '$word 0 hush',
    '$et hush',
    '$r host 192.0.2.1 key 7 hush',
  ].map((line): readonly [string, string] => [
    `R1(config)#${line}`,
    `R1(config)#${line.replace('hush', '<key#1>')}`,
  ]),
  ...[
    'R1(config)#$h identity address 192.0.2.1 255.255.255.255',
    'R1(config)#$h identity remote address 192.0.2.1',
    'R1(config)#$ remote address 192.0.2.1',
    'R1(config)#$d-key address 192.0.2.1',
    'R1(config)#$generate rsa modulus 2048',
    'R1(config)#$to key generate rsa',
  ].map((line): readonly [string, string] => [line, line]),
  // Other makers.
  ['    set psksecret hush', '    set psksecret <key#1>'],
  ['    set psksecret ENC hush==', '    set psksecret ENC <key#1>'],
  [
    'set security ike policy P pre-shared-key ascii-text "hush hush"; ## SECRET-DATA',
    'set security ike policy P pre-shared-key ascii-text <key#1>; ## SECRET-DATA',
  ],
  ['        pre-shared-key hexadecimal "hush";', '        pre-shared-key hexadecimal <key#1>;'],
  [
    'set access radius-server 192.0.2.1 secret "hush"',
    'set access radius-server 192.0.2.1 secret <key#1>',
  ],
  [
    '/ip ipsec identity add peer=p1 secret=hush comment=x',
    '/ip ipsec identity add peer=p1 secret=<key#1> comment=x',
  ],
  [
    '/ppp secret add name=ann password="hush hush" service=l2tp',
    '/ppp secret add name=ann password="<key#1>" service=l2tp',
  ],
  ['    secret = "hush"', '    secret = "<key#1>"'],
  [
    '{"psk":"hush","peer":"192.0.2.1","preSharedKey": "other"}',
    '{"psk":"<key#1>","peer":"192.0.2.1","preSharedKey": "<key#2>"}',
  ],
  [
    String.raw`{"message":"{\"psk\":\"hush\",\"peer\":\"a\"}"}`,
    String.raw`{"message":"{\"psk\":\"<key#1>\",\"peer\":\"a\"}"}`,
  ],
  ['{"psk":null,"password":true,"secretType":0}', '{"psk":null,"password":true,"secretType":0}'],
  ['use-pre-shared-key=yes secret=no', 'use-pre-shared-key=yes secret=no'],
  // Keys that were derived.
  [
    'IKEv2:(SESSION ID = 1,SA ID = 1):SK_d = 00112233',
    'IKEv2:(SESSION ID = 1,SA ID = 1):SK_d = <key#1>',
  ],
  ['ISAKMP: SKEYID_d (20): 00 11 22 33', 'ISAKMP: SKEYID_d (20): <key#1>'],
  ['ISAKMP: SKEYID: 0x00112233 next', 'ISAKMP: SKEYID: 0x<key#1> next'],
  ['ISAKMP:(1012): SKEYID state generated', 'ISAKMP:(1012): SKEYID state generated'],
  ['IPSEC: keymat: derived', 'IPSEC: keymat: derived'],
  // What quotes a command closes behind it.
  ['{"message":"pre-shared-key hush"}', '{"message":"pre-shared-key <key#1>"}'],
  [
    '{"message":"pre-shared-key hush","host":"r1"}',
    '{"message":"pre-shared-key <key#1>","host":"r1"}',
  ],
  [
    '{"host":"r1","message":"%PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:pre-shared-key hush"}',
    '{"host":"r1","message":"%PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:pre-shared-key <key#1>"}',
  ],
  [
    '"2024-03-12","r1","crypto ikev2 keyring K / pre-shared-key hush"',
    '"2024-03-12","r1","crypto ikev2 keyring K / pre-shared-key <key#1>"',
  ],
  ['"2024-03-12","pre-shared-key hush","r1"', '"2024-03-12","pre-shared-key <key#1>","r1"'],
  // What people write.
  ['ipsec-attributes: isakmp key: hush-31', 'ipsec-attributes: isakmp key: <key#1>'],
  [
    'Mail from Bob: the PSK is hush-31, please check',
    'Mail from Bob: the PSK is <key#1>, please check',
  ],
  ['pre-shared key: "hush-31".', 'pre-shared key: "<key#1>".'],
  ['password=hush-31', 'password=<key#1>'],
  ['the password is wrong', 'the password is wrong'],
  ['pre-shared key: 192.0.2.1', 'pre-shared key: 192.0.2.1'],
  // Keys of several words.
  [
    'crypto isakmp key hush hush hush address 192.0.2.1',
    'crypto isakmp key <key#1> address 192.0.2.1',
  ],
  ['crypto isakmp key address address 192.0.2.1', 'crypto isakmp key <key#1> address 192.0.2.1'],
  ['isakmp key hush hush hostname a.example', 'isakmp key <key#1> hostname a.example'],
  ...[
    '  pre-shared-key address 192.0.2.1 key hush',
    '  pre-shared-key address 192.0.2.1 255.255.255.0 key 6 hush',
    'pre-shared-key address ipv6 2001:db8::/32 key hush',
    'pre-shared-key hostname a.example key hush',
    'R1(conf-keyring)#no pre-shared-key address 192.0.2.1 key hush',
    ' pre-sh addr 192.0.2.1 k hush',
    ' pre- ad 192.0.2.1 k hush',
    ' pre-shared-key hush',
    ' pre-shared-key local 6 hush',
    ' pre-sh remote hush',
    ' authentication local pre-share key 6 hush',
    ' set aggressive-mode password hush',
    ' group clients key hush',
    ' key 6 hush',
    ' key hush',
    '  key-string 7 hush',
    'key config-key password-encrypt hush',
    'R1(config)#$d-key address 192.0.2.1 key hush',
    '*Mar  1 00:00:01: %PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:pre-shared-key hush',
  ].flatMap((line): (readonly [string, string])[] =>
    [
      'hush two words',
      'hush-1  two',
      "hush two's end",
      'hush "two" words',
      'hush !two',
      'hush ! two  ',
    ].map((key) => [
      line.replace('hush', key),
      line.replace('hush', '<key#1>') + /\s*$/.exec(key)![0],
    ]),
  ),
  [
    "%ASA-5-111008: User 'ann' executed the 'pre-shared-key address 192.0.2.1 key hush two' command.",
    "%ASA-5-111008: User 'ann' executed the 'pre-shared-key address 192.0.2.1 key <key#1>' command.",
  ],
  ['tty=2 cmd=pre-shared-key hush two <cr>', 'tty=2 cmd=pre-shared-key <key#1> <cr>'],
  [
    '{"message":"pre-shared-key address 192.0.2.1 key hush two", "host":"r1"}',
    '{"message":"pre-shared-key address 192.0.2.1 key <key#1>", "host":"r1"}',
  ],
  [
    '"1","crypto ikev2 keyring K / pre-shared-key hush two","r1"',
    '"1","crypto ikev2 keyring K / pre-shared-key <key#1>","r1"',
  ],
  ['R1 used the key of --psk #1: HASH_I verifies', 'R1 used the key of --psk #1: HASH_I verifies'],
  ['keys capture.pcap --psk hush', 'keys capture.pcap --psk <key#1>'],
  // A key in a sentence.
  ['the key Secret123 is configured', 'the key <key#1> is configured'],
  ['They typed the wrong key hush-31, twice', 'They typed the wrong key <key#1>, twice'],
  ['our key "2nd-Harbour".', 'our key "<key#1>".'],
  // A key of several words, where a command stands for certain.
  ...['R1(config-isakmp-group)#', '12:  ', '>  ', ' '].map((ahead): readonly [string, string] => [
    `${ahead}key server two words`,
    `${ahead}key <key#1>`,
  ]),
  ['R1(config)#crypto isakmp key this is shown', 'R1(config)#crypto isakmp key <key#1>'],
  ['crypto isakmp key hush two words', 'crypto isakmp key <key#1>'],
  ['key hush', 'key <key#1>'],
  ['key 6 hush two', 'key 6 <key#1>'],
  ...[
    'key server 192.0.2.1 is reached',
    'connection c PSK length of 7 bytes is too short',
    'group 14 · psk · IKE SA complete',
    'the shared secret established during that exchange',
    'key points: check the address first',
    '> key takeaways below',
    'Key payload received from 192.0.2.1',
    'key negotiation failed with peer 192.0.2.1',
    'key calc done, group 14',
    'crypto isakmp key commands are shown below',
    'our key server2 is down',
    'the key router1 uses is old',
    'the wrong key peer10.example.net chosen',
    'the key exchange failed',
    'key length is 256',
    'key for 192.0.2.1 found',
    'key chain KC one',
    'the key 1234567 is an id',
    'the key 0x1a2b3c4d',
    'the key AES-256 needs',
    'the same key ring1',
    'the key payload2-of-x=3',
    'the key pair RSA2048-A',
    'ISAKMP: the key length is 256bits',
  ].map((line): readonly [string, string] => [line, line]),
  // Words of sentences, which are passwords only where a command ends with them.
  ...[
    'description the safe, password policy applies',
    'password please, secret of success',
    'password encryption aes',
    'the password for R2 has changed',
    'ISAKMP: secret key success',
  ].map((line): readonly [string, string] => [line, line]),
  [' password policy', ' password <key#1>'],
  ['username ann password policy privilege 15', 'username ann password <key#1> privilege 15'],
  ['username ann privilege 15 password 0 address', 'username ann privilege 15 password 0 <key#1>'],
  ['enable password for', 'enable password <key#1>'],
  // Words that follow a key, and numbers that are none.
  [' key chain KC', ' key chain KC'],
  ['crypto key generate rsa modulus 2048', 'crypto key generate rsa modulus 2048'],
  [' tunnel key 12345', ' tunnel key 12345'],
  ['ntp server 192.0.2.1 key 1', 'ntp server 192.0.2.1 key 1'],
  [' mka pre-shared-key key-chain KC', ' mka pre-shared-key key-chain KC'],
  [' ipsec-isakmp', ' ipsec-isakmp'],
  [
    'IPSEC(key_engine): got a queue event with 1 KMI message(s)',
    'IPSEC(key_engine): got a queue event with 1 KMI message(s)',
  ],
  // Help that was asked for is no part of a key, nor a key itself.
  ...[
    'crypto isakmp key 0 hush ?',
    'crypto isakmp key hush address ?',
    ' pre-shared-key address 192.0.2.1 key hush ?',
    ' pre-shared-key local hush ?',
    ' key hush ?',
    'username ann password 0 hush ?',
  ].map((line): readonly [string, string] => [line, line.replace('hush', '<key#1>')]),
  ...[
    'R1(config)#crypto isakmp key ?',
    'R1(conf-keyring)#pre-shared-key address 192.0.2.1 key ?',
    'R1(conf-keyring)#pre-shared-key address 192.0.2.1 key 0 ?',
    'R1(conf-keyring)#pre-shared-key address 192.0.2.1 ?',
    ' key ?',
    'enable secret ?',
    'radius-server key ?',
    '  address   define shared key with IP address',
  ].map((line): readonly [string, string] => [line, line]),
  [' pre-shared-key hush?', ' pre-shared-key <key#1>'],
  // Commands that are set apart as comments or by a comparison.
  ...['! ', '!', '!! ', '# ', '#', '; ', '// ', '-- ', '-', '+', '+  ', ' -'].flatMap((mark) =>
    [
      'key hush',
      'key 7 hush',
      'crypto isakmp key hush address 192.0.2.1',
      'pre-shared-key address 192.0.2.1 key hush',
      'pre-shared-key local hush',
      'password hush',
      'group EZ key hush',
      'key-string hush',
    ].map((line): readonly [string, string] => [
      mark + line,
      mark + line.replace('hush', '<key#1>'),
    ]),
  ),
  ...[
    '! key points:',
    '! key exchange',
    '- key management',
    '! key ring of the hub is KR-A, group 14',
    '# password policy',
    '### Key Benefits:',
    '! the pre-shared keys follow',
    '! keyring KR-A for 192.0.2.1',
    '+crypto keyring KR-A vrf RED',
    '-crypto isakmp policy 10',
  ].map((line): readonly [string, string] => [line, line]),
  // What a search, a pager or a terminal program puts in front.
  ...[
    'r1.cfg:12:',
    './configs/r1.cfg-13-',
    'r1.cfg: ',
    ' --More--  ',
    '<--- More --->   ',
    '2024-03-01T10:00:01Z R1(config-isakmp-group)#',
    '[2024-03-01 10:00:01] R1(config-isakmp-group)#',
    '10:00:01.123 R1(config-isakmp-group)#',
  ].map((ahead): readonly [string, string] => [`${ahead}key hush`, `${ahead}key <key#1>`]),
  ['2024-03-01 10:00:01 the key exchange', '2024-03-01 10:00:01 the key exchange'],
  // More that quotes a command.
  ...[
    '    7     1        admin@vty0       | ',
    ' action 1.2 cli command "',
    '*Mar  1 00:00:01: %HA_EM-6-LOG: FIX : DEBUG(cli_lib) : : OUT : R1(config)#',
    '% Ambiguous command:  "',
  ].flatMap((ahead) =>
    ['key hush-1', 'crypto isakmp k hush-1 address 192.0.2.1', 'pre-shared-key local hush-1'].map(
      (line): readonly [string, string] => {
        const end = ahead.endsWith('"') ? '"' : '';
        return [ahead + line + end, ahead + line.replace('hush-1', '<key#1>') + end];
      },
    ),
  ),
  [
    '    3     1      unknown user@vty3     | key hush',
    '    3     1      unknown user@vty3     | key <key#1>',
  ],
  [
    '    3     1        admin@vty0       |crypto keyring KR',
    '    3     1        admin@vty0       |crypto keyring KR',
  ],
  // Shortened, or typed wrong and refused.
  ...[
    'cry isa k hush ad 192.0.2.1',
    'cr is ke 0 hush ho a.example',
    'crypto isakmp kye hush address 192.0.2.1',
    'crypto ikamp key hush address 192.0.2.1',
    'pre a 192.0.2.1 k hush',
    'preshared-key address 192.0.2.1 key hush',
    'pre-shared-key address 192.0.2.1 hush',
    'pre-shared-key address 192.0.2.0 255.255.255.0 hush',
  ].map((line): readonly [string, string] => [
    `R1(config)#${line}`,
    `R1(config)#${line.replace('hush', '<key#1>')}`,
  ]),
  ...[
    'R1(config)#crypto isakmp keepalive 10 address 192.0.2.1',
    'R1(config)#crypto isakmp identity address 192.0.2.1',
    'R1(conf-keyring)#pre-shared-key address 192.0.2.0 255.255.255.0',
    'R1(conf-keyring)#pre-shared-key address 192.0.2.1 key',
    'R1(config)#present the address of the hub key',
  ].map((line): readonly [string, string] => [line, line]),
  // The colours of a terminal, and hyphens of a page.
  [
    '\u001b[32mcrypto isakmp key\u001b[0m hush address 192.0.2.1',
    'crypto isakmp key <key#1> address 192.0.2.1',
  ],
  [' pre\u2013shared\u2013key local hush\u2013x', ' pre-shared-key local <key#1>'],
  // More commands and tables with secrets.
  ['ip msdp password peer 192.0.2.1 0 hush', 'ip msdp password peer 192.0.2.1 0 <key#1>'],
  ['enable secret level 5 0 hush', 'enable secret level 5 0 <key#1>'],
  ['snmp-server community clear hush RO', 'snmp-server community clear <key#1> RO'],
  [
    'snmp-server host 192.0.2.9 vrf MGMT version 2c hush',
    'snmp-server host 192.0.2.9 vrf MGMT version 2c <key#1>',
  ],
  [
    'snmp-server user a b auth md5 hush priv other localizedkey',
    'snmp-server user a b auth md5 <key#1> priv <key#2> localizedkey',
  ],
  ['Community name: hush', 'Community name: <key#1>'],
  ['user: hush\tsecurity model: v2c', 'user: <key#1>\tsecurity model: v2c'],
  ['user: ann\tsecurity model: v3 priv', 'user: ann\tsecurity model: v3 priv'],
  ['    key-octet-string 0 hush', '    key-octet-string 0 <key#1>'],
  [' ikev1 pre-shared-key 8 hush', ' ikev1 pre-shared-key 8 <key#1>'],
  ['crypto pki token usb0 user-pin hush', 'crypto pki token usb0 user-pin <key#1>'],
  ['crypto pki export T pem terminal 3des hush', 'crypto pki export T pem terminal 3des <key#1>'],
  ['R1#test aaa group radius ann hush new-code', 'R1#test aaa group radius ann <key#1> new-code'],
  ['New key: hush', 'New key: <key#1>'],
  ['RADIUS:  Tunnel-Password     [69]  21  hush', 'RADIUS:  Tunnel-Password     [69]  21  <key#1>'],
  ['"ipsec:ikev2-password-remote=hush"', '"ipsec:ikev2-password-remote=<key#1>"'],
  ['ipsec ike pre-shared-key 1 text hush', 'ipsec ike pre-shared-key 1 text <key#1>'],
  ['set ike gateway "G" preshare "hush" sec', 'set ike gateway "G" preshare <key#1> sec'],
  ['<pre-shared-key>hush</pre-shared-key>', '<pre-shared-key><key#1></pre-shared-key>'],
  ['<key>hush31</key>', '<key><key#1></key>'],
  ['<key>hostname</key><psk/>', '<key>hostname</key><psk/>'],
  // A key that people write behind its name.
  ...[
    'key = hush-31',
    'key: hush-31',
    'the key on R1 is hush-31.',
    'our key is "hush-31"',
    'pre-shared key "hush-31"',
    '| PSK | hush-31 |',
    'ike_key: hush-31',
  ].map((line): readonly [string, string] => [line, line.replace('hush-31', '<key#1>')]),
  ...[
    'key: 192.0.2.1',
    'the key on R1 is wrong',
    'the key of peer10 is missing',
    '| PSK | missing |',
    'key = aes-256',
    'takes the key of keyring KR-OLD1',
    'R1#show run | include isakmp key|pre-shared-1',
    'pre-shared key (group-14)',
    'group 14, same PSK | none-of-2 |',
  ].map((line): readonly [string, string] => [line, line]),
  // Without a key: the peer stands there.
  ...[
    'crypto isakmp key address 192.0.2.7',
    'crypto isakmp key  address 192.0.2.7 255.255.255.0',
    '! crypto isakmp key  address 192.0.2.7',
    '! crypto isakmp key address 192.0.2.7 missing here',
    'crypto isakmp key addr 192.0.2.7',
    'crypto isakmp key address ipv6 2001:db8::1/128',
    'crypto isakmp key hostname a.example',
    '# crypto isakmp key hostname a.example goes here',
    'R1(config)#crypto isakmp key hostname a.example',
    'crypto isakmp key address',
  ].map((line): readonly [string, string] => [line, line]),
  ['crypto isakmp key home sweet home', 'crypto isakmp key <key#1>'],
  ['crypto isakmp key admin 192.0.2.7', 'crypto isakmp key <key#1>'],
  ['crypto isakmp key hostname hostname a.example', 'crypto isakmp key <key#1> hostname a.example'],
  // Prose within a block, which begins as commands do.
  ...[
    '  profile, and the keyring used must be one of that profile. The keyring is',
    '  probably has another keyring in use',
    '  pre-built hubs are kept apart',
    '  priority host 192.0.2.1 keepalive 5',
    '  clock is kept by host ntp1',
  ].map((line): readonly [string, string] => [line, line]),
  ...[
    '  pre-sahred-key address 192.0.2.1 key hush',
    '  pre-sahred-key address 192.0.2.1 255.255.255.0 kye 6 hush',
    '  preshared-key hostname a.example key hush',
    '  pre-sahred-key address ipv6 2001:db8::1/128 key hush two',
  ].map((line): readonly [string, string] => [line, line.replace(/hush.*/, '<key#1>')]),
  // Sizes and names of algorithms.
  ...[
    'the RSA key is 2048-bit here',
    'the key is 16-char',
    'the pre-shared key is 16-char long',
    'the key is 1024bits long',
    'key: 32-byte',
    'host key: ssh-ed25519',
    'host key: ecdsa-sha2-nistp256',
    'key exchange key: curve25519-sha256',
    'key: x25519',
    'key = ed25519',
    'key: secp256r1',
  ].map((line): readonly [string, string] => [line, line]),
  // Keys that are mixed in after the exchange (RFC 8784).
  ['  ppk manual id X key hush', '  ppk manual id X key <key#1>'],
  ['  ppk manual id X key 6 hush required', '  ppk manual id X key 6 <key#1> required'],
  ['  ppk manual id X key hex 0011 required', '  ppk manual id X key hex <key#1> required'],
  [
    'R1(config-ikev2-keyring-peer)#ppk man id X k hush',
    'R1(config-ikev2-keyring-peer)#ppk man id X k <key#1>',
  ],
  ['  ppk manual id X key 6 ?', '  ppk manual id X key 6 ?'],
  ['enable secret on', 'enable secret <key#1>'],
  ['  ppk dynamic SKS required', '  ppk dynamic SKS required'],
  // What opens the keys of a certificate.
  ...[
    'crypto pki import TP pem terminal hush',
    'crypto pki import TP pem exportable usage-keys terminal hush',
    'R1(config)#crypto ca import TP pem url flash: hush',
    'cry pki imp TP pem url nvram:tp hush',
    'crypto pki import TP pem terminal password hush',
    'crypto ca import TP pkcs12 hush',
    'crypto ca export TP pkcs12 hush',
    'crypto ca import TP pkcs12 hush nointeractive',
  ].map((line): readonly [string, string] => [line, line.replace('hush', '<key#1>')]),
  ...[
    'crypto pki import TP pem terminal',
    'crypto pki import TP pem url flash:',
    'crypto pki import TP pkcs12 terminal',
    'crypto pki import TP certificate',
  ].map((line): readonly [string, string] => [line, line]),
  // With the place that the key is of between its name and itself.
  ...[
    '| password | hush-31 |',
    '| Passphrase | hush-31 |',
    'the psk on R1 is hush-31',
    'The PSK for 192.0.2.1 is hush-31.',
    'the password on R1 is hush-31',
    'the key between R1 and R2 is hush-31',
    'key for the tunnel is hush-31',
    'key on both routers is "hush-31"',
    'pre-shared key for 192.0.2.1: hush-31',
    'pre-shared key for 2001:db8::1: hush-31',
    'PSK between HQ & branch = hush-31',
    'the shared secret for R1 is hush-31',
    'the enable secret on R1 is hush-31',
    'the pre-shared-key of both is hush-31',
  ].map((line): readonly [string, string] => [line, line.replace('hush-31', '<key#1>')]),
  ...[
    'the psk on R1 is missing',
    'the password on R1 is case-sensitive',
    '| password | missing |',
    '| user | password |',
    'key for the tunnel is aes-256',
    'key between R1 and R2 is 2048-bit',
    'Found matching key in keyring: KR-OLD1',
    'pre-shared key for 192.0.2.1: 192.0.2.2',
    'the psk and the identity of R1',
    'We set the pre-shared-key on both routers',
    'the shared secret of both is wrong',
    'reason = Invalid password : local database',
  ].map((line): readonly [string, string] => [line, line]),
];

describe('maskSecrets', () => {
  it.each(cases)('%s', (line, shown) => {
    expect(maskSecrets(line, createSecretTokens())).toBe(shown);
  });

  it('looks closer at every line in which a pattern finds something', () => {
    // Words of a pattern in their order, some left out, with something between some of them.
    const between = fc.constantFrom('', ' hush', ' 7', ' 192.0.2.1');
    const line = fc.constantFrom(...SECRETS).chain(({ source }) =>
      fc
        .subarray(source.replace(/\\.|\[.*?\]/g, ' ').match(/[a-z][a-z0-9-]*/gi) ?? [], {
          minLength: 1,
        })
        .chain((words) => fc.tuple(...words.map((word) => between.map((more) => word + more))))
        .map((parts) => `${parts.join(' ')} hush`),
    );
    const found = new Set<RegExp>(
      SECRETS.filter((pattern) =>
        cases.some(([text]) => pattern.test(text.slice(markedStart(text).start))),
      ),
    );
    for (const [text, shown] of cases) if (text !== shown) expect(text).toMatch(MAY_HOLD_SECRET);
    fc.assert(
      fc.property(line, (line) => {
        for (const pattern of SECRETS) {
          if (!pattern.test(line)) continue;
          found.add(pattern);
          expect(line).toMatch(MAY_HOLD_SECRET);
        }
      }),
      { seed: 20260714, numRuns: 100_000 },
    );
    expect(SECRETS.filter((pattern) => !found.has(pattern))).toEqual([]);
  });

  it.each([
    '> ',
    '12: ',
    '   12 : ',
    '12  ',
    '12 | ',
    '| ',
    '> 12. ',
    '[10:11:12] ',
    '[10:11:12.123] ',
    'R1#',
    'R1(config-keyring)# ',
    '> R1>',
  ])('masks behind what was put in front of a line: %j', (frame) => {
    for (const line of [
      'crypto isakmp key hush address 192.0.2.1',
      ' pre-shared-key address 192.0.2.1 key hush',
      ' pre- ad 192.0.2.1 k hush',
      ' key hush',
      'group EZ key 6 hush',
      ' standby 1 authentication hush',
      ' secret hush',
    ])
      expect(maskSecrets(frame + line, createSecretTokens())).toBe(
        frame + line.replace('hush', '<key#1>'),
      );
    expect(maskKeyRow(`${frame}default  192.0.2.9  hush`, createSecretTokens())).toBe(
      `${frame}default  192.0.2.9  <key#1>`,
    );
  });

  it('looks at a line in time that grows with it', () => {
    for (const filler of ['@', 'a@', 'crypto pki export a pem a ', 'k ', '-', '| psk ', '<key>1a'])
      for (const head of ['1 1 ', 'pre a ', 'the key '])
        maskSecrets(head + filler.repeat(30_000), createSecretTokens());
  });

  it('masks lines by the million as it masks one', () => {
    const mask = createLineMask(createSecretTokens());
    const token = createSecretTokens();
    for (let i = 0; i < 3000; i++) {
      const lines = [
        `crypto isakmp key hush-${i % 1300} address 192.0.2.1`,
        'Found ADDRESS key in keyring WAN-KR',
        'processing NONCE payload. message ID = 0',
      ];
      for (const line of lines) expect(mask(line)).toBe(maskSecrets(line, token));
    }
  });

  it('masks the rows of the key table', () => {
    const token = createSecretTokens();
    expect(maskKeyRow('default      0.0.0.0        [0.0.0.0]     hush', token)).toBe(
      'default      0.0.0.0        [0.0.0.0]     <key#1>',
    );
    expect(maskKeyRow('             192.0.2.9                    other', token)).toBe(
      '             192.0.2.9                    <key#2>',
    );
  });

  it.each([
    'ASA(config)# tunnel-group 192.0.2.1 ipsec-attributes',
    'R1(config-router)#neighbor 192.0.2.7 route-reflector-client',
    'R1#ping 192.0.2.7 repeat',
    'tunnel-group 192.0.2.1 ipsec-attributes',
    ' address 192.0.2.1 255.255.255.0',
  ])('takes no command for such a row: %s', (line) => {
    expect(maskKeyRow(line, createSecretTokens())).toBe(line);
  });

  it.each([
    ['a place again and again', `psk on${' a'.repeat(100_000)}`],
    ['a name with its place again and again', 'psk on a '.repeat(20_000)],
    ['a key and blanks', ` username x secret 5 y${' '.repeat(100_000)}`],
    ['a word again and again', 'psk:'.repeat(50_000)],
    ['the name of a variable', `event manager environment ${'pw'.repeat(50_000)}!`],
    ['words that lead to a key', 'crypto isakmp key '.repeat(5000)],
    ['blanks within a key', `crypto isakmp key a${' '.repeat(200_000)}x`],
    ['blanks behind a user', `username${' '.repeat(200_000)}secret`],
    ['blanks behind an algorithm', `encryption${' '.repeat(200_000)}key x`],
    ['blanks behind what was cut off', `$word${' '.repeat(200_000)}key 0`],
    ['blanks before a question', `key x${' '.repeat(200_000)}?`],
    ['a question again and again', `key x${' ?'.repeat(100_000)}`],
    ['marks of a comment', `${'!'.repeat(200_000)} key 0`],
    ['an element that is not closed', `<key>${'<psk>'.repeat(40_000)}`],
    ['blanks in a sentence', `the password is${' '.repeat(200_000)}wrong`],
  ])('gets through hostile lines: %s', (_, line) => {
    expect(maskSecrets(line, () => 'y').length).toBeLessThanOrEqual(line.length);
    expect(maskKeyRow(`${':'.repeat(200_000)}!`, () => 'y')).not.toContain('y');
  });

  it('gives equal secrets equal tokens, in the order told beforehand', () => {
    const token = createSecretTokens(['b', 'a', 'b']);
    expect([token('a'), token('b'), token('c'), token('a')]).toEqual([
      '<key#2>',
      '<key#1>',
      '<key#3>',
      '<key#2>',
    ]);
  });
});
