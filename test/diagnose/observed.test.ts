import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { LogNegotiation } from '../../src/model/log.ts';
import {
  INITIATOR,
  RESPONDER,
  diagnosisOf,
  logOf,
  opening,
  packetLine,
  unanswered,
  wire,
} from '../support/incident.ts';

/** The hub that answers, with its keyrings in order and the ones that its profile names. */
const hub = (
  rings: readonly string[],
  named: string,
  match = `${INITIATOR} 255.255.255.255`,
): string => `hostname R1
${rings.map((name) => `crypto keyring ${name}\n pre-shared-key address ${INITIATOR} key same`).join('\n')}
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto isakmp profile p
 keyring ${named}
 match identity address ${match}
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
 set isakmp-profile p
interface Tunnel1
 ip address 10.0.0.1 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel destination ${INITIATOR}
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address ${RESPONDER} 255.255.255.0
`;
const spoke = hub(['kr'], 'kr')
  .replace('R1', 'R2')
  .replaceAll(INITIATOR, 'INITIATOR')
  .replaceAll(RESPONDER, INITIATOR)
  .replaceAll('INITIATOR', RESPONDER);

const REFUSED = 'Key not found in keyrings of profile , aborting exchange';
const PASSED = `SA has been authenticated with ${INITIATOR}`;

type More = Partial<LogNegotiation>;
const told = (line: string, more: More): ReturnType<typeof logOf> =>
  logOf(['a', 'b', line], {
    router: 'R1',
    peerAddress: INITIATOR,
    peerIdentity: { type: 'ID_IPV4_ADDR', value: INITIATOR, line: 1 },
    profileMatched: { name: 'p', step: 'mm5', line: 1 },
    packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
    ...more,
  });
const refused = (selections: LogNegotiation['keyringSelections'] = []): ReturnType<typeof logOf> =>
  told(REFUSED, {
    phase1: 'failed',
    outcome: 'failed',
    verdict: 'keyring-mismatch-after-mm5',
    evidenceLines: [3],
    keyringSelections: selections,
  });
const up = (selections: LogNegotiation['keyringSelections'] = []): ReturnType<typeof logOf> =>
  told(PASSED, {
    phase1: 'complete',
    phase2: 'complete',
    outcome: 'established',
    verdict: 'tunnel-up',
    keyringSelections: selections,
  });

const diagnose = (config: string, log: ReturnType<typeof logOf>): Diagnosis =>
  diagnosisOf({ configs: [config, spoke], logs: [log] });
const find = ({ findings }: Diagnosis, id: string): Finding | undefined =>
  findings.find((entry) => entry.id === id);
const verified = ({ findings }: Diagnosis): boolean =>
  findings.some(({ remedies }) => remedies.some((remedy) => remedy.verified));

const TWO = hub(['kr1', 'kr2'], 'kr2');

