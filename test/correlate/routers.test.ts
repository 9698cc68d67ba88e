import { describe, expect, it } from 'vitest';
import { findRouters } from '../../src/correlate/routers.ts';
import {
  INITIATOR,
  RESPONDER,
  evidenceOf,
  incidentOf,
  logOf,
  opening,
  wire,
} from '../support/incident.ts';

const config = (body: string): string =>
  `crypto isakmp policy 10\n encr aes\n authentication pre-share\n group 14\n${body}`;
const ring = (peer: string): string => `crypto keyring kr\n pre-shared-key address ${peer} key k\n`;
const facing = (address: string): string =>
  `interface GigabitEthernet0/0\n ip address ${address} 255.255.255.0\n`;

describe('routers', () => {
  it('unite log and configuration by name', () => {
    const routers = findRouters(
      evidenceOf({
        logs: [logOf(['a'], { router: 'R1' })],
        configs: [`hostname r1\n${config(ring(INITIATOR))}`],
      }),
    );
    expect(routers).toHaveLength(1);
    expect([...routers[0]!.inputs].sort()).toEqual(['cfg0', 'log0']);
  });

  describe('that bear one name', () => {
    const named = (input: string, told: Parameters<typeof logOf>[1]): ReturnType<typeof logOf> =>
      logOf(['a'], { router: 'Router', localAddress: null, ...told, input }, input);
    const answering = named('log0', { role: 'responder', peerAddress: INITIATOR });
    const calling = named('log1', { role: 'initiator', peerAddress: RESPONDER });
    const elsewhere = named('log1', { role: 'initiator', peerAddress: '203.0.113.9' });
    const local = named('log1', {
      role: 'initiator',
      peerAddress: '203.0.113.9',
      localAddress: INITIATOR,
    });
    const met = wire(opening);
    const cases: readonly (readonly [
      string,
      ReturnType<typeof logOf>,
      ReturnType<typeof wire>[],
      (string | null)[],
    ])[] = [
      [
        'are two where an exchange shows one as the peer of the other',
        calling,
        [met],
        ['Router', 'Router (2)'],
      ],
      [
        'are two where one has the address of the peer of the other',
        local,
        [],
        ['Router', 'Router (2)'],
      ],
      ['are one that answers here and calls there', elsewhere, [met], ['Router']],
      ['are one where nothing shows that they met', calling, [], ['Router']],
    ];
    it.each(cases)('%s', (_, second, exchanges, names) => {
      const routers = findRouters(evidenceOf({ logs: [answering, second], exchanges }));
      expect(routers.map(({ name }) => name)).toEqual(names);
    });
  });

  it('unite them by address when one has no name, and take the name that there is', () => {
    const routers = findRouters(
      evidenceOf({
        logs: [logOf(['a'], { localAddress: RESPONDER })],
        configs: [`hostname HUB\n${config(ring(INITIATOR) + facing(RESPONDER))}`],
      }),
    );
    expect(routers.map((router) => router.name)).toEqual(['HUB']);
  });

  it('unite them by the keys for the peer when a listing has no interfaces', () => {
    const routers = findRouters(
      evidenceOf({ logs: [logOf(['a'], { router: 'HUB' })], configs: [config(ring(INITIATOR))] }),
    );
    expect(routers).toHaveLength(1);
    expect(routers[0]!.config).not.toBeNull();
  });

  it('do not give a log the configuration of its peer', () => {
    const routers = findRouters(
      evidenceOf({
        logs: [logOf(['a'], { localAddress: RESPONDER })],
        configs: [config(ring(RESPONDER) + facing(INITIATOR))],
      }),
    );
    expect(routers).toHaveLength(2);
  });

  it('keep two unnamed speakers of one paste apart', () => {
    const one = logOf(['a'], { speaker: 0, localAddress: null });
    const both = {
      ...one,
      negotiations: [
        ...one.negotiations,
        { ...one.negotiations[0]!, id: 'n2', speaker: 1, role: 'initiator' as const },
      ],
    };
    expect(findRouters(evidenceOf({ logs: [both] }))).toHaveLength(2);
  });

  it.each([
    ['a request that joined another attempt', null, 1],
    ['an attempt of which only the inner states are told', '6071829304a5b6c7', 2],
  ])('%s: negotiations', (_, responderCookie, count) => {
    const one = logOf(['a'], {
      ikeVersion: 2,
      exchange: 'ikev2',
      outcome: 'incomplete',
      failingStep: null,
      packets: [],
      statePath: [],
      responderCookie: '1122334455667788',
    });
    const other = { ...one.negotiations[0]!, id: 'n2', responderCookie };
    const both = { ...one, negotiations: [...one.negotiations, other] };
    expect(incidentOf({ logs: [both] }).negotiations).toHaveLength(count);
  });

  it('have each address of IPv6 once, in the spelling by which addresses are compared', () => {
    const incident = incidentOf({
      logs: [
        logOf(['a'], {
          router: 'R1',
          localAddress: '2001:DB8:0:1::1',
          peerAddress: '2001:DB8:0:7::7',
        }),
      ],
      configs: [
        `hostname R1\n${ring(INITIATOR)}interface GigabitEthernet0/0\n ipv6 address 2001:DB8:0:1::1/64\n`,
      ],
    });
    expect(incident.routers[0]!.addresses).toEqual(['2001:db8:0:1::1']);
    expect(incident.negotiations[0]).toMatchObject({
      localAddress: '2001:db8:0:1::1',
      peerAddress: '2001:db8:0:7::7',
    });
  });

  it('find both ends of a capture by their configurations', () => {
    const { initiator, responder } = incidentOf({
      exchanges: [wire(opening)],
      configs: [
        `hostname R2\n${config(ring(RESPONDER) + facing(INITIATOR))}`,
        `hostname R1\n${config(ring(INITIATOR) + facing(RESPONDER))}`,
      ],
    }).attempts[0]!;
    expect([initiator.router, responder.router]).toEqual(['R2', 'R1']);
    expect([initiator.selection?.role, responder.selection?.role]).toEqual([
      'initiator',
      'responder',
    ]);
  });
});

