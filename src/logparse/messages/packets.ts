import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** Packets and the two state machines. */
export const packetMessages: readonly MessageSpec[] = defineMessages('isakmp', [
  {
    id: 'packet-received-new',
    pattern:
      'received packet from {peer:ip}[ dport {localPort:n} sport {peerPort:n}][ {vrf:name}] (N) NEW SA',
    means: 'the first packet of a negotiation that the peer started',
    samples: [
      'received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA',
      'received packet from 192.0.2.7 (N) NEW SA',
    ],
    role: 'responder',
  },
  {
    id: 'packet-received',
    pattern:
      'received packet from {peer:ip}[ dport {localPort:n} sport {peerPort:n}][ {vrf:name}] ({role:role}) {state:state}',
    means:
      'a packet came, with our role and the state it finds us in; the word before the role is the front-door VRF',
    samples: [
      'received packet from 192.0.2.7 dport 500 sport 500 Global (I) MM_NO_STATE',
      'received packet from 192.0.2.7 (R) MM_KEY_EXCH',
      'received packet from 192.0.2.7 dport 4500 sport 61001 INET (R) QM_IDLE',
    ],
  },
  {
    id: 'packet-sent',
    pattern:
      'sending packet to {peer:ip}[ my_port {localPort:n} peer_port {peerPort:n}] ({role:role}) {state:state}',
    means: 'a packet goes out',
    samples: [
      'sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_SA_SETUP',
      'sending packet to 192.0.2.7 (R) MM_KEY_EXCH',
    ],
  },
  {
    id: 'packet-sending',
    pattern: 'Sending an IKE {family:name} Packet.',
    means: 'the packet was handed to the IP layer',
    samples: ['Sending an IKE IPv4 Packet.', 'Sending an IKE IPv6 Packet.'],
  },
  {
    id: 'input',
    pattern: 'Input = {source:state}, {event:state}',
    means: 'what moves the state machine of the SA',
    samples: ['Input = IKE_MESG_FROM_PEER, IKE_MM_EXCH'],
  },
  {
    id: 'node-input',
    pattern: 'Node {messageId:id}, Input = {source:state}, {event:state}',
    means: 'what moves the state machine of a quick mode',
    samples: [
      'Node 2020959254, Input = IKE_MESG_INTERNAL, IKE_INIT_QM',
      'Node -1080001701, Input = IKE_MESG_FROM_PEER, IKE_QM_EXCH',
    ],
  },
  {
    id: 'state',
    pattern: 'Old State = {from:state} New State = {to:state}',
    means: 'the step that the state machine made',
    samples: [
      'Old State = IKE_I_MM1  New State = IKE_I_MM2',
      'Old State = IKE_QM_READY  New State = IKE_QM_I_QM1',
    ],
  },
  {
    id: 'quick-mode-begins',
    pattern: 'beginning Quick Mode exchange, M-ID of {messageId:id}',
    means: 'QM1 goes out',
    samples: [
      'beginning Quick Mode exchange, M-ID of 2020959254',
      'beginning Quick Mode exchange, M-ID of -1357924680',
    ],
  },
  {
    id: 'quick-mode-spi',
    pattern: 'QM {role:name} gets spi',
    means: 'the key engine gives an SPI for quick mode',
    samples: ['QM Initiator gets spi', 'QM Responder gets spi'],
  },
  {
    id: 'ike-frag',
    pattern: '<processing IKE frag vendor id payload|Support for IKE Fragmentation not enabled>',
    means: 'whether long messages may be cut by IKE itself',
    samples: ['processing IKE frag vendor id payload', 'Support for IKE Fragmentation not enabled'],
  },
  {
    id: 'vendor-constructed',
    pattern: 'constructed <NAT-T vendor-{version:name} ID|HIS NAT-D|MINE NAT-D>',
    means: 'a vendor id or NAT discovery payload that we send',
    samples: ['constructed NAT-T vendor-rfc3947 ID', 'constructed NAT-T vendor-03 ID'],
  },
  {
    id: 'vendor-processing',
    pattern: 'processing vendor id payload',
    means: 'a vendor id of the peer is read',
    samples: ['processing vendor id payload'],
  },
  {
    id: 'vendor-seems',
    pattern: 'vendor ID seems Unity/DPD but <major {major:n}|hash> mismatch',
    means: 'harmless: some other vendor id',
    samples: [
      'vendor ID seems Unity/DPD but major 69 mismatch',
      'vendor ID seems Unity/DPD but hash mismatch',
    ],
  },
  {
    id: 'vendor-is',
    pattern: 'vendor ID is {vendor:text}',
    means: 'what the peer supports',
    samples: ['vendor ID is NAT-T RFC 3947', 'vendor ID is DPD', 'vendor ID is XAUTH'],
  },
  {
    id: 'vendor-ios',
    pattern: 'speaking to another IOS box!',
    means: 'the peer is a Cisco router',
    samples: ['speaking to another IOS box!'],
  },
  {
    id: 'nat-payload',
    pattern: 'received payload type {type:n}',
    means: 'payload 20 is NAT discovery, 17 is harmless',
    samples: ['received payload type 20'],
  },
  {
    id: 'nat-his-hash',
    pattern: 'His hash no match - this node outside NAT',
    means: 'about the address of the peer; printed without any NAT as well',
    samples: ['His hash no match - this node outside NAT'],
  },
  {
    id: 'nat-none',
    pattern: 'No NAT Found for self or peer',
    means: 'no address translation between the two',
    samples: ['No NAT Found for self or peer'],
  },
  {
    id: 'nat-found',
    pattern: 'NAT found, <both nodes|the node> inside NAT',
    means: 'this side sits behind address translation',
    samples: ['NAT found, the node inside NAT', 'NAT found, both nodes inside NAT'],
  },
  {
    id: 'nat-my-hash',
    pattern: 'My hash no match - this node inside NAT',
    means: 'this side sits behind address translation',
    samples: ['My hash no match -  this node inside NAT'],
  },
  {
    id: 'nat-port-floating',
    pattern: 'Detected port floating to port = {port:n}',
    forms: ['Detected port,floating to port = {port:n}'],
    means: 'the negotiation moved to UDP 4500',
    samples: ['Detected port floating to port = 4500', 'Detected port,floating to port = 4500'],
  },
  {
    id: 'nat-original-address',
    pattern:
      'processing <NAT-OAi|NAT-OAr> payload. addr = {address:ip}, message ID = {messageId:id}',
    means: 'in transport mode the peer tells the addresses that NAT has changed',
    samples: [
      'processing NAT-OAi payload. addr = 10.44.0.9, message ID = 1252915164',
      'processing NAT-OAr payload. addr = 192.0.2.1, message ID = 1252915164',
    ],
    unconfirmed: true,
  },
  {
    id: 'nat-encapsulation',
    pattern: 'Setting UDP ENC peer struct {pointer:hex} sa= {sa:hex}',
    means: 'ESP will travel in UDP',
    samples: ['Setting UDP ENC peer struct 0x65D08C44 sa= 0x65D0A1B4'],
    zeroId: true,
  },
]);
