import { isProbe } from '../aggressive.ts';
import { frameEvidence } from '../evidence.ts';
import { packets } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

export const aggressiveProbe: Rule = {
  id: 'aggressive-probe',
  title: 'A scanner asked for an aggressive mode answer',
  severity: 'note',
  needs: ['packets'],
  means:
    'Somebody sends the first message of aggressive mode, takes the answer and leaves. HASH_R in the answer lets candidate keys be tested without further contact.',
  recognised: 'AM1 carries no vendor id, AM2 is repeated and nothing follows.',
  fix: 'Disable aggressive mode where nobody needs it, and use long random keys where somebody does.',
  references: [REFERENCES.aggressive],
  supersedes: ['inconclusive', 'psk-mismatch'],
  isOutcome: true,
  check: perAttempt((attempt) => {
    if (!isProbe(attempt)) return null;
    const first = packets(attempt, 'AM1', 'initiator')[0]!;
    const answer = packets(attempt, 'AM2', 'responder')[0]!;
    const { initiator, responder } = attempt;
    return claimOf(attempt, {
      title: `${initiator.label} probes ${responder.label} with aggressive mode`,
      explanation: `${initiator.label} sends AM1 without any vendor id and never answers AM2: a scanner such as ike-scan does that, a VPN client does not. ${responder.label} has handed out HASH_R, from which its pre-shared key can be guessed offline.`,
      advice: `On ${responder.label} enter "crypto isakmp aggressive-mode disable" unless clients need it.`,
      evidence: [
        ...frameEvidence(attempt, first, 'AM1 without a vendor id', {
          basis: 'inferred',
          decisive: true,
        }),
        ...frameEvidence(attempt, answer, 'AM2 hands out HASH_R and is never answered', {
          basis: 'inferred',
          decisive: true,
        }),
      ],
      remedies: [
        {
          text: 'Refuse aggressive mode.',
          ...(responder.router === null ? {} : { router: responder.router }),
          config: 'crypto isakmp aggressive-mode disable',
          verified: false,
        },
      ],
    });
  }),
};
