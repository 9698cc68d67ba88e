import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { Prediction, Selection } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';

const POLICY = `crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
`;
const TRANSFORMS = `crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode tunnel
crypto ipsec profile IP
 set transform-set TS
`;

function predicted(...texts: readonly string[]): Prediction {
  return predict(texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]));
}

function selected(
  { selections }: Prediction,
  router: string,
  role: Selection['role'],
  peer: string,
): Selection | undefined {
  return selections.find(
    (each) => each.router === router && each.role === role && each.peer === peer,
  );
}

const ends = ({ directions }: Prediction): unknown =>
  directions.map(({ initiator, responder, outcome, finding }) => [
    initiator,
    responder,
    finding ?? outcome,
  ]);

function mapRouter(name: string, local: string, peer: string, crypto: string): string {
  return `hostname ${name}
${POLICY}${crypto}
${TRANSFORMS}crypto map M 10 ipsec-isakmp
 set peer ${peer}
 set transform-set TS
interface Ethernet0/0
 ip address ${local} 255.255.255.0
 crypto map M
`;
}

describe('a caller in aggressive mode', () => {
  const called = (profile: string, far: string): Selection =>
    selected(
      predicted(
        mapRouter(
          'A',
          '192.0.2.1',
          '192.0.2.2',
          `crypto keyring K
  pre-shared-key address 192.0.2.2 key oak
crypto isakmp profile P
   keyring K
   match identity address 192.0.2.2 255.255.255.255
   ${profile}
crypto map M isakmp-profile P
`,
        ),
        mapRouter('B', '192.0.2.2', '192.0.2.1', far),
      ),
      'B',
      'responder',
      '192.0.2.1',
    )!;
  const FAR = `crypto keyring K
  pre-shared-key address 192.0.2.1 key oak
crypto keyring N
  pre-shared-key hostname a.example key oak
crypto isakmp profile P
   keyring K
   match identity address 192.0.2.1 255.255.255.255
crypto isakmp profile Q
   keyring N
   match identity host a.example
`;
  const NAME = 'self-identity fqdn a.example';
  const GLOBAL = 'crypto isakmp key elm address 0.0.0.0\n';

  it.each([
    ['main mode', '', `${GLOBAL}${FAR}`, ['default', 'P', 'fails']],
    ['its address', 'initiate mode aggressive', `${GLOBAL}${FAR}`, ['K', 'P', 'passes']],
    ['its name', `${NAME}\n   initiate mode aggressive`, FAR, ['N', 'Q', 'passes']],
  ])('selects by what it says first: %s', (_, profile, far, wanted) => {
    const { keyring, matchedProfile, verification } = called(profile, far);
    expect([keyring, matchedProfile, verification]).toEqual(wanted);
  });
});

