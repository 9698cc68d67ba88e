import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../src/model/selection.ts';
import { between } from '../support/map-router.ts';
import type { Knobs } from '../support/map-router.ts';
import { chain } from '../support/trust-points.ts';

type Held = 'enrolled' | 'authenticated' | 'not shown';

/** A trust-point; the authority OLD is at .50, NEW at .51, unless they share a server. */
const trustpoint = (name: string, held: Held = 'enrolled', shared = false): string =>
  `crypto pki trustpoint ${name}
 enrollment url http://192.0.2.${shared || name === 'OLD' ? '50' : '51'}
${held === 'not shown' ? '' : chain(name, held === 'enrolled')}`;

const side = (trustpoints: string, uses: string, aggressive = false): Knobs => ({
  policy: 'encr aes 256\n hash sha256\n group 14',
  key: '',
  extra: `version 15.5
${trustpoints}
crypto isakmp profile P
 ${uses}
 match identity address 192.0.2.0 255.255.255.0
 ${aggressive ? 'initiate mode aggressive' : ''}`,
  profile: 'set isakmp-profile P',
});

const both = `${trustpoint('OLD')}\n${trustpoint('NEW')}`;
const only = (name: string): string => `ca trust-point ${name}`;

const outcomes = ({ directions }: Prediction): unknown =>
  directions.map(({ outcome, failingStep }) => (outcome === 'fails' ? failingStep : outcome));

describe('certificates of IKEv1', () => {
  const mm5 = 'mm5-cert-validate';
  it.each<[string, Knobs, Knobs, unknown[]]>([
    ['both of both, no profile limits them', side(both, ''), side(both, ''), ['up', 'up']],
    // B asks for OLD first, and its profile takes NEW only.
    ['B accepts the second', side(both, ''), side(both, only('NEW')), [mm5, 'up']],
    ['B accepts the first', side(both, ''), side(both, only('OLD')), ['up', 'up']],
    ['each names another', side(both, only('OLD')), side(both, only('NEW')), [mm5, mm5]],
    ['each names the second', side(both, only('NEW')), side(both, only('NEW')), ['up', 'up']],
    [
      'A holds the second alone',
      side(`${trustpoint('OLD', 'authenticated')}\n${trustpoint('NEW')}`, ''),
      side(both, only('NEW')),
      ['up', 'up'],
    ],
    [
      'A is not enrolled where B asks',
      side(`${trustpoint('OLD')}\n${trustpoint('NEW', 'authenticated')}`, ''),
      side(trustpoint('NEW'), ''),
      [mm5, 'mm6-cert-validate'],
    ],
    [
      'no chain is listed, and what is held decides',
      side(`${trustpoint('OLD', 'not shown')}\n${trustpoint('NEW', 'not shown')}`, ''),
      side(both, only('NEW')),
      ['unknown', 'unknown'],
    ],
    [
      'no chain is listed, and nothing would help',
      side(trustpoint('OLD', 'not shown'), ''),
      side(trustpoint('NEW', 'not shown'), ''),
      [mm5, mm5],
    ],
    [
      'two names at one server, each end with another',
      side(`${trustpoint('OLD')}\n${trustpoint('NEW', 'enrolled', true)}`, only('OLD')),
      side(`${trustpoint('OLD')}\n${trustpoint('NEW', 'enrolled', true)}`, only('NEW')),
      ['unknown', 'unknown'],
    ],
    [
      'two names of one server, one on each router',
      side(trustpoint('OLD'), ''),
      side(trustpoint('NEW', 'enrolled', true), ''),
      ['up', 'up'],
    ],
    ['aggressive mode', side(both, '', true), side(both, only('NEW')), ['up', 'up']],
    [
      'aggressive mode, each names another',
      side(both, only('OLD'), true),
      side(both, only('NEW')),
      ['am2', mm5],
    ],
  ])('%s', (_, a, b, wanted) => {
    const prediction = between(a, b);
    expect(outcomes(prediction)).toEqual(wanted);
    expect(JSON.stringify(prediction)).not.toContain('agree at every step');
  });

  it('tell what is sent, and what is not shown', () => {
    const why = (a: Knobs, b: Knobs): string => between(a, b).directions[0]!.why;
    expect(why(side(both, ''), side(both, only('OLD')))).toBe(
      'the initiator presents its certificate of OLD, the responder that of OLD, and each accepts the other',
    );
    expect(
      why(
        side(`${trustpoint('OLD', 'not shown')}\n${trustpoint('NEW')}`, ''),
        side(both, only('NEW')),
      ),
    ).toBe(
      'no certificate of the initiator is listed under trust-point OLD, so that it may not be enrolled; if it is, the initiator answers the first request, for OLD, and profile P accepts NEW only',
    );
    expect(
      why(
        side(both, ''),
        side(`${trustpoint('OLD', 'not shown')}\n${trustpoint('NEW')}`, only('NEW')),
      ),
    ).toContain(
      'no certificate of the authority is listed under trust-point OLD, so that it may not be asked for; if it is, ',
    );
  });

  it('that are not shown do not help against quick mode', () => {
    const bare = side(trustpoint('OLD', 'not shown'), '');
    const other = { ...bare, acl: 'permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.0.255' };
    expect(outcomes(between(bare, other))).toEqual(['qm1-map-lookup', 'qm1-map-lookup']);
  });
});

describe('repairs of certificates', () => {
  const told = ({ repairs }: Prediction): unknown =>
    repairs.map(({ text, commands, sideEffects }) => [
      text,
      commands.map((command) => command.trim()).slice(1),
      sideEffects,
    ]);
  const opened = (name: string): string =>
    `Every peer with a certificate of ${name} can match profile P.`;
  const oneHost = (knobs: Knobs): Knobs => ({
    ...knobs,
    extra: (knobs.extra ?? '').replace(/address 192.0.2.0 .*/, 'address 192.0.2.2 255.255.255.255'),
  });

  it('limit a profile that accepts all without a warning, and open the other one last', () => {
    const made = told(between(oneHost(side(both, '')), side(both, only('NEW')))) as unknown[][];
    expect(made[0]).toEqual([
      'Let profile P of A present the certificate of NEW only.',
      ['ca trust-point NEW'],
      [],
    ]);
    expect(made.at(-1)).toEqual([
      'Let profile P of B present and accept certificates of OLD too.',
      ['ca trust-point OLD'],
      [opened('OLD')],
    ]);
  });

  it('say "too" where the profile names another one', () => {
    expect(told(between(side(both, only('OLD')), side(both, only('NEW'))))).toEqual([
      [
        'Let profile P of B present and accept certificates of OLD too.',
        ['ca trust-point OLD'],
        [opened('OLD')],
      ],
    ]);
  });
});