describe('a log that the configuration cannot explain', () => {
  it.each([
    ['the check fails and by the configuration it passes', hub(['kr2'], 'kr2'), []],
    [
      'the check names a keyring that the configuration does not have',
      TWO,
      [{ step: 'mm5', keyring: 'gone', line: 2 }],
    ],
    [
      'the key comes from a keyring that the configuration does not have',
      TWO,
      [{ step: 'mm3', keyring: 'gone', line: 1 }],
    ],
    [
      'the check names another keyring of the configuration than the profile does',
      TWO,
      [{ step: 'mm5', keyring: 'kr1', line: 2 }],
    ],
  ] as const)('is told, and no repair counts as verified: %s', (_, config, selections) => {
    const diagnosis = diagnose(config, refused(selections));
    const against = find(diagnosis, 'configuration-contradicts-log');
    expect(against?.title).toBe('The configuration of R1 does not explain its log');
    expect(against?.confidence).toBe('observed');
    expect(verified(diagnosis)).toBe(false);
    const failure = find(diagnosis, 'keyring-mismatch-after-mm5')!;
    expect(failure.settle.join(' ')).toContain('the one given does not explain it');
    expect(diagnosis.verdict.summary).not.toContain('The other way round');
    expect(diagnosis.verdict.summary).not.toContain('Type:');
    expect(diagnosis.verdict.summary).not.toContain('On R1: ');
  });

  it.each([
    ['after', 9],
    ['before', 1],
  ] as const)('names the change %s the attempt that its log shows', (when, line) => {
    const log = refused([{ step: 'mm5', keyring: 'gone', line: 2 }]);
    const changed = {
      ...log.events[0]!,
      line,
      text: '%SYS-5-CONFIG_I: Configured from console by console',
    };
    const placed = {
      ...log,
      events: [...log.events, changed],
      negotiations: log.negotiations.map((each) => ({ ...each, firstLine: 2, lastLine: 5 })),
    };
    const against = find(diagnose(TWO, placed), 'configuration-contradicts-log')!;
    expect(against.explanation).toContain(
      `changed at line ${String(line)} of its log, ${when} this attempt`,
    );
    expect(against.explanation).not.toContain('Both cannot be true');
  });

  it('is followed by the wish for the running configuration, where a repair was replayed on the one given', () => {
    const { summary } = diagnose(TWO, refused([{ step: 'mm5', keyring: 'gone', line: 2 }])).verdict;
    expect(summary).toContain('Take "show running-config" of R1 first');
  });

  it('names no keyring as used that no line and no explanation gives', () => {
    const diagnosis = diagnose(hub(['kr2'], 'kr2'), refused());
    expect(find(diagnosis, 'keyring-mismatch-after-mm5')!.title).toBe(
      'R1 took the key from a keyring that the debug does not name, but ISAKMP profile p allows only kr2',
    );
  });

  it('takes what the profile allows from the log', () => {
    const diagnosis = diagnose(TWO, refused([{ step: 'mm5', keyring: 'gone', line: 2 }]));
    const failure = find(diagnosis, 'keyring-mismatch-after-mm5')!;
    expect(failure.title).toContain('allows only gone');
    expect(failure.evidence.map(({ text }) => text).join(' ')).not.toContain('allows kr2');
  });

  it('is not found where the configuration predicts the refusal', () => {
    const diagnosis = diagnose(TWO, refused([{ step: 'mm5', keyring: 'kr2', line: 2 }]));
    expect(find(diagnosis, 'configuration-contradicts-log')).toBeUndefined();
    expect(verified(diagnosis)).toBe(true);
    const failure = find(diagnosis, 'keyring-mismatch-after-mm5')!;
    expect(failure.explanation).toContain('takes the key, by its configuration, from kr1');
  });
});

