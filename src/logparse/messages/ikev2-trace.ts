import { defineMessages, type MessageSpec } from '../message-spec.ts';

const ends = 'Remote: {peer:ip}/{peerPort:n} Local: {local:ip}/{localPort:n} ';

/** `show monitor event-trace crypto ikev2 event` of IOS-XE: each line names the two ends. */
export const ikev2TraceMessages: readonly MessageSpec[] = defineMessages('ikev2', [
  {
    id: 'v2-event-packet',
    pattern: `${ends}({role:role}) {way:name} IKEv2 {exchange:state} Exchange {direction:state}`,
    means: 'an IKEv2 message goes out or came',
    samples: [
      'Remote: 192.0.2.7/500 Local: 192.0.2.1/500  (I) Sending IKEv2 IKE_SA_INIT Exchange REQUEST',
      'Remote: 192.0.2.7/4500 Local: 192.0.2.1/4500  (R) Received IKEv2 IKE_AUTH Exchange REQUEST',
    ],
    release: 'IOS-XE',
  },
  {
    id: 'v2-event-payloads',
    pattern: `${ends}({role:role}) IKEv2 {exchange:state} Exchange Contains: {payloads:text}`,
    means: 'the payloads of that message',
    samples: [
      'Remote: 192.0.2.7/500 Local: 192.0.2.1/500  (I) IKEv2 INFORMATIONAL Exchange Contains: DELETE',
    ],
    release: 'IOS-XE',
  },
  {
    id: 'v2-event',
    general: true,
    pattern: `${ends}[({role:role}) ]{what:text}`,
    means: 'a step of the exchange, in the words of the debug',
    samples: [
      'Remote: 192.0.2.7/500 Local: 192.0.2.1/500  Completed SA init exchange',
      'Remote: 192.0.2.7/500 Local: 192.0.2.1/500  Session with IKE ID PAIR(192.0.2.7 , 192.0.2.1) is UP',
    ],
    release: 'IOS-XE',
  },
]);
