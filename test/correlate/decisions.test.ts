import { describe, expect, it } from 'vitest';
import { NOWHERE, UNNAMED, UNREADABLE } from '../../src/correlate/decisions.ts';
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
    expect(check.observed).toEqual({ value: 'old', input: 'log0', line: 2 });
    expect(check.verdict).toBe('diverges');
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
