import type { LogNegotiation } from '../model/log.ts';
import type { Negotiation } from '../model/report.ts';
import type { WireOutcome } from './wire-outcome.ts';

type Phase1 = Negotiation['phase1'];
type Phase2 = Negotiation['phase2'];

const isDecided = (phase: Phase1 | Phase2): boolean => phase === 'complete' || phase === 'failed';

/**
 * How far an attempt came by everything that saw it. A witness that saw the end decides; one that stops before tells
 * nothing of it. Of phase 1 the initiator knows the end, whose message is the last that is answered.
 */
export function phasesOf(
  initiator: LogNegotiation | null,
  responder: LogNegotiation | null,
  wire: WireOutcome | null,
): { readonly phase1: Phase1; readonly phase2: Phase2 } {
  // An SA that one end has is none where the other end did not take it.
  const refusing = [initiator, responder].find((log) => log?.phase1 === 'failed');
  if (refusing != null) return { phase1: 'failed', phase2: refusing.phase2 };
  const told = [initiator, responder].flatMap((log) => log?.phase2 ?? []);
  const seen = [...told, ...(wire === null ? [] : [wire.phase2])];
  const phase2 =
    seen.find(isDecided) ?? seen.find((phase) => phase === 'incomplete') ?? 'not-reached';
  const views = [initiator?.phase1, wire?.phase1, responder?.phase1].flatMap((view) => view ?? []);
  // A responder holds phase 1 for complete when it sends its last message, whether or not that arrives.
  const ends = [initiator?.phase1, wire?.phase1].flatMap((view) => view ?? []);
  const phase1 = ends.find(isDecided) ?? views[0]!;
  return { phase1: phase2 === 'complete' && !isDecided(phase1) ? 'complete' : phase1, phase2 };
}
