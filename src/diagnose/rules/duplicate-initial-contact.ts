import { eventsOfSide, lineEvidence } from '../evidence.ts';
import { sides } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';

const DROPPED = /bring down existing phase 1 and 2 SA/i;

export const duplicateInitialContact: Rule = {
  id: 'duplicate-initial-contact',
  title: 'INITIAL_CONTACT brings down working SAs again and again',
  severity: 'warning',
  needs: ['log'],
  means:
    'A peer announces that it has no SA, and the router deletes those that it holds for this peer. When two devices share an address or identity, each throws the other out.',
  recognised: 'The router brings down existing SAs for the same peer in two or more attempts.',
  fix: 'Give every device its own identity; behind one translated address, identify peers by name or certificate.',
  references: [REFERENCES.ike],
  supersedes: [],
  check: (file) => {
    const claims: Claim[] = [];
    const seen = new Map<string, number>();
    for (const attempt of file.incident.attempts) {
      for (const side of sides(attempt)) {
        const events = eventsOfSide(side).filter((event) => DROPPED.test(event.text));
        if (events.length === 0) continue;
        const key = `${side.label} ${side.log?.peerAddress ?? ''}`;
        const count = (seen.get(key) ?? 0) + 1;
        seen.set(key, count);
        if (count < 2) continue;
        claims.push(
          claimOf(attempt, {
            key,
            title: `${side.label} drops its SAs with ${side.log?.peerAddress ?? 'a peer'} at every new contact`,
            explanation: `${side.label} receives INITIAL_CONTACT from ${side.log?.peerAddress ?? 'its peer'} repeatedly and deletes the SAs that it has each time. Either the peer restarts, or two devices share this address or identity.`,
            advice: 'Find out whether two devices use this address or identity.',
            evidence: events.map((event) => lineEvidence(side, event, true)),
          }),
        );
      }
    }
    return claims;
  },
};
