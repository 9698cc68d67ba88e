import { defineMessages, type MessageSpec } from '../message-spec.ts';

const lead = 'Local:{local:ip}:{localPort:n} Remote:{peer:name}:{peerPort:n} Username:{user:name} ';

/** The syslog of an ASA firewall about IKEv2 and IPsec SAs, and its `debug crypto ikev2 platform`. */
export const asaIkev2Messages: readonly MessageSpec[] = defineMessages('asa', [
  {
    id: 'asa-v2-aborted',
    pattern: `${lead}IKEv2 Negotiation aborted due to ERROR: {reason:text}`,
    means: 'the IKEv2 negotiation failed',
    samples: [
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:Unknown IKEv2 Negotiation aborted due to ERROR: Failed to receive the AUTH msg before the timer expired',
    ],
  },
  {
    id: 'asa-v2-up',
    pattern: `${lead}IKEv2 SA UP. Reason: {reason:text}`,
    means: 'the IKE SA is up',
    samples: [
      'Local:203.0.113.8:4500 Remote:192.0.2.5:4500 Username:192.0.2.5 IKEv2 SA UP. Reason: New Connection Established',
    ],
  },
  {
    id: 'asa-v2-down',
    pattern: `${lead}IKEv2 SA DOWN. Reason: {reason:text}`,
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
      'Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 Tunnel rejected: Crypto Map Policy not found for remote traffic selector 10.2.0.0/10.2.255.255/0/65535/0 local traffic selector 10.1.0.0/10.1.255.255/0/65535/0!',
    ],
    role: 'responder',
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
    unconfirmed: true,
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
      'attempting to find tunnel group for ID: 192.0.2.5',
    ],
  },
]);
