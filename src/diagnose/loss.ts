import type { Side, Step } from '../model/exchange.ts';
import type { Attempt, Passage } from '../model/incident.ts';
import { eventsOfSide, lineEvidence } from './evidence.ts';
import { sides, times } from './facts.ts';
import type { Weighed } from './rule.ts';

/** The way of one message that did not arrive, or null when it arrived or nothing tells. Under IKEv2 both sides send one of a step. */
export function lostPassage(attempt: Attempt, step: Step, from?: Side): Passage | null {
  const passage = attempt.passages.find(
    (entry) => entry.step === step && (from === undefined || entry.from === from),
  );
  return passage?.fate.startsWith('lost') === true ? passage : null;
}

/** Captures on both sides of where it was lost: nothing is left to be asked for or doubted. */
export const isBetweenTaps = (passage: Passage | null): boolean =>
  passage?.fate === 'lost-between-taps';

/** One capture of two holds it: lost between them, or missed by the other. */
export const isAtOneTap = (passage: Passage | null): boolean =>
  isBetweenTaps(passage) || passage?.fate === 'lost-or-missed';

/** Where on the path it died, as far as the evidence follows it. */
export function whereLost(attempt: Attempt, passage: Passage): string {
  const from = passage.from === 'initiator' ? attempt.initiator : attempt.responder;
  const to = passage.from === 'initiator' ? attempt.responder : attempt.initiator;
  switch (passage.fate) {
    case 'lost-between-taps':
      return `between the two captures: the one nearer to ${from.label} holds it${passage.copies > 1 ? `, ${times(passage.copies)}` : ''}, the one nearer to ${to.label} goes on and does not`;
    case 'lost-or-missed':
      return `most likely between the two captures: one holds it${passage.copies > 1 ? `, ${times(passage.copies)}` : ''}, the other one goes on and does not. Nothing tells which of them is nearer to ${to.label}, so the other one may also have missed it`;
    case 'lost-before-tap':
      return `between ${from.label} and the capture: ${from.label} logs it as sent and the capture does not have it`;
    case 'lost-after-tap':
      return `between the capture and ${to.label}: the capture has it and ${to.label} never logs it as received`;
    case 'lost-on-path':
      return `somewhere between ${from.label} and ${to.label}: one logs it as sent and the other ${to.log === null ? 'goes on asking for it' : 'never as received'}`;
    case 'seen-by-tap-only':
      return 'on the capture only: no router has it';
    case 'arrived':
    case 'unknown':
      return 'nowhere that the evidence shows';
  }
}

/** What shows the loss: the line of the sender, the frame of the capture, the last line of the receiver. */
export function lossEvidence(attempt: Attempt, passage: Passage): readonly Weighed[] {
  const said: Weighed[] = [];
  const from = passage.from === 'initiator' ? attempt.initiator : attempt.responder;
  const to = passage.from === 'initiator' ? attempt.responder : attempt.initiator;
  if (passage.sent !== null) {
    said.push({
      ...passage.sent,
      text: `${from.label} sends ${passage.step}`,
      basis: 'observed',
      decisive: true,
    });
  }
  if (passage.tapped !== null && passage.absentIn !== null) {
    const isSure = isBetweenTaps(passage);
    const weight = { basis: isSure ? 'observed' : 'inferred', decisive: true } as const;
    said.push(
      {
        ...passage.tapped,
        text: `${passage.step} in the capture ${isSure ? `nearer to ${from.label}` : 'that holds it'}`,
        ...weight,
      },
      {
        input: passage.absentIn,
        text: `this capture holds the exchange, goes on and has no ${passage.step} of ${from.label}`,
        ...weight,
      },
    );
  } else if (passage.tapped !== null) {
    said.push({
      ...passage.tapped,
      text: `${passage.step} on the wire`,
      basis: 'observed',
      decisive: true,
    });
  }
  const last = eventsOfSide(to).at(-1);
  if (last !== undefined) {
    said.push(lineEvidence(to, last, true, `the log ends without having received ${passage.step}`));
  }
  return said;
}

/** The log of a side ends before this message of the other one passes: that it does not show it tells nothing. */
export const isCutBefore = (attempt: Attempt, step: Step): boolean =>
  attempt.passages.some((entry) => entry.step === step && entry.endsBefore !== null);

/** Of logs that end before the attempt does, in words; what follows is told by others. Empty where each goes on. */
export function cutText(attempt: Attempt): string {
  return sides(attempt)
    .flatMap(({ side, label, log }) => {
      if (log === null || log.outcome !== 'incomplete') return [];
      const missed = attempt.passages.find(
        ({ from, endsBefore }) => from !== side && endsBefore !== null,
      );
      if (missed?.endsBefore != null)
        return [
          `The log of ${label} ends at line ${missed.endsBefore.line}, before ${missed.step}.`,
        ];
      return log.phase2 !== 'complete' && attempt.phase2 === 'complete'
        ? [`The log of ${label} tells of this attempt up to line ${log.lastLine} only.`]
        : [];
    })
    .join(' ');
}
