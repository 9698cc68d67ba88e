import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';
import { between, router } from '../support/map-router.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
const predicted = (...texts: readonly string[]): Prediction =>
  predict(texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]));
const whys = ({ directions }: Prediction): string => directions.map(({ why }) => why).join('\n');
const texts = ({ repairs }: Prediction): readonly string[] => repairs.map(({ text }) => text);

describe('transform sets that differ in their mode alone', () => {
  const hosts = { acl: `permit ip host ${A} host ${B}` };
  const required = { mode: 'transport require', acl: `permit ip host ${B} host ${A}` };

  it('are told by it, and so is their repair', () => {
    const prediction = between(hosts, required);
    expect(whys(prediction)).toContain('(transport): the mode differs');
    expect(texts(prediction)).toContain('Give transform set TS of B the mode of A.');
  });

  it('are told apart from those that differ in their algorithms', () => {
    const prediction = between({}, { transforms: 'esp-aes 256 esp-sha512-hmac' });
    expect(whys(prediction)).not.toContain('the mode differs');
    expect(texts(prediction)).toContain('Give transform set TS of B the transforms of A.');
  });
});

describe('phase 1 without a policy', () => {
  const without = (name: string, own: string, peer: string): string =>
    router(name, own, peer)
      .replace(/crypto isakmp policy 10\n(?: .*\n)+/, 'no crypto isakmp default policy\n')
      .replace('hostname', 'version 15.4\nhostname');

  it.each([
    [
      'the initiator',
      [without('A', A, B), router('B', B, A)],
      'the initiator has no ISAKMP policy to offer',
    ],
    [
      'the responder',
      [router('A', A, B), without('B', B, A)],
      'the responder has no ISAKMP policy',
    ],
  ] as const)('at %s is told as such', (_, configs, text) => {
    expect(predicted(...configs).directions[0]!.why).toContain(text);
  });

  it('at both ends is given one to both', () => {
    const [repair] = predicted(without('A', A, B), without('B', B, A)).repairs;
    expect(repair).toMatchObject({ verified: true, router: null });
    expect(repair!.commands).toEqual(
      ['A', 'B'].flatMap((name) => [
        `! ${name}`,
        'crypto isakmp policy 10',
        ' encr aes 256',
        ' hash sha256',
        ' authentication pre-share',
        ' group 14',
      ]),
    );
  });

  it('is repaired by the policy of the other side that is the less weak one', () => {
    const weak = (text: string): { policy: string } => ({
      policy: `${text}\n authentication pre-share`,
    });
    const { repairs } = between(weak('encr aes\n group 2'), weak('encr des\n group 1'));
    expect(repairs.map(({ router: at }) => at)).toEqual(['B', 'A']);
  });
});

describe('aggressive mode with two keys', () => {
  it('ends at AM2, where nothing is encrypted yet', () => {
    const called = router('B', B, A, { key: `crypto isakmp key other address ${A}` });
    const calling = router('A', A, B, {
      extra: `crypto isakmp peer address ${B}\n set aggressive-mode password walnut\n set aggressive-mode client-endpoint ipv4-address ${A}`,
    });
    const told = predicted(calling, called).findings.find(({ id }) => id === 'psk-mismatch')!;
    expect(told.explanation).toContain('the hash in AM2 does not fit');
    expect(told.explanation).not.toContain('MM5');
  });
});

describe('two routers without a tunnel between them', () => {
  const whole = (text: string): string => `version 15.4\n${text}`;
  const far = whole(router('B', '203.0.113.2', '203.0.113.1'));

  it('are said to have none', () => {
    const { directions } = predicted(whole(router('A', A, B)), far);
    expect(directions.map(({ initiator, outcome }) => [initiator, outcome])).toEqual([
      ['A', 'unknown'],
      ['B', 'unknown'],
    ]);
    expect(directions[0]!.why).toBe(
      'no tunnel or crypto map entry of A leads to an address that the configuration of B shows',
    );
  });

  it('may have no crypto at all', () => {
    const bare = whole('hostname A\ninterface Ethernet0/0\n ip address 192.0.2.1 255.255.255.0\n');
    expect(predicted(bare, far).directions[0]!.why).toContain('A has no tunnel protection');
  });

  it.each([
    [
      'on no interface',
      (text: string) => text.replace(' crypto map M\n', ''),
      'crypto map M is applied to no interface, and A has no other place for B: it neither calls nor answers',
    ],
    [
      'without a peer',
      (text: string) => text.replace(/ set peer .*\n/, ''),
      'crypto map M 10 has no "set peer" and stays disabled, and A has no other place for B: it neither calls nor answers',
    ],
    [
      'with nothing to protect',
      (text: string) =>
        text.replace(/ permit .*/, ' remark nothing yet').replaceAll(B, '203.0.113.2'),
      'crypto map M 10 of A names B, but it has nothing to protect, as access list VPN permits nothing: it neither calls nor answers',
    ],
  ])('may have a crypto map %s', (_, change, why) => {
    const idle = whole(change(router('A', A, B)));
    const both = [idle, far.replace(/ permit .*/, ' remark nothing yet')];
    expect(predicted(...both).directions[0]!.why).toBe(why);
  });

  it.each([
    ['parts of configurations', [router('A', A, B), router('B', '203.0.113.2', '203.0.113.1')]],
    ['one router', [whole(router('A', A, B))]],
    ['one router twice', [whole(router('A', A, B)), whole(router('A', A, B))]],
  ])('are not told of %s', (_, configs) => {
    expect(predicted(...configs).directions.filter(({ why }) => why.includes('leads to'))).toEqual(
      [],
    );
  });
});
