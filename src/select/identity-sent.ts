import type { Identity } from './identity.ts';
import { toIdentity } from './identity.ts';
import { aggressivePeer } from './keyring.ts';
import type { Chosen } from './selection.ts';
import { initiatorAsks } from './walk-steps.ts';
import type { Attempt } from './walk-steps.ts';
import { identitySent } from './walk.ts';

/** What the initiator says it is under IKEv1, and the line that makes it say so; null where the address is the default. */
export type Sent = {
  readonly identity: Identity;
  readonly from: 'client-endpoint' | 'self-identity' | 'global' | 'default';
  readonly line: number | null;
};

const GLOBAL = /^\s*cry\S*\s+isa\S*\s+id\S*\s/i;

export function sentBy(attempt: Attempt, chosen: Chosen | null): Sent | null {
  const { initiator } = attempt;
  const peer = aggressivePeer(initiator, initiatorAsks(attempt));
  const [kind, value] = peer?.clientEndpoint?.split(' ') ?? [];
  if (kind !== undefined && value !== undefined) {
    const identity = toIdentity({ type: kind === 'ipv4-address' ? 'ipv4' : kind, value });
    return { identity, from: 'client-endpoint', line: peer!.line };
  }
  const identity = identitySent(attempt, chosen);
  if (identity === null) return null;
  const self = chosen?.requested?.selfIdentity ?? null;
  if (self !== null) return { identity, from: 'self-identity', line: self.line };
  if (initiator.isakmpIdentity === 'address') return { identity, from: 'default', line: null };
  const line = initiator.lines.findLastIndex((text) => GLOBAL.test(text)) + 1;
  return { identity, from: 'global', line: line > 0 ? line : null };
}
