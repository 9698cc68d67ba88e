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
]);
