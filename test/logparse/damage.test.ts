import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MessageFamily } from '../../src/logparse/message-spec.ts';
import { messageTable } from '../../src/logparse/messages/table.ts';
import { parseLog } from '../../src/logparse/parse.ts';
import { comparable, comparableEvents } from '../support/log-events.ts';
import type { LogEvent } from '../../src/model/log.ts';
import { crlf, entities, insertLines, more, quoted, rewrap } from '../support/log-damage.ts';

const folder = new URL('../fixtures/logparse/', import.meta.url);
const logs = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => ({ name, log: readFileSync(new URL(name, folder), 'utf8') }));

const eventsOf = (log: string): readonly string[] => comparable(log).events;

const damages: Readonly<Record<string, (log: string, width: number) => string>> = {
  'cut by a terminal': (log, width) => rewrap(log, width, 'hard'),
  'cut by a terminal, CRLF': (log, width) => crlf(rewrap(log, width, 'hard')),
  'cut and indented': (log, width) => rewrap(log, width, 'hard', '    '),
  'broken at blanks': (log, width) => rewrap(log, width, 'word'),
  'broken at blanks and indented': (log, width) => rewrap(log, width, 'word', '      '),
  'broken, as page source': (log, width) => entities(rewrap(log, width, 'word')),
  'broken, with a pager': (log, width) => insertLines(rewrap(log, width, 'word'), 7, more),
  'cut, with prompts': (log, width) => insertLines(rewrap(log, width, 'hard'), 5, 'edge-77#'),
};

describe.each(logs)('$name', ({ log }) => {
  const wanted = eventsOf(log);
  // Every width is run over all logs together; each log takes its own share.
  for (const [name, damage] of Object.entries(damages)) {
    it(name, () => {
      for (let width = 40; width <= 200; width += width < 90 ? 5 : 27)
        expect(eventsOf(damage(log, width)), `width ${width}`).toEqual(wanted);
    });
  }
  it('quoted in mail', () => {
    expect(eventsOf(quoted(log))).toEqual(wanted);
  });
});

describe('letters other than ASCII', () => {
  it('change nothing but the line they stand on', () => {
    for (const { log } of logs) {
      const prose = 'Here it isn\u2019t what we had expected \u2013 see above';
      const lines = `${log}\n`.repeat(6).split('\n');
      const plain = lines.toSpliced(40, 0, 'Here it is not what we had expected');
      const dashed = lines.toSpliced(40, 0, prose);
      expect(eventsOf(dashed.join('\n'))).toEqual(eventsOf(plain.join('\n')));
    }
  });
});

describe('blanks within a field', () => {
  // What comes first shows how the paste was broken.
  const log = [
    'ISAKMP:(0):Old State = IKE_I_MM1  New State = IKE_I_MM2',
    'ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_SA_SETUP',
    'ISAKMP:(0): received packet from 192.0.2.7 dport 500 sport 500 Global (I) MM_SA_SETUP',
    'ISAKMP:(0):Old State = IKE_I_MM2  New State = IKE_I_MM3',
    'ISAKMP:(0):Input = IKE_MESG_FROM_PEER, IKE_MM_EXCH',
    'ISAKMP:(0):Sending an IKE IPv4 Packet.',
    'ISAKMP:(1001):deleting SA reason "Death by retransmission P1" state (I) MM_KEY_EXCH (peer 192.0.2.7)',
    'ISAKMP (1001): incrementing error counter on sa, attempt 1 of 5: retransmit phase 1',
  ].map((line) => `*Nov 11 08:15:30.123: ${line}`);
  it.each(['hard', 'word'] as const)('outlive a break: %s', (style) => {
    for (let width = 50; width <= 125; width++) {
      const { events } = parseLog(rewrap([...log, ...log].join('\n'), width, style), 'i1');
      const reasons = events.slice(log.length).flatMap(({ fields }) => fields.reason ?? []);
      expect(reasons, `width ${width}`).toEqual([
        'Death by retransmission P1',
        'retransmit phase 1',
      ]);
    }
  });
});

