import { cameUp } from '../../correlate/history.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Attempt, AttemptSide, EvidenceSet, Incident } from '../../model/incident.ts';
import { citedLines, frameEvidence, lineEvidence, quoted } from '../evidence.ts';
import { betweenEnds, otherSide, sides } from '../facts.ts';
import { claimOf, endOfFirewall, sessionDown, toldToDelete } from '../logged.ts';
import { cutText } from '../loss.ts';
import { refusedQuickMode } from '../quick-mode.ts';
import { REFERENCES } from '../references.ts';
import { closedRefusal } from '../refused-closed.ts';
import type { CaseFile, Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { whereItStopped } from '../stopped.ts';
import { deletesOnWire } from '../wire-endings.ts';

/** Something was tried later under this SA, and failed. */
const failsLater = (attempt: Attempt): boolean =>
  whereItStopped(attempt) !== null ||
  refusedQuickMode(attempt) !== null ||
  closedRefusal(attempt) !== null;

function wireEvidence(attempt: Attempt): readonly Weighed[] {
  const messages = attempt.exchange?.messages ?? [];
  const steps = ['QM3', 'QM2', 'AUTH', 'MM6', 'AM3', 'MM5'] as const;
  for (const step of steps) {
    const last = messages.filter((entry) => entry.step === step && entry.copyOf === null).at(-1);
    if (last === undefined) continue;
    const verified = last.decryption?.kind === 'decrypted' && last.decryption.verified;
    const text = `${step} passes${verified ? ` and ${last.decryption.check ?? 'its hash'} verifies` : ''}${failsLater(attempt) ? '' : '; nothing complains after it'}`;
    return frameEvidence(attempt, last, text, {
      basis: verified ? 'proven' : 'inferred',
      decisive: true,
    });
  }
  return [];
}

/** What a log cites is of a failure where it ends in one. */
const upLines = (side: AttemptSide): readonly Weighed[] =>
  side.log?.verdict === 'tunnel-up'
    ? citedLines(side, true)
    : quoted(side, /New State = IKE_(?:P1|QM_PHASE2)_COMPLETE|SA has been authenticated/i, true);

const downLines = (attempt: Attempt): readonly Weighed[] =>
  sides(attempt).flatMap((side) => {
    const down = sessionDown(side);
    return down === null ? [] : [lineEvidence(side, down, false)];
  });

function endedHere(attempt: Attempt): string {
  for (const side of sides(attempt)) {
    const reason = endOfFirewall(side);
    if (reason !== null) return ` Later ${side.label} ends it: ${reason}.`;
    const down = sessionDown(side);
    if (down !== null) {
      const id = /\bId: (\S+)/.exec(String(down.fields.detail ?? ''))?.[1];
      return ` Later ${side.label} logs that the tunnel with ${String(down.fields.peer)}${id === undefined ? '' : ` (identity ${id})`} is down, and not why.`;
    }
  }
  return '';
}

const bothUp = ({ version }: Attempt, pair: string): string =>
  version === 2
    ? `The tunnel ${pair} comes up: the IKE SA and its child SA stand.`
    : `The tunnel ${pair} comes up: phase 1 and phase 2 complete.`;

/** Of two SAs that were set up at once one alone has the quick modes. */
const withoutQuickMode = (exchange: Attempt['exchange']): string =>
  exchange?.messages.some(({ step }) => step === 'QM1' || step === 'QM2') === true
    ? 'its quick mode was let be, since the other of two SAs that were set up at once has the tunnel'
    : 'no quick mode belongs to this SA in the evidence';

/** Of several captures the one whose frames are meant. */
function captureOf(
  { captureInputs }: Attempt,
  { exchange, frames }: NonNullable<Exchange['rekeyedFrom']>,
  { exchanges, inputs }: EvidenceSet,
): string {
  if (Object.keys(captureInputs).length < 2) return '';
  const request = exchanges
    .find(({ id }) => id === exchange)
    ?.messages.find(
      ({ step, message, copyOf }) =>
        step === 'CREATE_CHILD_SA' && copyOf === null && message.frame === frames[0],
    );
  const input = request === undefined ? undefined : captureInputs[request.message.capture];
  const path = inputs.find(({ id }) => id === input)?.path;
  return path === undefined ? '' : ` of ${path}`;
}

/** Phase 1 is seen, and of phase 2 nothing or not all. */
function phase1Alone(attempt: Attempt, pair: string, { evidence }: Incident): string {
  const { version, phase2, exchange } = attempt;
  if (version === 1) {
    const without =
      phase2 === 'not-reached'
        ? withoutQuickMode(exchange)
        : 'the evidence ends before phase 2 does';
    return `Phase 1 ${pair} completes; ${without}.`;
  }
  const renewed = exchange?.rekeyedFrom ?? null;
  if (renewed !== null)
    return `The IKE SA ${pair} stands: it took the place of the one before it (CREATE_CHILD_SA in frames ${renewed.frames.join(' and ')}${captureOf(attempt, renewed, evidence)}), with the child SAs of that one.`;
  return phase2 === 'not-reached'
    ? `The IKE SA ${pair} stands; no child SA belongs to it in the evidence.`
    : `The IKE SA ${pair} stands; the evidence ends before a child SA does.`;
}

function check(attempt: Attempt, { incident }: CaseFile): Claim | null {
  const { phase2, initiator, responder } = attempt;
  if (!cameUp(attempt)) return null;
  if (
    sides(attempt).some(
      (side) => side.log !== null && (side.log.phase1 === 'failed' || side.log.phase2 === 'failed'),
    )
  ) {
    return null;
  }
  const pair = betweenEnds(attempt);
  const both = phase2 === 'complete';
  const phases = both ? bothUp(attempt, pair) : phase1Alone(attempt, pair, incident);
  const phase1 = attempt.version === 2 ? 'The IKE SA' : 'Phase 1';
  const immune =
    attempt.version === 2
      ? ' Under IKEv2 the encryption keys come from the Diffie-Hellman exchange alone, so the responder reads the identity before it chooses a key: the order of keyrings cannot break it as it breaks IKEv1.'
      : '';
  const told = toldToDelete(attempt, incident.attempts);
  const wire = told === null ? deletesOnWire(attempt, incident.attempts) : null;
  const deleter = told === null ? (wire?.side ?? null) : otherSide(attempt, told);
  const vain = wire?.isUnanswered === true ? ' and gets no answer' : '';
  const ended =
    deleter === null ? endedHere(attempt) : ` Later ${deleter.label} deletes it${vain}.`;
  const now =
    deleter === null
      ? ended === ''
        ? 'is up'
        : 'came up and has ended'
      : 'came up and was deleted';
  const evidence = [
    ...sides(attempt).flatMap(upLines),
    ...wireEvidence(attempt),
    ...downLines(attempt),
  ];
  return claimOf(attempt, {
    key: `${initiator.label} ${responder.label} ${both ? '' : 'phase 1'} ${now}`,
    title: both ? `The tunnel ${pair} ${now}` : `${phase1} ${pair} ${now}`,
    explanation: `${phases} ${cutText(attempt)}`.trim() + ended + immune,
    advice: '',
    evidence,
    remedies: [],
  });
}

export const tunnelUp: Rule = {
  id: 'tunnel-up',
  title: 'The tunnel comes up',
  severity: 'note',
  needs: ['log', 'packets'],
  means:
    'Phase 1 and, where the evidence reaches that far, phase 2 complete. Nothing failed in this attempt.',
  recognised:
    'A router logs IKE_P1_COMPLETE and IKE_QM_PHASE2_COMPLETE or the installation of the SAs; on the wire MM6 and quick mode pass, or IKE_AUTH is answered with an SA.',
  fix: 'Nothing to fix. Warnings beside it may still say that the other direction cannot come up.',
  references: [REFERENCES.ike],
  supersedes: [],
  isOutcome: true,
  check: perAttempt(check),
};