describe('callers without a tunnel of their own', () => {
  const hub = `hostname HUB
crypto keyring SPOKES
 pre-shared-key address 0.0.0.0 0.0.0.0 key oak
${POLICY}crypto isakmp profile ANY
 keyring SPOKES
 match identity address 0.0.0.0
${TRANSFORMS}crypto dynamic-map D 10
 set transform-set TS
 set isakmp-profile ANY
crypto map M 10 ipsec-isakmp dynamic D
interface Ethernet0/0
 ip address 203.0.113.1 255.255.255.0
 crypto map M
`;

  it('of a dynamic map: the hub shows what it selects for each router that calls', () => {
    const spoke = mapRouter(
      'S1',
      '198.51.100.1',
      '203.0.113.1',
      'crypto isakmp key oak address 203.0.113.1',
    );
    expect(selected(predicted(hub, spoke), 'HUB', 'responder', '198.51.100.1')).toMatchObject({
      keyring: 'SPOKES',
      matchedProfile: 'ANY',
      verification: 'passes',
      tunnel: 'dynamic map D 10',
    });
  });

  it('of a multipoint tunnel; a next hop inside the tunnel is nobody that IKE calls', () => {
    const member = (name: string, local: string, nhrp: string): string => `hostname ${name}
${POLICY}crypto isakmp key elm address 0.0.0.0
${TRANSFORMS}interface Tunnel0
 ip nhrp network-id 1
${nhrp} tunnel source ${local}
 tunnel mode gre multipoint
 tunnel protection ipsec profile IP
interface Ethernet0/0
 ip address ${local} 255.255.255.0
`;
    const prediction = predicted(
      member('HUB', '203.0.113.1', ''),
      member(
        'S1',
        '198.51.100.1',
        ' ip nhrp map 10.0.0.1 203.0.113.1\n ip nhrp nhs 10.0.0.1\n ip address 10.0.0.2 255.255.255.0\n',
      ),
      member('S2', '198.51.100.2', ' ip nhrp nhs 10.0.0.1 nbma 203.0.113.1 multicast\n'),
    );
    expect(ends(prediction)).toEqual([
      ['HUB', 'S1', 'unknown'],
      ['HUB', 'S2', 'unknown'],
      ['S1', 'HUB', 'up'],
      ['S2', 'HUB', 'up'],
    ]);
    expect(selected(prediction, 'S1', 'initiator', '10.0.0.1')).toBeUndefined();
    expect(selected(prediction, 'HUB', 'responder', '198.51.100.2')?.keyring).toBe('default');
  });

  it('of IKEv2: by the identity that the caller sends', () => {
    const side = (name: string, local: string, peer: string, own: string, far: string): string =>
      `hostname ${name}
crypto ikev2 keyring K
 peer ANY
  address 0.0.0.0 0.0.0.0
  pre-shared-key any
 peer FAR
  address ${peer}
  pre-shared-key yew
crypto ikev2 profile ${name}-V2
 match identity remote fqdn ${far}
 identity local fqdn ${own}
 authentication remote pre-share
 authentication local pre-share
 keyring local K
${TRANSFORMS} set ikev2-profile ${name}-V2
interface Tunnel0
 tunnel source ${local}
 tunnel destination ${peer}
 tunnel protection ipsec profile IP
interface Ethernet0/0
 ip address ${local} 255.255.255.0
`;
    const prediction = predicted(
      side('A', '198.51.100.1', '203.0.113.1', 'a.example', 'b.example'),
      side('B', '203.0.113.1', '198.51.100.1', 'b.example', 'a.example'),
    );
    expect(selected(prediction, 'B', 'responder', '198.51.100.1')).toMatchObject({
      matchedProfile: 'B-V2',
      keyring: 'K',
      entry: 'peer FAR',
      candidates: [{ entry: 'peer ANY', lost: '/0 is less specific than /32 of peer FAR' }],
    });
  });

  it('of another version of IKE, whichever side starts', () => {
    const v2 = `hostname A
crypto ikev2 profile V2
 match identity remote any
${TRANSFORMS} set ikev2-profile V2
interface Tunnel0
 tunnel source 198.51.100.1
 tunnel destination 203.0.113.1
 tunnel protection ipsec profile IP
`;
    const v1 = mapRouter(
      'B',
      '203.0.113.1',
      '198.51.100.1',
      'crypto isakmp key oak address 198.51.100.1',
    );
    expect(ends(predicted(v2, v1))).toEqual([
      ['A', 'B', 'ike-version-mismatch'],
      ['B', 'A', 'ike-version-mismatch'],
    ]);
  });

  it('of a tunnel that answers only: it is called and does not call', () => {
    const side = (name: string, local: string, peer: string, profile: string): string =>
      `hostname ${name}
crypto isakmp key elm address ${peer}
${POLICY}${TRANSFORMS}${profile}interface Tunnel0
 tunnel source ${local}
 tunnel destination ${peer}
 tunnel protection ipsec profile IP
interface Ethernet0/0
 ip address ${local} 255.255.255.0
`;
    const prediction = predicted(
      side('A', '192.0.2.1', '192.0.2.2', ' responder-only\n'),
      side('B', '192.0.2.2', '192.0.2.1', ''),
    );
    expect(prediction.directions.map(({ outcome, why }) => [outcome, why])).toEqual([
      ['unknown', 'Tunnel0 of A is responder-only: it can answer, not call'],
      ['up', expect.any(String)],
    ]);
    expect(selected(prediction, 'A', 'initiator', '192.0.2.2')).toBeUndefined();
    expect(selected(prediction, 'A', 'responder', '192.0.2.2')?.keyring).toBe('default');

    const whyNot = (peer: string, only: string): unknown =>
      predicted(
        side('A', '192.0.2.1', '192.0.2.2', ' responder-only\n'),
        side('B', '192.0.2.2', peer, only),
      ).directions.map(({ why }) => why);
    const nothing = (far: string): string =>
      `: it can answer, not call; ${far} does not call either, and nothing brings the tunnel up`;
    expect(whyNot('192.0.2.9', '')).toEqual([
      `Tunnel0 of A is responder-only${nothing('B')}`,
      `no tunnel or crypto map entry of B names A${nothing('A')}`,
    ]);
    expect(whyNot('192.0.2.1', ' responder-only\n')).toEqual([
      `Tunnel0 of A is responder-only${nothing('B')}`,
      `Tunnel0 of B is responder-only${nothing('A')}`,
    ]);
  });

  it('of a tunnel whose destination is dynamic: nobody in particular', () => {
    const { selections } = predicted(`hostname A
crypto isakmp key oak address 0.0.0.0
${TRANSFORMS}interface Tunnel0
 tunnel source 198.51.100.1
 tunnel mode ipsec ipv4
 tunnel destination dynamic
 tunnel protection ipsec profile IP
`);
    expect(selections).toEqual([]);
  });
});

