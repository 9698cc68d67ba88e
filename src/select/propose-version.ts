import { present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import { tunnelsTo } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';
import type { Attempt } from './walk-steps.ts';

const MOST_PROFILES = 3;

/** One end speaks IKEv2 and the other IKEv1: the one follows the other, by a profile that it has or without one. */
export function forVersion(
  { initiator, responder }: Benches,
  attempt: Attempt,
): readonly Candidate[] {
  const far = tunnelsTo(responder.model, responder.peer)[0] ?? null;
  return [
    ...follow(initiator, attempt.tunnel, responder),
    ...(far === null ? [] : follow(responder, far, initiator)),
  ];
}

function follow(own: Bench, tunnel: Tunnel, other: Bench): readonly Candidate[] {
  const { binding, label, ikev2Profile } = tunnel;
  if (binding === null) return [];
  const edit = (command: string): Candidate['edits'] => [
    { router: own.router, block: [binding.command], command },
  ];
  if (ikev2Profile !== null) {
    return present([
      {
        text: `Let ${label} of ${own.name} speak IKEv1 as ${other.name} does.`,
        edits: edit('no set ikev2-profile'),
        keeps: ['keys'],
        sideEffects: [],
        behind: 'weaker',
      },
    ]);
  }
  return own.model.ikev2Profiles.slice(0, MOST_PROFILES).map(({ name }) => ({
    text: `Let ${label} of ${own.name} speak IKEv2 by profile ${name}, as ${other.name} does.`,
    edits: edit(`set ikev2-profile ${name}`),
    keeps: ['keys'],
    sideEffects: [],
  }));
}
