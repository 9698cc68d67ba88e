import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { predict } from '../../src/select/predict.ts';
import { ends, router } from '../support/map-router.ts';

const up = (name: string): unknown => [name, 'up', null];

describe('with a translator between the two', () => {
  const translator = `hostname NAT
interface Ethernet0/0
 ip address 10.9.0.1 255.255.255.0
interface Ethernet0/1
 ip address 198.51.100.1 255.255.255.0
ip nat inside source static 10.9.0.2 198.51.100.1
`;
  const through = (keyAddress: string): unknown =>
    ends(
      predict(
        [
          translator,
          router('A', '10.9.0.2', '192.0.2.2'),
          router('B', '192.0.2.2', '198.51.100.1', {
            key: `crypto isakmp key walnut address ${keyAddress}`,
          }),
        ].flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]),
      ),
    );

  it('finds the key by the outside address', () => {
    expect(through('198.51.100.1')).toEqual([up('A'), up('B')]);
  });

  describe('that hides a network behind the address of its interface', () => {
    const hiding = (nat: string): string => `hostname NAT
version 15.4
interface Ethernet0/0
 ip address 10.9.0.1 255.255.255.0
 ip nat inside
interface Ethernet0/1
 ip address 198.51.100.1 255.255.255.0
 ip nat outside
${nat}
`;
    const directions = (nat: string | null): unknown =>
      predict(
        [
          ...(nat === null ? [] : [hiding(nat)]),
          router('A', '10.9.0.2', '192.0.2.2'),
          router('B', '192.0.2.2', '198.51.100.1'),
        ].flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]),
      ).directions.map(({ initiator, responder, outcome, why }) => [
        initiator,
        responder,
        outcome,
        outcome === 'up' ? '' : why,
      ]);
    const list = 'access-list 7 permit 10.9.0.0 0.0.0.255';
    const untold =
      '10.9.0.2 may be translated on the way to 192.0.2.2, and no configuration tells to what';
    const undecided = [
      ['A', 'B', 'unknown', untold],
      [
        'B',
        'A',
        'unknown',
        `whether a tunnel or crypto map entry of B names A cannot be told: ${untold}`,
      ],
    ];

    it('is called for nobody, and what it hides calls from that address', () => {
      const nat = 'ip nat inside source list 7 interface Ethernet0/1 overload';
      expect(directions(`${nat}\n${list}`)).toEqual([
        ['A', 'B', 'up', ''],
        [
          'B',
          'A',
          'unknown',
          'crypto map M 10 of B calls 198.51.100.1, where no translation leads in to A: it can answer, not call',
        ],
      ]);
    });

    it('is none where the responder names private peers too', () => {
      const key =
        'crypto isakmp key walnut address 198.51.100.1\ncrypto isakmp key walnut address 10.9.0.3';
      const texts = [
        router('A', '10.9.0.2', '192.0.2.2'),
        router('B', '192.0.2.2', '198.51.100.1', { key }),
      ];
      expect(
        ends(predict(texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]))),
      ).toContainEqual(['A', 'mm1-key-lookup', 'no-psk-for-peer']);
    });

    const pool = (...entries: readonly string[]): string =>
      [
        'ip nat inside source list IKE interface Ethernet0/1 overload',
        'ip access-list extended IKE',
      ]
        .concat(entries.map((entry) => ` ${entry}`))
        .join('\n');
    const toB = (nat: string): unknown => (directions(nat) as string[][])[0]!.slice(2);

    it.each([
      ['permit udp any any eq isakmp'],
      ['permit udp any any eq 500'],
      ['permit udp any eq isakmp any eq isakmp'],
      ['permit udp any any eq non500-isakmp'],
      ['permit udp any any range isakmp non500-isakmp'],
      ['permit udp any any lt 1024'],
      ['permit udp any any neq domain'],
      ['deny udp any any eq domain', 'permit ip any any'],
      ['deny tcp any any eq 500', 'permit ip any any'],
    ])('hides IKE that its list permits: %s', (...entries) => {
      expect(toB(pool(...entries))).toEqual(['up', '']);
    });

    it.each([
      ['permit udp any any eq domain'],
      ['permit udp any any gt 4500'],
      ['permit udp any any range 1024 4096'],
      ['deny udp any any eq isakmp', 'permit ip any any'],
      ['deny udp any any range 1 1023', 'permit ip any any'],
    ])('does not hide IKE that its list keeps out: %s', (...entries) => {
      expect(toB(pool(...entries))).toEqual(['unknown', untold]);
    });

    it.each([
      ['the translator is not given', null],
      ['the translation is not understood', 'ip nat inside source route-map OUT interface Dialer1'],
      [
        'the address is not in the configuration',
        `ip nat inside source list 7 interface Dialer1 overload\n${list}`,
      ],
    ])('is unknown where %s', (_, nat) => {
      expect(directions(nat)).toEqual(undecided);
    });
  });

  it('finds none by the inside address, which no packet carries', () => {
    expect(through('10.9.0.2')).toEqual([
      ['A', 'mm1-key-lookup', 'no-psk-for-peer'],
      ['B', 'mm1-key-lookup', 'no-psk-for-peer'],
    ]);
  });

  it.each([
    ['nobody is behind it', ''],
    ['a transform set is left of its IPsec', 'crypto ipsec transform-set TS esp-aes'],
  ])('is itself who is called where %s', (_, left) => {
    const nat = `hostname NAT
version 15.4
${left}
interface Ethernet0/0
 ip address 10.9.0.1 255.255.255.0
 ip nat inside
interface Ethernet0/1
 ip address 198.51.100.1 255.255.255.0
 ip nat outside
`;
    const inside = left === '' ? [] : [router('A', '10.9.0.2', '203.0.113.9')];
    const texts = [nat, ...inside, router('B', '192.0.2.2', '198.51.100.1')];
    expect(
      ends(predict(texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]))),
    ).toContainEqual(['B', 'mm1-policy', 'ike-policy-mismatch']);
  });
});
