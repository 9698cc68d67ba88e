import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import { scoreLog } from '../../src/logparse/recognise.ts';
import { rewrap } from '../support/log-damage.ts';

/** Broken at 60 columns, as a document would. */
const log = [
  '*Mar  1 10:00:00.001: ISAKMP (0): received packet from',
  '192.0.2.7 dport 500 sport 500 Global (N) NEW SA',
  '*Mar  1 10:00:00.002: ISAKMP:(0):key for 192.0.2.7 found in',
  'KR-FIRST',
  '*Mar  1 10:00:00.002: ISAKMP:(0):ISAKMP: Selecting',
  '192.0.2.7,255.255.255.255 as final key',
  '*Mar  1 10:00:00.003: ISAKMP : Scanning profiles for xauth',
  '...',
  '*Mar  1 10:00:00.004: ISAKMP:(1023): sending packet to',
  '192.0.2.7 my_port 500 peer_port 500 (R) MM_KEY_EXCH',
  '*Mar  1 10:00:00.005: ISAKMP (1023): ID payload',
  '\tnext-payload : 8',
  '\ttype         : 1',
  '\taddress      : 192.0.2.7',
  '*Mar  1 10:00:00.006: ISAKMP:(0):: peer matches PROF-B profile',
];

const told = (text: string): readonly string[] =>
  parseLog(text, 'i1')
    .events.filter(({ message }) => message !== 'unmatched')
    .map(({ message, line, fields }) => `${line} ${message} ${JSON.stringify(fields)}`);

const plain = told(log.join('\n'));

const decorations: Readonly<Record<string, (line: string, number: number) => string>> = {
  'numbers with a full stop': (line, number) => `${number}. ${line}`,
  'numbers with a bar': (line, number) => `${String(number).padStart(4)}| ${line}`,
  'numbers with a bar apart': (line, number) => `${String(number).padStart(4)} | ${line}`,
  'numbers with a tab': (line, number) => `${String(number).padStart(6)}\t${line}`,
  'bare numbers': (line, number) => `${number} ${line}`,
  'numbers of a search': (line, number) => `${number}:${line}`,
  'the time of a terminal program': (line, number) => `[10:32:${10 + number}] ${line}`,
  'a list in quote marks': (line) => (line.startsWith('*') ? `> - ${line}` : `> ${line}`),
  'a list that was quoted twice': (line) =>
    line.startsWith('*') ? `> > - ${line}` : `> > ${line}`,
  'quote marks': (line) => `> ${line}`,
  'marks of a list': (line) => `- ${line}`,
  'a star': (line) => `\u2605 ${line}`,
  'a cross of an emoji font': (line) => `\u274c\ufe0f ${line}`,
  'tabs in the stamp': (line) => line.replace('Mar  1', 'Mar\t1'),
  'carriage returns as two characters': (line) => `${line}^M`,
  'mathematical minus signs': (line) => line.replaceAll('-', '\u2212'),
};

describe('control characters that a relay escapes', () => {
  const prefix = 'Mar  1 10:00:01 10.0.0.1 44: *Mar  1 10:00:00.005: ';
  const lines = [
    'ISAKMP (1023): ID payload \n\tnext-payload : 8\n\ttype         : 1 \n\taddress      : 192.0.2.7 ',
    'ISAKMP:(1023): processing NOTIFY INITIAL_CONTACT protocol 1\n\tspi 0, message ID = 0, sa = 8A8F1C30',
    'IPSEC(validate_proposal_request): proposal part #1,\n  (key eng. msg.) INBOUND local= 192.0.2.1, remote= 192.0.2.7,\n    local_proxy= 10.44.0.0/255.255.0.0/256/0,\n    remote_proxy= 10.55.8.0/255.255.255.0/256/0',
    'Crypto mapdb : proxy_match\n\tsrc addr     : 10.44.0.0\n\tdst addr     : 10.55.8.0',
    'ISAKMP:(1023):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE\r\n',
  ];
  const events = (text: string): readonly (readonly unknown[])[] => {
    const read = parseLog(text, 'i1');
    expect(read.unmatched).toEqual([]);
    return read.events.map(({ message, fields, line }) => [message, fields, line]);
  };

  it.each(['#', '\\'])('in octal behind %s', (mark) => {
    const control = (c: string): string =>
      `${mark}0${c.charCodeAt(0).toString(8).padStart(2, '0')}`;
    // Twice, for what was read before is not read again.
    const whole = [...lines, ...lines].map((line) => prefix + line);
    const octal = whole.map((line) => line.replace(/[\t\n\r]/g, control));
    const starts = whole.map(
      (_, i) => whole.slice(0, i).join('\n').split('\n').length + Number(i > 0),
    );
    const once = (line: unknown): number =>
      starts.findLastIndex((start) => start <= Number(line)) + 1;
    expect(events(octal.join('\n'))).toEqual(
      events(whole.join('\n')).map(([message, fields, line]) => [message, fields, once(line)]),
    );
  });
});

