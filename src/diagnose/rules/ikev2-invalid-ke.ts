import { u16 } from '../../bytes/span.ts';
import type { Attempt } from '../../model/incident.ts';
import { eventsOfSide, frameEvidence } from '../evidence.ts';
import { capitalised, errors, packets, sides } from '../facts.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

const INVALID_KE_PAYLOAD = 17;

/** Which group was sent and which is wanted, where a log tells. */
function groupsTold(attempt: Attempt): string {
  const told = sides(attempt)
    .flatMap(eventsOfSide)
    .findLast(({ fields }) => fields.sentGroup !== undefined && fields.wantedGroup !== undefined);
  if (told === undefined) return groupsSeen(attempt);
  return ` ${attempt.initiator.label} sent group ${String(told.fields.sentGroup)}, and ${attempt.responder.label} wants group ${String(told.fields.wantedGroup)}.`;
}

/** RFC 7296 §3.10.1: the notification names the group in two octets; KE of the request says which one was sent. */
function groupsSeen(attempt: Attempt): string {
  const seen = attempt.exchange?.messages.flatMap(({ payloads }) =>
    payloads.map(({ content }) => content),
  );
  const notice = seen?.find(
    (content) => content.kind === 'notification' && content.notifyType === INVALID_KE_PAYLOAD,
  );
  const sent = seen?.find((content) => content.kind === 'key-exchange');
  if (notice?.kind !== 'notification' || notice.data.bytes.length < 2) return '';
  const wanted = `${attempt.responder.label} wants group ${u16(notice.data.bytes, 0)}`;
  return sent?.kind === 'key-exchange' && sent.group !== null
    ? ` ${attempt.initiator.label} sent group ${sent.group}, and ${wanted}.`
    : ` ${capitalised(wanted)}.`;
}

/** The notification is routine when the initiator tries again with the group that it names. */
function check(attempt: Attempt): Claim | null {
  if (attempt.version !== 2 || attempt.phase1 === 'complete') return null;
  const notice = errors(attempt, 'responder').find(
    (entry) => entry.notifyType === INVALID_KE_PAYLOAD,
  );
  const wire =
    notice === undefined || packets(attempt, 'AUTH', 'initiator').length > 0
      ? []
      : frameEvidence(
          attempt,
          notice.frame,
          'INVALID_KE_PAYLOAD, and no exchange with the group that it names follows',
          {
            basis: 'proven',
            decisive: true,
          },
        );
  const lines = loggedVerdict(attempt, 'ikev2-invalid-ke')?.evidence ?? [];
  if (wire.length === 0 && lines.length === 0) return null;
  const { initiator, responder } = attempt;
  const isNone = eventsOfSide(initiator).some(({ message }) => message === 'v2-proposal-none');
  const lacks = isNone ? ` ${capitalised(initiator.label)} has no proposal with that group.` : '';
  return claimOf(attempt, {
    title: `${responder.label} demands another Diffie-Hellman group than ${initiator.label} uses`,
    explanation: `${responder.label} answers with INVALID_KE_PAYLOAD, which names the group that it wants, and ${initiator.label} does not go on with it.${groupsTold(attempt)}${lacks}`,
    advice: 'Give both ends a Diffie-Hellman group in common in their IKEv2 proposals.',
    evidence: [...lines, ...wire],
  });
}

export const ikev2InvalidKe: Rule = {
  id: 'ikev2-invalid-ke',
  title: 'The Diffie-Hellman group is refused',
  severity: 'failure',
  needs: ['log', 'packets'],
  means: 'The responder wants another Diffie-Hellman group, and the initiator does not offer it.',
  recognised: 'INVALID_KE_PAYLOAD is not followed by a new attempt with the group that it names.',
  fix: 'Configure a common group on both ends.',
  references: [REFERENCES.ikev2Ke],
  supersedes: ['deleted-by-peer', 'inconclusive'],
  check: perAttempt(check),
};
