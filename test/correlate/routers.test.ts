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
