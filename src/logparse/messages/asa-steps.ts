import { defineMessages, type MessageSpec } from '../message-spec.ts';
import { asaLead } from './asa.ts';

/** The packets of an IKEv1 exchange and the steps between them, as an ASA firewall tells them. */
export const asaStepMessages: readonly MessageSpec[] = defineMessages(
  'asa',
  [
    {
      id: 'asa-packet',
      pattern:
        'IKE_DECODE {how:state} Message (msgid={messageId:hex}) with payloads : {payloads:text}[ total length~:~{length:n}]',
      means: 'a message goes out, goes out again, or came, with its payloads',
      samples: [
        'IP = 192.0.2.7, IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + SA (1) + VENDOR (13) + NONE (0) total length : 108',
        'IP = 192.0.2.7, IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + NOTIFY (11) + NONE (0) total length :68',
      ],
    },
    {
      id: 'asa-oakley-accepted',
      pattern: 'Oakley proposal is acceptable',
      means: 'the answer of the peer fits what was offered',
      samples: ['IP = 192.0.2.7, Oakley proposal is acceptable'],
    },
    {
      id: 'asa-policy-accepted',
      pattern:
        'IKE SA Proposal # {proposal:n}, Transform # {transform:n} acceptable Matches global IKE entry # {entry:n}',
      means: 'a transform of the peer fits a policy',
      samples: [
        'IP = 192.0.2.7, IKE SA Proposal # 1, Transform # 1 acceptable  Matches global IKE entry # 2',
      ],
      role: 'responder',
      unconfirmed: true,
    },
    {
      id: 'asa-keys-made',
      pattern: 'Generating keys for {side:name}...',
      means: 'the session keys are made',
      samples: ['Group = 192.0.2.7, IP = 192.0.2.7, Generating keys for Initiator...'],
      unconfirmed: true,
    },
    {
      id: 'asa-tunnel-group',
      pattern: 'Connection landed on tunnel_group {tunnelGroup:name}',
      means: 'the tunnel-group of this peer, which holds the key',
      samples: ['Group = 192.0.2.7, IP = 192.0.2.7, Connection landed on tunnel_group 192.0.2.7'],
      unconfirmed: true,
    },
    {
      id: 'asa-nat',
      pattern:
        'Automatic NAT Detection Status: Remote end {theirs:text} behind a NAT device This end {ours:text} behind a NAT device',
      means: 'whether addresses are translated on the way',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Automatic NAT Detection Status:     Remote end is NOT behind a NAT device     This   end is NOT behind a NAT device',
      ],
      unconfirmed: true,
    },
    {
      id: 'asa-identity',
      pattern: '{idType:state} ID received {identity:name}',
      means: 'the identity of the peer',
      samples: ['Group = 192.0.2.7, IP = 192.0.2.7, ID_IPV4_ADDR ID received 192.0.2.7'],
      unconfirmed: true,
    },
    {
      id: 'asa-quick-starts',
      pattern: 'IKE {side:name} starting QM: msg id = {messageId:hex}',
      means: 'quick mode begins',
      samples: ['Group = 192.0.2.7, IP = 192.0.2.7, IKE Initiator starting QM: msg id = 8c5c1d6a'],
      unconfirmed: true,
    },
    {
      id: 'asa-network',
      pattern:
        'Received {side:name} IP Proxy Subnet data in ID Payload: Address {network:ip}, Mask {mask:ip}, Protocol {protocol:n}, Port {port:n}',
      means: 'a network that the peer wants to protect',
      samples: [
        'Group = 192.0.2.7, IP = 192.0.2.7, Received remote IP Proxy Subnet data in ID Payload:   Address 10.2.0.0, Mask 255.255.0.0, Protocol 0, Port 0',
      ],
      role: 'responder',
      unconfirmed: true,
    },
    {
      id: 'asa-duplicate',
      pattern: 'Duplicate Phase {phase:n} packet detected.{what:text}',
      means: 'the peer repeats itself',
      samples: ['IP = 192.0.2.7, Duplicate Phase 1 packet detected.  Retransmitting last packet.'],
      unconfirmed: true,
    },
    {
      id: 'asa-information-failed',
      pattern: 'Information Exchange processing failed',
      means: 'a notification could not be used',
      samples: ['IP = 192.0.2.7, Information Exchange processing failed'],
    },
    {
      id: 'asa-request-waits',
      pattern: 'Queuing KEY-ACQUIRE messages to be processed when P1 SA is complete.',
      means: 'more traffic asks for the tunnel while phase 1 is not done',
      samples: [
        'IP = 192.0.2.7, Queuing KEY-ACQUIRE messages to be processed when P1 SA is complete.',
      ],
      role: 'initiator',
    },
  ],
  asaLead,
);
