import type { Negotiation } from '../model/report.ts';

/** One attempt to set up one IKE SA, as everything we have saw it. */
export type Attempt = {
  /** From 1, in the order of the report. */
  readonly number: number;
  readonly negotiations: readonly Negotiation[];
  /** What the initiator's and the responder's log say; null without that log. */
  readonly initiator: Negotiation | null;
  readonly responder: Negotiation | null;
  /** What the capture alone says; null when no negotiation stands for it. */
  readonly wire: Negotiation | null;
};

/** Negotiations that are paired, directly or through a third, make one attempt. */
export function groupAttempts(negotiations: readonly Negotiation[]): readonly Attempt[] {
  const byId = new Map(negotiations.map((negotiation) => [negotiation.id, negotiation]));
  const neighbours = new Map<string, string[]>();
  for (const { id, pairedWith } of negotiations) {
    for (const other of pairedWith) {
      neighbours.set(id, [...(neighbours.get(id) ?? []), other]);
      neighbours.set(other, [...(neighbours.get(other) ?? []), id]);
    }
  }
  const order = new Map(negotiations.map((negotiation, index) => [negotiation, index]));
  const taken = new Set<string>();
  const attempts: Attempt[] = [];
  for (const { id } of negotiations) {
    if (taken.has(id)) continue;
    const members = new Set<string>();
    const waiting = [id];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (members.has(next)) continue;
      members.add(next);
      taken.add(next);
      waiting.push(...(neighbours.get(next) ?? []));
    }
    const known = [...members].flatMap((member) => byId.get(member) ?? []);
    known.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    attempts.push(attempt(attempts.length + 1, known));
  }
  return attempts;
}

function attempt(number: number, negotiations: readonly Negotiation[]): Attempt {
  const logged = negotiations.filter(hasLog);
  const initiator = logged.find((negotiation) => negotiation.role === 'initiator') ?? null;
  const responder = logged.find((negotiation) => negotiation.role === 'responder') ?? null;
  const wire = negotiations.find((negotiation) => !hasLog(negotiation)) ?? null;
  return { number, negotiations, initiator, responder, wire };
}

/** Capture-only negotiations have nothing that carries a log line. */
function hasLog(negotiation: Negotiation): boolean {
  return (
    negotiation.router !== null ||
    negotiation.evidenceLines.length > 0 ||
    negotiation.timeline.some((item) => item.line !== undefined)
  );
}

/** The attempt of the primary verdict, or the first that failed, or the first. */
export function primaryAttempt(
  attempts: readonly Attempt[],
  negotiation: string | null,
): Attempt | null {
  return (
    attempts.find((attempt) => attempt.negotiations.some(({ id }) => id === negotiation)) ??
    attempts.find((attempt) => attempt.negotiations.some(({ outcome }) => outcome === 'failed')) ??
    attempts[0] ??
    null
  );
}
