import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** `debug crypto ipsec` and the crypto map data base. */
export const ipsecMessages: readonly MessageSpec[] = defineMessages('ipsec', [
  {
    id: 'ipsec-sa-request',
    pattern: 'IPSEC(sa_request): ,',
    means: 'traffic hit the policy, an SA is wanted',
    samples: ['IPSEC(sa_request): ,'],
    role: 'initiator',
    block: 'key-engine-request',
  },
  {
    id: 'ipsec-proposal',
    pattern:
      'IPSEC(<validate_proposal_request|vaidate_proposal_request>): proposal part #{part:n}[,]',
    means: 'what the peer asks for in quick mode',
    samples: [
      'IPSEC(validate_proposal_request): proposal part #1,',
      'IPSEC(validate_proposal_request): proposal part #1',
    ],
    block: 'key-engine',
  },
  {
    id: 'ipsec-proxy-refused',
    pattern:
      'IPSEC(<validate_transform_proposal|ipsec_process_proposal|crypto_ipsec_process_proposal|validate_proposal>): proxy identities not supported',
    forms: [
      'IPSec~(<validate_transform_proposal|validate_proposal>): proxy identities not supported',
    ],
    means: 'no crypto map entry fits the protected networks',
    samples: [
      'IPSEC(ipsec_process_proposal): proxy identities not supported',
      'IPSEC(validate_transform_proposal): proxy identities not supported',
      'IPSEC(crypto_ipsec_process_proposal): proxy identities not supported',
      'IPSec(validate_transform_proposal): proxy identities not supported',
    ],
    role: 'responder',
  },
  {
    id: 'ipsec-transform-refused',
    pattern:
      'IPSEC(<validate_transform_proposal|ipsec_process_proposal|crypto_ipsec_process_proposal|validate_proposal>): transform proposal not supported for identity:[ \\{{transforms:list}\\}]',
    means: 'the transform set differs',
    samples: [
      'IPSEC(ipsec_process_proposal): transform proposal not supported for identity: {esp-aes 256 esp-sha512-hmac  }',
      'IPSEC(ipsec_process_proposal): transform proposal not supported for identity:',
      'IPSEC(crypto_ipsec_process_proposal): transform proposal not supported for identity: {esp-aes 256 esp-md5-hmac comp-lzs }',
    ],
    role: 'responder',
    block: 'transforms',
  },
  {
    id: 'ipsec-transform-refused-old',
    pattern:
      'IPSEC(<validate_proposal|vaidate_proposal>): transform proposal (<prot|port> {protocol:n}, trans {transform:n}, hmac_alg {hmac:n}) not supported',
    forms: [
      'IPSec~(<validate_proposal|vaidate_proposal>): transform proposal (<prot|port> {protocol:n}, trans {transform:n}, hmac_alg {hmac:n}) not supported',
    ],
    means: 'the transform set differs',
    samples: [
      'IPSEC(validate_proposal): transform proposal (prot 3, trans 3, hmac_alg 2) not supported',
      'IPSEC(vaidate_proposal): transform proposal (port 3, trans 2, hmac_alg 2) not supported',
      'IPSec (validate_proposal): transform proposal (port 3, trans 2, hmac_alg 2) not supported',
    ],
    role: 'responder',
    release: '12.2',
  },
  {
    id: 'ipsec-local-address-refused',
    pattern:
      'IPSEC(<validate_transform_proposal|validate_proposal_request|validate_proposal|ipsec_process_proposal>): invalid local address {local:ip}',
    means: 'the crypto map is not applied to the interface with this address',
    samples: ['IPSEC(validate_transform_proposal): invalid local address 192.0.2.1'],
    role: 'responder',
    unconfirmed: true,
  },
  {
    id: 'ipsec-peer-refused',
    pattern:
      'IPSEC(<validate_transform_proposal|ipsec_process_proposal>): peer address {peer:ip} not found',
    means: 'no crypto map entry names this peer',
    samples: ['IPSEC(validate_transform_proposal): peer address 192.0.2.7 not found'],
    role: 'responder',
    unconfirmed: true,
  },
  {
    id: 'ipsec-map-found',
    pattern: 'IPSEC(crypto_ipsec_create_ipsec_sas): Map found {map:name}[, {sequence:n}]',
    forms: [
      'IPSEC:(SESSION ID = {session:n}) (crypto_ipsec_create_ipsec_sas) Map found {map:name}[, {sequence:n}]',
    ],
    means: 'the crypto map entry that the SAs belong to',
    samples: [
      'IPSEC(crypto_ipsec_create_ipsec_sas): Map found Tunnel1-head-0',
      'IPSEC(crypto_ipsec_create_ipsec_sas): Map found MAP-A, 10',
      'IPSEC:(SESSION ID = 12) (crypto_ipsec_create_ipsec_sas) Map found MAP-A, 10',
    ],
  },
  {
    id: 'ipsec-vrf',
    pattern:
      'IPSEC(kei_proxy): head = {map:name}, map->ivrf = {mapVrf:text}, kei->ivrf =~{vrf:text}',
    means: 'the VRF of the candidate',
    samples: ['IPSEC(kei_proxy): head = MAP-A, map->ivrf = , kei->ivrf = '],
    release: '12.3',
  },
  {
    id: 'ipsec-sa-created',
    pattern: 'IPSEC(create_sa): sa created,',
    forms: ['IPSEC:(SESSION ID = {session:n}) (create_sa) sa created,'],
    means: 'one direction of the IPsec SA exists',
    samples: ['IPSEC(create_sa): sa created,', 'IPSEC:(SESSION ID = 12) (create_sa) sa created,'],
    block: 'sa-created',
  },
  {
    id: 'ipsec-sa-deleting',
    pattern: 'IPSEC(delete_sa): deleting SA,',
    forms: ['IPSEC:(SESSION ID = {session:n}) (delete_sa) deleting SA,'],
    means: 'one direction of the IPsec SA is given up',
    samples: ['IPSEC(delete_sa): deleting SA,', 'IPSEC:(SESSION ID = 12) (delete_sa) deleting SA,'],
    block: 'sa-created',
  },
  {
    id: 'ipsec-spi',
    pattern:
      'IPSEC(spi_response): getting spi {spi:spi}[ld] for SA[ from {from:ip} to {to:ip} for prot {protocol:n}]',
    means: 'the SPI that this router will receive with',
    samples: [
      'IPSEC(spi_response): getting spi 472727119 for SA from 192.0.2.7 to 192.0.2.1 for prot 3',
      'IPSEC(spi_response): getting spi 472727119ld for SA',
    ],
    release: 'up to 12.4',
  },
  {
    id: 'ipsec-initialized',
    pattern: 'IPSEC(initialize_sas):[ ,]',
    means: 'the IPsec SAs of both directions are set up',
    samples: ['IPSEC(initialize_sas): ,', 'IPSEC(initialize_sas):'],
    block: 'key-engine',
  },
  {
    id: 'ipsec-queue-event',
    pattern: 'IPSEC(key_engine): got a queue event<...| with {messages:n} KMI message~(s~)>',
    forms: [
      'IPSEC:(SESSION ID = {session:n}) (key_engine) got a queue event with {messages:n} KMI message~(s~)',
    ],
    means: 'the key engine is called',
    samples: [
      'IPSEC(key_engine): got a queue event...',
      'IPSEC(key_engine): got a queue event with 1 KMI message(s)',
      'IPSEC:(SESSION ID = 12) (key_engine) got a queue event with 1 KMI message(s)',
    ],
  },
  {
    id: 'ipsec-request-timer',
    pattern: 'IPSEC(key_engine): request timer fired: count = {count:n},',
    forms: [
      'IPSEC:(SESSION ID = {session:n}) (key_engine) request timer fired: count = {count:n},',
    ],
    means: 'nobody answered the request for an SA',
    samples: [
      'IPSEC(key_engine): request timer fired: count = 1,',
      'IPSEC:(SESSION ID = 12) (key_engine) request timer fired: count = 1,',
    ],
    role: 'initiator',
    unconfirmed: true,
    block: 'key-engine',
  },
  {
    id: 'ipsec-outbound-enabled',
    pattern: "IPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP",
    forms: [
      "IPSEC:(SESSION ID = {session:n}) (key_engine_enable_outbound) rec'd enable notify from ISAKMP",
    ],
    means: 'phase 2 is complete, traffic may leave encrypted',
    samples: [
      "IPSEC(key_engine_enable_outbound): rec'd enable notify from ISAKMP",
      "IPSEC:(SESSION ID = 12) (key_engine_enable_outbound) rec'd enable notify from ISAKMP",
    ],
  },
  {
    id: 'ipsec-outbound-updated',
    pattern: 'IPSEC(update_current_outbound_sa): {detail:text}',
    forms: ['IPSEC:(SESSION ID = {session:n}) (update_current_outbound_sa) {detail:text}'],
    means: 'new outbound SA in use',
    samples: [
      'IPSEC(update_current_outbound_sa): get enable SA peer 192.0.2.7 current outbound sa to SPI 1C2D3E4F',
      'IPSEC:(SESSION ID = 12) (update_current_outbound_sa) updated peer 192.0.2.7 current outbound sa to SPI 1C2D3E4F',
    ],
  },
  {
    id: 'ipsec-deleted',
    pattern: "IPSEC(key_engine_delete_sas): rec'd delete notify from ISAKMP",
    forms: [
      "IPSEC:(SESSION ID = {session:n}) (key_engine_delete_sas) rec'd delete notify from ISAKMP",
    ],
    means: 'the IPsec SAs are deleted',
    samples: [
      "IPSEC(key_engine_delete_sas): rec'd delete notify from ISAKMP",
      "IPSEC:(SESSION ID = 12) (key_engine_delete_sas) rec'd delete notify from ISAKMP",
    ],
  },
  {
    id: 'ipsec-outbound-none',
    pattern: 'IPSEC(get_old_outbound_sa_for_peer): No outbound SA found for peer {pointer:hex}',
    forms: [
      'IPSEC:(SESSION ID = {session:n}) (get_old_outbound_sa_for_peer) No outbound SA found for peer {pointer:hex}',
    ],
    means: 'there was no SA to replace',
    samples: [
      'IPSEC(get_old_outbound_sa_for_peer): No outbound SA found for peer 7F7CD824B44B',
      'IPSEC:(SESSION ID = 12) (get_old_outbound_sa_for_peer) No outbound SA found for peer 7F7CD824B44B',
    ],
  },
  {
    id: 'ipsec-interface',
    pattern: 'IPSEC-IFC <MGRE|GRE>/{interface:name}[({local:ip}/{remote:ip})]: {detail:text}',
    means: 'tunnel protection at work: the interface opens, joins or leaves the SAs of a peer',
    samples: [
      'IPSEC-IFC MGRE/Tu0(192.0.2.1/192.0.2.7): connection lookup returned 0',
      'IPSEC-IFC GRE/Tu0: Checking to see if we need to delay for src 192.0.2.1 dst 192.0.2.7',
    ],
    unconfirmed: true,
  },
  {
    id: 'ipsec-other',
    general: true,
    pattern: 'IPSEC({function:text}):{detail:text}',
    forms: ['IPSEC:(SESSION ID = {session:n}) ({function:text}) {detail:text}'],
    means: 'another line of the key engine',
    samples: [
      'IPSEC(add mtree): src 10.1.0.0, dest 10.2.0.0, dest_port 0',
      'IPSEC:(SESSION ID = 12) (add_mtree) src 10.1.0.0, dest 10.2.0.0, dest_port 0',
    ],
    block: 'key-engine',
  },
]);

