import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AsciiWindow } from '../../src/logparse/ascii-window.ts';
import {
  newEnvelope,
  readAlike,
  readAlikeEarlier,
  readEnvelope,
  type Envelope,
} from '../../src/logparse/envelope.ts';

const prefixes: readonly string[] = [
  '*Mar  1 00:27:51.891: ',
  '.Apr 11 07:31:02MSK: ',
  'Jun 19 10:04:24.826: ',
  'Aug  3 09:15:40: ',
  'Jun 19 2013 10:04:24.826: ',
  'May 17 08:02:11.530 UTC: ',
  'Dec  1 18:40:09 MSK:',
  '00:27:07: ',
  '1d02h: ',
  '17w5d: ',
  '1y5w: ',
  '000123: *Mar  1 00:27:51.891: ',
  '<191>123: R1: *Mar  1 00:00:01.003: ',
  'Mar  1 00:00:01 10.1.1.1 45: *Mar  1 00:00:00.997: ',
  'Mar  1 00:00:01 10.1.1.1 45: 000046: .Mar  1 00:00:00.997: ',
  '2024-03-01T10:00:00.123Z r1 77: Mar  1 09:00:00.100: ',
  '2024/03/01 10:00:00.123456789 UTC: ',
  '*Mar  1 00:27:51.8917: ',
  '45: *Mar  1 00:00:00.997: ',
  '*Mar  1 00:00:00.997: gw.example.net ',
  '<190>46: gw: .Mar  1 00:00:00.997: gw ',
  'Mar  1 00:00:01 10.1.1.1 45: gw-2: 000046: *Mar  1 00:00:00.997: ',
  'Mar  1 00:00:01 10.1.1.1 gw: *Mar  1 00:00:00.997: ',
  'Mar  1 00:00:01 10.1.1.1 45: 192.0.2.2: *Mar  1 00:00:00.997: ',
  '2024-03-01 10:00:00\tLocal7.Debug\t10.1.1.1\t45: *Mar  1 00:00:00.997: ',
  '03-01-2024\t10:00:00\tLocal7.Debug\t10.1.1.1\t45: *Mar  1 00:00:00.997: ',
  '',
];
const messages: readonly string[] = [
  'ISAKMP:(1011):processing KE payload. message ID = 0',
  'ISAKMP (0:1): sending packet to 192.0.2.7 (I) MM_NO_STATE',
  'ISAKMP: (1012):Old State = IKE_I_MM1  New State = IKE_I_MM2',
  'ISAKMP:(0):found peer pre-shared key matching 192.0.2.7',
  '%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.7 failed',
  'IPSEC(sa_request): ,',
  'IKEv2:(SESSION ID = 14,SA ID = 1):Processing',
  'insert sa successfully sa = 6505D8D8',
  'Trying',
];

const longestTag = 16;

/** What was read, without the places, which hold only for the line. */
function told(s: string, { stamp, ...rest }: Envelope): unknown {
  const { host, family, connId, numbered, relayed, iosXe, stamped, textStart } = rest;
  return [
    host,
    family,
    connId,
    numbered,
    relayed,
    iosXe,
    textStart,
    stamped && [stamp.toTime(s, 1970, false), stamp.from, stamp.to],
  ];
}

