import { canonicalAddress } from '../iosconfig/address.ts';
import type { ConfigModel, IsakmpProfile } from '../model/config.ts';
import type { Side } from '../model/exchange.ts';
import type {
  Branch,
  KeyringSearch,
  ProfileSearch,
  Selection,
  Verification,
} from '../model/selection.ts';
import type { Certificate } from './certificates.ts';
import { addressIdentity, ownIdentity, toIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { entryText, keyringsOf, madeEntry, searchKeyring, searchPassword } from './keyring.ts';
import type { KeyQuery } from './keyring.ts';
import { isakmpProfileNamed } from './lookup.ts';
import { isPsk, policiesOf } from './policy.ts';
import { requestedProfile, selectProfile } from './profile.ts';
import { MAIN_READING, OTHER_READINGS, TRIGGERS, ruleById } from './rules.ts';
import type { Reading } from './rules.ts';
import { tunnelsTo } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';
import { verifyKeyring } from './verify.ts';

/** What is selected for one peer in one role, before it is written as a `Selection`. */
export type Chosen = {
  readonly requested: IsakmpProfile | null;
  /** The name that is asked for, also when no such profile exists. */
  readonly requestedName: string | null;
  readonly keys: KeyringSearch;
  readonly profiles: ProfileSearch | null;
  readonly verification: Verification;
  readonly rules: readonly string[];
};

export type Asked = {
  readonly peer: string;
  readonly local: string | null;
  readonly fvrf: string | null;
  /** What the peer says it is, once that is known: in MM5 to a responder, in MM6 to an initiator. */
  readonly identity: Identity | null;
  readonly tunnel: Tunnel | null;
  /** The profile that an initiator is known to have requested, null for none; undefined where nothing tells. */
  readonly requested?: string | null | undefined;
  readonly certificate?: Certificate | null;
};

/** What is asked for a tunnel whose peer has not said yet who it is. Its peer must be known. */
export function askedFor(tunnel: Tunnel): Asked {
  const { peer, local, fvrf } = tunnel;
  return { peer: peer!, local, fvrf, identity: null, tunnel };
}

/** The initiator: profile requested, key at MM1, and verification after MM6 when no profile is bound. */
export function chooseAsInitiator(
  model: ConfigModel,
  asked: Asked,
  reading: Reading = MAIN_READING,
): Chosen {
  const { peer, fvrf, local, tunnel } = asked;
  const bound = tunnel?.isakmpProfile?.name ?? null;
  const request =
    asked.requested === undefined
      ? requestedProfile(model, bound, peer, fvrf, local, reading)
      : {
          name: asked.requested,
          profile: isakmpProfileNamed(model, asked.requested),
          rules: ['profile-initiator-logged'],
        };
  const hostname = tunnel?.hostname ?? null;
  const query = { peer, local, fvrf, profile: request.profile, hostname };
  const keys = searchPassword(model, query) ?? keysFor(model, query, reading);
  const rules = [...request.rules, ...keys.rules];
  const base = { requested: request.profile, requestedName: request.name, keys };
  if (request.name !== null) return { ...base, profiles: null, verification: 'none', rules };
  const profiles = matchProfile(model, asked, reading);
  const matched = profiles.winner?.profile ?? null;
  const verification = verify(model, keys, matched);
  return {
    ...base,
    profiles,
    verification,
    rules: [...rules, ...profiles.rules, ...(matched === null ? [] : ['verify-keyring-after-mm6'])],
  };
}

/** The responder: key at MM1 and MM3 without a profile, profile by identity at MM5, then verification. */
export function chooseAsResponder(
  model: ConfigModel,
  asked: Asked,
  reading: Reading = MAIN_READING,
): Chosen {
  const { peer, fvrf, local } = asked;
  const keys = keysFor(model, { peer, local, fvrf }, reading);
  const profiles = matchProfile(model, asked, reading);
  const matched = profiles.winner?.profile ?? null;
  return {
    requested: null,
    requestedName: null,
    keys,
    profiles,
    verification: verify(model, keys, matched),
    rules: [
      ...keys.rules,
      ...profiles.rules,
      ...(matched === null ? [] : ['verify-keyring-after-mm5']),
    ],
  };
}

/** The responder in aggressive mode: the identity is in AM1, so the profile comes first, then its keys by name and by address. */
export function chooseInAggressiveMode(
  model: ConfigModel,
  asked: Asked,
  reading: Reading = MAIN_READING,
): Chosen {
  const { identity } = asked;
  const profiles = matchProfile(model, { ...asked, certificate: null }, reading);
  const profile = profiles.winner?.profile ?? null;
  const chosen = { requested: null, requestedName: null, profiles };
  const group = model.clientGroups.find(
    ({ name }) => identity?.type === 'key-id' && name === identity.value,
  );
  if (group?.key != null) {
    const entry = madeEntry(group.name, group.key, group.secretType, group.line);
    const keys = { winner: { keyring: `group ${group.name}`, entry }, lost: [], rules: [] };
    const rules = [...profiles.rules, 'aggressive-identity-first'];
    return { ...chosen, keys, verification: 'none', rules };
  }
  const { peer, local, fvrf } = asked;
  const hostname = identity?.value ?? null;
  const keys = keysFor(model, { peer, local, fvrf, profile, hostname }, reading);
  return {
    ...chosen,
    keys,
    verification: verify(model, keys, profile),
    rules: [...profiles.rules, ...keys.rules, 'aggressive-identity-first'],
  };
}

/** With signatures alone nobody looks for a key, so that keyrings decide nothing. */
function signsOnly(model: ConfigModel): boolean {
  const policies = policiesOf(model);
  return policies !== null && policies.length > 0 && !policies.some(isPsk);
}

function keysFor(model: ConfigModel, query: KeyQuery, reading: Reading): KeyringSearch {
  if (!signsOnly(model)) return searchKeyring(model, query, reading);
  return { winner: null, lost: [], rules: ['signatures-need-no-key'] };
}

function verify(
  model: ConfigModel,
  keys: KeyringSearch,
  profile: IsakmpProfile | null,
): Verification {
  return signsOnly(model) ? 'none' : verifyKeyring(keys, profile);
}

/** What one router selects, with every other reading of the documents that would select something else. */
export function describeSelection(
  model: ConfigModel,
  role: Side,
  asked: Asked,
  mode: 'main' | 'aggressive' = 'main',
): Selection {
  const answer = mode === 'main' ? chooseAsResponder : chooseInAggressiveMode;
  const choose = role === 'initiator' ? chooseAsInitiator : answer;
  const chosen = choose(model, asked);
  const main = outline(chosen);
  const branches: Branch[] = [];
  for (const { rule, reading } of OTHER_READINGS) {
    if (!chosen.rules.includes(TRIGGERS[rule]!)) continue;
    const other = outline(choose(model, asked, reading));
    if (JSON.stringify(other) === JSON.stringify(main)) continue;
    branches.push({ rule, source: ruleById(rule)!.sources.join('; '), ...other });
  }
  const matched = chosen.profiles?.winner ?? null;
  const profile = matched?.profile ?? chosen.requested;
  return {
    router: model.hostname,
    role,
    peer: asked.peer,
    tunnel: asked.tunnel?.label ?? null,
    fvrf: asked.fvrf,
    ...main,
    entryLine: chosen.keys.winner?.entry.line ?? null,
    matchedLine: matched?.match.line ?? null,
    profileKeyrings: profile === null ? [] : keyringsOf(profile),
    rules: [...new Set(chosen.rules)],
    candidates: chosen.keys.lost,
    lostProfiles: chosen.profiles?.lost ?? [],
    branches,
  };
}

/** What an attempt tells of the tunnel that it is for, where a router has several to one peer. */
export type TunnelClues = {
  /** The ISAKMP profile of the tunnel, null for none; undefined where nothing tells. */
  readonly profile?: string | null | undefined;
  /** What the router called itself. */
  readonly sent?: Identity | null | undefined;
};

/** What is known of an attempt besides its ends. */
export type AttemptFacts = {
  readonly mode?: 'main' | 'aggressive';
  readonly clues?: TunnelClues;
  /** The profile that an initiator is known to have requested, null for none; undefined where nothing tells. */
  readonly requested?: string | null | undefined;
};

/**
 * What a router is expected to select for a negotiation that a log or capture shows. `identity` is the peer's, with
 * its type as logged (`ID_IPV4_ADDR`, `FQDN`, a number); without it, the address of the peer. Without a VRF, that of the
 * tunnel counts.
 */
export function selectionFor(
  model: ConfigModel,
  role: Side,
  peer: string,
  identity: { readonly type: string; readonly value: string } | null = null,
  fvrf?: string | null,
  localAddress: string | null = null,
  attempt: AttemptFacts = {},
): Selection {
  const address = canonicalAddress(peer);
  const tunnel = tunnelFor(model, address, fvrf, localAddress, attempt.clues);
  const asked = {
    peer: address,
    local: localAddress ?? tunnel?.local ?? null,
    fvrf: fvrf === undefined ? (tunnel?.fvrf ?? null) : fvrf,
    requested: attempt.requested,
    identity: identity === null ? null : toIdentity(identity),
    tunnel,
  };
  return describeSelection(model, role, asked, attempt.mode);
}

/** The tunnel that serves a peer; with several, one for the same local address and VRF comes first. Without a VRF, any. */
export function tunnelFor(
  model: ConfigModel,
  peer: string,
  fvrf: string | null | undefined,
  local: string | null,
  clues: TunnelClues = {},
): Tunnel | null {
  return tunnelsFor(model, peer, fvrf, local, clues)[0] ?? null;
}

/** The tunnels that may serve a peer, each thing that is known leaving out those that it does not fit. */
export function tunnelsFor(
  model: ConfigModel,
  peer: string,
  fvrf: string | null | undefined,
  local: string | null,
  { profile, sent = null }: TunnelClues,
): readonly Tunnel[] {
  const fits: readonly ((tunnel: Tunnel) => boolean)[] = [
    (tunnel) => local !== null && tunnel.local === local,
    (tunnel) => profile !== undefined && (tunnel.isakmpProfile?.name ?? null) === profile,
    (tunnel) => sent !== null && sends(model, tunnel, local, sent),
  ];
  return fits.reduce(
    (held, fit) => (held.some(fit) ? held.filter(fit) : held),
    tunnelsTo(model, peer).filter((tunnel) => fvrf === undefined || tunnel.fvrf === fvrf),
  );
}

/** Whether the router names itself so for this tunnel. */
function sends(model: ConfigModel, tunnel: Tunnel, local: string | null, sent: Identity): boolean {
  const bound = isakmpProfileNamed(model, tunnel.isakmpProfile?.name ?? null);
  const own = ownIdentity(model, bound, tunnel.local ?? local);
  return own?.type === sent.type && own.value.toLowerCase() === sent.value.toLowerCase();
}

/** The profile that a tunnel requires waits for a peer that sends a name; the address of the peer tells nothing then. */
export function awaitsName(model: ConfigModel, tunnel: Tunnel | null): boolean {
  const matches = isakmpProfileNamed(model, tunnel?.isakmpProfile?.name ?? null)?.matches ?? [];
  return matches.length > 0 && matches.every(({ kind }) => kind !== 'address' && kind !== 'ipv6');
}

function matchProfile(model: ConfigModel, asked: Asked, reading: Reading): ProfileSearch {
  return selectProfile(
    model,
    {
      identity: asked.identity ?? addressIdentity(asked.peer),
      fvrf: asked.fvrf,
      local: asked.local,
      certificate: asked.certificate ?? null,
    },
    reading,
  );
}

function outline(
  chosen: Chosen,
): Pick<Branch, 'requestedProfile' | 'keyring' | 'entry' | 'matchedProfile' | 'verification'> {
  const winner = chosen.keys.winner;
  return {
    requestedProfile: chosen.requestedName,
    keyring: winner?.keyring ?? null,
    entry: winner === null ? null : entryText(winner.entry),
    matchedProfile: chosen.profiles?.winner?.profile.name ?? null,
    verification: chosen.verification,
  };
}
