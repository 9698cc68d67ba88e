import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** Output of `show crypto isakmp sa detail`, of its form for IPv6, of the counts of SAs and of `show crypto engine`. */
export const showSaMessages: readonly MessageSpec[] = defineMessages('bare', [
  {
    id: 'show-sa-detail-header',
    pattern: 'C-id Local Remote[ I-VRF][ Status] Encr Hash Auth DH Lifetime[ Cap.]',
    means: 'columns of show crypto isakmp sa detail',
    samples: [
      'C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.',
    ],
    bare: true,
  },
  {
    id: 'show-sa-detail',
    pattern:
      '{connId:n} {local:ip} {remote:ip}[ {vrf:name}] {status:state} {encryption:name} {hash:name} {auth:name} {group:n} {lifetime:name}[ {capabilities:name}]',
    means: 'one ISAKMP SA with what was agreed',
    samples: [
      '1013  192.0.2.2       192.0.2.1              ACTIVE aes  sha384 psk  14 23:47:45 N',
      '1001  192.0.2.2       192.0.2.1       RED    ACTIVE 3des sha    rsig 2  23:59:53',
    ],
    bare: true,
  },
  {
    id: 'show-sa-engine',
    pattern: 'Engine-id:Conn-id = {engine:name}[ (deleted)]',
    means: 'connection of the crypto engine',
    samples: ['Engine-id:Conn-id =  SW:13', 'Engine-id:Conn-id =  ???   (deleted)'],
    bare: true,
  },
  {
    id: 'show-sa-codes',
    pattern: 'Codes: {letter:name} - {meaning:text}',
    forms: ['renc - RSA encryption'],
    means: 'legend of show crypto isakmp sa detail',
    samples: [
      'Codes: N - NAT-traversal',
      'Codes: C - IKE configuration mode, D - Dead Peer Detection',
      'renc - RSA encryption',
    ],
    bare: true,
  },
  {
    id: 'show-sa-dst',
    pattern: 'dst: {responder:ip}',
    means: 'responder of an ISAKMP SA over IPv6',
    samples: ['dst: 2001:db8::7'],
    bare: true,
  },
  {
    id: 'show-sa-src',
    pattern: 'src: {initiator:ip}',
    means: 'initiator of an ISAKMP SA over IPv6',
    samples: ['src: 2001:db8::1'],
    bare: true,
  },
  {
    id: 'show-sa-state',
    pattern: 'state: {state:state} conn-id: {connId:n}[ slot: {slot:n}] status: {status:text}',
    means: 'state of an ISAKMP SA over IPv6',
    samples: [
      'state: QM_IDLE         conn-id:   1003 status: ACTIVE',
      'state: QM_IDLE         conn-id:   1003 slot: 0 status: ACTIVE',
    ],
    bare: true,
  },
  {
    id: 'show-sa-none',
    pattern: 'No SAs found',
    means: 'there is no IPsec SA',
    samples: ['No SAs found'],
    bare: true,
  },
  {
    id: 'show-sa-count',
    pattern: "Active ISAKMP SA's: {active:n}",
    forms: [
      "Standby ISAKMP SA's: {standby:n}",
      "Currently being negotiated ISAKMP SA's: {negotiating:n}",
      "Dead ISAKMP SA's: {dead:n}",
    ],
    means: 'how many ISAKMP SAs there are',
    samples: [
      "Active ISAKMP SA's: 0",
      "Standby ISAKMP SA's: 0",
      "Currently being negotiated ISAKMP SA's: 0",
      "Dead ISAKMP SA's: 0",
    ],
    bare: true,
  },
  {
    id: 'show-ipsec-count',
    pattern:
      'IPsec SA total: {total:n}, active: {active:n}, rekeying: {rekeying:n}, unused: {unused:n}, invalid: {invalid:n}',
    means: 'how many IPsec SAs there are',
    samples: ['IPsec SA total: 0, active: 0, rekeying: 0, unused: 0, invalid: 0'],
    bare: true,
  },
  {
    id: 'show-engine-title',
    pattern: 'Crypto Engine Connections',
    means: 'output of show crypto engine connections active',
    samples: ['Crypto Engine Connections'],
    bare: true,
  },
  {
    id: 'show-engine-header',
    pattern: 'ID~Type Algorithm Encrypt Decrypt[ LastSeqN] IP-Address',
    forms: [
      'ID~Interface[ Type] IP-Address State Algorithm Encrypt Decrypt',
      'ID~Interface Type Algorithm Encrypt Decrypt IP-Address',
    ],
    means: 'columns of show crypto engine connections active',
    samples: [
      'ID Interface  Type   Algorithm           Encrypt  Decrypt IP-Address',
      'ID  Type    Algorithm           Encrypt  Decrypt LastSeqN IP-Address',
      'ID Interface         IP-Address      State  Algorithm           Encrypt  Decrypt',
    ],
    bare: true,
  },
  {
    id: 'show-engine',
    pattern:
      '{engineId:n} <IPsec|IKE> {algorithm:name} {encrypted:n} {decrypted:n}[ {sequence:n}] {address:ip}',
    forms: [
      '{engineId:n} {interface:name} {address:ip} set {algorithm:name} {encrypted:n} {decrypted:n}',
      '{engineId:n} {interface:name} <IPsec|IKE> {algorithm:name} {encrypted:n} {decrypted:n} {address:ip}',
    ],
    means:
      'packets of one connection of the crypto engine; those decrypted belong to one direction, those encrypted to the other',
    samples: [
      '1  IPsec   AES256+SHA512             0        5        6 192.0.2.1',
      '1001  IKE     SHA256+AES256             0        0        0 192.0.2.1',
      '2000 Ethernet0/0 192.0.2.1 set HMAC_SHA+DES_56_CB 0 5',
      '1 Tu1        IPsec  AES+SHA                   0        9 192.0.2.1',
    ],
    bare: true,
  },
]);
