import { serviceNamePatterns, type NamePattern } from './service-names.ts';

export const namePatterns: readonly NamePattern[] = [
  ...serviceNamePatterns,
  { pattern: /^\s*hostname (\S+)/, sample: 'hostname EDGE-A', names: ['EDGE-A'] },
  {
    pattern: /^\s*ip domain[- ]name (?:vrf \S+ )?(\S+)/,
    sample: 'ip domain name corp.example',
    names: ['corp.example'],
  },
  {
    pattern: /^\s*crypto keyring (\S+)(?: vrf (\S+))?/,
    sample: 'crypto keyring KR-A vrf RED',
    names: ['KR-A', 'RED'],
  },
  {
    pattern: /^\s*crypto isakmp profile (\S+)/,
    sample: 'crypto isakmp profile PROF-A',
    names: ['PROF-A'],
  },
  {
    pattern: /^\s*crypto ikev2 (?:keyring|profile|proposal|policy) (\S+)/,
    sample: 'crypto ikev2 profile V2-A',
    names: ['V2-A'],
  },
  {
    pattern: /^\s*crypto ipsec (?:profile|transform-set) (\S+)/,
    sample: 'crypto ipsec transform-set TS-A esp-aes',
    names: ['TS-A'],
  },
  {
    pattern: /^\s*crypto (?:dynamic-map|map) (\S+)/,
    sample: 'crypto map CMAP-A 10 ipsec-isakmp',
    names: ['CMAP-A'],
  },
  {
    pattern: /^\s*crypto (?:pki|ca) (?:trustpoint|certificate chain|certificate map) (\S+)/,
    sample: 'crypto pki trustpoint TP-A',
    names: ['TP-A'],
  },
  {
    pattern: /^\s*crypto isakmp client configuration group (\S+)/,
    sample: 'crypto isakmp client configuration group STAFF',
    names: ['STAFF'],
  },
  {
    pattern: /\bdynamic (\S+)\s*$/,
    sample: 'crypto map M 10 ipsec-isakmp dynamic DYN-A',
    names: ['DYN-A'],
  },
  {
    pattern: /^\s*keyring (?:local )?(\S+)(?: (\S+))?\s*$/,
    sample: ' keyring KR-A KR-B',
    names: ['KR-A', 'KR-B'],
  },
  {
    pattern: /^\s*set (?:isakmp-profile|ikev2-profile) (\S+)/,
    sample: ' set isakmp-profile PROF-A',
    names: ['PROF-A'],
  },
  {
    pattern: /^\s*set transform-set (\S+)(?: (\S+))?(?: (\S+))?/,
    sample: ' set transform-set TS-A TS-B',
    names: ['TS-A', 'TS-B'],
  },
  {
    pattern: /^\s*(?:ca trust-point|pki trustpoint) (\S+)/,
    sample: '   ca trust-point TP-A',
    names: ['TP-A'],
  },
  {
    pattern:
      /^\s*tunnel protection ipsec profile (\S+)(?: isakmp-profile (\S+)| ikev2-profile (\S+))?/,
    sample: ' tunnel protection ipsec profile IP-A',
    names: ['IP-A'],
  },
  {
    pattern:
      /\b(?:ip vrf|vrf definition|vrf forwarding|ip vrf forwarding|tunnel vrf) (?!forwarding )(\S+)/,
    sample: ' ip vrf forwarding RED',
    names: ['RED'],
  },
  {
    pattern: /^\s*(?:match fvrf|vrf|client vrf) (\S+)\s*$/,
    sample: ' match fvrf RED',
    names: ['RED'],
  },
  { pattern: /^\s*peer (\S+)\s*$/, sample: ' peer SPOKE-1', names: ['SPOKE-1'] },
  {
    pattern: /^\s*match (?:address|access-list|certificate) (\S+)/,
    sample: ' match address VPN-ACL',
    names: ['VPN-ACL'],
  },
  {
    pattern: /^\s*ip access-list (?:extended|standard) (\S+)/,
    sample: 'ip access-list extended VPN-ACL',
    names: ['VPN-ACL'],
  },
  {
    pattern:
      /^\s*match identity (?:remote )?(?:fqdn|host|user|user-fqdn|email|group|key-id)(?: domain)? (\S+)/,
    sample: ' match identity host domain corp.example',
    names: ['corp.example'],
  },
  {
    pattern: /^\s*(?:self-identity|identity local) (?:fqdn|user-fqdn|email|key-id)(?: (\S+))?/,
    sample: ' self-identity fqdn edge.corp.example',
    names: ['edge.corp.example'],
  },
  {
    pattern: /^\s*pre-shared-key hostname (\S+)/,
    sample: '  pre-shared-key hostname spoke.corp.example key <key#1>',
    names: ['spoke.corp.example'],
  },
  {
    pattern: /\bkey \S+(?: \S+)? hostname (\S+)/,
    sample: 'crypto isakmp key <key#1> hostname spoke.corp.example',
    names: ['spoke.corp.example'],
  },
  { pattern: /^\s*fqdn (\S+)/, sample: ' fqdn edge.corp.example', names: ['edge.corp.example'] },
  { pattern: /^\s*username (\S+)/, sample: 'username alice privilege 15', names: ['alice'] },
  {
    pattern: /^\s*description (\S.*\S)\s*$/,
    sample: ' description to the Berlin office',
    names: ['to the Berlin office'],
  },
  {
    pattern: /^\s*ip host (?:vrf \S+ )?(\S+)/,
    sample: 'ip host corp-db 192.0.2.9',
    names: ['corp-db'],
  },
  {
    pattern: /^\s*snmp-server (?:location|contact|chassis-id) (\S.*\S)\s*$/,
    sample: 'snmp-server location Main Street 1',
    names: ['Main Street 1'],
  },
  {
    pattern: /^\s*(?:access-list \d+ |\d+ )?remark (\S.*\S)\s*$/,
    sample: 'access-list 101 remark hosts of the plant',
    names: ['hosts of the plant'],
  },
  {
    pattern: /^\s*neighbor \S+ description (\S.*\S)\s*$/,
    sample: ' neighbor 192.0.2.1 description carrier north',
    names: ['carrier north'],
  },
  {
    pattern: /^\s*aaa group server \S+ (\S+)/,
    sample: 'aaa group server radius RAD-A',
    names: ['RAD-A'],
  },
  {
    pattern: /%[A-Z]\w*-\d-\w+: .*\bby (\S+) on /,
    sample: '%SYS-5-CONFIG_I: Configured from console by alice on vty0 (192.0.2.9)',
    names: ['alice'],
  },
  {
    pattern: /\[user: ?([^\]\s]+)\]/i,
    sample: '%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: alice] [Source: 192.0.2.9]',
    names: ['alice'],
  },
  {
    pattern: /(?<![\w.@+-])([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?![\w@-])/,
    sample: 'a new line about alice@corp.example',
    names: ['alice@corp.example'],
  },
  {
    // Three labels or more, the last of letters: a domain name, and neither a number nor a file.
    pattern: /(?<![\w.@/:-])((?:[A-Za-z0-9_-]{1,63}\.){2,8}[A-Za-z]{2,24})(?![\w@-]|\.\w)/,
    sample: 'no key for edge.corp.example (192.0.2.9)',
    names: ['edge.corp.example'],
  },
  {
    pattern: /key in keyring (\S+)/,
    sample: 'ISAKMP:(0):Found ADDRESS key in keyring KR-A',
    names: ['KR-A'],
  },
  {
    pattern: /^.*?\bkey for \S+ (?:found|not available) in (\S+)/,
    sample: 'ISAKMP:(0):key for 192.0.2.1 found in KR-A',
    names: ['KR-A'],
  },
  {
    pattern: /Matched peer block '?([^'\s]+)/,
    sample: "IKEv2:% Matched peer block 'SPOKE-1'",
    names: ['SPOKE-1'],
  },
  {
    pattern: /SA request profile is (\S+)/,
    sample: 'ISAKMP:(0): SA request profile is PROF-A',
    names: ['PROF-A'],
  },
  {
    pattern: /peer matches (\S+) profile/,
    sample: 'ISAKMP:(0):: peer matches PROF-A profile',
    names: ['PROF-A'],
  },
  {
    pattern: /Looking for xauth in profile (\S+)/,
    sample: 'ISAKMP : Looking for xauth in profile PROF-A',
    names: ['PROF-A'],
  },
  {
    pattern: /Found IKEv2 profile '(\S+)'|IKEv2 profile (\S+) selected/,
    sample: "Found matching Found IKEv2 profile 'V2-A'",
    names: ['V2-A'],
  },
  {
    pattern: /^\s*(?:FQDN|USER FQDN|Email) ?(?:name)?\s*:\s*(\S+)/i,
    sample: '\tFQDN name    : edge.corp.example',
    names: ['edge.corp.example'],
  },
  {
    pattern: /^([A-Za-z][\w.-]*)(?:\([\w-]+\))?[#>]/,
    sample: 'EDGE-A(config)#end',
    names: ['EDGE-A'],
  },
  {
    pattern: /(?:dport \d+ sport \d+ )(\S+) \([INR]\)/,
    sample: 'received packet from 192.0.2.1 dport 500 sport 500 RED (R) MM_NO_STATE',
    names: ['RED'],
  },
  {
    pattern: /^\s*subject-name (\S.*\S)\s*$/,
    sample: ' subject-name cn=R1,o=Kestrel Works',
    names: ['cn=R1,o=Kestrel Works'],
  },
  {
    pattern:
      /\b((?:cn|ou|o|hostname|unstructuredName)=[^\s,;"'()]+(?:,[ ]?(?:cn|ou|o|c|l|st|dc|e|hostname)=[^\s,;"'()]+){0,12})/i,
    sample: 'peer wants cert issued by cn=CA-NORTH,o=Works',
    names: ['cn=CA-NORTH,o=Works'],
  },
  {
    pattern: /\btrustpoint (\S+?)(?:'s)?(?: |$)/,
    sample: 'Choosing trustpoint TP-NORTH as issuer',
    names: ['TP-NORTH'],
  },
  {
    pattern: /\busing the (\S+) trustpoint/,
    sample: 'ISAKMP:(1): using the TP-NORTH trustpoint to sign',
    names: ['TP-NORTH'],
  },
];

/** Words of the syntax and of our own sentences. A name that equals one tells nobody anything, and stays. */
export const ordinaryWords: ReadonlySet<string> = new Set(
  [
    'a all an and any at by default false for from global host if in is it local mode no none not of off on one or peer self the this to true unknown up was with',
    'address aes auth authentication capture certificate client config configuration crypto debug decision des description domain dynamic encryption esp evidence exchange failed failure finding frame fqdn group hash identity ike ikev1 ikev2 initiator interface ip ipsec ipsec-isakmp isakmp isakmp-profile key keyring keys line local log main map match md5 mm1 mm2 mm3 mm4 mm5 mm6 network note null octet packet permit phase1 phase2 pki policy pre-share pre-shared-key profile proposal qm1 qm2 received remote responder router rsa-sig sent set sha sha256 show sim tag transform transform-set trustpoint tunnel udp user verification vrf warning wire',
  ]
    .join(' ')
    .split(' '),
);
