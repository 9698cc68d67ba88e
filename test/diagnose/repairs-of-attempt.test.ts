import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { LogNegotiation } from '../../src/model/log.ts';
import { RESPONDER, diagnosisOf, logOf, packetLine } from '../support/incident.ts';

const TWO = '192.0.2.2';
const THREE = '192.0.2.3';
const policy = `crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto ipsec transform-set TS esp-aes esp-sha256-hmac`;
const tunnel = (at: number, peer: string): string => `crypto ipsec profile V${String(at)}
 set transform-set TS
 set isakmp-profile P${String(at)}
interface Tunnel${String(at)}
 tunnel source GigabitEthernet0/0
 tunnel destination ${peer}
 tunnel protection ipsec profile V${String(at)}`;
const ring = (name: string, peer: string, key: string): string =>
  `crypto keyring ${name}\n pre-shared-key address ${peer} key ${key}`;
const profile = (at: number, name: string, peer: string): string =>
  `crypto isakmp profile P${String(at)}\n keyring ${name}\n match identity address ${peer} 255.255.255.255`;
const port = (address: string): string =>
  `interface GigabitEthernet0/0\n ip address ${address} 255.255.255.0\n`;

/** The hub holds the key of spoke 2 in two keyrings, and another key than spoke 3. */
const hub = [
  'hostname HUB',
  policy,
  ring('KA', TWO, 'alpha'),
  ring('KB', TWO, 'alpha'),
  ring('K3', THREE, 'three'),
  profile(2, 'KB', TWO),
  profile(3, 'K3', THREE),
  tunnel(2, TWO),
  tunnel(3, THREE),
  port(RESPONDER),
].join('\n');
const spoke = (at: number, own: string, key: string): string =>
  [
    `hostname SPOKE${String(at)}`,
    policy,
    ring('K', RESPONDER, key),
    profile(at, 'K', RESPONDER),
    tunnel(at, RESPONDER),
    port(own),
  ].join('\n');

const attempt = (peer: string, more: Partial<LogNegotiation>, line: string, input: string) =>
  logOf(
    ['found peer pre-shared key', line],
    {
      router: 'HUB',
      peerAddress: peer,
      localAddress: RESPONDER,
      packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
      phase1: 'failed',
      outcome: 'failed',
      evidenceLines: [2],
      ...more,
    },
    input,
  );
const refused = attempt(
  TWO,
  {
    verdict: 'keyring-mismatch-after-mm5',
    failingStep: 'mm5-verify',
    peerIdentity: { type: 'ID_IPV4_ADDR', value: TWO, line: 2 },
    profileMatched: { name: 'P2', step: 'mm5', line: 2 },
  },
  'Key not found in keyrings of profile , aborting exchange',
  'log0',
);
const garbled = attempt(
  THREE,
  { verdict: 'psk-mismatch', failingStep: 'mm5-decrypt' },
  'reserved not zero on ID payload!',
  'log1',
);

const typedFor = ({ findings }: Diagnosis, id: string): string =>
  findings
    .filter((each) => each.id === id)
    .flatMap(({ remedies }) => remedies.map(({ config }) => config ?? ''))
    .join('\n');

describe('repairs of a hub with several spokes', () => {
  const configs = [hub, spoke(3, THREE, 'drei')];
  const both = diagnosisOf({ configs, logs: [refused, garbled] });

  it.each(['keyring-mismatch-after-mm5', 'keyring-ambiguous'])(
    'stand under the attempt that they bring up: %s',
    (id) => {
      const typed = typedFor(both, id);
      expect(typed).toContain('keyring KA');
      expect(typed).not.toContain(THREE);
      expect(typed).not.toContain(RESPONDER);
    },
  );

  it('are not those of another spoke, where the one that fails needs none of them', () => {
    const own = diagnosisOf({
      configs: [hub.replace(ring('KA', TWO, 'alpha'), ''), spoke(2, TWO, 'other'), configs[1]!],
      logs: [attempt(TWO, { verdict: 'psk-mismatch' }, 'reserved not zero on ID payload!', 'log0')],
    });
    expect(typedFor(own, 'psk-mismatch')).not.toContain(THREE);
  });

  it('with one end known are replayed in both roles of it, and say so', () => {
    const remedy = both.findings
      .find(({ id }) => id === 'keyring-mismatch-after-mm5')
      ?.remedies.find(({ verified }) => verified);
    expect(remedy).toMatchObject({ router: 'HUB', verified: true });
    expect(remedy?.text).toContain('The configuration of the other one was not given.');
  });

  it('with both ends known are replayed in both directions', () => {
    const all = diagnosisOf({ configs: [...configs, spoke(2, TWO, 'alpha')], logs: [refused] });
    const remedy = all.findings.find(({ id }) => id === 'keyring-mismatch-after-mm5')?.remedies[0];
    expect(remedy?.text).toContain('Replayed in both directions: both come up');
  });
});