describe('what a page, an editor or a terminal program writes in front', () => {
  it.each(Object.entries(decorations))('%s', (_, decorate) => {
    const text = log.map((line, i) => decorate(line, i + 1)).join('\n');
    expect(told(text)).toEqual(plain);
    expect(scoreLog(text)).toBeGreaterThan(5);
  });

  it.each(['*March   1', '*March 1', '*Mar. 1', '*Mar    1', '000123: *March 1', '- *March 1'])(
    'the month is read where it stands as in %s',
    (month) => {
      const text = log.map((line) => line.replace('*Mar  1', month)).join('\n');
      expect(told(text)).toEqual(plain);
      expect(scoreLog(text)).toBeGreaterThan(5);
      const time = parseLog(text, 'i1').events[0]?.time;
      expect(time).toMatchObject({ mark: 'not-authoritative', resolutionMs: 1 });
    },
  );

  it('a number that is part of the message stays', () => {
    expect(
      told(
        '*Mar  1 10:00:00.001: ISAKMP (0): received packet from 192.0.2.7 dport\n500 sport 500 Global (N) NEW SA',
      ),
    ).toEqual(
      told(
        '*Mar  1 10:00:00.001: ISAKMP (0): received packet from 192.0.2.7 dport 500 sport 500 Global (N) NEW SA',
      ),
    );
  });
});

describe('in front of every line of a broken paste', () => {
  const whole = [
    'HUB-7#debug crypto isakmp',
    'Crypto ISAKMP debugging is on',
    'HUB-7#',
    ...log.slice(0, 1),
    '*Mar  1 10:00:00.002: ISAKMP:(0): sending packet to 198.51.100.20 my_port 500 peer_port 500 (R) MM_SA_SETUP',
    '*Mar  1 10:00:00.003: ISAKMP:(0): vendor ID is NAT-T RFC 3947',
    '*Mar  1 10:00:00.004: ISAKMP:(0):deleting SA reason "Death by retransmission P1" state (R) MM_KEY_EXCH (peer 198.51.100.20)',
  ].join('\n');
  const frames: Readonly<Record<string, (line: string, number: number) => string>> = {
    ...decorations,
    'quote marks without a blank': (line) => `>${line}`,
    'quote marks twice': (line) => `> > ${line}`,
    'numbers with a colon': (line, number) => `${number}: ${line}`,
    'numbers in what is quoted': (line, number) => `> ${number}: ${line}`,
    'padded numbers': (line, number) => `${String(number + 95).padStart(5)}  ${line}`,
    bars: (line) => `| ${line}`,
    'a tab': (line) => `\t${line}`,
    blanks: (line) => `    ${line}`,
  };
  const wanted = told(whole).map((each) => each.replace(/^\d+ /, ''));

  it.each(Object.entries(frames))('%s', (_, decorate) => {
    for (let width = 40; width <= 100; width++) {
      const broken = rewrap(whole, width, 'hard').split('\n');
      const text = broken.map((line, i) => decorate(line, i + 1)).join('\n');
      const got = told(text).map((each) => each.replace(/^\d+ /, ''));
      expect({ width, got }).toEqual({ width, got: wanted });
    }
  });

  it('counts of the router are no numbers of the page', () => {
    const counted = Array.from(
      { length: 6 },
      (_, i) => `${12 + i}: *Mar  1 10:00:00.00${i}: ISAKMP:(0): vendor ID is DPD`,
    );
    const text = [...counted, '19: *Mar  1 10:00:01.001: ISAKMP (0): received packet from', log[1]];
    expect(told(text.join('\n')).at(-1)).toBe(
      '7 packet-received-new {"peer":"192.0.2.7","localPort":500,"peerPort":500,"vrf":"Global"}',
    );
  });
});

describe('what stands around a message', () => {
  const message = '*Mar  1 10:00:00.001: ISAKMP:(0):Found ADDRESS key in keyring KR-A';

  it.each([
    ['a chat', `[10:32 AM] bob: ${message}`],
    ['a terminal program', `2023-03-01 12:03:11 ${message}`],
    ['a relay of the newer form', `<191>1 2023-03-01T10:00:00.123Z R1 - - - - ${message}`],
    ['a line card', message.replace('ISAKMP', 'SLOT 1:ISAKMP')],
    [
      'a trace file',
      '2019/03/01 10:00:00.123 {iosrp_R0-0}{1}: [crypto] [1]: (debug): ISAKMP: (0):Found ADDRESS key in keyring KR-A',
    ],
    [
      'a trace file with its process',
      '2019/03/01 10:00:00.123 {iosrp_R0-0}{1}: [iosrp] [1]: UUID: 0, ra: 0, TID: 0 (ERR): ISAKMP: (0):Found ADDRESS key in keyring KR-A',
    ],
  ])('in front: %s', (_, line) => {
    expect(told(line)).toEqual(['1 key-in-keyring {"keyring":"KR-A"}']);
    expect(scoreLog(line)).toBe(1);
  });

  it.each([
    '   <=== here',
    '  \uff08\u9019\u88e1\uff09',
    '\uff08\u9019\u88e1\uff09',
    '  !--- this one',
    ' # look',
    '   what is this',
  ])('behind: %s', (remark) => {
    expect(told(`${message}${remark}`)).toEqual(['1 key-in-keyring {"keyring":"KR-A"}']);
    const { unmatched } = parseLog(`${message}${remark}`, 'i1');
    expect(unmatched.map(({ kind, example }) => [kind, example])).toEqual([
      ['annotation', remark.trim()],
    ]);
  });
});