describe('a peer that no configuration owns', () => {
  const HUB = '203.0.113.1';
  const CALLER = '198.51.100.99';
  const calling = (peer: string, address: string): string =>
    `hostname BR\n${config(ring(peer))}crypto ipsec profile VTI\n set transform-set TS\n` +
    `interface Tunnel7\n tunnel source GigabitEthernet0/0\n tunnel destination ${peer}\n` +
    ` tunnel protection ipsec profile VTI\ninterface GigabitEthernet0/0\n ip address ${address}\n`;
  const FIXED = calling(HUB, '198.51.100.2 255.255.255.0');
  const LEASED = calling(HUB, 'dhcp');
  const PRIVATE = calling(HUB, '10.1.1.2 255.255.255.0');
  const hub = (keys: string): string => `hostname HQ\n${config(keys + facing(HUB))}`;
  const identity = (type: string, value: string) => ({ type, value, line: 1 });
  type Told = Parameters<typeof logOf>[1];
  const calls = (first: Told, ...more: Told[]) => {
    const [log, ...others] = [first, ...more].map((told) =>
      logOf(['a'], { router: 'HQ', localAddress: HUB, peerAddress: CALLER, ...told }),
    );
    const all = [log!, ...others].flatMap(({ negotiations }, index) =>
      negotiations.map((each) => ({ ...each, id: `n${index}` })),
    );
    return { ...log!, negotiations: all };
  };

  it.each<[string, string, Told[], string, string | null]>([
    ['is not a router with another address of its own', FIXED, [{}], ring(CALLER), null],
    [
      'nor where the peer calls itself by its address',
      PRIVATE,
      [{ natFound: true, peerIdentity: identity('ID_IPV4_ADDR', CALLER) }],
      ring(CALLER),
      null,
    ],
    [
      'nor where a NAT is found and the own address is public',
      FIXED,
      [{ natFound: true }],
      ring('0.0.0.0 0.0.0.0'),
      null,
    ],
    ['nor where no NAT is found', PRIVATE, [{ natFound: false }], ring(CALLER), null],
    [
      'is one with a private address, behind a NAT',
      PRIVATE,
      [{ natFound: true }],
      ring(CALLER),
      'BR',
    ],
    ['or before anything tells of a NAT', PRIVATE, [{}], ring(CALLER), 'BR'],
    [
      'is one that introduces itself by its own address',
      FIXED,
      [{ natFound: true, peerIdentity: identity('ID_IPV4_ADDR', '198.51.100.2') }],
      ring(CALLER),
      'BR',
    ],
    [
      'is one that introduces itself by its own name',
      FIXED,
      [{ peerIdentity: identity('FQDN', 'br.example.net') }],
      ring(CALLER),
      'BR',
    ],
    ['is one whose address is not in its configuration', LEASED, [{}], ring(CALLER), 'BR'],
    [
      'is not that one where two strangers call',
      LEASED,
      [{}, { peerAddress: '198.51.100.98' }],
      ring(CALLER),
      null,
    ],
    [
      'is not one that calls under its own address as well',
      PRIVATE,
      [{ natFound: true }, { peerAddress: '10.1.1.2' }],
      ring(CALLER),
      null,
    ],
    [
      'is not one that the hub has an entry of its own for',
      PRIVATE,
      [{ natFound: true }],
      `${ring(CALLER)} pre-shared-key address 10.1.1.2 key k\n`,
      null,
    ],
  ])('%s', (_, spoke, told, keys, router) => {
    const [first, ...more] = told;
    const attempt = incidentOf({
      logs: [calls(first, ...more)],
      configs: [hub(keys), spoke],
    }).attempts.find(({ responder }) => responder.log?.peerAddress === CALLER)!;
    expect(attempt.responder.router).toBe('HQ');
    expect(attempt.initiator.router).toBe(router);
    expect(attempt.initiator.label).toBe(router ?? CALLER);
  });

  const OWN = { natFound: true, peerIdentity: identity('ID_IPV4_ADDR', '10.1.1.2') };
  const OTHER = { natFound: true, peerIdentity: identity('ID_IPV4_ADDR', '10.1.1.9') };
  const BROKEN = { natFound: false };
  it.each<[string, string, Told[], (string | null)[]]>([
    ['before', PRIVATE, [OWN, BROKEN], ['BR', 'BR']],
    ['afterwards', PRIVATE, [BROKEN, OWN], ['BR', 'BR']],
    [
      'by its identity alone',
      FIXED,
      [{}, { ...OWN, peerIdentity: identity('FQDN', 'br.a') }],
      ['BR', 'BR'],
    ],
    ['by the NAT before it', PRIVATE, [{ natFound: true }, BROKEN], ['BR', 'BR']],
    ['where nothing shows it', PRIVATE, [{}, BROKEN], ['BR', null]],
    ['and another one', PRIVATE, [OWN, OTHER, BROKEN], ['BR', null, null]],
    [
      'under another address',
      PRIVATE,
      [OWN, { ...BROKEN, peerAddress: '198.51.100.98' }],
      ['BR', null],
    ],
  ])('is known to be a router that an attempt shows there: %s', (_, spoke, told, names) => {
    const [first, ...more] = told;
    const { attempts } = incidentOf({
      logs: [calls(first, ...more)],
      configs: [hub(ring('0.0.0.0 0.0.0.0')), spoke],
    });
    const named = new Map(
      attempts.map(({ initiator, responder }) => [responder.log!.id, initiator]),
    );
    expect(told.map((__, index) => named.get(`n${index}`)?.router ?? null)).toEqual(names);
  });

  it('adds no address to that router', () => {
    const { routers } = incidentOf({ logs: [calls({})], configs: [hub(ring(CALLER)), FIXED] });
    expect(routers.find(({ name }) => name === 'BR')?.addresses).toEqual(['198.51.100.2']);
  });
});
