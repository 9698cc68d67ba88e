import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { commonRule, type Story } from '../common-rule.ts';
import { loggedVerdict, withoutConfig } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = commonRule({
  id: 'certificate-trustpoint-mismatch',
  title: 'The certificate does not fit the trustpoints of the profile',
  severity: 'failure',
  needs: ['log'],
  means:
    'A responder asks for certificates of all its trustpoints, because it knows no profile before MM5. The peer answers the first request; the profile that MM5 then selects allows another trustpoint.',
  recognised:
    'The router matches a profile, processes a certificate and rejects it although it is valid under another trustpoint, or says that it has no trustpoint for it.',
  fix: 'Do not limit trustpoints on a responder with several profiles, or let the profiles share the trustpoint that the peer answers first; limit them on initiators.',
  references: [REFERENCES.certificates],
  supersedes: [
    'certificate-invalid',
    'mm6-lost',
    'deleted-by-peer',
    'mm5-unanswered',
    'inconclusive',
  ],
  tell: ({ version }, side) => {
    // Under IKEv2 the profile is chosen before the certificate is looked at, and limits nothing afterwards.
    if (version === 2) return untrusted(side);
    const profile = side.log?.profileMatched?.name ?? null;
    if (profile === null) return untrusted(side);
    const trust =
      side.config?.profiles
        .find((entry) => entry.name === profile)
        ?.trustpoints.map((use) => use.name) ?? [];
    const allows = trust.length === 0 ? 'another trustpoint' : trust.join(' or ');
    return {
      title: `${side.label} rejects the certificate: profile ${profile} allows ${allows}`,
      explanation: `${side.label} asked for certificates of every trustpoint, because no profile was known at MM4. The peer answered with one of them; the profile ${profile} that MM5 selected allows ${allows}, so the certificate is refused although it may be valid.`,
      advice: `On ${side.label} remove "ca trust-point" from the profile or add the trustpoint of the certificate that the peer sends; on the peer use "ca trust-point" in the initiating profile.`,
      settle: withoutConfig(
        side,
        `The configuration of ${side.label}: it names the trustpoints of the profile.`,
      ),
    };
  },
});

/** A profile that names no trustpoint allows them all. */
const allowsAll = (attempt: Attempt): boolean => {
  const side = loggedVerdict(attempt, rule.id)?.side;
  const profile = side?.config?.profiles.find(
    ({ name }) => name === side.log?.profileMatched?.name,
  );
  return profile?.trustpoints.length === 0;
};

export const certificateTrustpointMismatch: Rule = {
  ...rule,
  check: (file) =>
    rule.check(file).filter(({ attempt }) => attempt === null || !allowsAll(attempt)),
};

/** The router says so itself, and no profile is known that would be the reason. */
function untrusted(side: AttemptSide): Story {
  return {
    title: `${side.label} has no trustpoint for the certificate of its peer`,
    explanation: `${side.label} finds no trustpoint that fits the certificates of its peer, so authentication with signatures fails: the authority that issued them is under no trustpoint there, and the peer sent no chain up to one that is.`,
    advice: `Give both ends a certificate authority in common: authenticate that of the peer, the intermediate one included, on ${side.label}, let the peer send its whole chain (on an ASA the word "chain" behind its trustpoint), or let it enrol with the authority of ${side.label}.`,
    settle: withoutConfig(
      side,
      `The configuration of ${side.label}: it names the trustpoints of the profile.`,
    ),
  };
}
