import { describe, expect, it } from 'vitest';
import { nothingAfterVerdict } from '../../src/diagnose/xauth.ts';
import type { Sent } from '../support/incident.ts';
import { incidentOf, mainModeUp, opening, sent, transform, wire } from '../support/incident.ts';

/** draft-beaulieu-ike-xauth-02 §7.2. */
const XAUTH_INIT_PSK = 65001;
const up = [...opening, sent('MM5', '>', 80), sent('MM6', '<', 100)];
/** Question and answer, verdict and acknowledgement, each pair under a message id of its own. */
const verdict = [
  sent('CFG', '<', 120, { messageId: 1 }),
  sent('CFG', '>', 140, { messageId: 1 }),
  sent('CFG', '<', 160, { messageId: 2 }),
  sent('CFG', '>', 180, { messageId: 2 }),
];
const address = [sent('CFG', '>', 200, { messageId: 3 }), sent('CFG', '<', 220, { messageId: 3 })];

const inferred = (messages: readonly Sent[], authentication = XAUTH_INIT_PSK): number => {
  const exchange = wire([...up, ...messages], {
    completed: true,
    transform: { ...transform, authentication },
  });
  return nothingAfterVerdict(incidentOf({ exchanges: [exchange] }).attempts[0]!).length;
};

describe('the verdict of an extended authentication that cannot be read', () => {
  it('was no, when the client does not go on', () => {
    expect(inferred(verdict)).toBe(1);
    expect(inferred([...verdict, sent('INFO', '<', 400, { messageId: 9 })])).toBe(1);
  });

  it('is unknown before it came', () => {
    expect(inferred(verdict.slice(0, 2))).toBe(0);
    expect(inferred(verdict.slice(0, 3))).toBe(0);
  });

  it('was yes, when the client asks for an address or begins quick mode', () => {
    expect(inferred([...verdict, ...address])).toBe(0);
    expect(inferred([...verdict, ...mainModeUp.filter(({ step }) => step === 'QM1')])).toBe(0);
  });

  it('was not given where phase 1 asked for no user', () => {
    expect(inferred(verdict, transform.authentication ?? 1)).toBe(0);
  });
});
