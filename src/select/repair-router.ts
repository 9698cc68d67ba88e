import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel } from '../model/config.ts';
import type { Cure, Repair } from '../model/selection.ts';
import type { Candidate } from './candidates.ts';
import { applyEdits, commandsFor } from './edit.ts';
import type { Edit, Reveal } from './edit.ts';
import { nameOf } from './findings/make.ts';
import { keyringsOf } from './keyring.ts';
import { baresProfile, broken, neededFor, proofOf } from './kept.ts';
import {
  MOST_LINES,
  changesLeft,
  cheapest,
  extend,
  fewest,
  restsOnOrder,
  triesFor,
  weigh,
} from './plan.ts';
import type { Priced } from './plan.ts';
import { forKeyring } from './propose.ts';
import { MAIN_READING, OTHER_READINGS } from './rules.ts';
import { sameSecret } from './secret.ts';
import { askedFor, awaitsName, chooseAsInitiator, chooseAsResponder } from './selection.ts';
import type { Chosen } from './selection.ts';
import { shadowedKeys } from './shadow.ts';
import { tunnelsOf } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';

/**
 * Repairs with one configuration only: changes after which a tunnel selects one keyring in both roles. What the other
 * router does with it is not known. `met` are peers that are given, with which the router must go on to come up.
 */
export function findRouterRepairs(
  model: ConfigModel,
  token: SecretToken,
  reveal: Reveal,
  met: ReadonlySet<string>,
  keepsMet: (after: ConfigModel) => boolean,
): readonly Repair[] {
  if (model.lines.length > MOST_LINES) return [];
  const faulty = faultyTunnels(model);
  const found = new Map<string, Priced>();
  const alone = faulty.filter(({ tunnel }) => !met.has(tunnel.peer!));
  for (const { tunnel, chosen } of alone.slice(0, 4)) {
    const profile = chosen.profiles!.winner!.profile;
    const bench = {
      model,
      router: 0,
      name: nameOf(model),
      token,
      peer: tunnel.peer!,
      local: tunnel.local,
    };
    for (const candidate of forKeyring(bench, chosen, profile)) {
      const holds = (edits: readonly Edit[]): boolean =>
        heals(model, applyEdits([model], edits, reveal)[0]!, tunnel, candidate, faulty);
      if (!holds(candidate.edits)) continue;
      const whole = extend(null, candidate);
      const edits = fewest(whole, holds, triesFor([model]));
      const plan = { ...whole, edits };
      const changes = changesLeft(plan);
      if (changes === null) continue;
      const commands = commandsFor(edits, 0);
      const after = applyEdits([model], edits, reveal);
      if (!keepsMet(after[0]!)) continue;
      const peers = new Set([tunnel.peer!]);
      const { text, sideEffects, cost } = weigh(plan, changes, [model], after, peers);
      const repair: Repair = {
        router: model.hostname,
        text,
        commands,
        verified: true,
        replay: 'one-router',
        proof: proofOf(
          'replayed in both roles of this router',
          neededFor([model], edits, candidate.keeps, reveal),
        ),
        cures: [cureOf(model, tunnel, chosen)],
        restsOn: restsOnOrder(candidate) ? ['keyring-first-defined'] : [],
        sideEffects,
      };
      if (!found.has(commands.join('\n'))) found.set(commands.join('\n'), { repair, cost });
    }
  }
  return cheapest([...found.values()]);
}

/** Whoever calls from the address of the peer is refused. */
function cureOf(model: ConfigModel, { label, peer, local }: Tunnel, chosen: Chosen): Cure {
  const rings = keyringsOf(chosen.profiles!.winner!.profile);
  const shadowed = shadowedKeys(model, chosen.keys.winner!.entry.line, chosen.keys.lost);
  return {
    initiator: null,
    responder: model.hostname,
    tunnel: label,
    finding: shadowed.some(({ ring }) => rings.includes(ring.name))
      ? 'default-keyring-shadows'
      : 'keyring-mismatch-after-mm5',
    initiatorAddress: peer,
    responderAddress: local,
  };
}

type Faulty = { readonly tunnel: Tunnel; readonly chosen: Chosen };

/** Tunnels whose peer is refused after MM5 because of the keyring. */
function faultyTunnels(model: ConfigModel): readonly Faulty[] {
  return tunnelsOf(model).flatMap((tunnel) => {
    if (tunnel.peer === null || tunnel.ikev2Profile !== null) return [];
    if (awaitsName(model, tunnel)) return [];
    const chosen = chooseAsResponder(model, askedFor(tunnel));
    return chosen.verification === 'fails' ? [{ tunnel, chosen }] : [];
  });
}

function heals(
  before: ConfigModel,
  after: ConfigModel,
  tunnel: Tunnel,
  candidate: Candidate,
  faulty: readonly Faulty[],
): boolean {
  if (broken(candidate.keeps, [before], [after]).length > 0) return false;
  if (baresProfile([before], [after])) return false;
  if (faultyTunnels(after).length >= faulty.length) return false;
  const same = tunnelsOf(after).find(
    ({ label, peer }) => label === tunnel.label && peer === tunnel.peer,
  );
  if (same === undefined) return false;
  const readings = restsOnOrder(candidate) ? [] : OTHER_READINGS.map(({ reading }) => reading);
  return [MAIN_READING, ...readings].every((reading) => {
    const first = chooseAsInitiator(after, askedFor(same), reading);
    const second = chooseAsResponder(after, askedFor(same), reading);
    const [one, other] = [first.keys.winner, second.keys.winner];
    if (one === null || other === null || second.verification === 'fails') return false;
    return one.entry === other.entry || sameSecret(one.entry, other.entry) === true;
  });
}
