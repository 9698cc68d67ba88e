import type { ConfigModel } from '../model/config.ts';
import type { LogNegotiation } from '../model/log.ts';
import type { Selection } from '../model/selection.ts';
import type { RouterIdentity } from './routers.ts';

/** A router with the version of its configuration that explains most of what it logged. */
export function asAt(
  router: RouterIdentity | null,
  log: LogNegotiation | null,
  choose: (version: RouterIdentity) => Selection | null,
): RouterIdentity | null {
  if (router === null || log === null || router.versions.length < 2) return router;
  const rated = router.versions.map((config) => {
    const version = { ...router, config };
    return { version, against: unexplained(log, config, choose(version)) };
  });
  return rated.reduce((best, each) => (each.against < best.against ? each : best)).version;
}

/** How much of a log a configuration does not explain: names that it lacks, another key, another end. */
function unexplained(
  { keyringSelections, saRequestProfile, profileMatched, verdict, phase1, role }: LogNegotiation,
  { keyrings, profiles }: ConfigModel,
  selection: Selection | null,
): number {
  const isHeld = (name: string | null | undefined, held: readonly { name: string }[]): boolean =>
    name == null || name === 'default' || held.some((each) => each.name === name);
  const missing = [
    ...keyringSelections.map(({ keyring }) => isHeld(keyring, keyrings)),
    isHeld(saRequestProfile?.name, profiles),
    isHeld(profileMatched?.name, profiles),
  ].filter((held) => !held);
  if (selection === null) return missing.length;
  const made = role === 'responder' ? ['mm1', 'mm3'] : ['mm1', 'mm2', 'mm4'];
  const taken = keyringSelections.findLast(
    ({ step, keyring }) => keyring !== null && made.includes(step),
  );
  const isOther = taken !== undefined && taken.keyring !== selection.keyring;
  const isEndOther =
    (phase1 === 'complete' && selection.verification === 'fails') ||
    (REFUSED.has(verdict) && selection.verification === 'passes');
  return missing.length + Number(isOther) + Number(isEndOther);
}

const REFUSED: ReadonlySet<string> = new Set([
  'keyring-mismatch-after-mm5',
  'keyring-mismatch-after-mm6',
]);
