import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';

const read = (...lines: readonly string[]): readonly unknown[] => {
  const { events, unmatched } = parseLog(lines.join('\n'), 'i1');
  expect(unmatched).toEqual([]);
  return events.map(({ message, fields, lastLine }) => [message, fields, lastLine]);
};

describe('a syslog message over several lines', () => {
  it('goes on behind an empty line', () => {
    expect(
      read(
        'Jul 18 07:23:27 GMT: %CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed',
        '',
        'connection id=2',
      ),
    ).toEqual([['syslog-data-plane', { connection: 2 }, 3]]);
  });

  it('begins below its stamp', () => {
    expect(
      read(
        '*Feb 10 21:01:56.043:',
        '%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed',
        'connection id=29, sequence',
        'number=11',
      ),
    ).toEqual([['syslog-data-plane', { connection: 29, sequence: 11 }, 4]]);
  });

  it('is broken where the page was narrow', () => {
    expect(
      read(
        '*Feb 10 21:01:56.043: %GDOI-4-TIMEBASED_REPLAY_FAILED: An anti replay check has failed in',
        'group GET-A from sourceip-address',
        '192.0.2.9.',
        'my_pseudotime is 600006.78 secs,',
        'peer_pseudotime is 500033.34 secs, replay_window is 100',
        '(second)',
      ),
    ).toEqual([
      [
        'syslog-gdoi-replay',
        { group: 'GET-A', source: '192.0.2.9', own: '600006.78', theirs: '500033.34', window: 100 },
        6,
      ],
    ]);
  });
});

describe('a name between the stamp and the mnemonic', () => {
  it.each(['', '<0>91: '])('is that of the router, behind "%s"', (before) => {
    const text =
      "*Oct 07 03:10:04: gw.example.net %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, spi=0x1C2D3E4F(472727119), srcaddr=192.0.2.7";
    const { events } = parseLog(`${before}${text}\n${before}${text}`, 'i1');
    expect(events).toMatchObject(
      [1, 2].map((line) => ({ message: 'syslog-invalid-spi', router: 'gw.example.net', line })),
    );
  });

  it('is prose where no mnemonic follows', () => {
    const { events } = parseLog('*Oct 07 03:10:04: about 50 %CPU-LOAD', 'i1');
    expect(events).toMatchObject([{ message: 'unmatched', router: null }]);
  });
});

describe('a relay that splits at line ends', () => {
  const block = [
    'IKEv2:(SESSION ID = 41,SA ID = 1):Sending Packet [To 192.0.2.7:500/From 198.51.100.2:500/VRF i0:f0]',
    'Initiator SPI : 8A2B33C4D5E6F701 - Responder SPI : 9A2B33C4D5E6F702 Message id: 1',
    'IKEv2 IKE_AUTH Exchange REQUEST',
    'Payload contents:',
    ' ENCR',
  ];

  it.each([
    ['counts its lines', (n: number) => `Mar 12 08:14:02 r-spoke ${n + 77}: `],
    ['does not', () => 'Mar 12 08:14:02 r-spoke '],
  ])('and %s', (_, prefix) => {
    const lines = block.map(
      (text, n) => prefix(n) + (n === 0 ? '*Mar 12 08:14:02.111: ' : '') + text,
    );
    const { negotiations, events } = parseLog(lines.join('\n'), 'log0');
    expect(events).toHaveLength(1);
    expect(negotiations).toMatchObject([
      { router: 'r-spoke', role: 'initiator', responderCookie: '9a2b33c4d5e6f702' },
    ]);
  });
});

describe('what stands below a system message', () => {
  const down =
    '*Sep 21 07:04:05.792: %DUAL-5-NBRCHANGE: EIGRP-IPv4 100: Neighbor 172.16.0.1 (Tunnel0) is down: holding time expired';
  const texts = (...lines: readonly string[]): readonly string[] =>
    parseLog(lines.join('\n'), 'i1').events.map(({ text }) => text);
  const own = down.slice(down.indexOf('%'));

  it.each([
    ['behind an empty line', ['', 'Also when showing the peer it has no outbound sas']],
    ['behind an empty line, indented', ['', '  and so on and so on']],
    ['the end of a listing', ['```']],
    ['the end of a listing, named', ['```log']],
  ])('is no part of it: %s', (_, below) => {
    expect(texts(down, ...below)[0]).toBe(own);
  });

  it.each(['### Step 2 and more prose here', 'Then both were reloaded'])(
    'is no part of a debug message that ends in any text either: %s',
    (below) => {
      const debug = 'Failed to find a matching policy';
      expect(texts(`IKEv2:(SESSION ID = 1,SA ID = 1):${debug}`, '', below)).toEqual([debug]);
    },
  );

  it('is part of it where it was broken', () => {
    const broken = [down.slice(0, 80), down.slice(80)];
    expect(texts(...broken, ...broken, ...broken)).toEqual([own, own, own]);
  });
});

describe('debug without stamps behind a system message that was broken', () => {
  it.each([
    ['*May  2 16:05:40.456: %CRYPTO-6-ISAKMP_ON_OFF:', 'ISAKMP is ON'],
    ['*May  2 16:05:40.456: %DUAL-5-NBRCHANGE: EIGRP-IPv4 100:', 'Neighbor 172.16.0.1 is down'],
  ])('is read: %s', (...broken) => {
    const debug = [
      'IKEv2:% Getting preshared key from profile keyring',
      'KR-SECOND',
      "IKEv2:% Matched peer block 'ANY'",
      'ISAKMP-ERROR: (0):ignoring request to send delete notify',
      '(no ISAKMP sa) src 192.0.2.1 dst 192.0.2.7 for SPI 0x1C2D3E4F',
    ];
    const { events, unmatched } = parseLog([...broken, ...debug].join('\n'), 'i1');
    expect(unmatched).toEqual([]);
    expect(events.map(({ line }) => line)).toEqual([1, 3, 5, 6]);
    expect(events[1]?.fields).toMatchObject({ keyring: 'KR-SECOND' });
  });
});
