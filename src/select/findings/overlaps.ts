import { ipv6Network, networkOf, parseIpv4, parseIpv6 } from '../../iosconfig/address.ts';
import type { ConfigModel, IdentityMatch, Ikev2Profile } from '../../model/config.ts';
import { localMatches, prefixOf, remoteMatches } from '../ikev2-profile.ts';
import { apart } from '../lookup.ts';
import { specificity } from '../profile.ts';
import { domainsOf } from '../profile-index.ts';
import { KEYRING_NOTE, between, nameOf, required } from './make.ts';
import type { Draft, ProfileKind } from './make.ts';

type Match = Pick<IdentityMatch, 'value' | 'prefixLength' | 'vrf' | 'line'> & {
  readonly kind: IdentityMatch['kind'] | 'any';
};

type Named = { readonly name: string };

type Statement<P> = { readonly profile: P; readonly match: Match };

type Pair<P> = {
  readonly inner: Statement<P>;
  readonly outer: Statement<P>;
  /** The profile that is defined first, when both match equally. */
  readonly first: P | null;
};

/** What a pair of profiles is called, and what it means that both match. */
type Words = {
  readonly use: ProfileKind;
  readonly profiles: string;
  /** Completes "P is more specific and …". */
  readonly wins: string;
  readonly outcome: string;
};

const IKEV1: Words = {
  use: 'isakmp-profile',
  profiles: 'Profiles',
  wins: "wins; by the vendor's table the first in the configuration would",
  outcome: 'A tunnel that requires the other one is refused in phase 2.',
};

const IKEV2: Words = {
  use: 'ikev2-profile',
  profiles: 'IKEv2 profiles',
  wins: 'is taken to win',
  outcome:
    'IKEv2 profiles that overlap are a configuration error, so that a release may select otherwise; a tunnel that requires the other one gets no child SA.',
};

/** Two profiles that one identity matches. */
export function overlaps(model: ConfigModel): readonly Draft[] {
  const v1 = model.profiles.flatMap((profile) =>
    profile.matches.map((match) => ({ profile, match })),
  );
  const v2 = model.ikev2Profiles.flatMap((profile) =>
    remoteMatches(profile).flatMap((match) => {
      const read = ikev2Match(match);
      return read === null ? [] : [{ profile, match: read }];
    }),
  );
  return [
    ...pairsOf(v1, (one, other) => apart(model, one.localAddress, other.localAddress)).map((pair) =>
      draft(model, pair, IKEV1),
    ),
    ...pairsOf(v2, (one, other) => ikev2Apart(model, one, other)).map((pair) =>
      draft(model, pair, IKEV2),
    ),
  ];
}

function draft(model: ConfigModel, { inner, outer, first }: Pair<Named>, words: Words): Draft {
  const rule =
    first === null
      ? `${inner.profile.name} is more specific and ${words.wins}`
      : `both match equally, and ${first.name} is defined first`;
  const names = [inner.profile.name, outer.profile.name];
  return {
    id: 'profile-overlap',
    severity: 'warning',
    title: `${words.profiles} ${names.join(' and ')} of ${nameOf(model)} match the same peers`,
    explanation: `${whoMatches(inner.match)} matches both profiles: ${rule}. ${words.outcome}`,
    places: [
      { model, line: inner.match.line },
      { model, line: outer.match.line },
      ...required(model, words.use, names),
    ],
    references: [KEYRING_NOTE],
    isOf: between(model),
  };
}

function whoMatches({ kind, value, prefixLength }: Match): string {
  switch (kind) {
    case 'any':
      return 'Any identity';
    case 'certificate-map':
      return `A certificate that fits map ${value}`;
    case 'host-domain':
    case 'user-domain':
      return `An identity in domain ${value}`;
    case 'address':
    case 'ipv6': {
      if (prefixLength === 0) return 'Any address';
      const isHost = prefixLength === (kind === 'address' ? 32 : 128);
      return isHost ? `An identity ${value}` : `An identity in ${value}/${String(prefixLength)}`;
    }
    case 'host':
    case 'user':
    case 'group':
      return `An identity ${value}`;
  }
}

const KINDS: Readonly<Record<string, Match['kind']>> = {
  any: 'any',
  fqdn: 'host',
  'fqdn-domain': 'host-domain',
  email: 'user',
  'email-domain': 'user-domain',
  'key-id': 'group',
  'certificate-map': 'certificate-map',
};

