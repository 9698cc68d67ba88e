import { describe, expect, it } from 'vitest';
import {
  ALLOWED_KEYRING,
  NOWHERE,
  NO_KEY,
  NO_PROFILE,
  OTHER_KEYRING,
  UNNAMED,
  UNREADABLE,
} from '../../src/correlate/decision.ts';
import type { Decision } from '../../src/model/report.ts';
import {
  INITIATOR,
  RESPONDER,
  incidentOf,
  logOf,
  opening,
  packetLine,
  psk,
  unanswered,
  wire,
} from '../support/incident.ts';
import type { Given } from '../support/incident.ts';

const CONFIG = `hostname R1
crypto keyring old
 pre-shared-key address ${INITIATOR} key alpha
crypto keyring new
 pre-shared-key address ${INITIATOR} key alpha
crypto isakmp profile p
 keyring new
 match identity address ${INITIATOR} 255.255.255.255
interface GigabitEthernet0/0
 ip address ${RESPONDER} 255.255.255.0
`;

const decisions = (given: Given): readonly Decision[] => incidentOf(given).attempts[0]!.decisions;
const at = (given: Given, step: string, what: string): Decision | undefined =>
  decisions(given).find(
    (entry) => entry.side === 'responder' && entry.step === step && entry.what === what,
  );

const proven = wire([...opening, ...unanswered(2)], {
  keys: {
    status: 'decrypted',
    responderPsk: 'K',
    candidates: [
      { candidate: 'K', side: 'responder', verdict: 'verified', by: 'HASH(1)', frame: 5, why: '' },
    ],
  },
});

