import { TOGETHER_MS, collides } from '../../correlate/collisions.ts';
import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { frameOf } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';

export const rekeyCollision: Rule = {
  id: 'rekey-collision',
  title: 'Both ends initiate at once',
  severity: 'note',
  needs: ['packets', 'log'],
  means:
    'Both ends start an exchange towards one another at the same time, so that two SAs stand side by side until one is deleted.',
  recognised:
    'Two attempts in opposite directions begin within five seconds, the second before the first is set up.',
  fix: 'Harmless by itself. Give the ends different lifetimes when it recurs.',
  references: [REFERENCES.ike],
  supersedes: [],
  check: (file) => {
    const { attempts } = file.incident;
    const claims: Claim[] = [];
    const byStart = attempts.filter((entry) => entry.startMs !== null);
    for (const [index, first] of byStart.entries()) {
      for (let next = index + 1; next < byStart.length; next += 1) {
        const second = byStart[next]!;
        if (second.startMs! - first.startMs! > TOGETHER_MS) break;
        if (!collides(first, second)) continue;
        const place = (attempt: Attempt): Claim['evidence'] => {
          const entry = attempt.exchange?.messages[0];
          if (entry !== undefined) {
            return frameEvidence(attempt, frameOf(entry), `${attempt.initiator.label} starts`, {
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
