import type { Attempt } from '../model/incident.ts';
import { confidenceOf, frameEvidence } from './evidence.ts';
import { pairKey } from './facts.ts';
import { directionsOf, isReplayOf, repairText, repairsFor, sentence } from './predictions.ts';
import type { CaseFile, Claim, Judged, Weighed } from './rule.ts';

/** Verdicts that name where an attempt stopped and not why. */
const UNDECIDED: ReadonlySet<string> = new Set(['inconclusive', 'mm5-unanswered', 'half-open']);

/** Why quick mode was refused is a guess while the responder's log is absent. */
const GUESSED: ReadonlySet<string> = new Set([
  'transform-set-mismatch',
  'proxy-identity-mismatch',
  'pfs-mismatch',
]);

function undecided(primary: Judged | null): boolean {
  if (primary === null || UNDECIDED.has(primary.rule.id)) return true;
  return GUESSED.has(primary.rule.id) && confidenceOf(primary.claim.evidence) === 'inferred';
}

/** Whether an attempt stopped where the replay of the configurations says that it must. */
function stoppedAt(attempt: Attempt, step: string | null): boolean {
  if (step === null) return false;
  const sent = (name: string): boolean => attempt.passages.some((entry) => entry.step === name);
  if (/^(?:mm5|mm6)/.test(step)) return sent('MM5') && attempt.phase1 !== 'complete';
  if (/^qm/.test(step)) return attempt.phase1 === 'complete' && attempt.phase2 !== 'complete';
  if (/^ike-auth/.test(step)) return sent('AUTH') && attempt.phase1 !== 'complete';
  if (/^am/.test(step)) return sent('AM1') && attempt.phase1 !== 'complete';
  if (/^mm[1-4]/.test(step)) return sent('MM1') && !sent('MM5') && attempt.phase1 !== 'complete';
  return false;
}

function lastSeen(attempt: Attempt): readonly Weighed[] {
  const last = attempt.exchange?.messages.at(-1);
  if (last === undefined) return [];
  return frameEvidence(attempt, last, 'the exchange stops where the configurations say it must', {
    basis: 'inferred',
    decisive: false,
  });
}

/**
 * Where the evidence of an attempt does not decide, the configurations may: replayed in this direction they fail at the
 * very step at which the attempt stopped.
 */
export function predictedCause(
  attempt: Attempt,
  file: CaseFile,
  primary: Judged | null,
): { readonly rule: string; readonly claim: Claim } | null {
  if (!undecided(primary) || file.prediction === null) return null;
  const { initiator, responder } = attempt;
  const direction = directionsOf(file.prediction, attempt).find(
    ({ outcome }) => outcome === 'fails',
  );
  if (
    direction === undefined ||
    direction.finding === null ||
    !isReplayOf(direction, attempt) ||
    !stoppedAt(attempt, direction.failingStep)
  ) {
    return null;
  }
  const id = direction.finding;
  const found = file.prediction.findings.filter((finding) => finding.id === id);
  const remedies = repairsFor(file.prediction, attempt, [id]);
  const why = sentence(direction.why);
  const story = `Replayed from the two configurations, ${initiator.label} towards ${responder.label} fails at this very step: ${why}`;
  return {
    rule: id,
    claim: {
      attempt,
      key: pairKey(attempt),
      title:
        found[0]?.title ??
        `${initiator.label} cannot bring the tunnel up towards ${responder.label}`,
      explanation: `${story} Neither a log of ${responder.label} nor the packets confirm it.`,
      summary: [
        `${initiator.label} cannot bring the tunnel up towards ${responder.label}.`,
        story,
        remedies[0] === undefined ? '' : repairText(remedies[0], attempt),
      ]
        .filter((part) => part !== '')
        .join(' '),
      evidence: [
        ...found.flatMap((finding) =>
          finding.evidence.map((item) => ({
            ...item,
            basis: 'predicted' as const,
            decisive: true,
          })),
        ),
        ...lastSeen(attempt),
      ],
      remedies,
      settle: [
        `The debug of ${responder.label} for the same attempt: it confirms or refutes what the configurations predict.`,
      ],
    },
  };
}
