import { describe, expect, it } from 'vitest';
import { readCertificate } from '../../src/isakmp/certificate.ts';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import {
  diagnosisOf,
  opening,
  payloads,
  sent,
  transform,
  wire,
  type Sent,
} from '../support/incident.ts';
import { octets } from '../support/isakmp.ts';

/** An EC one on prime256v1, made with OpenSSL 3.0. */
const CERTIFICATE = octets(
  '308201a33082014aa003020102020107300a06082a8648ce3d0403023031310b300906035504061302434831163014060355040a0c0d4578616d706c652c20496e632e310a3008060355040b0c0152301e170d3236313132333130303532385a170d3237313132333130303532385a3031310b300906035504061302434831163014060355040a0c0d4578616d706c652c20496e632e310a3008060355040b0c01523059301306072a8648ce3d020106082a8648ce3d030107034200049ae71f5ee196dcfa1671b02249d56b74e7351f02a5b0ec9dee1ab7633b54477fc6bd7874fd784dc59c8ddd94acc09c3b39facd783152ea32d02da639cf60d339a3533051301d0603551d0e041604141f9fa997799adacf11e03e5d368acf12ccc98594301f0603551d230418301680141f9fa997799adacf11e03e5d368acf12ccc98594300f0603551d130101ff040530030101ff300a06082a8648ce3d0403020347003044022065a1b90cea11a3a590bd12ee1022255737993ce95f8c077eadea5bb6bbcf2bf0022066c99b2a3ac923051fd525596c26930423112a1b6e182a1d134c92e9fc7257f3',
);
const dates = readCertificate({ bytes: CERTIFICATE, offset: 0 })!;
const DAY = 86_400_000;
const before = Date.parse(dates.notBefore) - DAY;
const within = Date.parse(dates.notBefore) + DAY;
const after = Date.parse(dates.notAfter) + DAY;

const certificate = [payloads.certificate(CERTIFICATE)];
/** The same with a date in 2029 and with other names. */
const hex = Buffer.from(CERTIFICATE).toString('hex');
const NAME = Buffer.from('Example').toString('hex');
const OTHER = Buffer.from('Another').toString('hex');
const later = hex.replace('323731313233', '323931313233');
const subjectAt = later.lastIndexOf(NAME);
const LEAF = octets(later.slice(0, subjectAt) + OTHER + later.slice(subjectAt + NAME.length));
const STRANGER = octets(later.replaceAll(NAME, OTHER));
const sentChain = (first: Uint8Array): NonNullable<Sent['contents']> => [
  payloads.certificate(first),
  ...certificate,
];
const refusal = { opened: {}, notify: 24 };

const v1 = (startMs: number, more: Partial<Sent> = {}): Diagnosis =>
  diagnosisOf({
    exchanges: [
      wire(
        [
          ...opening,
          sent('MM5', '>', 80, { opened: {}, contents: certificate, length: 800, ...more }),
          sent('INFO', '<', 90, { ...refusal, messageId: 9 }),
        ],
        { startMs, transform: { ...transform, authentication: 3 } },
      ),
    ],
  });
const v2 = (startMs: number): Diagnosis =>
  diagnosisOf({
    exchanges: [
      wire(
        [
          sent('SA_INIT', '>', 0),
          sent('SA_INIT', '<', 20),
          sent('AUTH', '>', 40, {
            messageId: 1,
            opened: {},
            contents: [...certificate, payloads.auth(14)],
          }),
          sent('AUTH', '<', 60, { messageId: 1, ...refusal }),
        ],
        { startMs, version: 2, transform: null },
      ),
    ],
  });

describe('a certificate that is refused', () => {
  it.each<[string, Diagnosis, string, string]>([
    ['expired', v1(after), 'certificate-invalid', 'it has expired'],
    [
      'expired, and that of its issuer',
      v1(after, { contents: sentChain(LEAF) }),
      'certificate-invalid',
      'that of its issuer',
    ],
    [
      'in its dates, beside one of another authority',
      v1(after, { contents: sentChain(STRANGER) }),
      'mm5-unanswered',
      'the identity',
    ],
    ['not yet valid', v1(before), 'certificate-invalid', 'it is not valid yet'],
    [
      'in its dates',
      v1(within),
      'mm5-unanswered',
      'the certificate, the signature or the identity',
    ],
    ['not in the message', v1(after, { contents: [] }), 'mm5-unanswered', 'With signatures'],
    ['expired under IKEv2', v2(after), 'certificate-invalid', 'it has expired'],
    ['in its dates under IKEv2', v2(within), 'ikev2-auth-failed', 'AUTHENTICATION_FAILED'],
  ])('that is %s', (_, { verdict, findings }, id, text) => {
    expect(verdict.finding).toBe(id);
    expect(verdict.summary).toContain(text);
    expect(verdict.summary).not.toContain('keys agree');
    expect(findings.map((finding) => finding.id)).not.toContain('identity-mismatch');
    if (id === 'certificate-invalid') expect(findings[0]!.confidence).toBe('inferred');
  });
});