describe('peers by name', () => {
  const hub = mapRouter(
    'B',
    '203.0.113.1',
    '198.51.100.1',
    'crypto isakmp key ash address 198.51.100.1',
  );
  const branch = (crypto: string): string =>
    mapRouter('A', '198.51.100.1', 'hub.example dynamic', crypto);

  it('are called at the address that `ip host` gives them', () => {
    const text = branch(
      'crypto isakmp key ash hostname hub.example\nip host hub.example 203.0.113.1',
    );
    const prediction = predicted(text, hub);
    expect(ends(prediction)).toEqual([
      ['A', 'B', 'up'],
      ['B', 'A', 'no-psk-for-peer'],
    ]);
    expect(selected(prediction, 'A', 'initiator', '203.0.113.1')?.entry).toBe('hub.example');
    expect(selected(prediction, 'A', 'responder', '203.0.113.1')).toMatchObject({
      keyring: null,
      rules: expect.arrayContaining(['keyring-address-entries-only']) as unknown,
    });
  });

  it('are shown under their name when nobody resolves it', () => {
    const find = (crypto: string): Selection | undefined =>
      selected(predicted(branch(crypto)), 'A', 'initiator', 'hub.example');
    expect(find('crypto isakmp key ash hostname hub.example')?.keyring).toBe('default');
    expect(find('crypto isakmp key ash address 0.0.0.0')?.entry).toBe('0.0.0.0,0.0.0.0');
    const unknown = predicted(branch('crypto isakmp key ash address 203.0.113.1'));
    expect(unknown.findings.map(({ id }) => id)).not.toContain('no-psk-for-peer');
  });
});

it('shows the password of an aggressive-mode peer where a keyring would stand', () => {
  const prediction = predicted(
    mapRouter(
      'A',
      '198.51.100.1',
      '203.0.113.1',
      'crypto isakmp peer address 203.0.113.1\n set aggressive-mode password fir\n set aggressive-mode client-endpoint fqdn a.example',
    ),
  );
  expect(selected(prediction, 'A', 'initiator', '203.0.113.1')).toMatchObject({
    keyring: 'aggressive-mode password',
    rules: expect.arrayContaining(['keyring-aggressive-password']) as unknown,
  });
  expect(prediction.findings.map(({ id }) => id)).not.toContain('no-psk-for-peer');
});

