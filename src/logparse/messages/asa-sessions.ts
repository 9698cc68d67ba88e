import { defineMessages, type MessageSpec } from '../message-spec.ts';
import { asaLead } from './asa.ts';

const attributeDiffers =
  "Phase {phase:n} failure: Mismatched attribute types for class {attribute:text}: Rcv'd: {theirs:text} Cfg'd: {ours:text}";

/** How sessions of an ASA firewall end, and what keeps one from beginning, in the messages that name the peer. */
const ofPeer: readonly MessageSpec[] = defineMessages(
  'asa',
  [
    {
      id: 'asa-quick-initiates',
      pattern:
        'IKE Initiator: New Phase 2, Intf {interface:name}, IKE Peer {again:ip} local Proxy Address {localProxy:name}, remote Proxy Address {remoteProxy:name}, Crypto map ({map:name})',
      means: 'traffic asks for a tunnel over an IKE SA that stands: this side begins quick mode',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, IKE Initiator: New Phase 2, Intf inside, IKE Peer 192.0.2.7  local Proxy Address 10.1.0.0, remote Proxy Address 10.2.0.0,  Crypto map (MAP-A)',
      ],
      role: 'initiator',
      unconfirmed: true,
    },
    {
      id: 'asa-contact-lost',
      pattern:
        'IKE lost contact with remote peer, deleting connection (keepalive type: {keepalive:text})',
      means: 'the peer answers no keepalive any more',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, IKE lost contact with remote peer, deleting connection (keepalive type: DPD)',
      ],
    },
    {
      id: 'asa-method-none',
      pattern: 'No valid authentication type found for the tunnel group',
      means: 'the tunnel-group holds neither a key nor a trustpoint',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, No valid authentication type found for the tunnel group',
      ],
      unconfirmed: true,
    },
    {
      id: 'asa-attribute-refused',
      pattern: attributeDiffers,
      means: 'one offer differs from one policy in that attribute',
      samples: [
        "IP = 192.0.2.7, Phase 1 failure:  Mismatched attribute types for class Group Description:  Rcv'd: Group 2  Cfg'd: Group 5",
      ],
      role: 'responder',
      unconfirmed: true,
    },
    {
      id: 'asa-payload-refused',
      pattern: 'Error processing payload: Payload ID: {payload:n}',
      means: 'the attempt ends at this payload; 1 is the SA payload with the offers',
      samples: ['IP = 192.0.2.7, Error processing payload: Payload ID: 1'],
    },
  ],
  asaLead,
);

/** Those without a peer in front, or not always. */
const others: readonly MessageSpec[] = defineMessages('asa', [
  {
    id: 'asa-received-on',
    pattern:
      'IKE Receiver: Packet received on {local:ip}:{localPort:n} from {peer:ip}:{peerPort:n}',
    means: 'a packet came, at this address',
    samples: ['IKE Receiver: Packet received on 203.0.113.8:500 from 192.0.2.7:500'],
    unconfirmed: true,
  },
  {
    id: 'asa-attribute-differs',
    pattern: attributeDiffers,
    means:
      'one offer differs from one policy in that attribute; the peer is that of the lines around it',
    samples: [
      "Phase 1 failure:  Mismatched attribute types for class Group Description:  Rcv'd: Group 2  Cfg'd: Group 5",
    ],
    role: 'responder',
  },
  {
    id: 'asa-aaa-refused',
    pattern:
      'AAA user authentication Rejected~: reason = {reason:text}~: <local database|server = {server:name}>~: user = {user:text}[~: user IP = {peer:ip}]',
    means: 'the user is not let in: user name or password',
    samples: [
      'AAA user authentication Rejected : reason = Invalid password : local database : user = user7 : user IP = 192.0.2.7',
      'AAA user authentication Rejected : reason = AAA failure : server = 198.51.100.9 : user = user7 : user IP = 192.0.2.7',
    ],
  },
  {
    id: 'asa-certificate-unknown',
    pattern: 'Certificate validation failed. No suitable trustpoints found to {detail:text}',
    means: 'no trustpoint is for the authority that issued the certificate of the peer',
    samples: [
      'Certificate validation failed. No suitable trustpoints found to validate certificate serial number: 1A2B3C, subject name: cn=br7.example.net, issuer name: cn=CA-1.',
    ],
    unconfirmed: true,
  },
]);

export const asaSessionMessages: readonly MessageSpec[] = [...ofPeer, ...others];
