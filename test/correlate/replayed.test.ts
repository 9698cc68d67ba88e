import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../src/diagnose/keys-used.ts';
import type { Attempt, Incident } from '../../src/model/incident.ts';
import type { LogNegotiation } from '../../src/model/log.ts';
import { incidentOf, logOf, packetLine } from '../support/incident.ts';

const OWN = '203.0.113.1';
const PEER = '198.51.100.2';

const router = (vrf = ''): string => `hostname HQ
crypto isakmp key walnut address ${PEER}
crypto keyring KR-X
 pre-shared-key address ${PEER} key pear
crypto keyring KR-B
 pre-shared-key address ${PEER} key plum
crypto isakmp profile PX
 keyring KR-X
 match identity address 198.51.100.0 255.255.255.0
crypto isakmp profile PB
 keyring KR-B
 match identity address ${PEER} 255.255.255.255
crypto ipsec profile VTI
 set transform-set TS
interface Tunnel3
 tunnel source GigabitEthernet0/0
 tunnel destination ${PEER}
${vrf} tunnel protection ipsec profile VTI
interface GigabitEthernet0/0
 ip address ${OWN} 255.255.255.0
`;
const far = `hostname BR
crypto isakmp key plum address ${OWN}
interface GigabitEthernet0/0
 ip address ${PEER} 255.255.255.0
`;

function attempted(
  told: Partial<LogNegotiation>,
  config: string = router(),
): { attempt: Attempt; incident: Incident } {
  const selections = (['mm1', 'mm2', 'mm4'] as const).map((step, at) => ({
    step,
    keyring: null,
    line: at + 2,
  }));
  const log = logOf(['a', 'b', 'c', 'd', 'e'], {
    router: 'HQ',
    role: 'initiator',
    localAddress: OWN,
    peerAddress: PEER,
    keyringSelections: selections,
    ...told,
  });
  const incident = incidentOf({ logs: [log], configs: [config, far] });
  return { attempt: incident.attempts[0]!, incident };
}

const expectedKeys = ({ decisions }: Attempt): readonly (string | undefined)[] =>
  decisions
    .filter(({ side, what }) => side === 'initiator' && what === 'keyring')
    .map(({ expected }) => expected?.value);

describe('an initiator is replayed from the profile that its log names', () => {
  it.each([
    ['none', null, 'default', 'different'],
    ['the one that does not match best', 'PX', 'KR-X', 'different'],
    ['the one that matches best', 'PB', 'KR-B', 'same'],
    ['one that the configuration does not have', 'PZ', 'KR-B', 'same'],
  ])('%s', (_, name, keyring, relation) => {
    const { attempt, incident } = attempted({ saRequestProfile: { name, line: 1 } });
    expect(expectedKeys(attempt)).toEqual([keyring, keyring, keyring]);
    expect(attempt.initiator.selection?.keyring).toBe('KR-B');
    expect(compareKeys(attempt, incident).relation).toBe(relation);
  });

  it('and from the best match where the log names none', () => {
    expect(expectedKeys(attempted({}).attempt)).toEqual(['KR-B', 'KR-B', 'KR-B']);
  });
});

describe('an initiator with several tunnels to one peer', () => {
  const second = `crypto ipsec profile BOUND
 set transform-set TS
 set isakmp-profile PX
interface Tunnel4
 tunnel source GigabitEthernet0/0
 tunnel destination ${PEER}
 tunnel vrf INET
 tunnel protection ipsec profile BOUND
`;

  it.each([
    ['by the profile that its log names', 'PX', 'Tunnel4', 'INET'],
    ['by none', null, 'Tunnel3', null],
    ['by the first where no tunnel has that profile', 'PB', 'Tunnel3', null],
  ])('is told by the tunnel that it called, and its VRF: %s', (_, name, tunnel, fvrf) => {
    const { attempt } = attempted({ saRequestProfile: { name, line: 1 } }, router() + second);
    const { selection, replayed } = attempt.initiator;
    expect(selection).toMatchObject({ tunnel, fvrf });
    expect(replayed).toMatchObject({ tunnel, fvrf, requestedProfile: name });
  });
});

describe('the VRF of an initiator', () => {
  const inside = router(' tunnel vrf INET\n');

  it.each<[string, Partial<LogNegotiation>, string | null]>([
    ['is that of its tunnel before anything was received', {}, 'INET'],
    [
      'is that of its tunnel when it only sent',
      { packets: [packetLine(2, 'sent', 'MM_NO_STATE')] },
      'INET',
    ],
    ['is that of the packets', { packets: [packetLine(2, 'received', 'MM_NO_STATE')] }, null],
  ])('%s', (_, told, fvrf) => {
    expect(attempted(told, inside).attempt.initiator.selection?.fvrf).toBe(fvrf);
  });

  it('is the reason why no key is found', () => {
    const { attempt } = attempted(
      { keyringSelections: [], saRequestProfile: { name: null, line: 1 } },
      inside,
    );
    expect(attempt.initiator.replayed?.keyring).toBeNull();
  });
});
