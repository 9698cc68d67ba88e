import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** The messages of IKEv2, octet for octet, as 15.1 and firewalls print them. */
export const ikev2DumpMessages: readonly MessageSpec[] = defineMessages('ikev2', [
  {
    id: 'v2-dump-ends',
    pattern:
      '<Tx|Rx> \\[L {local:ip}:{localPort:n}/R {peer:ip}:{peerPort:n}/VRF {vrf:name}\\] m_id: {messageId:id}',
    means: 'a message goes out or came: between which ends',
    samples: [
      'Tx [L 192.0.2.1:500/R 192.0.2.7:500/VRF i0:f0] m_id: 0x0',
      'Rx [L 192.0.2.1:500/R 192.0.2.7:500/VRF i0:f0] m_id: 0x0',
    ],
    unconfirmed: true,
  },
  {
    id: 'v2-dump-spis',
    pattern: 'HDR\\[i:~{ispi:hex} - r:~{rspi:hex}\\]',
    forms: ['IKEV2 HDR ispi: {ispi:hex} - rspi: {rspi:hex}'],
    means: 'SPIs of that message',
    samples: [
      'HDR[i:3295BE4837B4AF2A - r: C3F109F4582955F2]',
      'IKEV2 HDR ispi: 3295BE4837B4AF2A - rspi: 0000000000000000',
    ],
    unconfirmed: true,
  },
  {
    id: 'v2-dump-header',
    general: true,
    pattern: 'Next payload: {payload:name}, version: 2.0',
    forms: [
      'Exchange type: {exchange:state}, flags: {flags:text}',
      'Message id: {messageId:id}, length: {length:n}',
    ],
    means: 'header of that message, on lines of their own',
    samples: [
      'Next payload: SA, version: 2.0',
      'Exchange type: IKE_SA_INIT, flags: RESPONDER MSG-RESPONSE',
      'Message id: 0x0, length: 338',
    ],
    block: 'ikev2-packet',
    unconfirmed: true,
  },
  {
    id: 'v2-dump-proposal',
    pattern:
      'last <proposal|transform>: {more:hex}, reserved: {reserved:hex}<,|:> length: {length:n}',
    means: 'a part of an offer',
    samples: [
      'last proposal: 0x0, reserved: 0x0, length: 44',
      'last transform: 0x3, reserved: 0x0: length: 12',
    ],
    block: 'ikev2-packet',
    unconfirmed: true,
  },
  {
    id: 'v2-vendor',
    pattern: '<Construct|Parse> Vendor Specific Payload: {vendor:text}',
    means: 'a vendor id, own or of the peer',
    samples: [
      'Construct Vendor Specific Payload: DELETE-REASON',
      'Parse Vendor Specific Payload: CISCO-DELETE-REASON VID',
    ],
    unconfirmed: true,
  },
  {
    id: 'v2-notify-made',
    pattern: 'Construct Notify Payload: {notify:state}',
    means: 'a notification for the peer',
    samples: ['Construct Notify Payload: NAT_DETECTION_SOURCE_IP'],
    unconfirmed: true,
  },
]);
