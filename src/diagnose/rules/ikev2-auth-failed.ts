import type { Attempt } from '../../model/incident.ts';
import { quoted } from '../evidence.ts';
import { authRefused } from '../ikev2.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

const FAILED =
  /Verification of peer's authentication data FAILED|AUTHENTICATION_FAILED|Failed to authenticate the IKE SA|Auth exchange failed/i;

function check(attempt: Attempt): Claim | null {
  if (attempt.version !== 2 || attempt.phase1 === 'complete') return null;
  const logged = loggedVerdict(attempt, 'ikev2-auth-failed');
  const lines = [attempt.responder, attempt.initiator].flatMap((side) =>
    quoted(side, FAILED, true),
  );
  const refused = authRefused(attempt);
  if (logged === null && lines.length === 0 && refused === null) return null;
  const { initiator, responder } = attempt;
  const side = logged?.side ?? responder;
  const profile = side.log?.profileMatched?.name ?? null;
  const keyring = side.log?.keyringSelections.at(-1)?.keyring ?? null;
  const found =
    profile === null
      ? ''
      : ` It matched IKEv2 profile ${profile}${keyring === null ? '' : ` and keyring ${keyring}`}, so the selection is right and the key (or certificate) differs.`;
  const certificate = refused?.method === 'certificate';
  return claimOf(attempt, {
    title: `${side.label} cannot authenticate ${side === initiator ? responder.label : initiator.label}`,
    explanation: `IKE_SA_INIT completes and IKE_AUTH decrypts, because IKEv2 needs no pre-shared key for that; the authentication in it does not verify.${found}`,
    advice: certificate
      ? 'Check the certificate chain, its dates and the identity in it.'
      : 'Make the local key of each end the remote key of the other, in the peer block that matches.',
    evidence: [...(logged?.evidence ?? []), ...lines, ...(refused?.evidence ?? [])],
    settle:
      logged === null
        ? [`"debug crypto ikev2" of ${responder.label}: it names profile, keyring and peer block.`]
        : [],
  });
}

export const ikev2AuthFailed: Rule = {
  id: 'ikev2-auth-failed',
  title: 'IKEv2 authentication fails',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The IKE SA is encrypted without any pre-shared key; the key (or certificate) is tested in IKE_AUTH, and there it fails.',
  recognised:
    'The router logs that the verification of the authentication data failed; on the wire AUTHENTICATION_FAILED, or an answer too short for an AUTH payload.',
  fix: 'Compare local and remote keys of both ends, or the certificates.',
  references: [REFERENCES.ikev2Auth, REFERENCES.ikev2Keys],
  supersedes: ['deleted-by-peer', 'inconclusive', 'half-open'],
  check: perAttempt(check),
};
