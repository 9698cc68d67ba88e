import type { AccessList, ConfigModel, TransformSet } from '../model/config.ts';
import { contains, endText } from './access-list.ts';
import { present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import { idleTo } from './idle.ts';
import { tablesOf } from './lookup.ts';
import { forIkev2Binding } from './propose-ikev2.ts';
import { forMode } from './propose-mode.ts';
import { forProfile } from './propose-profile.ts';
import { groupStrength, isWeaker, transformStrength } from './strength.ts';
import { forIdle, forTemplate } from './propose-place.ts';
import { tunnelsOf } from './tunnels.ts';
import type { Proxy, Tunnel } from './tunnels.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** The responder's tunnel refuses the profile or the proxies. */
export function forMap(
  benches: Benches,
  attempt: Attempt,
  walk: Walk,
  others: readonly ConfigModel[],
): readonly Candidate[] {
  const far = walk.phase2?.kind === 'fails' ? walk.phase2.tunnel : null;
  if (far === null) {
    const [idle] = idleTo(benches.responder.model, benches.responder.peer);
    return [
      ...forIdle(benches.responder, attempt),
      // Nothing else has kept the entry from its work.
      ...(idle?.idle.cure === null ? forProxies(benches.responder, attempt, idle.line) : []),
    ];
  }
  switch (walk.finding) {
    case 'profile-not-matched':
    case 'profile-mismatch-phase2':
      return attempt.tunnel.ikev2Profile === null
        ? forProfile(benches, attempt, walk, far, others)
        : forIkev2Binding(benches, attempt, far);
    default:
      return [
        ...forMode(benches, attempt.tunnel, far),
        ...forTemplate(benches.responder, walk, far),
        ...forProxies(benches.responder, attempt, far.line),
      ];
  }
}

function forProxies(responder: Bench, attempt: Attempt, line: number): readonly Candidate[] {
  const entry = responder.model.cryptoMaps
    .flatMap(({ entries }) => entries)
    .find((each) => each.line === line);
  const list =
    entry?.acl == null ? undefined : tablesOf(responder.model).accessLists.get(entry.acl.name);
  const offer = attempt.tunnel.proxies[0];
  if (list === undefined || offer === undefined) return [];
  const mirrored = `permit ${offer.protocol} ${endText(offer.destination)} ${endText(offer.source)}`;
  const numbered = /^\d+$/.test(list.name);
  // A new entry comes last, and the first that takes the traffic decides.
  const before = denials(responder.model, list, offer);
  // An entry of a numbered list cannot be removed without the rest.
  if (numbered && before.length > 0) return [];
  const commands = [...before.map((entry) => `no ${entry}`), mirrored];
  return [
    {
      text: `Mirror the entry of the other side in access list ${list.name}${before.length > 0 ? ', in place of what denies that traffic' : ''}.`,
      edits: commands.map((command) => ({
        router: responder.router,
        block: numbered ? [] : [`ip access-list extended ${list.name}`],
        command: numbered ? `access-list ${list.name} ${command}` : command,
      })),
      keeps: ['keys'],
      sideEffects: ['The added traffic is encrypted from now on.'],
      ...(before.length > 0 && { whole: true }),
    },
  ];
}

/** Entries of a list, as they are written, that deny all of what the other side proposes. */
function denials(model: ConfigModel, { entries }: AccessList, offer: Proxy): readonly string[] {
  const lines = entries
    .filter(
      ({ action, protocol, source, destination }) =>
        action === 'deny' &&
        (protocol === 'ip' || protocol === offer.protocol) &&
        contains(source, offer.destination) &&
        contains(destination, offer.source),
    )
    .map(({ line }) => (model.lines[line - 1] ?? '').trim().replace(/^\d+\s+/, ''));
  return [...new Set(lines)];
}

/** No transform set is common, or the PFS of the responder is missing: each side takes what the other has. */
export function forTransforms(
  { initiator, responder }: Benches,
  attempt: Attempt,
  walk: Walk,
): readonly Candidate[] {
  const far = walk.phase2?.kind === 'fails' ? walk.phase2.tunnel : null;
  if (far === null) return [];
  const { tunnel } = attempt;
  const [mine, theirs] = [firstSet(initiator, tunnel), firstSet(responder, far)];
  return present([
    ...nameSet(initiator, tunnel),
    ...nameSet(responder, far),
    takePfs(initiator, tunnel, responder, far),
    tunnel.pfs === null ? null : takePfs(responder, far, initiator, tunnel),
    takeSet(responder, theirs, initiator, mine),
    takeSet(initiator, mine, responder, theirs),
  ]);
}

function takePfs(own: Bench, to: Tunnel, other: Bench, from: Tunnel): Candidate | null {
  if (from.pfs === null || to.binding === null || to.pfs?.group === from.pfs.group) return null;
  const group = String(from.pfs.group);
  const weaker =
    to.pfs !== null && isWeaker(groupStrength(from.pfs.group), groupStrength(to.pfs.group));
  return {
    text: `Let ${own.name} use PFS group ${group} as ${other.name} does.`,
    edits: [{ router: own.router, block: [to.binding.command], command: `set pfs group${group}` }],
    keeps: ['keys'],
    sideEffects: [],
    ...(weaker ? { behind: 'weaker' as const } : {}),
  };
}

/** A place that names no transform set takes one that is there. */
function nameSet({ model, router, name }: Bench, tunnel: Tunnel): readonly Candidate[] {
  const { binding } = tunnel;
  if (binding === null || tunnel.transformSets.length > 0) return [];
  return model.transformSets.map((set) => ({
    text: `Let ${tunnel.label} of ${name} use transform set ${set.name}.`,
    edits: [{ router, block: [binding.command], command: `set transform-set ${set.name}` }],
    keeps: ['keys'],
    sideEffects: [],
  }));
}

function firstSet({ model }: Bench, { transformSets }: Tunnel): TransformSet | undefined {
  return tablesOf(model).transformSets.get(transformSets[0]?.name ?? '');
}

function takeSet(
  own: Bench,
  to: TransformSet | undefined,
  other: Bench,
  from: TransformSet | undefined,
): Candidate | null {
  if (to === undefined || from === undefined) return null;
  const set = `crypto ipsec transform-set ${to.name} ${from.transforms.join(' ')}`;
  // Tunnel mode stays as it is, so that the set itself is the whole change.
  const plain = to.mode === 'tunnel' && from.mode === 'tunnel';
  const users = tunnelsOf(own.model).filter(({ transformSets }) =>
    transformSets.some(({ name }) => name === to.name),
  );
  const weaker = isWeaker(transformStrength(from.transforms), transformStrength(to.transforms));
  const onlyMode = from.transforms.join(' ') === to.transforms.join(' ');
  return {
    text: `Give transform set ${to.name} of ${own.name} the ${onlyMode ? 'mode' : 'transforms'} of ${other.name}.`,
    edits: [
      plain
        ? { router: own.router, block: [], command: set }
        : { router: own.router, block: [set], command: `mode ${from.mode}` },
    ],
    keeps: ['keys'],
    sideEffects:
      users.length > 1 ? [`Other tunnels that use transform set ${to.name} change as well.`] : [],
    ...(weaker ? { behind: 'weaker' as const } : {}),
  };
}
