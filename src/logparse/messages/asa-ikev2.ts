import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** What stands in front of each message about IKEv2; some releases add the name of the protocol. */
const lead =
  'Local:~{local:ip}:{localPort:n} Remote:~{peer:name}:{peerPort:n} Username:~{user:name} [IKEv2 ]';

/** The syslog of an ASA firewall about IKEv2 and IPsec SAs, and its `debug crypto ikev2 platform`. */
export const asaIkev2Messages: readonly MessageSpec[] = defineMessages('asa', [
  {
    id: 'asa-v2-aborted',
    pattern: `${lead}Negotiation aborted due to ERROR: {reason:text}`,
    means: 'the IKEv2 negotiation failed',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown IKEv2 Negotiation aborted due to ERROR: Failed to receive the AUTH msg before the timer expired',
    ],
  },
  {
    id: 'asa-v2-up',
    pattern: `${lead}SA UP. Reason: {reason:text}`,
    means: 'the IKE SA is up',
    samples: [
      'Local:203.0.113.8:4500 Remote:192.0.2.5:4500 Username:192.0.2.5 IKEv2 SA UP. Reason: New Connection Established',
    ],
  },
  {
    id: 'asa-v2-down',
    pattern: `${lead}SA DOWN. Reason: {reason:text}`,
    means: 'the IKE SA is gone, and why',
    samples: [
      'Local:203.0.113.8:4500 Remote:192.0.2.5:4500 Username:192.0.2.5 IKEv2 SA DOWN. Reason: peer request',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-v2-asked',
    pattern: `${lead}Received request to establish an IPsec tunnel; local traffic selector = {localSelector:text}; remote traffic selector = {remoteSelector:text}`,
    means: 'traffic asks for a tunnel to this peer',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown IKEv2 Received request to establish an IPsec tunnel; local traffic selector = Address Range: 10.1.0.7-10.1.0.7 Protocol: 0 Port Range: 0-65535; remote traffic selector = Address Range: 10.2.0.9-10.2.0.9 Protocol: 0 Port Range: 0-65535',
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown Received request to establish an IPsec tunnel; local traffic selector = Address Range: 10.1.0.0-10.1.255.255 Protocol: 0 Port Range: 0-65535; remote traffic selector = Address Range: 10.2.0.0-10.2.255.255 Protocol: 0 Port Range: 0-65535',
    ],
    role: 'initiator',
    unconfirmed: true,
  },
  {
    id: 'asa-v2-init-received',
    pattern: `${lead}Received a IKE_INIT_SA request`,
    means: 'the first message of the peer came',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown IKEv2 Received a IKE_INIT_SA request',
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown Received a IKE_INIT_SA request',
    ],
    role: 'responder',
    unconfirmed: true,
  },
  {
    id: 'asa-v2-map-none',
    pattern: `${lead}Tunnel rejected: Crypto Map Policy not found for remote traffic selector {remoteProxy:proxy} local traffic selector {localProxy:proxy}[!]`,
    means: 'no crypto map entry fits the protected networks',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 IKEv2 Tunnel rejected: Crypto Map Policy not found for remote traffic selector 0.0.0.0/255.255.255.255/0/65535/0 local traffic selector 0.0.0.0/255.255.255.255/0/65535/0!',
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 Tunnel rejected: Crypto Map Policy not found for remote traffic selector 10.2.0.0/10.2.255.255/0/65535/0 local traffic selector 10.1.0.0/10.1.255.255/0/65535/0!',
    ],
    role: 'responder',
    unconfirmed: true,
  },
  {
    id: 'asa-v2-key-none',
    pattern: `${lead}<No preshared key|No pre-shared key> or trustpoint configured for self in tunnel group {tunnelGroup:name}`,
    means: 'the tunnel-group holds neither a key nor a certificate for this side',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 No preshared key or trustpoint configured for self in tunnel group 192.0.2.5',
      'Local: 203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 IKEv2 No pre-shared key or trustpoint configured for self in tunnel group 192.0.2.5',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-v2-peer-method-none',
    pattern: `${lead}No remote authentication method configured for peer in tunnel group {tunnelGroup:name}`,
    means: 'the tunnel-group does not say how the peer authenticates: it holds no key for it',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 IKEv2 No remote authentication method configured for peer in tunnel group 192.0.2.5',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-v2-group-missing',
    pattern: `${lead}Unable to find tunnel group for peer[.]`,
    forms: [
      `${lead}Unable to determine self-authentication method. No crypto map setting or tunnel group found[.]`,
    ],
    means: 'no tunnel-group is for this peer, and with it no key',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown IKEv2 Unable to find tunnel group for peer.',
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown Unable to determine self-authentication method. No crypto map setting or tunnel group found.',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-v2-certificate-refused',
    pattern: `${lead}Certificate authentication failed. Error: {reason:text}`,
    means: 'the certificate of the peer is not accepted',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown IKEv2 Certificate authentication failed. Error: Certificate authentication failed',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-v2-failed',
    pattern: `${lead}Failed {what:text}. Error: {reason:text}`,
    means: 'a step of the negotiation failed, for the reason that is named',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 IKEv2 Failed to complete Diffie-Hellman operation. Error: 5',
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:user7 Failed user authentication. Error: Failed authentication',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-v2-rejected',
    general: true,
    pattern: `${lead}[Group=~{group:name}, ]Tunnel <rejected|Rejected>: {reason:text}`,
    means: 'the tunnel is refused, for the reason that is named',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 IKEv2 Group=192.0.2.5, Tunnel rejected: IKEv2 not enabled in group policy',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-v2-other',
    general: true,
    pattern: `${lead}{detail:text}`,
    means: 'a line of an ASA firewall about IKEv2',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 Need to send a DPD message to peer',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-ipsec-created',
    pattern:
      'IPSEC: An {direction:name} <LAN-to-LAN|remote access> SA (SPI=~{spi:spi}) between {local:ip} and {peer:ip} (user=~{user:name}) has been created.',
    means: 'an IPsec SA is in place',
    samples: [
      'IPSEC: An outbound LAN-to-LAN SA (SPI= 0x5A6B7C8D) between 203.0.113.8 and 192.0.2.5 (user= 192.0.2.5) has been created.',
      'IPSEC: An inbound remote access SA (SPI= 0x1C2D3E4F) between 203.0.113.8 and 192.0.2.5 (user= user7) has been created.',
    ],
  },
  {
    id: 'asa-ipsec-deleted',
    pattern:
      'IPSEC: An {direction:name} <LAN-to-LAN|remote access> SA (SPI=~{spi:spi}) between {local:ip} and {peer:ip} (user=~{user:name}) has been deleted.',
    means: 'an IPsec SA is gone',
    samples: [
      'IPSEC: An inbound LAN-to-LAN SA (SPI= 0x1C2D3E4F) between 203.0.113.8 and 192.0.2.5 (user= 192.0.2.5) has been deleted.',
    ],
  },
  {
    id: 'asa-v2-packet',
    pattern:
      '{how:state} PKT \\[{exchange:state}\\] \\[{from:ip}\\]:{fromPort:n}-\\>\\[{to:ip}\\]:{toPort:n} InitSPI=0x{initiatorSpi:hex} RespSPI=0x{responderSpi:hex} MID={messageId:hex}',
    means: 'an IKEv2 message goes out or came',
    samples: [
      'RECV PKT [IKE_SA_INIT] [192.0.2.5]:500->[203.0.113.8]:500 InitSPI=0x3295be4837b4af2a RespSPI=0x0000000000000000 MID=00000000',
    ],
    block: 'ikev2-packet',
    unconfirmed: true,
  },
  {
    id: 'asa-v2-status',
    pattern:
      'CONNECTION STATUS: {status:state}... peer: {peer:ip}:{peerPort:n}, phase1_id: {identity:text}',
    means: 'the connection with this peer is up, registered or down',
    samples: [
      'CONNECTION STATUS: UP... peer: 192.0.2.5:500, phase1_id: 192.0.2.5',
      'CONNECTION STATUS: REGISTERED... peer: 192.0.2.5:500, phase1_id: 192.0.2.5',
    ],
    unconfirmed: true,
  },
  {
    id: 'asa-v2-group-search',
    pattern: 'attempting to find tunnel group for IP: {peer:ip}',
    means: 'the tunnel-group of this peer, which holds the key, is looked up',
    samples: ['attempting to find tunnel group for IP: 192.0.2.5'],
  },
  {
    id: 'asa-v2-group-none',
    pattern: "Can't find tunnel group for peer {peer:ip}",
    means: 'no tunnel-group is for this peer, and with it no key',
    samples: ["Can't find tunnel group for peer 192.0.2.5"],
  },
  {
    id: 'asa-own-method-none',
    pattern:
      '<unable to set self auth method. Probable misconfiguration|Failed to set P1 auth to build policy>',
    means: 'nothing is configured with which this side could authenticate to the peer',
    samples: [
      'unable to set self auth method. Probable misconfiguration',
      'Failed to set P1 auth to build policy',
    ],
  },
  {
    id: 'asa-policy-not-built',
    pattern: 'Could not build ikev2 policy',
    means: 'without what is missing above no policy can be made for this peer',
    samples: ['Could not build ikev2 policy'],
  },
  {
    id: 'asa-start-failed',
    pattern: 'asa connect start L2L failed',
    means: 'the tunnel that traffic asked for is not begun',
    samples: ['asa connect start L2L failed'],
    role: 'initiator',
  },
  {
    id: 'asa-peer-id-refused',
    pattern: 'Peer ID check failed',
    means: 'the certificate of the peer does not hold the identity that the peer claims',
    samples: ['Peer ID check failed'],
  },
  {
    id: 'asa-line',
    general: true,
    pattern: '{detail:text}',
    means: 'a line of an ASA firewall that names no peer',
    samples: [
      'Pitcher: received a key acquire message, spi 0x0',
      'attempting to find tunnel group for ID: branch7.example.net',
    ],
  },
]);