describe('an identity that is not where the packets come from', () => {
  const INSIDE = '192.168.7.10';
  const OUTSIDE = '198.51.100.77';
  const owner = [
    'hostname HUB',
    policy,
    ring('KSTATIC', TWO, 'beta'),
    ring('KROAM', '0.0.0.0 0.0.0.0', 'alpha'),
    'crypto isakmp profile PSTATIC\n keyring KSTATIC\n match identity address 192.168.7.0 255.255.255.0',
    'crypto isakmp profile PROAM\n keyring KROAM\n match identity address 0.0.0.0',
    'crypto dynamic-map D 10\n set transform-set TS\n set isakmp-profile PROAM',
    `crypto map M 10 ipsec-isakmp\n set peer ${TWO}\n set transform-set TS\n set isakmp-profile PSTATIC\n match address L`,
    'crypto map M 100 ipsec-isakmp dynamic D',
    'ip access-list extended L\n permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255',
    'interface GigabitEthernet0/0',
    ` ip address ${RESPONDER} 255.255.255.0\n crypto map M\n`,
  ].join('\n');
  const roaming = [
    'hostname ROAM',
    policy,
    ring('K', RESPONDER, 'alpha'),
    `crypto map M 10 ipsec-isakmp\n set peer ${RESPONDER}\n set transform-set TS\n match address L`,
    'ip access-list extended L\n permit ip 10.3.0.0 0.0.255.255 10.1.0.0 0.0.255.255',
    'interface GigabitEthernet0/0',
    ` ip address ${INSIDE} 255.255.255.0\n crypto map M\n`,
  ].join('\n');
  const log = attempt(
    OUTSIDE,
    {
      localAddress: null,
      verdict: 'keyring-mismatch-after-mm5',
      failingStep: 'mm5-verify',
      peerIdentity: { type: 'ID_IPV4_ADDR', value: INSIDE, line: 2 },
      profileMatched: { name: 'PSTATIC', step: 'mm5', line: 2 },
    },
    'Key not found in keyrings of profile , aborting exchange',
    'log0',
  );
  const story = `The packets come from ${OUTSIDE}, and the identity is ${INSIDE}`;

  it('is told, and the profile that serves it matches it by a repair that was replayed', () => {
    const { verdict, findings } = diagnosisOf({ configs: [owner, roaming], logs: [log] });
    expect(verdict.summary).toMatch(/^ROAM cannot bring the tunnel up towards HUB/);
    expect(verdict.summary).toContain(story);
    const [remedy] = findings[0]!.remedies;
    expect(remedy).toMatchObject({ router: 'HUB', verified: true });
    expect(remedy?.config).toBe(
      'crypto isakmp profile PROAM\n match identity address 192.168.7.10 255.255.255.255',
    );
  });

  it('is told without the other end, and the advice is about the match, not the keys', () => {
    const { verdict, findings } = diagnosisOf({ configs: [owner], logs: [log] });
    expect(verdict.summary).toContain(story);
    expect(findings[0]!.remedies).toEqual([
      expect.objectContaining({
        verified: false,
        text: expect.stringMatching(
          /^Let the match statements of ISAKMP profile PSTATIC leave 192\.168\.7\.10 out, so that it matches PROAM, .* dynamic map D 10 demands/,
        ) as string,
      }),
    ]);
  });
});

describe('a profile that the tunnel protection demands', () => {
  it('is told with its line, and changed there', () => {
    const demanding = [
      'hostname HUB',
      policy,
      ring('K', TWO, 'alpha'),
      profile(2, 'K', TWO),
      'crypto isakmp profile P3\n keyring K\n match identity address 192.0.2.0 255.255.255.0',
      `${tunnel(2, TWO)} isakmp-profile P3`,
      port(RESPONDER),
    ].join('\n');
    const log = attempt(
      TWO,
      {
        phase1: 'complete',
        phase2: 'failed',
        verdict: 'profile-mismatch-phase2',
        failingStep: 'qm1-map-lookup',
        peerIdentity: { type: 'ID_IPV4_ADDR', value: TWO, line: 2 },
        profileMatched: { name: 'P2', step: 'mm5', line: 2 },
      },
      'map_db_check_isakmp_profile profile did not match',
      'log0',
    );
    const { verdict, findings } = diagnosisOf({
      configs: [demanding, spoke(2, TWO, 'alpha')],
      logs: [log],
    });
    expect(verdict.summary).toContain('The tunnel protection line of Tunnel2 demands P3');
    expect(findings[0]?.remedies[0]).toMatchObject({
      router: 'HUB',
      verified: true,
      config: 'interface Tunnel2\n tunnel protection ipsec profile V2 isakmp-profile P2',
    });
  });
});