describe('the messages of the table', () => {
  const tags: Readonly<Partial<Record<MessageFamily, string>>> = {
    isakmp: 'ISAKMP:(1001):',
    ipsec: '',
    syslog: '',
    ikev2: 'IKEv2:(SESSION ID = 17,SA ID = 1):',
  };
  // Without its blank the first reads as another record of the same meaning; a firewall prints the next on one line,
  // which is broken in mail alone; of the last, which repeats another message, the blank in front of a comma is lost.
  const others: ReadonlySet<string> = new Set([
    'key-not-in-named-profile',
    'syslog-asa',
    'v2-event',
  ]);
  const around = [
    'Old State = IKE_I_MM1  New State = IKE_I_MM2',
    ' sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_SA_SETUP',
    ' received packet from 192.0.2.7 dport 500 sport 500 Global (I) MM_SA_SETUP',
    'Input = IKE_MESG_FROM_PEER, IKE_MM_EXCH',
  ].map((text) => `ISAKMP:(1001):${text}`);
  const read = (log: string): readonly string[] =>
    parseLog(log, 'i1').events.map(({ message, connId, fields }) =>
      JSON.stringify([message, connId, fields]),
    );

  it.each(['hard', 'word'] as const)('outlive a break at any width: %s', (style) => {
    for (const { id, family, samples } of messageTable) {
      const tag = tags[family];
      if (tag === undefined || others.has(id)) continue;
      for (const sample of samples) {
        const log = [...around, ...around, tag + sample, ...around]
          .map((line) => `*Nov 11 08:15:30.123: ${line}`)
          .join('\n');
        const wanted = read(log);
        // Each takes a share of the widths that follows from its own text: a further record shifts none.
        for (let width = 50 + (sample.length % 7); width <= 108; width += 7)
          expect(read(rewrap(log, width, style)), `${sample} at ${width}`).toEqual(wanted);
      }
    }
  });
});

describe('addresses of IPv6', () => {
  const log = [
    'ISAKMP-PAK: (0):received packet from 2001:DB8:77::9 dport 500 sport 500 Global (N) NEW SA',
    'ISAKMP: (0):Created a peer struct for 2001:DB8:77::9, peer port 500',
    'ISAKMP-PAK: (0):sending packet to 2001:DB8:77::9 my_port 500 peer_port 500 (R) MM_SA_SETUP',
    'ISAKMP-PAK: (0):received packet from 2001:db8:77::fade dport 500 sport 500 Global (R) MM_SA_SETUP',
    'ISAKMP: (1077):deleting SA reason "Death by retransmission P1" state (R) MM_KEY_EXCH (peer 2001:DB8:77::9)',
  ].map((line) => `Jul 17 2025 23:59:58.901 CEST: ${line}`);
  const read = (text: string): readonly unknown[] =>
    parseLog(text, 'i1').events.map(({ message, fields }) => [message, fields]);

  it.each(['hard', 'word'] as const)('outlive a break: %s', (style) => {
    const text = [...log, ...log].join('\n');
    for (let width = 48; width <= 140; width++)
      expect(read(rewrap(text, width, style)), `width ${width}`).toEqual(read(text));
  });

  it('outlive a remark on the next line', () => {
    const remarked = log.flatMap((line) => [line, 'this is where it stops, see the other router']);
    expect(read(remarked.join('\n'))).toEqual(read(log.join('\n')));
  });
});

describe('what was read before', () => {
  it('does not change how a line is read', () => {
    // The first copy is read in full, the second is learnt from, the third and fourth are known.
    for (const { log } of logs) {
      for (const text of [log, rewrap(log, 80, 'hard'), rewrap(log, 66, 'word', '  ')]) {
        const once = eventsOf(text);
        const lines = text.split('\n').length;
        const document = parseLog(`${text}\n`.repeat(4), 'i1');
        const copies = [0, 1, 2, 3].map((copy) => {
          const ours = ({ line }: LogEvent): boolean => Math.floor((line - 1) / lines) === copy;
          return { ...document, events: document.events.filter(ours) };
        });
        const places = copies.map(({ events }, copy) =>
          events.map(({ line, lastLine }) => [line - copy * lines, lastLine - copy * lines]),
        );
        for (const copy of copies) expect(comparableEvents(copy)).toEqual(once);
        for (const copy of places.slice(1)) expect(copy).toEqual(places[0]);
      }
    }
  });

  it('does not change it where the same text stands on lines of another width', () => {
    // Senders of several lengths: the same lines are cut at other places. A mark that no router writes, and that is
    // taken away again, keeps each line from being known.
    const senders = ['r1', 'edge-1.example', 'r1', 'a-long-name.of-a-branch.example'];
    for (const { log } of logs) {
      for (const width of [56, 72, 80, 101]) {
        const text = senders
          .map((sender) =>
            rewrap(log.replace(/^(?=[*.]?[A-Z][a-z]{2} )/gm, `${sender} `), width, 'hard'),
          )
          .join('\n');
        const unknown = text.replaceAll('\n', '&#8203;\n');
        expect(parseLog(text, 'i1').events, `width ${width}`).toEqual(
          parseLog(unknown, 'i1').events,
        );
      }
    }
  });
});

