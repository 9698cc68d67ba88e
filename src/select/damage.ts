import type { ConfigModel } from '../model/config.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** Blocks in which a line that cannot be read may be the one that decides. */
const DECIDING: Readonly<Record<1 | 2, ReadonlySet<string>>> = {
  1: new Set(['keyring', 'isakmp-profile']),
  2: new Set(['ikev2-keyring', 'ikev2-profile']),
};

const DAMAGE: ReadonlySet<string> = new Set(['line-unread', 'mask-unreadable']);

/** Ends of a replay that a further key or match statement would change. */
const BY_LACK: ReadonlySet<string | null> = new Set([
  'no-psk-for-peer',
  'psk-mismatch',
  'ikev2-auth-failed',
  'profile-not-matched',
  'profile-mismatch-phase2',
  'ikev2-profile-not-found',
  'keyring-mismatch-after-mm5',
  'keyring-mismatch-after-mm6',
]);

/** Lines of keyrings and profiles that hold something which could not be read. */
export function unreadLines(model: ConfigModel, version: 1 | 2): readonly number[] {
  return model.anomalies
    .filter(({ code, line }) => DAMAGE.has(code) && isDeciding(model, line, version))
    .map(({ line }) => line);
}

function isDeciding(model: ConfigModel, line: number, version: 1 | 2): boolean {
  const block = model.definitions.findLast((each) => each.line <= line);
  if (block !== undefined && block.line < line && DECIDING[version].has(block.kind)) return true;
  return version === 1 && /\bisa\S*\s+key\s/i.test(model.lines[line - 1] ?? '');
}

/** What fails for want of a line is not known to fail while a line cannot be read. */
export function withDamage(attempt: Attempt, walk: Walk): Walk {
  if (walk.outcome !== 'fails' || !BY_LACK.has(walk.finding)) return walk;
  const version = attempt.tunnel.ikev2Profile === null ? 1 : 2;
  const places = (['initiator', 'responder'] as const).flatMap((side) =>
    unreadLines(attempt[side], version).map((line) => ({ side, line })),
  );
  const [place] = places;
  if (place === undefined) return walk;
  const { outcome, failingStep, finding } = UNDECIDED;
  const why = `line ${String(place.line)} of the ${place.side} cannot be read; without it, ${walk.why}`;
  return { ...walk, outcome, failingStep, finding, why, places, phase2: null };
}

const UNDECIDED = { outcome: 'unknown', failingStep: null, finding: null } as const;
