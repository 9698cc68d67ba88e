import { describe, expect, it } from 'vitest';
import { diagnosisOf } from '../support/incident.ts';

/** Whole debug lines, so that what the log reader makes of them is held to the rules as well. */
const PEER = '203.0.113.40';
const stamped = (lines: readonly string[]): string =>
  lines.map((line, at) => `*Mar  3 10:00:${String(at).padStart(2, '0')}.000: ${line}`).join('\n');
const failures = (lines: readonly string[]): readonly string[] =>
  diagnosisOf({ logs: [stamped(lines)] })
    .findings.filter(({ severity }) => severity !== 'warning')
    .map(({ id }) => id)
    .filter((id) => id !== 'debug-too-shallow');

const called = `ISAKMP (0): received packet from ${PEER} dport 500 sport 500 Global (N) NEW SA`;
const phase1 = [
  called,
  `ISAKMP:(1011):SA has been authenticated with ${PEER}`,
  'ISAKMP:(1011):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE',
];
const refusedMm6 = [
  'ISAKMP:(0): beginning Main Mode exchange',
  `ISAKMP:(1007): sending packet to ${PEER} my_port 500 peer_port 500 (I) MM_KEY_EXCH`,
  `ISAKMP (1007): received packet from ${PEER} dport 500 sport 500 Global (I) MM_KEY_EXCH`,
  'ISAKMP:(1007):Old State = IKE_I_MM5  New State = IKE_I_MM6',
  'ISAKMP:(1007):Key not found in keyrings of profile , aborting exchange',
];

describe('what follows a complete phase 1', () => {
  it('is a failure when nobody is let in, although nothing in phase 1 failed', () => {
    const fails = `ISAKMP:(1011):deleting SA reason "XAuthenticate fail" state (R) CONF_XAUTH    (peer ${PEER})`;
    expect(failures([...phase1, fails])).toEqual(['xauth-failed']);
  });

  it('is a failure when there is no address to give', () => {
    const fails = `ISAKMP:(1011):deleting SA reason "Fail to allocate ip address" state (R) CONF_ADDR     (peer ${PEER})`;
    expect(failures([...phase1, fails])).toEqual(['mode-config-failed']);
  });

  it('ends with a dead peer, whichever reason the deletion names', () => {
    const dead = `ISAKMP:(1011):deleting SA reason "P1 errcounter exceeded (PEERS_ALIVE_TIMER)" state (R) QM_IDLE       (peer ${PEER})`;
    expect(failures([...phase1, dead])).toEqual(['dpd-peer-dead']);
  });
});

describe('a log that ends with phase 1', () => {
  const other = [
    'ISAKMP:(0): beginning Main Mode exchange',
    'ISAKMP:(0): sending packet to 203.0.113.41 my_port 500 peer_port 500 (I) MM_NO_STATE',
    'ISAKMP:(1012):SA has been authenticated with 203.0.113.41',
    'ISAKMP:(1012):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE',
  ];

  it('leaves open what became of phase 2', () => {
    expect(failures(phase1)).toEqual(['inconclusive']);
    expect(failures(other)).toEqual(['inconclusive']);
  });
});

describe('a quick mode that the peer refuses without a reason', () => {
  const head = (id: number): readonly string[] => [
    'ISAKMP:(0): beginning Main Mode exchange',
    'ISAKMP:(0): sending packet to 203.0.113.41 my_port 500 peer_port 500 (I) MM_NO_STATE',
    `ISAKMP:(${id}):SA has been authenticated with 203.0.113.41`,
    `ISAKMP:(${id}):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE`,
  ];
  const refused = [
    ...head(1012),
    'ISAKMP:(1012):beginning Quick Mode exchange, M-ID of 889293300',
    'ISAKMP:(1012): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3',
    'ISAKMP:(1012):deleting SA reason "No reason" state (I) QM_IDLE       (peer 203.0.113.41)',
  ];

  it('is told as one, also before an attempt that the paste cuts off', () => {
    for (const more of [[], head(1013).slice(0, 2)]) {
      const { findings, verdict } = diagnosisOf({ logs: [stamped([...refused, ...more])] });
      const title = findings.find(({ id }) => id === 'inconclusive')?.title;
      expect(title).toMatch(/refuses the quick mode/);
      expect(verdict.summary).toMatch(/perfect forward secrecy/);
    }
  });
});