describe('what stands in front of a message', () => {
  it('is read the same, whatever lines were read before', () => {
    // Digits are changed one by one, so that counters and clocks run and everything else breaks the likeness.
    const line = fc
      .tuple(
        fc.constantFrom(...prefixes),
        fc.constantFrom(...messages),
        fc.array(
          fc.tuple(
            fc.nat({ max: 80 }),
            fc.constantFrom('0', '1', '2', '5', '9', 'x', ':', ';', '(', '-', ' ', '*'),
          ),
          {
            maxLength: 2,
          },
        ),
      )
      .map(([prefix, message, changes]) => {
        let text = prefix + message;
        for (const [at, by] of changes)
          if (at < prefix.length + longestTag) text = text.slice(0, at) + by + text.slice(at + 1);
        return text;
      });
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 12 }), (lines) => {
        const used = newEnvelope();
        const window = new AsciiWindow();
        for (const text of [...lines.flatMap((each) => [each, each]), ...lines]) {
          const fresh = newEnvelope();
          readEnvelope(text, 0, text.length, fresh);
          window.show(`${text}\n`, 0);
          if (!readAlike(window, 0, used) && !readAlikeEarlier(window, 0, used))
            readEnvelope(text, 0, text.length, used);
          expect(told(text, used)).toEqual(told(text, fresh));
        }
      }),
      { seed: 20240229, numRuns: 2000 },
    );
  });

  it.each([
    ['Mar  1 00:00:01 10.1.1.1 45: *Mar  1 00:00:00.997: ', '10.1.1.1', '*Mar  1 00:00:00.997'],
    // `logging origin-id`, behind a relay that writes its own time and the sender.
    ['Mar  1 00:00:01 10.1.1.1 45: gw-2: *Mar  1 00:00:00.997: ', 'gw-2', '*Mar  1 00:00:00.997'],
    ['Mar  1 00:00:01 10.1.1.1 45: gw-2: 000046: 1d02h: ', 'gw-2', '1d02h'],
    ['Mar  1 00:00:01 10.1.1.1 45: gw-2: ', 'gw-2', 'Mar  1 00:00:01'],
    ['Mar  1 00:00:01 10.1.1.1 gw-2: *Mar  1 00:00:00.997: ', 'gw-2', '*Mar  1 00:00:00.997'],
    ['<191>45: 192.0.2.2: *Mar  1 00:00:00.997: ', '192.0.2.2', '*Mar  1 00:00:00.997'],
    ['Mar  1 00:00:01 relay 45: 192.0.2.2: ', '192.0.2.2', 'Mar  1 00:00:01'],
    // Columns of a collector.
    [
      '2024-03-01 10:00:00\tLocal7.Debug\t10.1.1.1\t45: *Mar  1 00:00:00.997: ',
      '10.1.1.1',
      '*Mar  1 00:00:00.997',
    ],
    ['2024-03-01\t10:00:00\tSyslog.Critical\tgw-2\t', 'gw-2', '2024-03-01\t10:00:00'],
    ['2024-03-01 10:00:00\tgw-2\tLocal7.Info\t', 'gw-2', '2024-03-01 10:00:00'],
    ['Mar  1 00:00:01 10.1.1.1 local7.debug 45: 00:27:07: ', '10.1.1.1', '00:27:07'],
    ['03-01-2024\t10:00:00\tLocal7.Debug\tgw-2\t45: 00:27:07: ', 'gw-2', '00:27:07'],
    ['3/1/2024 9:00:00 AM\tLocal7.Debug\tgw-2\t45: ', 'gw-2', null],
  ])('%j: who sent it, and when', (prefix, host, written) => {
    const text = `${prefix}ISAKMP:(1011):processing KE payload. message ID = 0`;
    const envelope = newEnvelope();
    readEnvelope(text, 0, text.length, envelope);
    expect([envelope.host, envelope.connId]).toEqual([host, 1011]);
    expect(envelope.stamped ? envelope.stamp.toTime(text, 1970, false).written : null).toBe(
      written,
    );
  });

  it.each([
    'Mar  1 00:00:01 10.1.1.1 45: *Mar  1 00:00:00.997: Interface: down',
    'Mar  1 00:00:01 10.1.1.1 45: Mar  1 00:00:00.997: Interface: ISAKMP is down',
    'Mar  1 00:00:01 10.1.1.1 Interface: down',
  ])('a word with a colon is no name: %s', (text) => {
    const envelope = newEnvelope();
    readEnvelope(text, 0, text.length, envelope);
    expect(envelope.host).toBe('10.1.1.1');
  });

  it.each(['460 packets', '.Mar 32 00:00:00.997: and so on', '2024 was long'])(
    'the time of a relay stays where none follows: %s',
    (rest) => {
      const text = `Mar  1 00:00:01 10.1.1.1 45: ${rest}`;
      const envelope = newEnvelope();
      readEnvelope(text, 0, text.length, envelope);
      expect(envelope.stamp.toTime(text, 1970, false).written).toBe('Mar  1 00:00:01');
      expect(text.slice(envelope.textStart)).toBe(rest);
    },
  );

  it('advances with the digits of the clock', () => {
    const used = newEnvelope();
    const window = new AsciiWindow();
    const first = '000122: *Mar  1 00:27:51.890: ISAKMP:(0):a';
    readEnvelope(first, 0, first.length, used);
    const ms = (text: string): number => {
      window.show(`${text}\n`, 0);
      expect(readAlike(window, 0, used)).toBe(text.includes('Mar  1'));
      if (text.includes('Mar  2')) readEnvelope(text, 0, text.length, used);
      return used.stamp.ms;
    };
    expect(ms('000123: *Mar  1 00:27:51.891: ISAKMP:(0):a')).toBe(1_671_891);
    expect(ms('000124: *Mar  1 00:27:51.892: ISAKMP:(0):a')).toBe(1_671_892);
    expect(ms('000125: *Mar  1 13:27:51.892: ISAKMP:(0):a')).toBe(48_471_892);
    expect(ms('000126: *Mar  2 13:27:51.892: ISAKMP:(0):a')).toBe(48_471_892);
    expect(used.stamp.dayOfMonth).toBe(2);
  });

  it('is known of each router again, where a few speak in turns', () => {
    const used = newEnvelope();
    const window = new AsciiWindow();
    const show = (text: string): void => void window.show(`${text}\n`, 0);
    const line = (host: string, second: number): string =>
      `<191>4${String(second)}: ${host}: *Mar  1 00:27:5${String(second)}.891: ISAKMP:(0):a`;
    const hosts = ['gw-1', 'gw-2', 'branch', '192.0.2.7'];
    for (const host of hosts) {
      const text = line(host, 0);
      show(text);
      expect(readAlike(window, 0, used) || readAlikeEarlier(window, 0, used)).toBe(false);
      readEnvelope(text, 0, text.length, used);
    }
    for (let second = 1; second < 10; second++)
      for (const host of hosts) {
        show(line(host, second));
        expect(readAlike(window, 0, used)).toBe(false);
        expect(readAlikeEarlier(window, 0, used)).toBe(true);
        expect([used.host, used.stamp.ms]).toEqual([host, 1_670_891 + second * 1000]);
        expect(readAlike(window, 0, used)).toBe(true);
      }
  });

  it('takes the name of a tag for no zone, where the stamp lost its colon', () => {
    const text = '*Mar  1 00:27:51.891 ISAKMP:(1011):processing KE payload. message ID = 0';
    const envelope = newEnvelope();
    readEnvelope(text, 0, text.length, envelope);
    expect(envelope.family).toBe('isakmp');
    expect(envelope.connId).toBe(1011);
    expect(envelope.stamp.toTime(text, 1970, false).zone).toBeNull();
  });

  it('takes no tag that was cut at the end of a line for the beginning of a word', () => {
    const used = newEnvelope();
    const window = new AsciiWindow();
    const lines = ['*Mar  1 00:27:51.891: ISAKMP', '*Mar  1 00:27:51.892: ISAKMPayload of it'];
    const families = [...lines, ...lines].map((text) => {
      window.show(`${text}\n`, 0);
      if (!readAlike(window, 0, used)) readEnvelope(text, 0, text.length, used);
      return used.family;
    });
    expect(families).toEqual(['isakmp', 'other', 'isakmp', 'other']);
  });
});
