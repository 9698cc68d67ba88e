import { describe, expect, it } from 'vitest';
import { predict } from '../../src/select/predict.ts';
import { readRouters, repairsOf, tunnelRouter } from '../support/tunnel-router.ts';
import type { TunnelKnobs } from '../support/tunnel-router.ts';
import { router } from '../support/map-router.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';

const pair = (a: TunnelKnobs, b: TunnelKnobs) =>
  readRouters([tunnelRouter('A', A, B, a), tunnelRouter('B', B, A, b)]);

const P = 'crypto isakmp profile P';
const ANY = 'crypto ipsec profile IP / no set isakmp-profile';

/** B answers for a profile with these lines. */
const waits = (lines: string): TunnelKnobs => ({ profile: `   keyring K\n${lines}` });

/** A sends what these lines make it send. */
const says = (self: string): TunnelKnobs =>
  waits(`   self-identity ${self}\n   match identity address ${B} 255.255.255.255`);

const NAMED: TunnelKnobs = {
  globals: 'ip domain name corp.example\ncrypto isakmp identity hostname',
};

describe('a profile that the identity does not match', () => {
  it.each<[string, TunnelKnobs, TunnelKnobs, readonly string[]]>([
    [
      'a host name where an address is meant: the name is matched, or the address sent',
      NAMED,
      {},
      [
        `B: ${P} / match identity host A.corp.example`,
        `A: ${P} / self-identity address`,
        'A: crypto isakmp identity address',
        `B: ${ANY}`,
      ],
    ],
    [
      'a user name',
      says('user-fqdn one@corp.example'),
      waits(`   match identity address ${A} 255.255.255.255`),
      [
        `B: ${P} / match identity user one@corp.example`,
        `A: ${P} / self-identity address`,
        `B: ${ANY}`,
      ],
    ],
    [
      'an address where the name of the host is meant',
      { globals: 'ip domain name corp.example' },
      waits('   match identity host domain corp.example'),
      [
        `B: ${P} / match identity address ${A} 255.255.255.255`,
        `A: ${P} / self-identity fqdn`,
        'A: crypto isakmp identity hostname',
        `B: ${ANY}`,
      ],
    ],
    [
      'a name in another domain, which the sender cannot change by itself',
      NAMED,
      waits('   match identity host domain rp.example'),
      [`B: ${P} / match identity host A.corp.example`, `B: ${ANY}`],
    ],
    [
      'a local address that is not called',
      {},
      waits(`   local-address GigabitEthernet0/1\n   match identity address ${A} 255.255.255.255`),
      [
        `B: ${P} / no local-address GigabitEthernet0/1`,
        `B: ${P} / local-address ${B}`,
        `B: ${ANY}`,
      ],
    ],
    [
      'a local address that is not called, and a name',
      NAMED,
      waits(`   local-address 203.0.113.2\n   match identity address ${A} 255.255.255.255`),
      [
        `B: ${P} / no local-address 203.0.113.2 / match identity host A.corp.example`,
        `B: ${P} / local-address ${B} / match identity host A.corp.example`,
        `B: ${ANY}`,
      ],
    ],
    [
      'the key identity of a client end point, which no profile changes',
      {
        globals: `crypto isakmp peer address ${B}\n set aggressive-mode password walnut\n set aggressive-mode client-endpoint key-id BRANCH`,
      },
      {},
      [`B: ${P} / match identity group BRANCH`, `B: ${ANY}`],
    ],
  ])('%s', (_, a, b, expected) => {
    expect(repairsOf(pair(a, b))).toEqual(expected);
  });

  it('of an IPv6 peer is matched with its prefix', () => {
    const v6 = (name: string, local: string, peer: string, match: string): string =>
      tunnelRouter(name, '192.0.2.1', peer, {
        keyrings: `crypto keyring K\n  pre-shared-key address ipv6 ${peer}/128 key walnut`,
        profile: `   keyring K\n   self-identity address ipv6\n   match identity address ipv6 ${match}/128`,
        tunnel: ' tunnel mode ipsec ipv6',
      }).replace(/ ip address 192.0.2.1 255.255.255.0/, ` ipv6 address ${local}/64`);
    const [one, two, three] = ['2001:db8::1', '2001:db8::2', '2001:db8::3'];
    const models = readRouters([v6('A', one, two, two), v6('B', two, one, three)]);
    expect(repairsOf(models)[0]).toBe(`B: ${P} / match identity address ipv6 ${one}/128`);
  });

  it('is told with the identity, its line, and the statements that do not fit', () => {
    const [finding] = predict(pair(NAMED, {})).findings;
    expect(finding?.explanation).toContain(
      `A sends the identity fqdn A.corp.example. Profile P has "match identity address ${A} 255.255.255.255", which does not fit.`,
    );
    const quoted = finding?.evidence.map(({ text }) => text);
    expect(quoted).toContain('crypto isakmp identity hostname');
    expect(quoted).toContain(`match identity address ${A} 255.255.255.255`);
  });

  it('is told with the local address that it serves', () => {
    const b = waits(`   local-address 203.0.113.2\n   match identity address ${A} 255.255.255.255`);
    const [finding] = predict(pair({}, b)).findings;
    expect(finding?.explanation).toContain(
      `Profile P serves local address 203.0.113.2 only, and the call is to ${B}.`,
    );
  });

  it('says last of all what opening the tunnel gives up, and what the router then asks for', () => {
    const texts = predict(pair(NAMED, {})).repairs.map(({ sideEffects }) => sideEffects.join(' '));
    expect(texts.at(-1)).toBe(
      'Tunnel0 is then open to every peer that has a key, whatever profile it matches. ' +
        `As initiator B then finds profile P by the address of the peer, or asks for none: documents and debugs differ.`,
    );
    const none = predict(pair(NAMED, waits('   match identity host domain rp.example')));
    expect(none.repairs.at(-1)?.sideEffects.join(' ')).toContain(
      `asks for no profile, because none matches ${A}`,
    );
  });

  it('is not given a second statement of the same width as that of another profile', () => {
    const other = `crypto isakmp profile HOST\n   keyring K\n   match identity address ${A} 255.255.255.255`;
    const b: TunnelKnobs = {
      profile: '   keyring K\n   match identity address 192.0.2.0 255.255.255.0',
      extra: other,
    };
    const found = repairsOf(pair({}, b));
    expect(found.length).toBeGreaterThan(0);
    expect(found).not.toContain(`B: ${P} / match identity address ${A} 255.255.255.255`);
  });
});

