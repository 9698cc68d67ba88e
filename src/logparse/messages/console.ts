import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** What a terminal shows between debug lines. */
export const consoleMessages: readonly MessageSpec[] = defineMessages('bare', [
  {
    id: 'ping-escape',
    pattern: 'Type escape sequence to abort.',
    means: 'a ping begins',
    samples: ['Type escape sequence to abort.'],
    bare: true,
  },
  {
    id: 'ping-start',
    pattern:
      'Sending {count:n}, {size:n}-byte ICMP Echos to {target:ip}, timeout is {seconds:n} seconds:',
    means: 'the traffic that should bring the tunnel up',
    samples: ['Sending 5, 100-byte ICMP Echos to 10.2.0.1, timeout is 2 seconds:'],
    bare: true,
  },
  {
    id: 'ping-source',
    pattern: 'Packet sent with a source address of {source:ip}',
    means: 'where the ping comes from',
    samples: ['Packet sent with a source address of 10.1.0.1'],
    bare: true,
  },
  {
    id: 'ping-result',
    pattern: 'Success rate is {percent:n} percent ({received:n}/{sent:n}){rest:text}',
    means: 'whether the traffic went through; the first packet is normally lost',
    samples: [
      'Success rate is 0 percent (0/1)',
      'Success rate is 80 percent (4/5), round-trip min/avg/max = 1/1/2 ms',
    ],
    bare: true,
  },
  {
    id: 'debug-on',
    pattern: '{what:text} debugging is <on|off>',
    means: 'which debugs are active, so that the absence of a line means something',
    samples: ['Crypto ISAKMP debugging is on', 'Crypto ISAKMP internals debugging is on'],
    bare: true,
  },
  {
    id: 'debug-off',
    pattern: 'All possible debugging has been turned off',
    means: 'no line after this one means anything',
    samples: ['All possible debugging has been turned off'],
    bare: true,
  },
  {
    id: 'log-buffer',
    pattern: 'Log Buffer ({size:n} bytes):',
    means: 'output of show logging',
    samples: ['Log Buffer (8192 bytes):'],
    bare: true,
  },
  {
    id: 'logging-header',
    pattern:
      '<Syslog logging:|Console logging:|Monitor logging:|Buffer logging:|Trap logging:|Exception Logging:> {detail:text}',
    means: 'header of show logging',
    samples: ['Syslog logging: enabled (0 messages dropped, 0 flushes, 0 overruns)'],
    bare: true,
  },
  {
    id: 'show-sa-title',
    pattern: '<IPv4|IPv6> Crypto ISAKMP SA',
    means: 'output of show crypto isakmp sa',
    samples: ['IPv4 Crypto ISAKMP SA'],
    bare: true,
  },
  {
    id: 'show-sa-header',
    pattern: 'dst src state conn-id[ slot][ status]',
    means: 'columns of show crypto isakmp sa; dst is the responder, src the initiator',
    samples: [
      'dst             src             state          conn-id status',
      'dst src state conn-id slot',
    ],
    bare: true,
  },
  {
    id: 'show-sa',
    pattern: '{responder:ip} {initiator:ip} {state:state} {connId:n}[ {slot:n}][ {status:text}]',
    means: 'one ISAKMP SA',
    samples: [
      '192.0.2.7 192.0.2.1 QM_IDLE 1001 ACTIVE',
      '192.0.2.7 192.0.2.1 MM_NO_STATE 0 0 ACTIVE (deleted)',
    ],
    bare: true,
  },
  {
    id: 'show-session',
    pattern: 'Session status: {status:name}',
    means: 'state of one tunnel in show crypto session',
    samples: ['Session status: UP-ACTIVE', 'Session status: DOWN-NEGOTIATING'],
    bare: true,
  },
  {
    id: 'show-session-peer',
    pattern: 'Peer: {peer:ip} port {port:n}[ fvrf: {fvrf:name}][ ivrf: {ivrf:name}]',
    means: 'peer of one tunnel in show crypto session',
    samples: ['Peer: 192.0.2.7 port 500 fvrf: (none) ivrf: (none)'],
    bare: true,
  },
  {
    id: 'show-session-sa',
    pattern:
      '<IKEv1|IKEv2|IKE> SA: local {local:ip}/{localPort:n} remote {peer:ip}/{peerPort:n} {status:name}',
    means: 'IKE SA of one tunnel in show crypto session',
    samples: ['IKEv1 SA: local 192.0.2.1/500 remote 192.0.2.7/500 Active'],
    bare: true,
  },
  {
    id: 'show-session-flow',
    pattern: 'IPSEC FLOW: {flow:text}',
    means: 'protected traffic of one tunnel',
    samples: ['IPSEC FLOW: permit 47 host 192.0.2.1 host 192.0.2.7'],
    bare: true,
  },
  {
    id: 'show-key-header',
    pattern: 'Keyring Hostname/Address Preshared Key',
    means: 'output of show crypto isakmp key; the keys themselves are not shown here',
    samples: ['Keyring      Hostname/Address                            Preshared Key'],
    bare: true,
  },
]);
