import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import { INITIATOR, RESPONDER, diagnosisOf, logOf, packetLine } from '../support/incident.ts';

const end = (name: string, own: string, peer: string, keys: string, profiles: string): string =>
  `hostname ${name}
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
${keys}
${profiles}
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
crypto ipsec profile VA
 set transform-set TS
 set isakmp-profile PA
crypto ipsec profile VB
 set transform-set TS
 set isakmp-profile PB
interface Tunnel1
 tunnel key 1
 tunnel source GigabitEthernet0/0
 tunnel destination ${peer}
 tunnel protection ipsec profile VA
interface Tunnel2
 tunnel key 2
 tunnel source GigabitEthernet0/0
 tunnel destination ${peer}
 tunnel protection ipsec profile VB
interface GigabitEthernet0/0
 ip address ${own} 255.255.255.0
`;

/** Two tunnels between the same addresses, told apart by the name that the spoke sends. */
const hub = end(
  'R1',
  RESPONDER,
  INITIATOR,
  `crypto keyring KA
 pre-shared-key address ${INITIATOR} key alpha
crypto keyring KB
 pre-shared-key address ${INITIATOR} key alpha`,
  `crypto isakmp profile PA
 keyring KA
 match identity host a.example
crypto isakmp profile PB
 keyring KB
 match identity host b.example`,
);
/** Its second profile matches nobody, so that it cannot be called by the second tunnel. */
const spoke = end(
  'R2',
  INITIATOR,
  RESPONDER,
  `crypto keyring K\n pre-shared-key address ${RESPONDER} key alpha`,
  `crypto isakmp profile PA
 self-identity fqdn a.example
 keyring K
 match identity address ${RESPONDER} 255.255.255.255
crypto isakmp profile PB
 self-identity fqdn b.example
 keyring K`,
);

const REFUSED = 'Key not found in keyrings of profile , aborting exchange';
const refused = logOf(['found peer pre-shared key', 'peer matches', REFUSED], {
  router: 'R1',
  peerAddress: INITIATOR,
  localAddress: RESPONDER,
  peerIdentity: { type: 'ID_FQDN', value: 'b.example', line: 2 },
  profileMatched: { name: 'PB', step: 'mm5', line: 2 },
  phase1: 'failed',
  outcome: 'failed',
  verdict: 'keyring-mismatch-after-mm5',
  failingStep: 'mm5-verify',
  packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
  evidenceLines: [3],
});

describe('two tunnels between the same routers', () => {
  const diagnosis: Diagnosis = diagnosisOf({ configs: [spoke, hub], logs: [refused] });
  const failure = diagnosis.findings.find(({ id }) => id === 'keyring-mismatch-after-mm5')!;

  it('tells the other direction of the one that failed', () => {
    expect(diagnosis.verdict.summary).toContain(
      'The other way round, when R1 initiates, it fails as well: Tunnel2 requires profile PB',
    );
    expect(diagnosis.findings.map(({ id }) => id)).not.toContain('one-direction-only');
  });

  it('expects the profile of the tunnel whose identity was sent', () => {
    const { decisions } = diagnosis.negotiations[0]!;
    expect(decisions.find(({ step }) => step === 'sa-request')?.expected?.value).toBe('PB');
  });

  it('leaves no profile without the keyring that it had', () => {
    const typed = failure.remedies.map(({ config }) => config ?? '');
    expect(typed.some((text) => text.includes(' keyring KA'))).toBe(true);
    for (const text of typed)
      expect(text.includes('no keyring KB')).toBe(/^ +keyring KA$/m.test(text));
  });
});

describe('two tunnels of one end to one peer, of which the other end calls one', () => {
  const facing = (
    name: string,
    interfaces: Readonly<Record<string, string>>,
    peer: string,
    key: string,
  ): string =>
    `hostname ${name}
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto keyring K
 pre-shared-key address ${peer} key ${key}
crypto isakmp profile P
 keyring K
 match identity address ${peer} 255.255.255.255
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
crypto ipsec profile V
 set transform-set TS
 set isakmp-profile P
${Object.entries(interfaces)
  .map(
    ([port, address], index) => `interface Tunnel${String(index + 3)}
 tunnel source ${port}
 tunnel destination ${peer}
 tunnel protection ipsec profile V
interface ${port}
 ip address ${address} 255.255.255.0
`,
  )
  .join('')}`;

  it('are each told once', () => {
    const garbled = logOf(['reserved not zero on ID payload!'], {
      router: 'R1',
      peerAddress: INITIATOR,
      localAddress: null,
      phase1: 'failed',
      outcome: 'failed',
      packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
      evidenceLines: [1],
    });
    const { verdict } = diagnosisOf({
      configs: [
        facing('R2', { 'GigabitEthernet0/0': INITIATOR }, RESPONDER, 'alpha'),
        facing(
          'R1',
          { 'GigabitEthernet0/0': RESPONDER, 'GigabitEthernet0/1': '198.51.101.2' },
          INITIATOR,
          'alpha',
        ),
      ],
      logs: [garbled],
    });
    const told = verdict.summary.match(/when R1 initiates by Tunnel\d/g);
    expect(told).toEqual(['when R1 initiates by Tunnel3', 'when R1 initiates by Tunnel4']);
  });
});
