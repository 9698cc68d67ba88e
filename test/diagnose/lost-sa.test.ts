import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import {
  INITIATOR,
  RESPONDER,
  diagnosisOf,
  logOf,
  mainModeUp,
  payloads,
  sent,
  wire,
  type Sent,
} from '../support/incident.ts';

/** Who has lost an SA, and who still uses it. */
const ESP = 3;
const SPI = [0x12, 0x34, 0x56, 0x78];
const says = (
  version: 1 | 2,
  type: number,
  spi: readonly number[],
  more: Partial<Sent> = {},
): ReturnType<typeof wire> => {
  const content = version === 1 ? payloads.about(type, ESP, spi) : payloads.about(type, 0, [], spi);
  return wire(
    [
      sent(version === 1 ? 'INFO' : 'INFORMATIONAL', '<', 0, {
        clear: true,
        contents: [content],
        ...more,
      }),
    ],
    { version, cookie: 'cccccccccccccccc', id: 'x9', transform: null, firstFrame: 90 },
  );
};
const lost = (findings: readonly Finding[]): Finding | undefined =>
  findings.find(({ id }) => id === 'invalid-spi');

describe('INVALID_SPI', () => {
  it.each([1, 2] as const)('of IKEv%i in clear names both ends and the SPI', (version) => {
    const { findings, verdict } = diagnosisOf({ exchanges: [says(version, 11, SPI)] });
    const finding = lost(findings)!;
    expect(finding.title).toBe(`${RESPONDER} does not know the IPsec SA that ${INITIATOR} uses`);
    expect(finding.explanation).toContain('SPI 12345678');
    expect(finding.explanation).toContain('anybody');
    expect(finding.confidence).toBe('inferred');
    expect(finding.evidence[0]).toMatchObject({ input: 'cap0', frame: 90 });
    const commands = finding.remedies.map(({ config }) => config ?? '').join('\n');
    expect(commands.includes('invalid-spi-recovery')).toBe(version === 1);
    expect(commands).toContain(version === 1 ? 'isakmp keepalive' : 'ikev2 dpd');
    expect(verdict).toMatchObject({ finding: 'invalid-spi', negotiation: null });
    expect(verdict.summary).not.toContain('configuration alone');
  });

  it('beside the tunnel that came up is a warning of that pair', () => {
    const { findings, verdict } = diagnosisOf({
      exchanges: [wire(mainModeUp, { completed: true }), says(1, 11, SPI)],
    });
    expect(verdict.finding).toBe('tunnel-up');
    expect(lost(findings)?.severity).toBe('warning');
  });

  it('that is read in the SA itself is proven', () => {
    const messages = [
      ...mainModeUp,
      sent('INFO', '>', 9000, { opened: {}, contents: [payloads.about(11, ESP, SPI)] }),
    ];
    const { findings } = diagnosisOf({ exchanges: [wire(messages, { completed: true })] });
    expect(lost(findings)).toMatchObject({ confidence: 'proven', negotiations: ['x1'] });
    expect(lost(findings)!.title).toBe(
      `${INITIATOR} does not know the IPsec SA that ${RESPONDER} uses`,
    );
  });

  it.each([1, 2] as const)('of SPI 0 says nothing of an SA under IKEv%i', (version) => {
    const { findings } = diagnosisOf({ exchanges: [says(version, 11, [0, 0, 0, 0])] });
    expect(lost(findings)).toBeUndefined();
  });

  it.each([
    ['0x5F3A1B2C(1597643564)', true],
    ['0x0(0)', false],
  ])('in a log counts with an SPI: %s', (spi, counts) => {
    const line = `%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.1, prot=50, spi=${spi}, srcaddr=198.51.100.2`;
    const up = { phase1: 'complete', phase2: 'complete', outcome: 'established' } as const;
    const { findings } = diagnosisOf({ logs: [logOf([line], { ...up, verdict: 'tunnel-up' })] });
    expect(lost(findings) !== undefined).toBe(counts);
  });
});

it.each([
  [1, 'INVALID-COOKIE'],
  [2, 'INVALID_IKE_SPI'],
] as const)('the IKE SA may be lost under IKEv%i as well: %s', (version, name) => {
  const { findings } = diagnosisOf({ exchanges: [says(version, 4, [])] });
  expect(lost(findings)!.explanation).toContain(`${RESPONDER} says ${name}`);
  expect(lost(findings)!.title).toContain('the IKE SA');
});
