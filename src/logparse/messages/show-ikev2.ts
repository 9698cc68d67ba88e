import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** Output of `show crypto ikev2 sa` and `show crypto ikev2 session`. */
export const showIkev2Messages: readonly MessageSpec[] = defineMessages('bare', [
  {
    id: 'show-ikev2-title',
    pattern: '<IPv4|IPv6> Crypto IKEv2 <SA|Session>',
    means: 'output of show crypto ikev2 sa or show crypto ikev2 session',
    samples: ['IPv4 Crypto IKEv2  SA', 'IPv6 Crypto IKEv2 Session'],
    bare: true,
  },
  {
    id: 'show-ikev2-session',
    pattern:
      'Session-id:{session:n}, Status:{status:name}, IKE count:{ikeSas:n}, CHILD count:{childSas:n}',
    means: 'one session and its SAs',
    samples: ['Session-id:1, Status:UP-ACTIVE, IKE count:1, CHILD count:1'],
    bare: true,
  },
  {
    id: 'show-ikev2-header',
    pattern: 'Tunnel-id Local Remote fvrf/ivrf Status',
    forms: ['Tunnel-id fvrf/ivrf Status'],
    means: 'columns of show crypto ikev2 sa',
    samples: [
      'Tunnel-id Local                 Remote                fvrf/ivrf            Status',
      'Tunnel-id    fvrf/ivrf              Status',
    ],
    bare: true,
  },
  {
    id: 'show-ikev2-sa',
    pattern:
      '{tunnel:n} {local:ip}/{localPort:n} {remote:ip}/{remotePort:n} {fvrf:name}/{ivrf:name} {status:name}',
    forms: ['{tunnel:n} {fvrf:name}/{ivrf:name} <READY|IN-NEG|DELETE>'],
    means: 'one IKEv2 SA',
    samples: [
      '1         192.0.2.1/500         192.0.2.7/500         none/none            READY',
      '2    none/none     IN-NEG',
    ],
    bare: true,
  },
  {
    id: 'show-ikev2-local',
    pattern: 'Local {local:ip}/{localPort:n}',
    means: 'own address of an IKEv2 SA over IPv6',
    samples: ['Local  2001:db8::1/500'],
    unconfirmed: true,
    bare: true,
  },
  {
    id: 'show-ikev2-remote',
    pattern: 'Remote {remote:ip}/{remotePort:n}',
    means: 'address of the peer of an IKEv2 SA over IPv6',
    samples: ['Remote  2001:db8::7/500'],
    unconfirmed: true,
    bare: true,
  },
  {
    id: 'show-ikev2-agreed',
    pattern:
      'Encr: {encryption:text},[ PRF: {prf:name},] Hash: {hash:name}, DH Grp:{group:n}, Auth sign: {sign:name}, Auth verify: {verify:name}',
    means: 'what was agreed',
    samples: [
      'Encr: AES-CBC, keysize: 256, PRF: SHA1, Hash: SHA96, DH Grp:2, Auth sign: PSK, Auth verify: PSK',
      'Encr: AES-CBC, keysize: 256, Hash: SHA96, DH Grp:5, Auth sign: RSA, Auth verify: RSA',
    ],
    bare: true,
  },
  {
    id: 'show-ikev2-time',
    pattern: 'Life/Active Time: {life:n}/{active:n} sec',
    means: 'lifetime of the SA and its age',
    samples: ['Life/Active Time: 86400/192 sec'],
    bare: true,
  },
  {
    id: 'show-ikev2-child',
    pattern: 'Child sa: local selector {from:name} - {to:name}',
    means: 'what is protected on this side',
    samples: ['Child sa: local selector  10.1.0.0/0 - 10.1.255.255/65535'],
    bare: true,
  },
  {
    id: 'show-ikev2-child-remote',
    pattern: 'remote selector {from:name} - {to:name}',
    means: 'what is protected on the other side',
    samples: ['remote selector 10.2.0.0/0 - 10.2.255.255/65535'],
    bare: true,
  },
  {
    id: 'show-ikev2-child-spi',
    pattern: 'ESP spi in/out: {in:hex}/{out:hex}',
    means: 'SPIs of the IPsec SA',
    samples: ['ESP spi in/out: 0x1C2D3E4F/0xD1B2C3A4'],
    bare: true,
  },
  {
    id: 'show-ikev2-spi',
    pattern: 'Local spi: {own:hex} Remote spi: {theirs:hex}',
    means: 'SPIs of the IKE SA',
    samples: ['Local spi: 0123456789ABCDEF       Remote spi: FEDCBA9876543210'],
    unconfirmed: true,
    bare: true,
  },
  {
    id: 'show-ikev2-id',
    pattern: 'Local id: {local:text}',
    forms: ['Remote id: {remote:text}'],
    means: 'identity of a side',
    samples: ['Local id: 192.0.2.1', 'Remote id: r2.example.net'],
    unconfirmed: true,
    bare: true,
  },
  {
    id: 'show-ikev2-reason',
    pattern: 'Status Description: {status:text}',
    means: 'how far the SA is',
    samples: ['Status Description: Negotiation done'],
    unconfirmed: true,
    bare: true,
  },
  {
    id: 'show-ikev2-counter',
    pattern:
      'Local <req msg id|next msg id|req queued|window>: {local:n} Remote <req msg id|next msg id|req queued|window>: {remote:n}',
    forms: ['CE id: {engineId:n}, Session-id: {session:n}'],
    means: 'numbers of messages',
    samples: [
      'Local req msg id:  2              Remote req msg id:  4',
      'Local window:      5              Remote window:      5',
      'CE id: 1005, Session-id: 3',
    ],
    unconfirmed: true,
    bare: true,
  },
  {
    id: 'show-ikev2-option',
    pattern: 'DPD configured for {seconds:n} seconds, retry {retry:n}',
    forms: [
      'Fragmentation {fragmentation:text}configured.',
      'Extended Authentication {eap:text}configured.',
      'NAT-T is {nat:text}',
      'Cisco Trust Security SGT is {sgt:name}',
      'Initiator of SA : {initiator:name}',
    ],
    means: 'an option of the SA',
    samples: [
      'DPD configured for 10 seconds, retry 3',
      'Fragmentation not configured.',
      'Extended Authentication not configured.',
      'NAT-T is not detected',
      'Cisco Trust Security SGT is disabled',
      'Initiator of SA : Yes',
    ],
    unconfirmed: true,
    bare: true,
  },
]);
