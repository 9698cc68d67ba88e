import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const certificateTrustpointMismatch: Rule = commonRule({
  id: 'certificate-trustpoint-mismatch',
  title: 'The certificate does not fit the trustpoints of the profile',
  severity: 'failure',
  needs: ['log'],
  means:
    'A responder asks for certificates of all its trustpoints, because it knows no profile before MM5. The peer answers the first request; the profile that MM5 then selects allows another trustpoint.',
  recognised:
    'The router matches a profile, processes a certificate and rejects it although it is valid under another trustpoint.',
  fix: 'Do not limit trustpoints on a responder with several profiles, or let the profiles share the trustpoint that the peer answers first; limit them on initiators.',
  references: [REFERENCES.certificates],
  supersedes: [
    'certificate-invalid',
    'mm6-lost',
    'deleted-by-peer',
    'mm5-unanswered',
    'inconclusive',
  ],
  repairs: ['certificate-trustpoint-mismatch'],
  tell: (_, side) => {
    const profile = side.log?.profileMatched?.name ?? null;
    const trust =
      side.config?.profiles
        .find((entry) => entry.name === profile)
        ?.trustpoints.map((use) => use.name) ?? [];
    const allows = trust.length === 0 ? 'another trustpoint' : trust.join(' or ');
    return {
      title: `${side.label} rejects the certificate: ${profile === null ? 'its profile' : `profile ${profile}`} allows ${allows}`,
      explanation: `${side.label} asked for certificates of every trustpoint, because no profile was known at MM4. The peer answered with one of them; the profile${profile === null ? '' : ` ${profile}`} that MM5 selected allows ${allows}, so the certificate is refused although it may be valid.`,
      advice: `On ${side.label} remove "ca trust-point" from the profile or add the trustpoint of the certificate that the peer sends; on the peer use "ca trust-point" in the initiating profile.`,
      settle:
        trust.length > 0
          ? []
          : [`The configuration of ${side.label}: it names the trustpoints of the profile.`],
    };
  },
});