describe('two logs in one paste', () => {
  const named = (part: string): string => logs.find(({ name }) => name.startsWith(part))!.log;

  it('message by message, the same negotiations come out', () => {
    // Both have syslog senders, so that lines can be mixed at will.
    const [one, other] = [named('09'), named('10')];
    const messages = (log: string): string[] => log.split(/\n(?=<|May|Dec)/);
    const [a, b] = [messages(one), messages(other)];
    const mixed: string[] = [];
    for (let i = 0; i < Math.max(a.length, b.length); i++)
      mixed.push(...[a[i], b[i]].filter((line) => line !== undefined));
    const verdicts = parseLog(mixed.join('\n'), 'i1').negotiations.map(
      ({ router, verdict, statePath }) => [router, verdict, statePath.length],
    );
    const alone = [one, other].flatMap((log) =>
      parseLog(log, 'i1').negotiations.map(({ router, verdict, statePath }) => [
        router,
        verdict,
        statePath.length,
      ]),
    );
    expect(verdicts.sort()).toEqual(alone.sort());
  });

  it('one after the other, the same negotiations come out', () => {
    for (const { log } of logs) {
      const both = parseLog(`${log}\n${named('05')}`, 'i1').negotiations.map(
        ({ verdict }) => verdict,
      );
      expect(both.sort()).toEqual(
        [...parseLog(log, 'i1').negotiations.map(({ verdict }) => verdict), 'tunnel-up'].sort(),
      );
    }
  });
});

describe('hostile text', () => {
  it('is read without throwing, whatever octets are changed', () => {
    const position = fc.tuple(
      fc.nat(),
      fc.constantFrom(
        '',
        '\n',
        '\0',
        '(',
        '[',
        '\\',
        '\u001b[',
        '&#',
        '0x',
        '.',
        '!',
        '\r',
        'ISAKMP:',
        '%',
        '\ud800',
        '#',
        '{',
      ),
    );
    fc.assert(
      fc.property(
        fc.nat({ max: logs.length - 1 }),
        fc.array(position, { maxLength: 12 }),
        (which, changes) => {
          let text = logs[which]!.log;
          for (const [at, by] of changes) {
            const i = at % text.length;
            text = text.slice(0, i) + by + text.slice(i + (at % 3));
          }
          const document = parseLog(text, 'i1');
          for (const { evidenceLines } of document.negotiations)
            for (const line of evidenceLines) expect(line).toBeLessThanOrEqual(document.lines);
        },
      ),
      { seed: 20240229, numRuns: 150 },
    );
  });

  it('does not hang on one line of five million characters', () => {
    for (const unit of ['A', 'ISAKMP:(0):', '*Mar  1 00:00:00.000: ', '((((', '0x', '. ! . ! ']) {
      const text = unit.repeat(Math.ceil(5_000_000 / unit.length));
      const document = parseLog(text, 'i1');
      expect(document.anomalies.length).toBeGreaterThan(0);
    }
  }, 120_000);
});

describe('messages without stamps that lost their line ends', () => {
  const messages = [
    'ISAKMP (0:0): received packet from 192.0.2.7 dport 500 sport 500 Global (R) MM_NO_STATE',
    'ISAKMP (0:0): processing SA payload. message ID = 0',
    'ISAKMP (0:0): no offers accepted!',
  ];

  it.each([
    ['alone', ''],
    ['behind prose', 'Enable it with debug crypto isakmp'],
  ])('are read one by one, %s', (_, before) => {
    const { events } = parseLog(before + messages.join(' '), 'i1');
    expect(events.map(({ message }) => message)).toEqual([
      'packet-received',
      'payload-processing',
      'policy-none',
    ]);
  });

  it('are not a single one in a sentence', () => {
    const { negotiations } = parseLog('Why does it say ISAKMP (0:0): no offers accepted!', 'i1');
    expect(negotiations).toEqual([]);
  });
});

