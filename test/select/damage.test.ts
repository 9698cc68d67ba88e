import { describe, expect, it } from 'vitest';
import { predict } from '../../src/select/predict.ts';
import { readRouters, tunnelRouter } from '../support/tunnel-router.ts';
import type { TunnelKnobs } from '../support/tunnel-router.ts';

const outcomes = (knobs: TunnelKnobs): readonly string[] => {
  const prediction = predict(
    readRouters([
      tunnelRouter('A', '192.0.2.1', '192.0.2.2'),
      tunnelRouter('B', '192.0.2.2', '192.0.2.1', knobs),
    ]),
  );
  const told = prediction.findings.filter(({ id }) => id.includes('psk') || id.includes('profile'));
  return [
    ...prediction.directions.map(({ outcome }) => outcome),
    ...told.map(({ id, severity }) => `${id} ${severity}`),
  ];
};

const keyed = (line: string): TunnelKnobs => ({ keyrings: `crypto keyring K\n${line}` });
const matched = (line: string): TunnelKnobs => ({ profile: `   keyring K\n   ${line}` });

describe('what was damaged before it was given', () => {
  it.each([
    ['a key that its line ends before', keyed('  pre-shared-key address 192.0.2.1 key')],
    ['a key that goes on', keyed('  pre-shared-key address 192.0.2.1 key wal\nn7Ut-9')],
    ['a line that is no command', keyed('  pre-shred-key address 192.0.2.1 key walnut')],
    ['a mask that is cut', keyed('  pre-shared-key address 192.0.2.0 255.255. key walnut')],
  ])('leaves open whether the keys are equal: %s', (_, knobs) => {
    expect(outcomes(knobs)).toEqual(['unknown', 'unknown']);
  });

  it.each([
    ['a line that is no command', 'mtch identity address 192.0.2.1 255.255.255.255'],
    ['a mask that is cut', 'match identity address 192.0.2.0 255.255.'],
  ])('leaves open what a profile matches: %s', (_, line) => {
    expect(outcomes(matched(line))).toEqual(['unknown', 'up']);
  });

  it.each([
    keyed('  pre-shared-key address 192.0.2.1 255.255. key walnut'),
    matched('match identity address 192.0.2.1 255.255.255.'),
    matched('match identity address 192.0.2.1 255'),
  ])('takes nothing from an address that is written out %#', (knobs) => {
    expect(outcomes(knobs)).toEqual(['up', 'up']);
  });

  it.each([
    '  shutdown',
    '  ...',
    '  [output omitted]',
    '  <-- the one of the branch',
    '  set security-policy limit 10',
    '  pre-shred-key address 192.0.2.9 key fig\n                ^\n% Invalid input detected at marker.',
  ])('excuses no difference where no key can be missing: %j', (line) => {
    const outcome = outcomes(keyed(`  pre-shared-key address 192.0.2.1 key pecan\n${line}`));
    expect(outcome.slice(0, 2)).toEqual(['fails', 'fails']);
  });

  it('excuses no difference that stands in whole lines', () => {
    expect(outcomes(keyed('  pre-shared-key address 192.0.2.1 key pecan'))).toEqual([
      'fails',
      'fails',
      'psk-mismatch failure',
      'psk-mismatch failure',
    ]);
  });
});
