import { present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import type { Edit } from './edit.ts';
import { isakmpProfileNamed, tablesOf } from './lookup.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** The responder's tunnel refuses the profile or the proxies. */
export function forMap(benches: Benches, attempt: Attempt, walk: Walk): readonly Candidate[] {
  const far = walk.phase2?.kind === 'fails' ? walk.phase2.tunnel : null;
  const { responder } = benches;
  if (far === null) return [];
  if (walk.finding === 'proxy-identity-mismatch') return forProxies(responder, attempt, far.line);
  const wanted = far.isakmpProfile;
  const matched = walk.responder?.profiles?.winner ?? null;
  const router = responder.router;
  const simple = (text: string, edit: Edit, sideEffects: readonly string[] = []): Candidate => ({
    text,
    edits: [edit],
    keeps: ['keys'],
    sideEffects,
  });
  const found: (Candidate | null)[] = [];
  if (matched !== null && far.binding !== null) {
    found.push(
      simple(`Bind profile ${matched.profile.name} to ${far.label}.`, {
        router,
        block: [far.binding.command],
        command: `set isakmp-profile ${matched.profile.name}`,
      }),
    );
    const { match, profile } = matched;
    const other = match.vrf === null ? '' : ` ${match.vrf}`;
    found.push(
      simple(
        `Remove the match that takes this peer from profile ${profile.name}.`,
        {
          router,
          block: [`crypto isakmp profile ${profile.name}`],
          command:
            match.kind === 'address'
              ? `no match identity address ${match.value} ${match.mask ?? ''}${other}`
              : `no match identity ${match.kind.replace('-', ' ')} ${match.value}`,
        },
        [`Other peers that match profile ${profile.name} by this line no longer do.`],
      ),
    );
  }
  if (wanted !== null && isakmpProfileNamed(responder.model, wanted.name) !== null) {
    const vrf = attempt.responderVrf === null ? '' : ` ${attempt.responderVrf}`;
    found.push(
      simple(`Let profile ${wanted.name} match ${responder.peer}.`, {
        router,
        block: [`crypto isakmp profile ${wanted.name}`],
        command: `match identity address ${responder.peer} 255.255.255.255${vrf}`,
      }),
    );
  }
  if (wanted !== null && far.binding !== null) {
    found.push(
      simple(
        `Let ${far.label} accept every profile.`,
        { router, block: [far.binding.command], command: 'no set isakmp-profile' },
        [`As initiator ${responder.name} then finds a profile by the address of the peer.`],
      ),
    );
  }
  return present(found);
}

function forProxies(responder: Bench, attempt: Attempt, line: number): readonly Candidate[] {
  const entry = responder.model.cryptoMaps
    .flatMap(({ entries }) => entries)
    .find((each) => each.line === line);
  const list =
    entry?.acl == null ? undefined : tablesOf(responder.model).accessLists.get(entry.acl.name);
  const offer = attempt.tunnel.proxies[0];
  if (list === undefined || offer === undefined) return [];
  const end = (side: { address: string; wildcard: string }): string =>
    side.wildcard === '255.255.255.255'
      ? 'any'
      : side.wildcard === '0.0.0.0'
        ? `host ${side.address}`
        : `${side.address} ${side.wildcard}`;
  const mirrored = `permit ${offer.protocol} ${end(offer.destination)} ${end(offer.source)}`;
  const numbered = /^\d+$/.test(list.name);
  return [
    {
      text: `Mirror the entry of the other side in access list ${list.name}.`,
      edits: [
        {
          router: responder.router,
          block: numbered ? [] : [`ip access-list extended ${list.name}`],
          command: numbered ? `access-list ${list.name} ${mirrored}` : mirrored,
        },
      ],
      keeps: ['keys'],
      sideEffects: ['The added traffic is encrypted from now on.'],
    },
  ];
}

export function forTransforms(
  benches: Benches,
  attempt: Attempt,
  walk: Walk,
): readonly Candidate[] {
  const far = walk.phase2?.kind === 'fails' ? walk.phase2.tunnel : null;
  if (far === null) return [];
  const { initiator, responder } = benches;
  const found: (Candidate | null)[] = [];
  const simple = (
    text: string,
    edits: readonly Edit[],
    sideEffects: readonly string[],
  ): Candidate => ({
    text,
    edits,
    keeps: ['keys'],
    sideEffects,
  });
  if (far.pfs !== null && attempt.tunnel.pfs?.group !== far.pfs.group) {
    if (attempt.tunnel.binding !== null) {
      const group = String(far.pfs.group);
      found.push(
        simple(
          `Let ${initiator.name} use PFS group ${group} as ${responder.name} does.`,
          [
            {
              router: initiator.router,
              block: [attempt.tunnel.binding.command],
              command: `set pfs group${group}`,
            },
          ],
          [],
        ),
      );
    }
  }
  const own = far.transformSets.map(({ name }) =>
    tablesOf(responder.model).transformSets.get(name),
  )[0];
  const wanted = attempt.tunnel.transformSets.map(({ name }) =>
    tablesOf(initiator.model).transformSets.get(name),
  )[0];
  if (own !== undefined && wanted !== undefined) {
    const set = `crypto ipsec transform-set ${own.name} ${wanted.transforms.join(' ')}`;
    // Tunnel mode stays as it is, so that the set itself is the whole change.
    const plain = own.mode === 'tunnel' && wanted.mode === 'tunnel';
    found.push(
      simple(
        `Give transform set ${own.name} of ${responder.name} the transforms of ${initiator.name}.`,
        [
          plain
            ? { router: responder.router, block: [], command: set }
            : { router: responder.router, block: [set], command: `mode ${wanted.mode}` },
        ],
        [`Other tunnels that use transform set ${own.name} change as well.`],
      ),
    );
  }
  return present(found);
}