describe('two attempts under one configuration', () => {
  type Log = ReturnType<typeof logOf>;
  const SYSTEM = 4;
  /** One log: the first attempt, what the system says at line 4, and the second attempt. */
  const joined = (first: Log, said: string, second: Log): Log => {
    const move = (line: number): number => line + SYSTEM;
    const later = second.negotiations.map((each) => ({
      ...each,
      id: 'log0-n2',
      events: each.events.map(move),
      evidenceLines: each.evidenceLines.map(move),
      firstLine: move(each.firstLine),
      lastLine: move(each.lastLine),
    }));
    return {
      ...first,
      events: [
        ...first.events,
        { ...first.events[0]!, line: SYSTEM, text: said },
        ...second.events.map((event) => ({ ...event, line: move(event.line) })),
      ],
      negotiations: [...first.negotiations, ...later],
    };
  };
  const RESTART = '%SYS-5-RESTART: System restarted --';
  const CONFIGURED = '%SYS-5-CONFIG_I: Configured from console by console';
  const of = (log: Log): Diagnosis => diagnose(TWO, log);
  const told = (diagnosis: Diagnosis): string =>
    find(diagnosis, 'configuration-contradicts-log')?.explanation ?? '';

  it.each([
    [RESTART, 'at line 4 of its log, R1 restarted'],
    [CONFIGURED, 'at line 4 of its log, its configuration was changed'],
  ])('that end otherwise are told with what lies between: %s', (said, text) => {
    const diagnosis = of(joined(up(), said, refused()));
    expect(told(diagnosis)).toContain(text);
    expect(told(diagnosis)).toMatch(/only with the key of kr2, the one at line 5 only with .* kr1/);
  });

  it('leave the repair of the one that failed, which the configuration explains', () => {
    const failure = find(of(joined(up(), RESTART, refused())), 'keyring-mismatch-after-mm5')!;
    expect(failure.negotiations).toEqual(['log0-n2']);
    expect(failure.remedies[0]).toMatchObject({ router: 'R1', verified: true });
  });

  it('name the restart in the story', () => {
    const { summary } = of(joined(up(), RESTART, refused())).verdict;
    expect(summary).toContain('came up once, then failed once; R1 restarted at line 4 of its log');
  });

  it.each([
    ['both fail', refused(), refused()],
    ['both come up', up(), up()],
  ])('that end alike are no change: %s', (_, first, second) => {
    expect(told(of(joined(first, RESTART, second)))).toBe('');
  });

  describe('of which the log shows the change and both listings are given', () => {
    const after = hub(['kr2'], 'kr2');
    const log = joined(
      refused([{ step: 'mm3', keyring: 'kr1', line: 1 }]),
      CONFIGURED,
      up([{ step: 'mm3', keyring: 'kr2', line: 5 }]),
    );

    it.each([
      ['the earlier first', [TWO, after]],
      ['the later first', [after, TWO]],
    ])('are each judged by their own: %s', (_, versions) => {
      const diagnosis = diagnosisOf({ configs: [...versions, spoke], logs: [log] });
      expect(told(diagnosis)).toBe('');
      const failure = find(diagnosis, 'keyring-mismatch-after-mm5')!;
      expect(failure.negotiations).toEqual(['log0-n1']);
      expect(failure.explanation).toContain('kr1, the first keyring of its configuration');
      expect(diagnosis.verdict.summary).toContain('is up now: it failed once, then came up once');
      // What is there now lets both directions up, so that nothing is to be typed.
      expect(find(diagnosis, 'one-direction-only')).toBeUndefined();
      expect(find(diagnosis, 'keyring-ambiguous')).toBeUndefined();
      expect(verified(diagnosis)).toBe(false);
    });

    it('mend the later one, where that fails', () => {
      const turned = joined(
        up([{ step: 'mm3', keyring: 'kr2', line: 1 }]),
        CONFIGURED,
        refused([{ step: 'mm3', keyring: 'kr1', line: 5 }]),
      );
      const diagnosis = diagnosisOf({ configs: [after, TWO, spoke], logs: [turned] });
      expect(told(diagnosis)).toBe('');
      const failure = find(diagnosis, 'keyring-mismatch-after-mm5')!;
      expect(failure.remedies[0]).toMatchObject({ router: 'R1', verified: true });
    });
  });

  it('do not deny a repair that stands, where the log of one names another keyring', () => {
    const first = up([{ step: 'mm5', keyring: 'gone', line: 2 }]);
    const diagnosis = of(
      joined(first, RESTART, refused([{ step: 'mm3', keyring: 'kr1', line: 6 }])),
    );
    expect(verified(diagnosis)).toBe(true);
    expect(told(diagnosis)).not.toContain('counts as verified');
    expect(told(diagnosis)).toContain('R1 restarted at line 4 of its log, after this attempt');
  });
});