it('looks for no key, and verifies no keyring, where policies know signatures only', () => {
  const prediction = predicted(`version 15.4
hostname A
crypto pki trustpoint CA
 enrollment url http://192.0.2.9:80
crypto isakmp policy 10
 encr aes 256
crypto isakmp key ash address 203.0.113.1
crypto isakmp profile P
 ca trust-point CA
 match identity address 203.0.113.1 255.255.255.255
`);
  expect(selected(prediction, 'A', 'responder', '203.0.113.1')).toMatchObject({
    keyring: null,
    matchedProfile: 'P',
    verification: 'none',
    rules: expect.arrayContaining(['signatures-need-no-key']) as unknown,
  });
});

it('keeps profiles and keyrings apart that serve other local addresses, however these are named', () => {
  const ids = (second: string): readonly string[] =>
    predicted(`hostname A
interface Loopback1
 ip address 198.51.100.129 255.255.255.255
interface Loopback2
 ip address 198.51.100.130 255.255.255.255
crypto keyring K1
 local-address Loopback1
 pre-shared-key address 203.0.113.1 key one
crypto keyring K2
 local-address ${second}
 pre-shared-key address 203.0.113.1 key two
crypto isakmp profile P1
 keyring K1
 local-address Loopback1
 match identity address 203.0.113.1
crypto isakmp profile P2
 keyring K2
 local-address ${second}
 match identity address 203.0.113.1
`).findings.map(({ id }) => id);
  for (const apart of ['198.51.100.130', 'Loopback2']) {
    expect(ids(apart)).not.toContain('keyring-ambiguous');
    expect(ids(apart)).not.toContain('profile-overlap');
  }
  expect(ids('198.51.100.129')).toEqual(
    expect.arrayContaining(['keyring-ambiguous', 'profile-overlap']),
  );
});

it('names the attribute that differs, also where a policy lacks what it would need', () => {
  const side = (name: string, local: string, peer: string, method: string): string =>
    `version 15.4
${mapRouter(name, local, peer, `crypto isakmp key ash address ${peer}`)
  .replace(' authentication pre-share\n', method)
  .replace(
    `set peer ${peer}\n`,
    `set peer ${peer}\n match address ANY\n`,
  )}ip access-list extended ANY
 permit ip any any
`;
  const { directions } = predicted(
    side('A', '198.51.100.1', '203.0.113.1', ' authentication pre-share\n'),
    side('B', '203.0.113.1', '198.51.100.1', ''),
  );
  for (const { finding, why } of directions) {
    expect(finding).toBe('ike-policy-mismatch');
    expect(why).toContain('authentication differs');
  }
});

it('tells of profiles that overlap by name: a host in a domain, a user in one', () => {
  const overlaps = (first: string, second: string): number =>
    predicted(`hostname A
crypto isakmp profile P1
 match identity ${first}
crypto isakmp profile P2
 match identity ${second}
`).findings.filter(({ id }) => id === 'profile-overlap').length;
  expect(overlaps('host domain example.com', 'host R7.branch.Example.com')).toBe(1);
  expect(overlaps('host domain example.com', 'host domain branch.example.com')).toBe(1);
  expect(overlaps('user ops@example.com', 'user domain example.com')).toBe(1);
  expect(overlaps('host domain example.com', 'host r7.other.com')).toBe(0);
  expect(overlaps('host domain example.com', 'user domain example.com')).toBe(0);
});

it('changes a transform set by one command where the mode stays', () => {
  const side = (name: string, local: string, peer: string): string =>
    mapRouter(name, local, peer, `crypto isakmp key ash address ${peer}`);
  const { repairs } = predicted(
    side('A', '198.51.100.1', '203.0.113.1'),
    side('B', '203.0.113.1', '198.51.100.1').replace('sha256-hmac', 'sha-hmac'),
  );
  expect(repairs[0]?.commands).toEqual([
    'crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac',
  ]);
});
