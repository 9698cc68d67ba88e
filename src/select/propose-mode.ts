import type { Interface } from '../model/config.ts';
import { present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import type { Tunnel } from './tunnels.ts';

/** Two tunnel interfaces that wrap what they carry in different ways: one takes the mode of the other. */
export function forMode(
  { initiator, responder }: Benches,
  offering: Tunnel,
  far: Tunnel,
): readonly Candidate[] {
  const mine = interfaceOf(initiator, offering);
  const theirs = interfaceOf(responder, far);
  if (mine === null || theirs === null) return [];
  return present([change(initiator, mine, theirs), change(responder, theirs, mine)]);
}

function interfaceOf({ model }: Bench, { line }: Tunnel): Interface | null {
  return model.interfaces.find((each) => each.line === line && each.tunnel !== null) ?? null;
}

function change(own: Bench, { name, tunnel }: Interface, other: Interface): Candidate | null {
  const [held, mode] = [tunnel!.mode, pointToPoint(other.tunnel!.mode)];
  if (held.includes('multipoint') || held === mode) return null;
  const carried = /^ipsec (ipv[46])/.exec(mode)?.[1]?.replace('ipv', 'IPv');
  return {
    text: `Give ${name} of ${own.name} the tunnel mode of the other end, ${mode}.`,
    edits: [{ router: own.router, block: [`interface ${name}`], command: `tunnel mode ${mode}` }],
    keeps: ['keys'],
    sideEffects: carried === undefined ? [] : [`${name} then carries ${carried} only.`],
  };
}

/** The far end of a multipoint tunnel is a plain one of the same kind. */
function pointToPoint(mode: string): string {
  return mode === 'gre multipoint' ? 'gre ip' : mode;
}
