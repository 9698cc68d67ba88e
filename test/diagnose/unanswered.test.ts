import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { INITIATOR, RESPONDER, diagnosisOf, sent, wire } from '../support/incident.ts';
import { router } from '../support/map-router.ts';
import type { Knobs } from '../support/map-router.ts';

const silent = wire(
  [0, 10_000, 20_000].map((at) => sent('MM1', '>', at)),
  { transform: null },
);

const find = (configs: readonly string[]): Finding => {
  const { findings, verdict } = diagnosisOf({ configs: [...configs], exchanges: [silent] });
  expect(verdict.finding).toBe('peer-unreachable');
  return findings.find(({ id }) => id === 'peer-unreachable')!;
};
const caller = router('A', INITIATOR, RESPONDER);
const called = (knobs: Knobs): string => router('B', RESPONDER, INITIATOR, knobs);

describe('a first message that nobody answers', () => {
  it.each([
    [
      'no policy fits',
      called({ policy: 'encr 3des\n authentication pre-share\n group 2' }),
      'fails at this very step: no offered transform fits',
      true,
    ],
    [
      'there is no key',
      called({ key: 'crypto isakmp key other address 203.0.113.9' }),
      `fails at this very step: the responder has no key for ${INITIATOR}`,
      true,
    ],
    [
      'crypto is on no interface',
      called({ extra: 'version 15.4' }).replace(' crypto map M\n', ''),
      'fails at this very step: nothing of the responder uses IKE',
      true,
    ],
    [
      'the configurations let it be answered',
      called({}),
      'Nothing in the crypto configuration of the two explains it: replayed, B answers the first message. Filters on the interfaces are not replayed.',
      false,
    ],
    [
      'the configurations fail at a later step',
      called({ key: `crypto isakmp key other address ${INITIATOR}` }),
      'ISAKMP disabled)',
      false,
    ],
  ])('is told with what the configurations make of it: %s', (_, config, text, isRepaired) => {
    const finding = find([caller, config]);
    expect(finding.title).toBe(`B (${RESPONDER}) does not answer A`);
    expect(finding.explanation).toContain(text);
    expect(finding.remedies.some(({ verified }) => verified)).toBe(isRepaired);
    // The path stays a possible cause.
    expect(finding.remedies.at(-1)!.verified).toBe(false);
  });

  it.each([
    ['whose map another part may apply', called({}).replace(' crypto map M\n', '')],
    ['without policies', called({}).replace(/crypto isakmp policy 10\n(?: .*\n)+/, '')],
  ])('is not explained by a part of a configuration %s', (_, part) => {
    const { explanation } = find([caller, part]);
    expect(explanation).toMatch(/ISAKMP disabled\)\.$/);
  });

  it('is told of a whole configuration without crypto, and not of a part', () => {
    const text = 'By its configuration B has neither a crypto map nor tunnel protection';
    const whole = called({ extra: 'version 15.4' }).replace(' crypto map M\n', '');
    expect(find([whole]).explanation).toContain(text);
    expect(find([whole.replace('version 15.4', '')]).explanation).not.toContain(text);
  });

  it('is told by its address where nothing names the router', () => {
    expect(find([caller]).title).toBe(`${RESPONDER} does not answer A`);
  });
});