export const mapMessages: readonly MessageSpec[] = defineMessages('bare', [
  {
    id: 'map-profile-mismatch',
    pattern: 'map_db_check_isakmp_profile profile did not match',
    means: 'this crypto map entry requires another ISAKMP profile',
    samples: ['map_db_check_isakmp_profile profile did not match'],
    role: 'responder',
  },
  {
    id: 'map-none',
    pattern: 'map_db_find_best did not find matching map',
    means: 'no crypto map entry fits',
    samples: ['map_db_find_best did not find matching map'],
    role: 'responder',
  },
  {
    id: 'map-proxy-match',
    pattern: 'Crypto mapdb : proxy_match',
    means: 'one crypto map entry is held against the proxies',
    samples: ['Crypto mapdb : proxy_match'],
    block: 'proxy-match',
  },
  {
    id: 'map-accepted',
    pattern: '(ipsec_process_proposal)Map Accepted: {map:name}, {sequence:n}',
    means: 'this crypto map entry fits',
    samples: ['(ipsec_process_proposal)Map Accepted: MAP-A, 10'],
    role: 'responder',
    release: 'IOS-XE',
  },
  {
    id: 'map-other',
    general: true,
    pattern: 'map_db_{detail:text}',
    means: 'another line of the crypto map data base',
    samples: ['map_db_add_map adding map MAP-A'],
  },
  {
    id: 'crypto-engine',
    pattern:
      '<CryptoEngine{engine:n}|crypto_engine|crypto engine|CRYPTO_ENGINE|Crypto Engine|Crypto engine {number:n}>: {detail:text}',
    means: 'the crypto engine at work',
    samples: [
      'CryptoEngine0: generating alg parameter for connid 1',
      'crypto_engine: Create DH shared secret',
      'CRYPTO_ENGINE: Dh phase 1 status: 0',
      'crypto engine: creating DH group 2, group size 128',
      'Crypto engine 0: generate alg param',
    ],
  },
  {
    id: 'kmi',
    pattern: 'KMI: {detail:text}',
    means: 'message between key engine and ISAKMP',
    samples: ['KMI: IPSEC key engine sending message KEY_ENG_REQUEST_SAS to Crypto IKMP'],
  },
]);