describe('an end that was seen', () => {
  it.each([
    ['the keyring is named', [{ step: 'mm3', keyring: 'kr2', line: 1 }]],
    ['no keyring is named, and one reading explains it', []],
  ] as const)('replaces the prediction of its direction: %s', (_, selections) => {
    const diagnosis = diagnose(TWO, up(selections));
    expect(diagnosis.verdict.finding).toBe('tunnel-up');
    expect(find(diagnosis, 'one-direction-only')).toBeUndefined();
    expect(find(diagnosis, 'keyring-ambiguous')?.explanation).not.toContain('cannot initiate');
    expect(diagnosis.verdict.summary).not.toMatch(/fails|cannot/);
  });

  it('says which keyring was taken where that is not the first', () => {
    const diagnosis = diagnose(TWO, up([{ step: 'mm3', keyring: 'kr2', line: 1 }]));
    expect(find(diagnosis, 'keyring-ambiguous')?.explanation).toContain(
      `The debug of R1 shows that it took the key for ${INITIATOR} from kr2 (line 1)`,
    );
  });

  /** The detail of two searches, which take the keys of these keyrings. */
  const searched = (...rings: readonly (readonly string[])[]): ReturnType<typeof logOf> => {
    const lines = rings.flatMap((ring) =>
      ring.map((name) => `key for ${INITIATOR} found in ${name}`),
    );
    const ends = rings.map((_, at) => rings.slice(0, at + 1).flat().length);
    const passed = up(
      rings.map((ring, at) => ({
        step: at === 0 ? 'mm1' : 'mm3',
        keyring: ring.at(-1)!,
        line: ends[at]!,
      })),
    );
    return logOf([...lines, PASSED], passed.negotiations[0]);
  };
  it.each([
    ['the first holds no key by the log', [['kr2'], ['kr2']], 'finds no key for 192.0.2.1 in kr1'],
    ['the keyring changes on the way', [['kr1'], ['kr2']], 'from kr1 and then from kr2'],
  ] as const)('is of another configuration where %s', (_, rings, words) => {
    const diagnosis = diagnose(TWO, searched(...rings));
    expect(find(diagnosis, 'configuration-contradicts-log')?.explanation).toContain(words);
    expect(find(diagnosis, 'keyring-ambiguous')?.explanation).not.toContain('order of definition');
  });

  it('is told with the directions of its own router and keyrings only', () => {
    const other = hub(['x1', 'x2'], 'x2').replace('R1', 'R3').replaceAll(RESPONDER, '203.0.113.9');
    const { findings } = diagnosisOf({ configs: [TWO, spoke, other], logs: [refused()] });
    const told = findings.find(({ title }) => title.startsWith('R3 holds'));
    expect(told?.id).toBe('keyring-ambiguous');
    expect(told?.explanation).not.toContain('cannot initiate');
  });

  it('is of another order where both keyrings are listed', () => {
    const diagnosis = diagnose(TWO, searched(['kr1', 'kr2'], ['kr1', 'kr2']));
    expect(find(diagnosis, 'configuration-contradicts-log')).toBeUndefined();
    expect(find(diagnosis, 'keyring-ambiguous')?.explanation).toContain('order of definition');
  });

  it('leaves the prediction of the other direction alone', () => {
    const log = logOf(['a'], {
      router: 'R1',
      role: 'initiator',
      localAddress: RESPONDER,
      peerAddress: INITIATOR,
      phase1: 'complete',
      phase2: 'complete',
      outcome: 'established',
      verdict: 'tunnel-up',
    });
    expect(find(diagnose(TWO, log), 'one-direction-only')?.title).toContain(
      'only when R1 initiates',
    );
  });

  it('names the profile that the log shows, whatever is more specific', () => {
    const other = `crypto isakmp profile host
 keyring kr1
 match identity address ${INITIATOR} 255.255.255.255
crypto ipsec transform-set`;
    const config = hub(['kr1'], 'kr1', '192.0.2.0 255.255.255.0').replace(
      'crypto ipsec transform-set',
      other,
    );
    const diagnosis = diagnose(config, up());
    expect(find(diagnosis, 'one-direction-only')).toBeUndefined();
    const overlap = find(diagnosis, 'profile-overlap')!;
    expect(overlap.explanation).toContain(
      'The debug shows that R1 takes p, although host is the most specific.',
    );
    expect(overlap.explanation).not.toContain('wins because');
  });

  it('calls no profile the most specific that only comes first', () => {
    const again = `crypto isakmp profile q
 keyring kr1
 match identity address ${INITIATOR} 255.255.255.255
crypto ipsec transform-set`;
    const config = hub(['kr1'], 'kr1').replace('crypto ipsec transform-set', again);
    expect(find(diagnose(config, up()), 'profile-overlap')!.explanation).toContain(
      'The debug shows that R1 takes p, the first of those that match equally well.',
    );
  });
});