/** A statement of an IKEv2 profile in the words of IKEv1; null for one that is not modelled. */
function ikev2Match({ kind, value, mask, line }: Ikev2Profile['matches'][number]): Match | null {
  const base = { value, vrf: null, line };
  if (kind === 'address') {
    const type = parseIpv4(value) === null ? 'ipv6' : 'ipv4';
    return {
      ...base,
      kind: type === 'ipv4' ? 'address' : 'ipv6',
      prefixLength: prefixOf(mask, type),
    };
  }
  const known = KINDS[kind];
  return known === undefined ? null : { ...base, kind: known, prefixLength: null };
}

function ikev2Apart(model: ConfigModel, one: Ikev2Profile, other: Ikev2Profile): boolean {
  if (one.fvrf !== other.fvrf && one.fvrf !== 'any' && other.fvrf !== 'any') return true;
  const [mine, theirs] = [localMatches(one), localMatches(other)];
  if (mine.length === 0 || theirs.length === 0) return false;
  return mine.every((each) => theirs.every((their) => apart(model, each, their)));
}

/** Two profiles are told of once for a tie and once for each that lies within the other, whatever their names. */
function pairsOf<P extends Named>(
  statements: readonly Statement<P>[],
  areApart: (one: P, other: P) => boolean,
): readonly Pair<P>[] {
  const byKey = new Map<string, Statement<P>[]>();
  const lengths = new Set<number>();
  const order = new Map<P, number>();
  for (const statement of statements) {
    const { profile, match } = statement;
    if (!order.has(profile)) order.set(profile, order.size);
    const key = keyOf(match, match.prefixLength);
    if (key === null) continue;
    if (match.prefixLength !== null) lengths.add(match.prefixLength);
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [statement]);
    else list.push(statement);
  }
  const pairs = new Map<string, Pair<P>>();
  for (const list of byKey.values()) {
    for (const inner of list) {
      for (const outer of covering(inner, byKey, lengths)) {
        if (outer.profile === inner.profile || areApart(inner.profile, outer.profile)) continue;
        const equal = weight(inner.match) === weight(outer.match);
        const places = [order.get(inner.profile)!, order.get(outer.profile)!];
        const first = places[0]! < places[1]! ? inner.profile : outer.profile;
        const key = equal
          ? `tie ${places.sort((a, b) => a - b).join(' ')}`
          : `within ${places.join(' ')}`;
        if (!pairs.has(key)) pairs.set(key, { inner, outer, first: equal ? first : null });
      }
    }
  }
  return [...pairs.values()];
}

function weight({ kind, ...match }: Match): number {
  return kind === 'any' ? -1 : specificity({ kind, ...match });
}

function covering<P>(
  { match }: Statement<P>,
  byKey: ReadonlyMap<string, readonly Statement<P>[]>,
  lengths: ReadonlySet<number>,
): readonly Statement<P>[] {
  const own = match.prefixLength;
  const keys =
    own === null
      ? namesCovering(match)
      : [...lengths].filter((length) => length <= own).map((length) => keyOf(match, length));
  return [...new Set([...keys, 'any'])].flatMap((key) => byKey.get(key ?? '') ?? []);
}

/** A name is matched by its own statement and by every domain that it lies in. */
function namesCovering(match: Match): readonly (string | null)[] {
  const value = match.value.toLowerCase();
  const own = keyOf(match, null);
  switch (match.kind) {
    case 'host':
    case 'host-domain':
      return [own, ...domainsOf(value).map((each) => `host-domain ${each}`)];
    case 'user':
      return [own, `user-domain ${value.slice(value.indexOf('@') + 1)}`];
    default:
      return [own];
  }
}

function keyOf(match: Match, length: number | null): string | null {
  if (match.kind === 'any') return 'any';
  if (match.kind === 'address' || match.kind === 'ipv6') {
    if (length === null) return null;
    const v4 = parseIpv4(match.value);
    const v6 = v4 === null ? parseIpv6(match.value) : null;
    if (v4 === null && v6 === null) return null;
    const network = v4 === null ? ipv6Network(v6!, length) : networkOf(v4, length);
    return `${match.kind} ${match.vrf ?? ''} ${String(length)} ${String(network)}`;
  }
  return `${match.kind} ${match.value.toLowerCase()}`;
}