describe('tunnel interfaces of different modes', () => {
  it('take the mode of one another', () => {
    const models = pair({ tunnel: ' tunnel mode ipsec ipv4' }, {});
    expect(repairsOf(models)).toEqual([
      'A: interface Tunnel0 / tunnel mode gre ip',
      'B: interface Tunnel0 / tunnel mode ipsec ipv4',
    ]);
  });
});

describe('a profile that another line demands than that of the IPsec profile', () => {
  const two = (peer: string): string => `   keyring K
   match identity address ${peer} 255.255.255.255
crypto isakmp profile Q
   keyring K
   match identity address 192.0.2.0 255.255.255.0`;

  it.each([
    ['', 'interface Tunnel0 / tunnel protection ipsec profile IP isakmp-profile P'],
    [
      ' set isakmp-profile P',
      'interface Tunnel0 / tunnel protection ipsec profile IP isakmp-profile P',
    ],
  ])('is changed in the tunnel protection (the IPsec profile: "%s")', (named, command) => {
    const extra = `crypto ipsec profile IP\n${named === '' ? ' no set isakmp-profile' : named}
interface Tunnel0
 tunnel protection ipsec profile IP isakmp-profile Q`;
    const models = pair({}, { profile: two(A), extra });
    expect(repairsOf(models)[0]).toBe(`B: ${command}`);
    expect(repairsOf(models).join()).not.toContain('still down');
  });
});

describe('a tunnel protection that is shared', () => {
  it('stays so when its profile changes', () => {
    const extra = `crypto isakmp profile Q
   keyring K
   match identity address 203.0.113.9 255.255.255.255
interface Tunnel0
 tunnel protection ipsec profile IP shared isakmp-profile Q`;
    const typedIn = repairsOf(pair({}, { extra }));
    expect(typedIn).toContain(
      'B: interface Tunnel0 / tunnel protection ipsec profile IP shared isakmp-profile P',
    );
    expect(typedIn).toContain('B: interface Tunnel0 / tunnel protection ipsec profile IP shared');
  });
});

