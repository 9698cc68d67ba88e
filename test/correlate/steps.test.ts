import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import { packetFinder, packetSteps } from '../../src/correlate/steps.ts';
import type { LogNegotiation } from '../../src/model/log.ts';
import { loggedView, packetLine, wire } from '../support/incident.ts';

const log = (
  role: 'initiator' | 'responder',
  packets: readonly Parameters<typeof packetLine>[],
  more: Partial<LogNegotiation> = {},
): LogNegotiation => ({
  ...loggedView(wire([]), role, 'n1', 'log0', () => null),
  packets: packets.map((each) => packetLine(...each)),
  ...more,
});
const steps = (negotiation: LogNegotiation): string =>
  packetSteps(negotiation)
    .map((entry) => entry.step)
    .join(' ');

describe('the message behind a packet line', () => {
  it('follows from role, direction and state', () => {
    const initiator = log(
      'initiator',
      [
        [1, 'sent', 'MM_NO_STATE'],
        [2, 'received', 'MM_NO_STATE'],
        [3, 'sent', 'MM_SA_SETUP'],
        [4, 'received', 'MM_SA_SETUP'],
        [5, 'sent', 'MM_KEY_EXCH'],
        [6, 'received', 'MM_KEY_EXCH'],
        [7, 'sent', 'QM_IDLE      '],
      ],
      { phase1: 'complete' },
    );
    expect(steps(initiator)).toBe('MM1 MM2 MM3 MM4 MM5 MM6 OTHER');
    const responder = log(
      'responder',
      [
        [1, 'received', 'NEW  SA'],
        [2, 'sent', 'MM_SA_SETUP'],
        [3, 'received', 'MM_SA_SETUP'],
        [4, 'sent', 'MM_KEY_EXCH'],
        [5, 'received', 'MM_KEY_EXCH'],
        [6, 'sent', 'MM_KEY_EXCH'],
      ],
      { phase1: 'complete' },
    );
    expect(steps(responder)).toBe('MM1 MM2 MM3 MM4 MM5 MM6');
  });

  it('takes MM4 sent again for MM4, not for MM6', () => {
    const responder = log('responder', [
      [4, 'sent', 'MM_KEY_EXCH'],
      [5, 'received', 'MM_KEY_EXCH'],
      [6, 'sent', 'MM_KEY_EXCH', { retransmission: true }],
    ]);
    expect(steps(responder)).toBe('MM4 MM5 MM4');
  });

  it('takes what comes again for what came last, whatever the tag says by then', () => {
    const again = { retransmission: true };
    const initiator = log('initiator', [
      [1, 'sent', 'MM_NO_STATE'],
      [2, 'received', 'MM_NO_STATE'],
      [3, 'sent', 'MM_SA_SETUP'],
      [4, 'received', 'MM_SA_SETUP', again],
      [5, 'received', 'MM_SA_SETUP'],
      [6, 'sent', 'MM_KEY_EXCH'],
      [7, 'received', 'MM_KEY_EXCH', again],
    ]);
    expect(steps(initiator)).toBe('MM1 MM2 MM3 MM2 MM4 MM5 MM4');
    const responder = log('responder', [
      [1, 'received', 'NEW SA'],
      [2, 'sent', 'MM_SA_SETUP'],
      [3, 'received', 'MM_SA_SETUP'],
      [4, 'sent', 'MM_KEY_EXCH'],
      [5, 'received', 'MM_KEY_EXCH', again],
      [6, 'received', 'MM_KEY_EXCH'],
    ]);
    expect(steps(responder)).toBe('MM1 MM2 MM3 MM4 MM3 MM5');
  });

  it('does not call what answers MM5 MM6 unless phase 1 goes on', () => {
    const initiator = log('initiator', [
      [5, 'sent', 'MM_KEY_EXCH'],
      [6, 'received', 'MM_KEY_EXCH'],
    ]);
    expect(steps(initiator)).toBe('MM5 OTHER');
  });

  it.each([
    ['asks for MM6 again', {}, 'MM5 INFO MM5 OTHER'],
    ['comes to MM6 all the same', { statePath: ['IKE_I_MM5', 'IKE_I_MM6'] }, 'MM5 MM6 MM5 MM6'],
  ])('calls it a notification where the initiator %s', (_, more, expected) => {
    const initiator = log(
      'initiator',
      [
        [5, 'sent', 'MM_KEY_EXCH'],
        [6, 'received', 'MM_KEY_EXCH'],
        [7, 'sent', 'MM_KEY_EXCH', { retransmission: true }],
        [8, 'received', 'MM_KEY_EXCH'],
      ],
      more,
    );
    expect(steps(initiator)).toBe(expected);
  });

  it.each([
    ['MM5', {}, 'MM4 MM5 INFO'],
    ['MM5 that comes again', { retransmission: true }, 'MM4 MM5 MM5 OTHER'],
  ])('calls it one where a responder that is not through answers %s', (_, again, expected) => {
    const isAgain = 'retransmission' in again;
    const responder = log('responder', [
      [4, 'sent', 'MM_KEY_EXCH'],
      [5, 'received', 'MM_KEY_EXCH'],
      ...(isAgain ? [[6, 'received', 'MM_KEY_EXCH', again] as const] : []).map(
        (packet): Parameters<typeof packetLine> => [...packet],
      ),
      [7, 'sent', 'MM_KEY_EXCH'],
    ]);
    expect(steps(responder)).toBe(expected);
  });

  it('knows MM6 by the identity in it, and a notification in clear by its mark', () => {
    const packets: Parameters<typeof log>[1] = [
      [5, 'sent', 'MM_KEY_EXCH'],
      [6, 'received', 'MM_KEY_EXCH'],
    ];
    const peerIdentity = { type: 'ID_FQDN', value: 'hub.example', line: 7 };
    expect(steps(log('initiator', packets, { peerIdentity }))).toBe('MM5 MM6');
    const noticed: typeof packets = [
      ...packets,
      [8, 'received', 'MM_KEY_EXCH', { notification: true }],
    ];
    expect(steps(log('initiator', noticed, { peerIdentity }))).toBe('MM5 MM6 INFO');
  });

  it('reads aggressive mode and IKEv2', () => {
    expect(
      steps(
        log(
          'responder',
          [
            [1, 'received', 'NEW SA'],
            [2, 'sent', 'AG_INIT_EXCH'],
            [3, 'received', 'AG_INIT_EXCH'],
          ],
          { exchange: 'aggressive' },
        ),
      ),
    ).toBe('AM1 AM2 AM3');
    expect(
      steps(
        log('responder', [[1, 'received', 'IKE_SA_INIT REQUEST']], {
          ikeVersion: 2,
          exchange: 'ikev2',
        }),
      ),
    ).toBe('SA_INIT');
  });

  it('leaves a state that it does not know alone', () => {
    expect(steps(log('initiator', [[1, 'sent', 'CONF_XAUTH']]))).toBe('OTHER');
  });
});

describe('packets that a page put on one line', () => {
  const text = [
    '*Feb  1 21:44:23.310: ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_NO_STATE',
    '*Feb  1 21:44:23.314: ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (I) MM_NO_STATE',
    '*Feb  1 21:44:23.314: ISAKMP:(0):Old State = IKE_I_MM1  New State = IKE_I_MM2',
    '*Feb  1 21:44:23.315: ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_SA_SETUP',
    '*Feb  1 21:44:23.319: ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (I) MM_SA_SETUP',
  ];

  it.each(['\n', ' '])('are each told as what they are', (between) => {
    const { events, negotiations } = parseLog(text.join(between), 'i1');
    const packetOf = packetFinder(negotiations[0]!);
    expect(
      events
        .filter(({ message }) => message.startsWith('packet-'))
        .map((event) => packetOf(event)?.step),
    ).toEqual(['MM1', 'MM2', 'MM3', 'MM4']);
  });
});