describe('decisions', () => {
  it('set what the log says beside what the configuration gives', () => {
    const given: Given = {
      configs: [CONFIG],
      logs: [
        logOf(['a', 'b'], {
          router: 'R1',
          keyringSelections: [{ step: 'mm3', keyring: 'old', line: 2 }],
        }),
      ],
    };
    const mm3 = at(given, 'mm3', 'keyring')!;
    expect(mm3.expected).toEqual({
      value: 'old',
      rule: 'keyring-first-defined',
      input: 'cfg0',
      basis: 3,
    });
    expect(mm3.observed).toEqual({ value: 'old', input: 'log0', line: 2 });
    expect(mm3.verdict).toBe('agrees');
  });

  it('take the keyring of the profile where the identity comes first, in aggressive mode', () => {
    const given: Given = {
      configs: [CONFIG],
      logs: [
        logOf(['a', 'b'], {
          router: 'R1',
          exchange: 'aggressive',
          keyringSelections: [{ step: 'am1', keyring: 'new', line: 2 }],
          profileMatched: { name: 'p', step: 'am1', line: 1 },
        }),
      ],
    };
    expect(at(given, 'am1', 'keyring')).toMatchObject({
      expected: { value: 'new', basis: 5 },
      verdict: 'agrees',
    });
  });

  it('expect no key in aggressive mode where the keyring of the profile has none', () => {
    const given: Given = {
      configs: [CONFIG.replace(`new\n pre-shared-key address ${INITIATOR} key alpha`, 'new')],
      logs: [
        logOf([`No pre-shared key with ${INITIATOR}!`], { router: 'R1', exchange: 'aggressive' }),
      ],
    };
    expect(at(given, 'am1', 'keyring')).toMatchObject({
      expected: { value: NO_KEY },
      observed: { value: NO_KEY },
      verdict: 'agrees',
    });
  });

  it('do not take an unnamed keyring for agreement', () => {
    const given: Given = {
      configs: [CONFIG],
      logs: [
        logOf(['a'], {
          router: 'R1',
          keyringSelections: [{ step: 'mm3', keyring: null, line: 1 }],
        }),
      ],
    };
    const mm3 = at(given, 'mm3', 'keyring')!;
    expect(mm3.observed?.value).toBe(UNNAMED);
    expect(mm3.verdict).toBe('unknown');
  });

  it('diverge when the log names another keyring than the rule', () => {
    const given: Given = {
      configs: [CONFIG],
      logs: [
        logOf(['a'], {
          router: 'R1',
          keyringSelections: [{ step: 'mm3', keyring: 'new', line: 1 }],
        }),
      ],
    };
    expect(at(given, 'mm3', 'keyring')!.verdict).toBe('diverges');
  });

  it('name every keyring that holds a proven value: a packet shows no keyring', () => {
    const given: Given = {
      configs: [CONFIG],
      exchanges: [proven],
      candidates: [psk('alpha', 'K')],
    };
    const mm3 = at(given, 'mm3', 'keyring')!;
    expect(mm3.proven).toEqual({
      value: 'old or new',
      input: 'cap0',
      frame: 5,
      how: 'HASH(1) verifies with K',
    });
    expect(mm3.verdict).toBe('agrees');
  });

  it('say when no keyring holds a proven value', () => {
    const given: Given = {
      configs: [CONFIG],
      exchanges: [proven],
      candidates: [psk('foreign', 'K')],
    };
    const mm3 = at(given, 'mm3', 'keyring')!;
    expect(mm3.proven?.value).toBe(NOWHERE);
    expect(mm3.verdict).toBe('diverges');
  });

  it('verify the keyring of MM3 against the profile of MM5', () => {
    const given: Given = {
      configs: [CONFIG],
      logs: [
        logOf(['x', 'Key not found in keyrings of profile , aborting exchange'], {
          router: 'R1',
          keyringSelections: [{ step: 'mm3', keyring: 'old', line: 1 }],
          profileMatched: { name: 'p', step: 'mm5', line: 1 },
          packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
        }),
      ],
    };
    const check = at(given, 'mm5', 'verification')!;
    expect(check.expected?.value).toBe('new');
    expect(check.observed).toEqual({ value: 'old', input: 'log0', line: 1 });
    expect(check.verdict).toBe('diverges');
  });

  const REFUSED = 'Key not found in keyrings of profile , aborting exchange';
  const profileMatched = { name: 'p', step: 'mm5', line: 1 } as const;
  it.each([
    {
      what: 'a refusal that names no keyring',
      lines: ['x', REFUSED],
      selections: [{ step: 'mm3', keyring: null, line: 1 }],
      expected: { value: 'new', rule: 'verify-keyring-after-mm5' },
      observed: { value: OTHER_KEYRING, line: 2 },
      verdict: 'diverges',
    },
    {
      what: 'a keyring of the profile that the configuration does not know',
      lines: ['x', 'y', REFUSED],
      selections: [
        { step: 'mm3', keyring: null, line: 1 },
        { step: 'mm5', keyring: 'gone', line: 2 },
      ],
      expected: { value: 'gone', rule: 'logged', basis: 2 },
      observed: { value: OTHER_KEYRING, line: 3 },
      verdict: 'diverges',
    },
    {
      what: 'a check that passed, with no keyring named at all',
      lines: ['x', 'SA has been authenticated with 192.0.2.1'],
      selections: [],
      expected: { value: 'new' },
      observed: { value: ALLOWED_KEYRING, line: 2 },
      verdict: 'agrees',
    },
    {
      what: 'a check that passed with the keyring of the profile named',
      lines: ['x', 'SA has been authenticated with 192.0.2.1'],
      selections: [{ step: 'mm5', keyring: 'new', line: 1 }],
      expected: { value: 'new' },
      observed: { value: 'new', line: 1 },
      verdict: 'agrees',
    },
    {
      what: 'a check that passed with a keyring that the configuration does not allow',
      lines: ['x', 'SA has been authenticated with 192.0.2.1'],
      selections: [{ step: 'mm3', keyring: 'old', line: 1 }],
      expected: { value: 'new' },
      observed: { value: 'old', line: 1 },
      verdict: 'diverges',
    },
  ] as const)(
    'take for observed only what a line says: $what',
    ({ lines, selections, expected, observed, verdict }) => {
      const given: Given = {
        configs: [CONFIG],
        logs: [
          logOf([...lines], {
            router: 'R1',
            keyringSelections: selections,
            profileMatched,
            phase1: lines.at(-1) === REFUSED ? 'failed' : 'complete',
          }),
        ],
      };
      expect(at(given, 'mm5', 'verification')).toMatchObject({ expected, observed, verdict });
    },
  );

  it('agree when neither the configuration nor the router has a profile for the identity', () => {
    const given: Given = {
      configs: [CONFIG],
      logs: [
        logOf(['a', 'b'], {
          router: 'R1',
          peerIdentity: { type: 'FQDN', value: 'spoke.example', line: 1 },
          profileMatched: { name: null, step: 'mm5', line: 2 },
        }),
      ],
    };
    expect(at(given, 'mm5', 'profile')).toMatchObject({
      expected: { value: NO_PROFILE, rule: 'profile-none', basis: 6 },
      observed: { value: NO_PROFILE, line: 2 },
      verdict: 'agrees',
    });
  });

  it('tell of a search that found no key, and of the profile that kept the keys out', () => {
    const config = CONFIG.replace('p\n keyring new', 'p').replace(
      'interface',
      `crypto ipsec profile ip
 set isakmp-profile p
interface Tunnel1
 tunnel source GigabitEthernet0/0
 tunnel destination ${INITIATOR}
 tunnel protection ipsec profile ip
interface`,
    );
    const log = logOf([`No pre-shared key with ${INITIATOR}!`], {
      router: 'R1',
      role: 'initiator',
      localAddress: RESPONDER,
      peerAddress: INITIATOR,
    });
    expect(decisions({ configs: [config], logs: [log] })).toContainEqual({
      step: 'mm1',
      side: 'initiator',
      what: 'keyring',
      expected: {
        value: NO_KEY,
        rule: 'keyring-profile-without-keyring, keyring-none',
        input: 'cfg0',
        basis: 6,
      },
      observed: { value: NO_KEY, input: 'log0', line: 1 },
      verdict: 'agrees',
    });
  });

  it('name the rule of the longest mask for the only key that covers the peer', () => {
    const config = CONFIG.replace(/crypto keyring old\n.*\n/, '');
    const log = logOf(['a'], {
      router: 'R1',
      keyringSelections: [{ step: 'mm3', keyring: 'new', line: 1 }],
    });
    expect(at({ configs: [config], logs: [log] }, 'mm3', 'keyring')?.expected?.rule).toBe(
      'keyring-longest-mask',
    );
  });

  it('predict the check only for an attempt that reached MM5', () => {
    expect(
      at(
        { configs: [CONFIG], exchanges: [wire([...opening, ...unanswered(2)])] },
        'mm5',
        'verification',
      )!.verdict,
    ).toBe('diverges');
    expect(
      at({ configs: [CONFIG], exchanges: [wire(opening)] }, 'mm5', 'verification')!.verdict,
    ).toBe('unknown');
  });

  it('report garbage as such, whatever the profile would have been', () => {
    const given: Given = { logs: [logOf(['reserved not zero on ID payload!'], { router: 'R1' })] };
    expect(at(given, 'mm5', 'verification')).toMatchObject({
      observed: { value: UNREADABLE, line: 1 },
      verdict: 'diverges',
    });
  });

  it('come in the order of the exchange', () => {
    const steps = decisions({
      configs: [CONFIG],
      exchanges: [proven],
      candidates: [psk('alpha', 'K')],
    }).map((entry) => entry.step);
    expect([...steps].sort()).toEqual(steps);
  });
});