describe('messages without stamps that lost their line ends', () => {
  it('begin anew with the function of the key engine as well', () => {
    const { events } = parseLog(
      'see below ISAKMP (0:1): processing SA payload. message ID = 88 IPSEC(validate_transform_proposal): proxy identities not supported ISAKMP (0:1): phase 2 SA not acceptable!',
      'log0',
    );
    expect(events.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^processing SA payload/),
      expect.stringMatching(/proxy identities not supported$/),
      expect.stringMatching(/^phase 2 SA not acceptable!$/),
    ]);
  });

  it('do not where prose names one', () => {
    const { events } = parseLog('we saw IPSEC(key_engine): got a queue event', 'log0');
    expect(events.length).toBeLessThan(2);
  });
});

describe('a mark of a ping', () => {
  it.each([
    ['00:27:07: ISAKMP: . auth pre-share', 'offer-auth'],
    ['00:27:07: ISAKMP:     !. encryption DES-CBC', 'offer-encryption'],
    ['00:27:07: ISAKMP:      hash .MD5', 'offer-hash'],
  ])('is no part of what stands around it: %s', (line, message) => {
    expect(parseLog(line, 'i1').events.map((event) => event.message)).toEqual([message]);
  });
});

describe('a log pasted out of a string', () => {
  const log = [
    'HUB-7#debug crypto isakmp',
    '*Mar 28 08:14:22.331: ISAKMP:(0): SA request profile is (NULL)',
    '*Mar 28 08:14:22.335: ISAKMP:      encryption AES-CBC',
    '*Mar 28 08:14:22.335: ISAKMP:      auth pre-share',
    '*Mar 28 08:14:22.339: ISAKMP (1023): ID payload',
    '\tnext-payload : 8',
    '\ttype         : 1',
    '\taddress      : 192.0.2.7',
    '*Mar 28 08:14:22.409: ISAKMP:(1023):deleting SA reason "Death by retransmission P1" state (R) MM_KEY_EXCH (peer 192.0.2.7)',
  ];
  const told = (text: string): readonly unknown[] => {
    const { events, unmatched } = parseLog(text, 'i1');
    return [unmatched, events.map(({ message, fields }) => [message, fields])];
  };
  const written = JSON.stringify(log.join('\n'));

  it.each([
    ['of JSON', `    ${written},`],
    ['that is a member', `  "output": ${written}`],
    ['with line ends of another system', written.replaceAll('\\n', '\\r\\n')],
    ['without marks around it', written.slice(1, -1)],
  ])('is read line by line: %s', (_, text) => {
    expect(told(text)).toEqual(told(log.join('\n')));
  });

  it('is none where no message follows', () => {
    const path = '*Mar 28 08:14:22.331: %SYS-5-CONFIG_I: Configured from flash\\net.cfg by console';
    expect(parseLog(path, 'i1').events[0]?.text).toContain('flash\\net.cfg');
  });
});

describe('what a note makes of a message', () => {
  it.each([
    [
      'IPSEC(validate\\_proposal): transform proposal (prot 3, trans 3, hmac\\_alg 2) not supported',
      'IPSEC(validate_proposal): transform proposal (prot 3, trans 3, hmac_alg 2) not supported',
    ],
    [
      '**IPSEC(validate\\_proposal): transform proposal (prot 3, trans 3, hmac\\_alg 2) not supported**',
      'IPSEC(validate_proposal): transform proposal (prot 3, trans 3, hmac_alg 2) not supported',
    ],
    [
      '\\*Mar  1 10:00:00.001: ISAKMP:(0):Old State = IKE\\_I\\_MM1  New State = IKE\\_I\\_MM2',
      '*Mar  1 10:00:00.001: ISAKMP:(0):Old State = IKE_I_MM1  New State = IKE_I_MM2',
    ],
    [
      '***Mar  1 10:00:00.001: ISAKMP:(0):no offers accepted!**',
      '*Mar  1 10:00:00.001: ISAKMP:(0):no offers accepted!',
    ],
    ['1d00h: ISAKMP (0:1); no offers accepted!', '1d00h: ISAKMP (0:1): no offers accepted!'],
    [
      '1d00H:%CRPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.7 failed its sanity check or is malformed',
      '1d00h:%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.7 failed its sanity check or is malformed',
    ],
  ])('%s', (noted, printed) => {
    const told = (line: string): readonly unknown[] =>
      parseLog(line, 'i1').events.map(({ message, fields, time }) => [message, fields, time?.ms]);
    expect(told(noted)).toEqual(told(printed));
    expect(told(printed)[0]).not.toContain('unmatched');
  });
});