describe('an identity that a profile for others takes in', () => {
  const INSIDE = '192.168.7.10';
  /** A calls from behind a translation; B has a static peer, whose profile matches the inside network as well. */
  const hub = (profiles: string): string => `hostname B
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
crypto keyring STATIC
  pre-shared-key address 203.0.113.20 key pear
crypto keyring ROAM
  pre-shared-key address 0.0.0.0 0.0.0.0 key walnut
${profiles}
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto dynamic-map D 10
 set transform-set TS
 set isakmp-profile PROAM
crypto map M 10 ipsec-isakmp
 set peer 203.0.113.20
 set transform-set TS
 set isakmp-profile PSTATIC
 match address L
crypto map M 100 ipsec-isakmp dynamic D
ip access-list extended L
 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255
interface Ethernet0/0
 ip address ${B} 255.255.255.0
 crypto map M
`;
  const wide = `crypto isakmp profile PSTATIC
   keyring STATIC
   match identity address 192.168.7.0 255.255.255.0`;
  const roam = `crypto isakmp profile PROAM
   keyring ROAM
   match identity address 0.0.0.0`;
  const caller = (name: string, inside: string, key: string): string =>
    router(name, inside, B, { key: `crypto isakmp key ${key} address ${B}` });
  const seen = { pairs: { '198.51.100.77': 'A' } };
  const call = (texts: readonly string[]) => predict(readRouters(texts), seen);

  it.each([`${wide}\n${roam}`, `${roam}\n${wide}`])(
    'is matched by the profile that serves it, and no key moves (%#)',
    (profiles) => {
      const { directions, repairs } = call([caller('A', INSIDE, 'walnut'), hub(profiles)]);
      expect(directions[0]).toMatchObject({
        initiator: 'A',
        failingStep: 'mm5-verify',
        finding: 'keyring-mismatch-after-mm5',
      });
      expect(repairs[0]?.commands).toEqual([
        'crypto isakmp profile PROAM',
        ` match identity address ${INSIDE} 255.255.255.255`,
      ]);
      // Only where the other profile comes first do the documents differ about it.
      const isContested = profiles.startsWith(wide);
      expect(repairs[0]?.restsOn).toEqual(isContested ? ['profile-first-match'] : []);
      expect(repairs[0]!.sideEffects.join().includes('It holds where the most specific')).toBe(
        isContested,
      );
    },
  );

  it('is let go of behind that, and who may be cut off is named', () => {
    const { repairs } = call([caller('A', INSIDE, 'walnut'), hub(`${wide}\n${roam}`)]);
    const dropped = ' no match identity address 192.168.7.0 255.255.255.0';
    const drop = repairs.find(({ commands }) => commands.includes(dropped));
    expect(drop?.commands).toEqual(['crypto isakmp profile PSTATIC', dropped]);
    expect(drop?.sideEffects).toContain(
      '203.0.113.20, a peer for which profile PSTATIC is demanded, may be cut off: nothing given tells which identity it sends.',
    );
    expect(JSON.stringify(repairs)).not.toContain('match identity address 203.0.113.20');
  });

  it('but a router given that sends such an address stays matched', () => {
    const other = caller('C', '192.168.7.20', 'pear');
    const { repairs } = call([caller('A', INSIDE, 'walnut'), hub(`${wide}\n${roam}`), other]);
    const kept = ' match identity address 192.168.7.20 255.255.255.255';
    const narrowed = repairs.find(({ commands }) => commands.includes(kept));
    expect(narrowed?.sideEffects.join()).toContain('by the address that they send');
    expect(repairs.indexOf(narrowed!)).toBeGreaterThan(0);
  });

  it('does not strand the other callers of a dynamic map without saying so', () => {
    const { repairs } = call([caller('A', INSIDE, 'walnut'), hub(`${wide}\n${roam}`)]);
    const bind = repairs.find(({ commands }) => commands.includes(' set isakmp-profile PSTATIC'));
    expect(bind?.sideEffects).toContain(
      'dynamic map D 10 then refuses every caller that matches profile PROAM.',
    );
    expect(repairs.indexOf(bind!)).toBeGreaterThan(0);
  });
});