describe('the profile that phase 2 demands of a peer that no tunnel names', () => {
  const hub = (second: string): string => `hostname R1
crypto isakmp profile p
 match identity address 0.0.0.0
crypto isakmp profile q
 match identity address 0.0.0.0
crypto ipsec profile P
 set isakmp-profile p
crypto ipsec profile Q
 set isakmp-profile q
interface Tunnel0
 tunnel source GigabitEthernet0/0
 tunnel mode gre multipoint
 tunnel protection ipsec profile P
interface Tunnel1
 tunnel source ${second}
 tunnel mode gre multipoint
 tunnel protection ipsec profile Q
interface GigabitEthernet0/0
 ip address 203.0.113.1 255.255.255.0
interface Loopback1
 ip address ${RESPONDER} 255.255.255.255
`;
  const REFUSED = 'map_db_check_isakmp_profile profile did not match';
  const log = (localAddress: string): ReturnType<typeof logOf> =>
    logOf(['peer matches p profile', REFUSED], {
      router: 'R1',
      localAddress,
      phase1: 'complete',
      phase2: 'failed',
      profileMatched: { name: 'p', step: 'mm5', line: 1 },
    });

  it.each([
    ['that of the tunnel at the address that is called', 'Loopback1', RESPONDER, 'q'],
    ['unknown where two tunnels share the address', 'GigabitEthernet0/0', '203.0.113.1', undefined],
  ])('is %s', (_, second, local, wanted) => {
    const given: Given = { configs: [hub(second)], logs: [log(local)] };
    expect(at(given, 'qm1', 'phase2-profile')?.expected?.value).toBe(wanted);
  });
});
