import { ENDINGS, isNoReason } from '../../logparse/negotiations/deletion.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { quoted } from '../evidence.ts';
import { ikeDebug, otherSide, sides } from '../facts.ts';
import { claimOf, loggedVerdict, toldToDelete } from '../logged.ts';
import { quickModeIntro } from '../quick-mode.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { deletesOnWire } from '../wire-endings.ts';

function check(attempt: Attempt, { incident }: CaseFile): Claim | null {
  const logged = loggedVerdict(attempt, 'deleted-by-peer');
  const wire = deletesOnWire(attempt, incident.attempts);
  const inLog = toldToDelete(attempt, incident.attempts) ?? logged?.side ?? fatal(attempt);
  const side = inLog ?? (wire === null ? null : otherSide(attempt, wire.side));
  if (side === null) return null;
  const peer = otherSide(attempt, side);
  const up = attempt.phase2 === 'complete';
  const told =
    inLog === null && wire?.isUnanswered === true
      ? `${peer.label} deleted the SA and got no answer from ${side.label}.`
      : `${side.label} was told by ${peer.label} that the SA is deleted.`;
  return {
    ...claimOf(attempt, {
      title: up
        ? `The tunnel between ${side.label} and ${peer.label} came up, then ${peer.label} deleted it`
        : `${peer.label} deleted the SA of ${side.label}`,
      explanation: up
        ? `The tunnel came up. Later ${told}`
        : attempt.phase1 === 'complete' || side.log?.phase1 === 'complete'
          ? `${quickModeIntro(attempt)} Then ${told}`
          : told,
      advice: whyOf(peer),
      evidence: [
        ...(logged?.evidence ?? []),
        ...quoted(side, ENDINGS.deleteReceived, true),
        ...quoted(side, ENDINGS.saDeleted, true),
        ...(wire?.evidence ?? []),
        ...quoted(peer, ENDINGS.deletedWithReason, false, 1),
      ],
      settle: [`${ikeDebug(attempt)} of ${peer.label} for the same moment.`],
    }),
    // What the log says more of stands before it.
    leads: logged !== null,
  };
}

/** What the end that deleted says itself, where its log was given. */
function whyOf(peer: AttemptSide): string {
  if (peer.log === null) return `The log of ${peer.label} may say why.`;
  const reason = peer.log.deleteReason?.text.trim() ?? null;
  if (reason === null) return `The log of ${peer.label} does not say why.`;
  const line = peer.log.deleteReason?.line ?? peer.log.lastLine;
  return isNoReason(reason)
    ? `The log of ${peer.label} names no reason (line ${String(line)}): a "clear crypto" command, idle time or a change of its configuration may be behind it.`
    : `The log of ${peer.label} gives as its reason (line ${String(line)}): ${reason}.`;
}

const fatal = (attempt: Attempt): AttemptSide | null =>
  sides(attempt).find((side) => quoted(side, ENDINGS.fatal, true).length > 0) ?? null;

export const deletedByPeer: Rule = {
  id: 'deleted-by-peer',
  title: 'The peer deleted the SA',
  severity: 'note',
  needs: ['log', 'packets'],
  means:
    'One end told the other that the SA is gone. After a failure that is a consequence; after a working tunnel it is routine.',
  recognised:
    'The router logs a received DELETE for the ISAKMP SA, or under IKEv2 a delete request from its peer and the end of the SA behind it; in decrypted packets a DELETE of the ISAKMP SA, under IKEv2 of the IKE SA; an ASA firewall gives "Peer Terminate" or "peer request" as the reason.',
  fix: 'Look at the end that deleted: its log may say why.',
  references: [REFERENCES.isakmp],
  supersedes: ['inconclusive'],
  isOutcome: true,
  tellsFailure: true,
  check: perAttempt(check),
};
