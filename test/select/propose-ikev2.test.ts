import { describe, expect, it } from 'vitest';
import { predict } from '../../src/select/predict.ts';
import { readRouters, repairsOf } from '../support/tunnel-router.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';

type Knobs = {
  readonly proposal?: string;
  readonly keyring?: string;
  readonly profile?: string;
  readonly transforms?: string;
};

/** One end of an IKEv2 tunnel; each knob replaces one part of it. */
function router(name: string, local: string, peer: string, knobs: Knobs): string {
  return `version 17.9
hostname ${name}
crypto ikev2 proposal PR
${knobs.proposal ?? ' encryption aes-cbc-256\n integrity sha256\n group 14'}
crypto ikev2 policy PO
 proposal PR
crypto ikev2 keyring K
${knobs.keyring ?? ` peer FAR\n  address ${peer}\n  pre-shared-key walnut`}
crypto ikev2 profile P
${knobs.profile ?? profile(peer)}
crypto ipsec transform-set TS ${knobs.transforms ?? 'esp-aes 256 esp-sha256-hmac'}
crypto ipsec profile IP
 set transform-set TS
 set ikev2-profile P
interface Tunnel0
 tunnel source GigabitEthernet0/0
 tunnel destination ${peer}
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address ${local} 255.255.255.0
`;
}

type Lines = {
  readonly match?: string;
  readonly local?: string;
  readonly remote?: string;
  readonly more?: string;
};

function profile(peer: string, lines: Lines = {}): string {
  return [
    ` match identity remote ${lines.match ?? `address ${peer} 255.255.255.255`}`,
    ` authentication local ${lines.local ?? 'pre-share'}`,
    ` authentication remote ${lines.remote ?? 'pre-share'}`,
    ' keyring local K',
    ...(lines.more === undefined ? [] : [` ${lines.more}`]),
  ].join('\n');
}

const pair = (a: Knobs, b: Knobs) => readRouters([router('A', A, B, a), router('B', B, A, b)]);

const P = 'crypto ikev2 profile P';
const K = 'crypto ikev2 keyring K / peer FAR';

/** A says this. */
const says = (identity: string): Knobs => ({
  profile: profile(B, { more: `identity local ${identity}` }),
});

const keys = (peer: string, local: string, remote: string): Knobs => ({
  keyring: ` peer FAR\n  address ${peer}\n  pre-shared-key local ${local}\n  pre-shared-key remote ${remote}`,
});

describe('IKE_AUTH that fails', () => {
  it.each<[string, Knobs, Knobs, readonly string[]]>([
    [
      'for a name where an address is meant',
      says('fqdn one.corp.example'),
      {},
      [
        `B: ${P} / match identity remote fqdn one.corp.example`,
        `A: ${P} / identity local address ${A}`,
      ],
    ],
    [
      'for an address where a key identity is meant',
      {},
      { profile: profile(A, { match: 'key-id BRANCH' }) },
      [
        `B: ${P} / match identity remote address ${A} 255.255.255.255`,
        `A: ${P} / identity local key-id BRANCH`,
      ],
    ],
    [
      'for an e-mail name in no domain that is meant',
      says('email one@corp.example'),
      { profile: profile(A, { match: 'email domain example.net' }) },
      [`B: ${P} / match identity remote email one@corp.example`],
    ],
    [
      'for a local address that is not called',
      {},
      { profile: profile(A, { more: 'match address local 203.0.113.99' }) },
      [`B: ${P} / no match address local 203.0.113.99`, `B: ${P} / match address local ${B}`],
    ],
    [
      'for a VRF in which the peer is not',
      {},
      { profile: profile(A, { more: 'match fvrf INET' }) },
      [`B: ${P} / no match fvrf INET`],
    ],
    [
      'for a local address and a name at once',
      says('fqdn one.corp.example'),
      { profile: profile(A, { more: 'match address local 203.0.113.99' }) },
      [
        `B: ${P} / no match address local 203.0.113.99 / match identity remote fqdn one.corp.example`,
        `both: ! B / ${P} / no match address local 203.0.113.99 / ! A / ${P} / identity local address ${A}`,
        `B: ${P} / match address local ${B} / match identity remote fqdn one.corp.example`,
        `both: ! B / ${P} / match address local ${B} / ! A / ${P} / identity local address ${A}`,
      ],
    ],
    [
      'for a method that is not accepted, with keys on both ends',
      { profile: profile(B, { local: 'rsa-sig', more: 'pki trustpoint CA' }) },
      {},
      [`A: ${P} / authentication local pre-share`],
    ],
    [
      'for keys that are not crossed',
      keys(B, 'hazel', 'maple'),
      keys(A, 'hazel', 'maple'),
      [
        `A: ${K} / pre-shared-key local <key#2> / pre-shared-key remote <key#1>`,
        `B: ${K} / pre-shared-key local <key#2> / pre-shared-key remote <key#1>`,
      ],
    ],
    [
      'for another key on one end',
      {},
      { keyring: ` peer FAR\n  address ${A}\n  pre-shared-key chestnut` },
      [`A: ${K} / pre-shared-key <key#2>`, `B: ${K} / pre-shared-key <key#1>`],
    ],
    [
      'for one of two keys',
      keys(B, 'hazel', 'maple'),
      keys(A, 'maple', 'birch'),
      [`A: ${K} / pre-shared-key local <key#3>`, `B: ${K} / pre-shared-key remote <key#1>`],
    ],
    [
      'for a peer block by identity alone, of a peer that is called',
      says('key-id BRANCH'),
      {
        keyring: ' peer FAR\n  identity key-id BRANCH\n  pre-shared-key walnut',
        profile: profile(A, { match: 'key-id BRANCH' }),
      },
      [`B: ${K} / address ${A}`],
    ],
    [
      'for a peer block that is missing',
      { keyring: ' peer OTHER\n  address 198.51.100.7\n  pre-shared-key beech' },
      {},
      [`A: crypto ikev2 keyring K / peer B / address ${B} / pre-shared-key <key#2>`],
    ],
  ])('%s', (_, a, b, expected) => {
    expect(repairsOf(pair(a, b))).toEqual(expected);
  });
});

describe('algorithms of IKEv2 that do not meet', () => {
  it('are added to the policy of the end with the weaker ones first, as a whole', () => {
    const models = pair({}, { proposal: ' encryption 3des\n integrity md5\n group 2' });
    expect(repairsOf(models)).toEqual([
      'B: crypto ikev2 proposal PR-2 / encryption aes-cbc-256 / integrity sha256 / group 14 / crypto ikev2 policy PO / proposal PR-2',
      'A: crypto ikev2 proposal PR-2 / encryption 3des / integrity md5 / group 2 / crypto ikev2 policy PO / proposal PR-2',
    ]);
    const [strong, weak] = predict(models).repairs;
    expect(strong?.sideEffects.join(' ')).not.toContain('weak');
    expect(weak?.sideEffects.join(' ')).toContain('proposal PR-2 (3des, md5, group 2)');
  });

  it('of the child SA are those of the stronger end first', () => {
    const models = pair({ transforms: 'esp-3des esp-sha-hmac' }, {});
    expect(repairsOf(models)).toEqual([
      'A: crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac',
      'B: crypto ipsec transform-set TS esp-3des esp-sha-hmac',
    ]);
    expect(predict(models).repairs[1]?.sideEffects.join(' ')).toContain('TS (esp-3des)');
  });
});