describe('a refusal in phase 1', () => {
  it('is of the key where the initiator itself reads garbage in answer to MM5', () => {
    const garbage = [
      ...refusedMm6.slice(0, 3),
      'ISAKMP: reserved not zero on ID payload!',
      `%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from ${PEER}    failed its sanity check or is malformed`,
    ];
    expect(failures(garbage)).toEqual(['psk-mismatch']);
  });

  it('after MM6 is not told again as an answer that did not come', () => {
    expect(failures(refusedMm6)).toEqual(['keyring-mismatch-after-mm6']);
  });

  it('of aggressive mode is of the attempt at hand, although the line names no peer', () => {
    const line =
      '%CRYPTO-5-IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled';
    expect(failures([called, line])).toEqual(['aggressive-mode-rejected']);
  });
});

describe('a log without any debug', () => {
  const summary = (lines: readonly string[]): string =>
    diagnosisOf({ logs: [stamped(lines)] }).verdict.summary;

  it('is told with what its syslog says of peers', () => {
    const bad = `%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from ${PEER} failed its sanity check or is malformed`;
    expect(summary([bad, bad])).toMatch(
      /holds no negotiation\. Its syslog says: .*the keys differ.* \(203\.0\.113\.40, 2 times from line 1\)\. Collect/,
    );
    const many = ['.1', '.2', '.3', '.4'].map((end) => bad.replace('.40', end));
    expect(summary(many)).toContain('; and 1 more.');
    expect(summary(['%SYS-5-CONFIG_I: Configured from console by console'])).not.toContain(
      'Its syslog',
    );
    const aborted = '%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: Auth exchange failed';
    expect(summary([aborted])).toMatch(
      /negotiation failed \(Auth exchange failed\) \(line 1\)\. Collect/,
    );
  });
});

describe('a system message that speaks for itself', () => {
  it('does not speak of an SA where the SPI is zero', () => {
    const none = spi.replace('0x1C2D3E4F(472727119)', '0x0(0)');
    const told = (...lines: readonly string[]): readonly (number | undefined)[] =>
      diagnosisOf({ logs: [stamped(lines)] })
        .findings.filter(({ id }) => id === 'invalid-spi')
        .flatMap(({ evidence }) => evidence.map(({ line }) => line));
    expect(told(none)).toEqual([]);
    expect(told(none, spi)).toEqual([2]);
  });

  const spi = `%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, spi=0x1C2D3E4F(472727119), srcaddr=${PEER}`;
  const debug = `ISAKMP (0): received packet from ${PEER} dport 500 sport 500 Global (N) NEW SA`;

  it.each([
    [
      '%CRYPTO-5-IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled',
      'aggressive-mode-rejected failure observed',
    ],
    [
      `%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from ${PEER} failed its sanity check or is malformed`,
      'psk-mismatch failure inferred',
    ],
    [
      `%GDOI-1-UNAUTHORIZED_IDENTITY: Group GET-A received registration from unauthorized identity:    Dist. name parsing failed. Peer Address: ${PEER}`,
      'identity-mismatch failure observed',
    ],
    [spi, 'invalid-spi warning observed'],
    [
      `%CRYPTO-4-IKMP_NO_SA: IKE message from ${PEER} has no SA and is not an initialization offer`,
      'invalid-spi warning observed',
    ],
  ])('%s', (line, told) => {
    const { findings, verdict } = diagnosisOf({ logs: [stamped([line])] });
    expect(
      findings.map(({ id, severity, confidence }) => `${id} ${severity} ${confidence}`),
    ).toEqual([told]);
    expect(findings[0]?.evidence).toMatchObject([{ line: 1 }]);
    expect(verdict.summary).toContain('Its syslog says');
  });

  it('is told once however often it comes, and not beside a negotiation', () => {
    expect(diagnosisOf({ logs: [stamped([spi, spi])] }).findings).toHaveLength(1);
    const other = spi.replace(PEER, '198.51.100.77');
    expect(
      diagnosisOf({ logs: [stamped([debug, other])] }).findings.map(({ id }) => id),
    ).not.toContain('invalid-spi');
  });
});

describe('a firewall without a key for its peer', () => {
  it('is told of its tunnel-groups, for it has no keyrings', () => {
    const { findings, verdict } = diagnosisOf({
      logs: [`IKEv2-PLAT-1: Can't find tunnel group for peer ${PEER}`],
    });
    expect(findings.map(({ id }) => id)).toContain('no-psk-for-peer');
    expect(verdict.summary).toMatch(/give the tunnel-group for the address of the peer/);
    expect(verdict.summary).not.toMatch(/keyring/);
  });
});
