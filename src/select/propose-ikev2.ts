import { covers } from '../iosconfig/address.ts';
import type { ConfigModel, Ikev2Profile } from '../model/config.ts';
import { both, present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import type { Edit } from './edit.ts';
import {
  ikev2Identity,
  localMatches,
  prefixOf,
  remoteMatches,
  selectIkev2Profile,
  weighIdentity,
} from './ikev2-profile.ts';
import type { Identity } from './identity.ts';
import { servesLocal } from './lookup.ts';
import { identityWords, ikev2MatchCommand, ikev2MatchFor } from './statements.ts';
import { tunnelsOf, tunnelsTo } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';
import type { Attempt } from './walk-steps.ts';
import { tableText } from './words.ts';

type Match = Ikev2Profile['matches'][number];

/** One end of IKE_AUTH: its router, its profile, and what it says it is. */
export type AuthEnd = {
  readonly bench: Bench;
  readonly profile: Ikev2Profile;
  readonly identity: Identity;
  /** Its own address, as it knows it. */
  readonly address: string;
};

/** Both ends as far as the configurations tell; the responder is missing when no profile of it matches. */
export function authEnds(
  { initiator, responder }: Benches,
  attempt: Attempt,
): { readonly initiator: AuthEnd | null; readonly responder: AuthEnd | null } {
  const bound = attempt.tunnel.ikev2Profile?.name;
  const own = attempt.initiator.ikev2Profiles.find(({ name }) => name === bound);
  if (own === undefined) return { initiator: null, responder: null };
  const first = endOf(initiator, own, attempt.initiatorLocal);
  const far = selectIkev2Profile(attempt.responder, {
    identity: first.identity,
    proof: 'unknown',
    fvrf: attempt.responderVrf,
    local: attempt.responderAddress,
  }).profile;
  return {
    initiator: first,
    responder: far === null ? null : endOf(responder, far, attempt.responderAddress),
  };
}

function endOf(bench: Bench, profile: Ikev2Profile, address: string): AuthEnd {
  return { bench, profile, address, identity: ikev2Identity(bench.model, profile, address) };
}

export function ikev2Block({ name }: Ikev2Profile): string {
  return `crypto ikev2 profile ${name}`;
}

function simple(
  { router }: Bench,
  text: string,
  block: string,
  command: string,
  sideEffects: readonly string[] = [],
): Candidate {
  return { text, edits: [{ router, block: [block], command }], keeps: ['keys'], sideEffects };
}

/** No profile matches: the one that is meant gets a statement for the other end, or the other end says what it waits for. */
export function forIkev2Profile(benches: Benches, attempt: Attempt): readonly Candidate[] {
  const { initiator, responder } = authEnds(benches, attempt);
  if (initiator === null) return [];
  if (responder !== null) {
    return refusal(initiator, responder, attempt.tunnel.fvrf);
  }
  return profilesFor(attempt).flatMap((profile) => {
    const refusing = endOf(benches.responder, profile, attempt.responderAddress);
    return refusal(refusing, initiator, attempt.responderVrf);
  });
}

/** Profiles of the responder that its tunnel to this peer names; where none does, those of tunnels that wait for anybody. */
function profilesFor({ responder, initiatorAddress }: Attempt): readonly Ikev2Profile[] {
  const to = tunnelsTo(responder, initiatorAddress);
  const open = tunnelsOf(responder).filter(
    ({ peer, hostname }) => peer === null && hostname === null,
  );
  const names = new Set((to.length > 0 ? to : open).map(({ ikev2Profile }) => ikev2Profile?.name));
  return responder.ikev2Profiles.filter(({ name }) => names.has(name));
}

/** One end does not match the other, whose identity is known. */
function refusal(refusing: AuthEnd, sender: AuthEnd, fvrf: string | null): readonly Candidate[] {
  const { bench, profile, address } = refusing;
  const { model } = bench;
  const bound = localMatches(profile);
  const repairs: Candidate[][] = [];
  if (bound.length > 0 && !bound.some((each) => servesLocal(model, each, address))) {
    repairs.push(serveLocal(refusing));
  }
  if (profile.fvrf !== 'any' && profile.fvrf !== fvrf) repairs.push([serveVrf(refusing, fvrf)]);
  const fits = remoteMatches(profile).some(
    (match) => weighIdentity(match, sender.identity) !== null,
  );
  if (!fits)
    repairs.push(present([letMatch(refusing, sender), ...sayOther(refusing, sender)]).slice());
  return combine(repairs);
}

/** One of each list, so that every fault is mended. */
function combine(faults: readonly (readonly Candidate[])[]): readonly Candidate[] {
  return faults.reduce<readonly Candidate[]>(
    (made, options) =>
      made.length === 0
        ? options
        : made.flatMap((before) => options.map((after) => both(before, after))),
    [],
  );
}

function serveLocal({ bench, profile, address }: AuthEnd): Candidate[] {
  const bound = localMatches(profile);
  const block = [ikev2Block(profile)];
  const names = bound.map(({ value }) => value).join(', ');
  const edits = bound.map(({ value, line }): Edit => ({
    router: bench.router,
    block,
    command: `no ${ikev2MatchCommand({ kind: 'local-address', value, mask: null, line })}`,
  }));
  return [
    {
      text: `Let IKEv2 profile ${profile.name} serve every local address, not ${names} alone.`,
      edits,
      keeps: ['keys'],
      sideEffects: [],
    },
    simple(
      bench,
      `Let IKEv2 profile ${profile.name} serve local address ${address} as well.`,
      ikev2Block(profile),
      `match address local ${address}`,
    ),
  ];
}

function serveVrf({ bench, profile }: AuthEnd, fvrf: string | null): Candidate {
  return simple(
    bench,
    `Let IKEv2 profile ${profile.name} serve ${tableText(fvrf)}, where the peer is.`,
    ikev2Block(profile),
    fvrf === null ? `no match fvrf ${profile.fvrf ?? ''}` : `match fvrf ${fvrf}`,
    [`Peers in ${tableText(profile.fvrf)} no longer match it.`],
  );
}

function letMatch(
  { bench, profile }: AuthEnd,
  { bench: far, identity }: AuthEnd,
): Candidate | null {
  const command = ikev2MatchFor(identity);
  if (command === null) return null;
  return simple(
    bench,
    `Let IKEv2 profile ${profile.name} of ${bench.name} match what ${far.name} says it is, ${identityWords(identity)}.`,
    ikev2Block(profile),
    command,
  );
}

/** The other end says what the profile waits for. */
function sayOther(refusing: AuthEnd, sender: AuthEnd): readonly Candidate[] {
  const commands = new Set(
    remoteMatches(refusing.profile)
      .map((match) => sayable(match, sender.address))
      .filter((each) => each !== null),
  );
  return [...commands].map((command) =>
    simple(
      sender.bench,
      `Let ${sender.bench.name} say what IKEv2 profile ${refusing.profile.name} of ${refusing.bench.name} matches.`,
      ikev2Block(sender.profile),
      command,
      othersTold(sender),
    ),
  );
}

function sayable({ kind, value, mask }: Match, address: string): string | null {
  switch (kind) {
    case 'address': {
      const length = prefixOf(mask, value.includes(':') ? 'ipv6' : 'ipv4');
      return length !== null && covers(value, length, address)
        ? `identity local address ${address}`
        : null;
    }
    case 'fqdn':
    case 'email':
    case 'key-id':
      return `identity local ${kind} ${value}`;
    default:
      return null;
  }
}

function othersTold({ bench, profile }: AuthEnd): readonly string[] {
  const users = tunnelsOf(bench.model).filter(
    ({ ikev2Profile }) => ikev2Profile?.name === profile.name,
  );
  return users.length > 1
    ? [`Every tunnel with IKEv2 profile ${profile.name} says the same from then on.`]
    : [];
}

/** An end does not accept how the other one proves itself: either of them changes. */
export function forMethods(benches: Benches, attempt: Attempt): readonly Candidate[] {
  const { initiator, responder } = authEnds(benches, attempt);
  if (initiator === null || responder === null) return [];
  return [[initiator, responder] as const, [responder, initiator] as const].flatMap(
    ([prover, checker]) => {
      const used = prover.profile.authenticationLocal;
      const accepted = checker.profile.authenticationRemote;
      if (used === null || accepted.length === 0 || accepted.includes(used)) return [];
      return [
        ...accepted.map((method) =>
          simple(
            prover.bench,
            `Let ${prover.bench.name} prove itself by ${method}, which ${checker.bench.name} accepts.`,
            ikev2Block(prover.profile),
            `authentication local ${method}`,
            othersProve(prover, method),
          ),
        ),
        simple(
          checker.bench,
          `Let ${checker.bench.name} accept ${used} too, by which ${prover.bench.name} proves itself.`,
          ikev2Block(checker.profile),
          `authentication remote ${used}`,
          [`Every peer that matches IKEv2 profile ${checker.profile.name} may prove itself so.`],
        ),
      ];
    },
  );
}

function othersProve({ bench, profile }: AuthEnd, method: string): readonly string[] {
  const used = profile.authenticationLocal ?? '';
  const other = tunnelsOf(bench.model).filter(
    ({ ikev2Profile }) => ikev2Profile?.name === profile.name,
  );
  return other.length > 1
    ? [`Every tunnel with IKEv2 profile ${profile.name} uses ${method} in place of ${used}.`]
    : [];
}

/** The tunnel of the responder names another IKEv2 profile than the identity selects. */
export function forIkev2Binding(
  benches: Benches,
  attempt: Attempt,
  far: Tunnel,
): readonly Candidate[] {
  const { initiator, responder } = authEnds(benches, attempt);
  const wanted = profileNamed(attempt.responder, far.ikev2Profile?.name ?? null);
  if (initiator === null || responder === null || far.binding === null) return [];
  const { bench, profile } = responder;
  return present([
    simple(
      bench,
      `Bind IKEv2 profile ${profile.name} to ${far.label}.`,
      far.binding.command,
      `set ikev2-profile ${profile.name}`,
    ),
    wanted === null ? null : letMatch(endOf(bench, wanted, attempt.responderAddress), initiator),
  ]);
}

function profileNamed(model: ConfigModel, name: string | null): Ikev2Profile | null {
  return model.ikev2Profiles.find((each) => each.name === name) ?? null;
}
