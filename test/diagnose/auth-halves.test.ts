import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import { diagnosisOf } from '../support/incident.ts';

/** Two logs of one IKEv2 attempt, each with its own half of IKE_AUTH. */
const SPOKE = '203.0.113.1';
const HUB = '198.51.100.2';
const tag = 'IKEv2:(SESSION ID = 3,SA ID = 1):';
const failure = 'IKEv2-ERROR:(SESSION ID = 3,SA ID = 1):';
const OWN_SPI = '3A5C7E9012345678';

type Packet = readonly [way: 'to' | 'from', exchange: string, payloads: string];
const packet = (
  own: string,
  [way, exchange, listed]: Packet,
  responderSpi = '9BDF02468ACE1357',
): string => {
  const peer = own === SPOKE ? HUB : SPOKE;
  const head =
    way === 'to'
      ? `Sending Packet [To ${peer}:500/From ${own}:500/VRF i0:f0]`
      : `Received Packet [From ${peer}:500/To ${own}:500/VRF i0:f0]`;
  return [
    `${tag}${head}`,
    `Initiator SPI : ${OWN_SPI} - Responder SPI : ${responderSpi} Message id: 1`,
    `IKEv2 ${exchange}`,
    'Payload contents:',
    ` ${listed}`,
  ].join('\n');
};
const [initSent, initAnswered, authSent] = [
  packet(SPOKE, ['to', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N'], '0000000000000000'),
  packet(SPOKE, ['from', 'IKE_SA_INIT Exchange RESPONSE', 'SA KE N']),
  packet(SPOKE, ['to', 'IKE_AUTH Exchange REQUEST', 'ENCR']),
];
const answer = packet(SPOKE, ['from', 'IKE_AUTH Exchange RESPONSE', 'VID IDr AUTH SA TSi TSr']);
const unverified = `${tag}Verification of peer's authentication data FAILED`;
const peerBy = (method: string): string => `${tag}Peer's authentication method is '${method}'`;
const mismatch = `${failure}: Peer authentication method configured is mismatching with the method proposed by peer`;
const passed = `${tag}Verification of peer's authenctication data PASSED`;
const keyOf = (identity: string, length: number): string =>
  `${tag}Use preshared key for id ${identity}, key len ${length}`;

const hubHears = [
  packet(HUB, ['from', 'IKE_SA_INIT Exchange REQUEST', 'SA KE N'], '0000000000000000'),
  packet(HUB, ['to', 'IKE_SA_INIT Exchange RESPONSE', 'SA KE N']),
  packet(HUB, ['from', 'IKE_AUTH Exchange REQUEST', 'VID IDi AUTH SA TSi TSr']),
  peerBy('PSK'),
];
const hubUp = [
  ...hubHears,
  passed,
  packet(HUB, ['to', 'IKE_AUTH Exchange RESPONSE', 'ENCR']),
  `${tag}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started`,
  `${tag}[IPsec -> IKEv2] Creation of IPsec SA into IPsec database PASSED`,
];
const spokeOpens = [initSent, initAnswered, authSent];
const refusing = [
  ...spokeOpens,
  answer,
  peerBy('PSK'),
  `${failure}: Failed to authenticate the IKE SA`,
  unverified,
  `${tag}Deleting SA`,
];
const of = (...logs: readonly (readonly string[])[]): Diagnosis =>
  diagnosisOf({ logs: logs.map((lines) => lines.join('\n')) });

describe('two logs with one pair of SPIs', () => {
  it('are one attempt where the initiator refuses what the responder holds to be up', () => {
    const { negotiations, findings, verdict } = of(refusing, hubUp);
    expect(negotiations.map(({ pairedWith }) => pairedWith.length)).toEqual([1, 1]);
    expect(findings.map(({ id }) => id)).toEqual(['ikev2-auth-failed']);
    expect(verdict.negotiation).toBe(negotiations.find(({ role }) => role === 'initiator')?.id);
    expect(verdict.summary).not.toContain('up now');
    expect(verdict.summary).toContain(`${HUB} has accepted the AUTH of ${SPOKE}`);
  });

  it('are one attempt where the answer does not arrive', () => {
    const gone = [
      ...spokeOpens,
      `${tag}Retransmitting packet`,
      authSent,
      `${failure}: Maximum number of retransmissions reached`,
      `${tag}Deleting SA`,
    ];
    const { negotiations, findings, verdict } = of(gone, hubUp);
    expect(negotiations.map(({ pairedWith }) => pairedWith.length)).toEqual([1, 1]);
    expect(findings.map(({ id }) => id)).toEqual(['half-open']);
    expect(findings[0]!.title).toBe(`The answer of ${HUB} to IKE_AUTH does not reach ${SPOKE}`);
    expect(verdict.summary).not.toContain('came up once');
  });

  it('are two where the SPIs differ', () => {
    const other = hubUp.map((line) => line.replaceAll(OWN_SPI, 'AA5C7E9012345678'));
    const { negotiations } = of(refusing, other);
    expect(negotiations.every(({ pairedWith }) => pairedWith.length === 0)).toBe(true);
  });
});

describe('the half that fails', () => {
  it('is told by the answer alone', () => {
    const { explanation } = of(refusing).findings[0]!;
    expect(explanation).toContain(
      `only the other half fails: the local key of ${HUB} against the remote key of ${SPOKE}`,
    );
  });

  it('is not told by an AUTH that comes before EAP', () => {
    const withEap = answer.replace('AUTH SA TSi TSr', 'AUTH EAP');
    const lines = refusing.map((line) => (line === answer ? withEap : line));
    expect(of(lines).findings[0]!.explanation).not.toContain('has accepted');
  });

  const hubRefuses = (length: number): readonly string[] => [
    ...hubHears,
    `${tag}Searching policy based on peer's identity '${SPOKE}' of type 'IPv4 address'`,
    keyOf(SPOKE, length),
    unverified,
    `${tag}Sending authentication failure notify`,
  ];
  const refused = [
    initSent,
    initAnswered,
    keyOf(SPOKE, 9),
    authSent,
    packet(SPOKE, ['from', 'IKE_AUTH Exchange RESPONSE', 'NOTIFY(AUTHENTICATION_FAILED)']),
    `${tag}Auth exchange failed`,
  ];
  it.each([
    [10, true],
    [9, false],
  ])('has two keys where one log says 9 and the other %d characters: %s', (length, differs) => {
    const finding = of(refused, hubRefuses(length)).findings[0]!;
    expect(finding.explanation.includes('these are two keys')).toBe(differs);
    const cited = finding.evidence.filter(({ text }) => text.includes('key len'));
    expect(cited.length).toBe(2);
  });

  it('is shown in the configurations of both ends', () => {
    const config = (name: string, own: string, peer: string, local: string, remote: string) =>
      [
        `hostname ${name}`,
        'crypto ikev2 keyring KR',
        ' peer OTHER',
        `  address ${peer}`,
        `  pre-shared-key local ${local}`,
        `  pre-shared-key remote ${remote}`,
        'crypto ikev2 profile P',
        ` match identity remote address ${peer} 255.255.255.255`,
        ' authentication remote pre-share',
        ' authentication local pre-share',
        ' keyring local KR',
        'crypto ipsec profile IP',
        ' set ikev2-profile P',
        'interface Tunnel0',
        ' ip address 10.0.0.1 255.255.255.252',
        ` tunnel source ${own}`,
        ` tunnel destination ${peer}`,
        ' tunnel mode ipsec ipv4',
        ' tunnel protection ipsec profile IP',
        'interface Ethernet0/0',
        ` ip address ${own} 255.255.255.0`,
      ].join('\n');
    const { findings } = diagnosisOf({
      logs: [refusing.join('\n'), hubUp.join('\n')],
      configs: [
        config('SPOKE1', SPOKE, HUB, 'Alpha-111', 'Beta-22222'),
        config('HUB1', HUB, SPOKE, 'Beta-333', 'Alpha-111'),
      ],
    });
    const finding = findings.find(({ id }) => id === 'ikev2-auth-failed')!;
    expect(finding.explanation).toMatch(/By the configurations the initiator expects <key#/);
    expect(finding.evidence.filter(({ text }) => text.includes('pre-shared-key'))).toHaveLength(2);
    expect(finding.remedies[0]!.verified).toBe(true);
  });
});

describe('a method that is not the configured one', () => {
  const opened = [
    ...hubHears.slice(0, 3),
    "IKEv2:found matching IKEv2 profile 'FLEX-A'",
    'IKEv2:% Getting preshared key from profile keyring KR-A',
  ];
  const refusal = `${tag}Sending authentication failure notify`;
  it.each([
    ['a key', [peerBy('PSK'), mismatch, refusal], 'a pre-shared key'],
    ['a signature', [peerBy('RSA'), mismatch, unverified, refusal], 'an RSA signature'],
    ['a signature, said last', [peerBy('RSA'), unverified, mismatch, refusal], 'an RSA signature'],
    ['something unnamed', [mismatch, `${tag}Auth exchange failed`], 'another method'],
  ])('is no wrong key: %s', (_, lines, by) => {
    const { findings } = of([...opened, ...lines]);
    expect(findings.map(({ id }) => id)).toEqual(['ikev2-auth-failed']);
    const { explanation, evidence, remedies } = findings[0]!;
    expect(explanation).toContain(`authenticates itself by ${by}`);
    expect(explanation).toContain('FLEX-A');
    expect(explanation).not.toContain('differs');
    expect(remedies[0]!.text).toContain('"authentication remote"');
    expect(evidence.some(({ text }) => text.includes('mismatching'))).toBe(true);
  });

  it('is told at the initiator as well', () => {
    const { findings } = of([...spokeOpens, answer, peerBy('RSA'), mismatch, unverified]);
    expect(findings[0]!.title).toBe(`${HUB} authenticates by another method than ${SPOKE} expects`);
  });
});

describe('two methods in one attempt', () => {
  it('the one of the peer is the one that does not verify', () => {
    const mine = `${tag}My authentication method is 'RSA'`;
    const lines = [initSent, initAnswered, mine, ...refusing.slice(2)];
    expect(of(lines).findings[0]!.remedies[0]!.text).toContain('local key');
  });
});
