import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** Output of `show crypto map` and `show crypto ipsec transform-set`. */
export const showMapMessages: readonly MessageSpec[] = defineMessages('bare', [
  {
    id: 'show-map',
    pattern: 'Crypto Map[ <IPv4|IPv6>] "{map:name}" {sequence:n} {kind:text}',
    means: 'one entry of a crypto map',
    samples: [
      'Crypto Map IPv4 "MAP-A" 10 ipsec-isakmp',
      'Crypto Map "Tunnel0-head-0" 65536 ipsec-isakmp',
    ],
    bare: true,
  },
  {
    id: 'show-map-peer',
    pattern: 'Peer = {peer:ip}[ Default]',
    forms: ['Current peer: {peer:ip}'],
    means: 'peer of the entry',
    samples: ['Peer = 192.0.2.7', 'Peer = 192.0.2.7 Default', 'Current peer: 192.0.2.7'],
    bare: true,
  },
  {
    id: 'show-map-list',
    pattern: 'Extended <IP|IPv6> access list[ {list:name}]',
    means: 'access list of the entry',
    samples: ['Extended IP access list TO-DC', 'Extended IP access list'],
    bare: true,
  },
  {
    id: 'show-map-line',
    pattern: 'access-list[ {list:name}] <permit|deny> {rule:text}',
    means: 'traffic that the entry protects',
    samples: [
      'access-list TO-DC permit ip host 10.1.0.1 host 10.2.0.1',
      'access-list  permit gre host 192.0.2.1 host 192.0.2.7',
    ],
    bare: true,
  },
  {
    id: 'show-map-life',
    pattern: 'Security association lifetime: {kilobytes:n} kilobytes/{seconds:n} seconds',
    means: 'lifetime of IPsec SAs',
    samples: ['Security association lifetime: 4608000 kilobytes/3600 seconds'],
    bare: true,
  },
  {
    id: 'show-map-idle',
    pattern: 'Security association idletime: {seconds:n} seconds',
    means: 'idle IPsec SAs end after this time',
    samples: ['Security association idletime: 900 seconds'],
    bare: true,
  },
  {
    id: 'show-map-option',
    pattern: 'Responder-Only (Y/N): {responderOnly:name}',
    forms: [
      'Mixed-mode~: {mixed:name}',
      'PFS (Y/N): {pfs:name}',
      'DH group: {group:name}',
      'Description: {description:text}',
      'Map is a PROFILE INSTANCE.',
    ],
    means: 'an option of the entry',
    samples: [
      'Responder-Only (Y/N): N',
      'Mixed-mode : Disabled',
      'PFS (Y/N): N',
      'DH group:  group14',
      'Description: to the data centre',
      'Map is a PROFILE INSTANCE.',
    ],
    bare: true,
  },
  {
    id: 'show-map-profile',
    pattern: '<ISAKMP|IKEv2> Profile: {profile:name}',
    forms: [
      'Profile name: {profile:name}',
      'Crypto Map: "{map:name}" IKEv2 profile: {profile:name}',
      'Crypto Map: "{map:name}" idb: {interface:name} local address: {local:ip}',
    ],
    means: 'profile that the entry demands, or was made from',
    samples: [
      'ISAKMP Profile: TO-DC',
      'Profile name: PROF-A',
      'Crypto Map: "Tunnel0-head-0" IKEv2 profile: TO-DC',
      'Crypto Map: "Tunnel0-head-0" idb: FastEthernet0/0 local address: 192.0.2.1',
    ],
    bare: true,
  },
  {
    id: 'show-map-sets',
    pattern: 'Transform sets=\\{',
    means: 'transform sets of the entry follow',
    samples: ['Transform sets={'],
    bare: true,
  },
  {
    id: 'show-map-set',
    pattern: '{set:name}: \\{ {transforms:list}\\} ,',
    means: 'a transform set of the entry',
    samples: ['STRONG:  { esp-192-aes esp-sha-hmac  } ,'],
    bare: true,
  },
  {
    id: 'show-map-interfaces',
    pattern: 'Interfaces using crypto map {map:name}:',
    means: 'interfaces of the crypto map follow',
    samples: ['Interfaces using crypto map MAP-A:'],
    bare: true,
  },
  {
    id: 'show-map-interface',
    pattern:
      '<Ethernet|FastEthernet|GigabitEthernet|TenGigabitEthernet|Serial|Tunnel|Loopback|Dialer|Vlan|Port-channel|BVI|Cellular|ATM|Multilink|Virtual-Template|Virtual-Access>{number:name}',
    means: 'an interface that a crypto map is applied to',
    samples: ['Ethernet0/0', 'GigabitEthernet0/0/1', 'Tunnel1'],
    bare: true,
  },
  {
    id: 'show-transform',
    pattern: 'Transform set {set:name}: \\{[ \\{] {transforms:list}\\}',
    means: 'one transform set',
    samples: [
      'Transform set STRONG: { esp-192-aes esp-sha-hmac  }',
      'Transform set STRONG: {    { esp-aes esp-sha-hmac  }',
    ],
    bare: true,
  },
  {
    id: 'show-transform-mode',
    pattern: 'will negotiate = \\{ {mode:list}\\},',
    means: 'mode of the transform set',
    samples: ['will negotiate = { Tunnel,  },'],
    bare: true,
  },
]);
