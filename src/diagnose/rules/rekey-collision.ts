import { TOGETHER_MS, collides } from '../../correlate/collisions.ts';
import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { frameOf } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { refusalIntro, refusedFor, standsUntil, wished } from '../refused-child.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';

const TEMPORARY_FAILURE = 43;

/** RFC 7296 section 2.25: who is about to renew or delete an SA itself puts the other one off. */
function putOff(attempt: Attempt): readonly Claim[] {
  const refused = refusedFor(attempt, TEMPORARY_FAILURE);
  if (refused === undefined) return [];
  const { asker, refuser, request, response } = refused;
  const evidence = frameEvidence(
    attempt,
    response,
    `TEMPORARY_FAILURE answers CREATE_CHILD_SA (frame ${frameOf(request)})`,
    { basis: 'proven', decisive: true },
  );
  return [
    claimOf(attempt, {
      key: `${asker.label} ${refuser.label} put off`,
      title: `${refuser.label} puts off ${asker.label}, which wants to ${refused.wish === 'child' ? 'set up' : 'renew'} ${wished(refused)}`,
      explanation: `${refusalIntro(attempt, refused)} It refuses nothing for good: at this moment it is about to renew or to delete that SA or the IKE SA itself (RFC 7296 section 2.25). ${asker.label} is to ask again later. ${standsUntil(refused)}`,
      advice: `Harmless by itself. Where it goes on for minutes, the two do not agree on what stands: clear the IKE SA.`,
      evidence,
    }),
  ];
}

export const rekeyCollision: Rule = {
  id: 'rekey-collision',
  title: 'Both ends initiate at once',
  severity: 'note',
  needs: ['packets', 'log'],
  means:
    'Both ends start an exchange towards one another at the same time, so that two SAs stand side by side until one is deleted. Under IKEv2 one end may put the other off until its own exchange is over.',
  recognised:
    'Two attempts in opposite directions begin within five seconds, the second before the first is set up; a decrypted CREATE_CHILD_SA is answered with TEMPORARY_FAILURE.',
  fix: 'Harmless by itself. Give the ends different lifetimes when it recurs.',
  references: [REFERENCES.ike, REFERENCES.ikev2Collisions],
  supersedes: [],
  check: (file) => {
    const { attempts } = file.incident;
    const claims: Claim[] = attempts.flatMap(putOff);
    const byStart = attempts.filter((entry) => entry.startMs !== null);
    for (const [index, first] of byStart.entries()) {
      for (let next = index + 1; next < byStart.length; next += 1) {
        const second = byStart[next]!;
        if (second.startMs! - first.startMs! > TOGETHER_MS) break;
        if (!collides(first, second)) continue;
        const place = (attempt: Attempt): Claim['evidence'] => {
          const entry = attempt.exchange?.messages[0];
          if (entry !== undefined) {
            return frameEvidence(attempt, entry, `${attempt.initiator.label} starts`, {
              basis: 'observed',
              decisive: true,
            });
          }
          const log = attempt.initiator.log ?? attempt.responder.log;
          return log === null
            ? []
            : [
                {
                  input: log.input,
                  line: log.firstLine,
                  text: `${attempt.initiator.label} starts`,
                  basis: 'observed',
                  decisive: true,
                },
              ];
        };
        claims.push(
          claimOf(first, {
            key: [first.initiator.label, first.responder.label].sort().join(' '),
            title: `${first.initiator.label} and ${first.responder.label} initiate at the same time`,
            explanation: `${first.initiator.label} and ${first.responder.label} each start an exchange towards the other before that of the first is over.`,
            advice: 'Harmless by itself; give the ends different lifetimes when it recurs.',
            evidence: [...place(first), ...place(second)],
          }),
        );
      }
    }
    return claims;
  },
};