describe('a refusal that only the configurations tell of', () => {
  const diagnosis = diagnosisOf({
    configs: [TWO, spoke],
    exchanges: [wire([...opening, ...unanswered(4)])],
  });
  const failure = find(diagnosis, 'keyring-mismatch-after-mm5')!;

  it('is told as such', () => {
    expect(failure.confidence).toBe('predicted');
    expect(failure.title).toMatch(/^By its configuration R1 takes the key from kr1/);
    expect(failure.explanation).not.toContain('would not have decrypted');
    expect(failure.explanation).toContain('the loss of MM5');
  });

  it('says which reading would end otherwise, and keeps open what else it may be', () => {
    expect(failure.explanation).toContain('keyring-tie-unpredictable');
    expect(failure.settle.join(' ')).toContain('MM5 was lost');
  });
});

describe('a responder that alone logs how MM5 came to nothing', () => {
  const GARBAGE = `reserved not zero on ID payload!`;
  const unread = logOf(['a', GARBAGE], {
    router: 'R1',
    peerAddress: INITIATOR,
    localAddress: null,
    packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
    phase1: 'failed',
    outcome: 'failed',
    verdict: 'psk-mismatch',
    evidenceLines: [2],
  });
  const wide = INITIATOR.replace(/\d+$/, '0 255.255.255.0');
  const hubOf = (keys: string): string =>
    hub(['kr'], 'kr').replace(` pre-shared-key address ${INITIATOR} key same`, keys);

  it.each([
    [
      'another keyring',
      ` pre-shared-key address ${wide} key same
crypto keyring old
 pre-shared-key address ${INITIATOR} key stale`,
      'R1 took the key from old; the right one is in kr',
    ],
    [
      'another entry of the same keyring',
      ` pre-shared-key address ${wide} key same
 pre-shared-key address ${INITIATOR} key stale`,
      'R1 took the key from the entry 192.0.2.1,255.255.255.255 of kr; the right one is in the entry 192.0.2.0,255.255.255.0 of kr',
    ],
  ])('is held against the configuration of its peer: %s', (_, keys, title) => {
    const diagnosis = diagnose(hubOf(keys), unread);
    const failure = find(diagnosis, 'psk-mismatch')!;
    expect(failure.title).toBe(title);
    expect(failure.remedies[0]).toMatchObject({ router: 'R1', verified: true });
    expect(diagnosis.negotiations[0]!.localAddress).toBe(RESPONDER);
  });

  it.each(['<removed>', '6 same'])('claims nothing of a hidden key: %s', (key) => {
    const keys = ` pre-shared-key address ${wide} key ${key}
 pre-shared-key address ${INITIATOR} key stale`;
    const failure = find(diagnose(hubOf(keys), unread), 'psk-mismatch')!;
    expect(failure.title).toBe('R2 and R1 use different pre-shared keys');
    expect(failure.remedies.map(({ text }) => text).join()).not.toContain('the entry');
  });

  it('is not held against the only other configuration where that is of another peer', () => {
    const stranger = '198.51.100.99';
    const third = `interface Tunnel9
 tunnel source GigabitEthernet0/0
 tunnel destination ${stranger}
 tunnel protection ipsec profile P
`;
    const log = logOf(['a', GARBAGE], { ...unread.negotiations[0]!, peerAddress: stranger });
    const diagnosis = diagnosisOf({ configs: [hub(['kr'], 'kr') + third, spoke], logs: [log] });
    expect(diagnosis.negotiations[0]).toMatchObject({
      localAddress: RESPONDER,
      peerAddress: stranger,
    });
    expect(find(diagnosis, 'psk-mismatch')!.title).toBe(
      `${stranger} and R1 use different pre-shared keys`,
    );
  });

  it('is not where the peer calls another address than the configuration serves', () => {
    const behind = spoke.replaceAll(RESPONDER, '203.0.113.9');
    const [attempt] = diagnosisOf({
      configs: [hub(['kr'], 'kr'), behind],
      logs: [unread],
    }).negotiations;
    expect(attempt!.localAddress).toBeNull();
  });
});
