import { covers, parseIpv4 } from '../iosconfig/address.ts';
import type { ConfigModel, IdentityMatch, IsakmpProfile } from '../model/config.ts';
import type { ProfileChoice } from '../model/selection.ts';
import { both, present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import { fullName } from './identity.ts';
import { sentBy } from './identity-sent.ts';
import type { Sent } from './identity-sent.ts';
import { keyringsOf } from './keyring.ts';
import { isakmpProfileNamed, servesLocal } from './lookup.ts';
import { ownAddresses } from './pairs.ts';
import { placesAt } from './phase2.ts';
import { demandOf } from './propose-binding.ts';
import { EXACT, requestedProfile, selectProfile, specificity } from './profile.ts';
import { identityWords, matchCommand, matchFor } from './statements.ts';
import { tunnelsOf } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** The tunnel of the responder requires a profile that the IKE SA does not have: what keeps it from that one, then the rest. */
export function forProfile(
  benches: Benches,
  attempt: Attempt,
  walk: Walk,
  far: Tunnel,
  others: readonly ConfigModel[] = [],
): readonly Candidate[] {
  const { responder, initiator } = benches;
  const wanted = isakmpProfileNamed(responder.model, far.isakmpProfile?.name ?? null);
  const sent = sentBy(attempt, walk.initiator);
  const requested = walk.initiator?.requested ?? null;
  return present([
    ...(wanted === null || sent === null
      ? []
      : [
          ...letMatch(responder, wanted, initiator.name, sent, attempt, walk),
          ...sendOther(initiator, requested, responder.name, wanted, sent, attempt),
        ]),
    ...useMatched(responder, walk, far),
    ...narrow(responder, walk, sent, others),
    wanted === null ? null : acceptAny(responder, far),
  ]);
}

/**
 * The key is right and of a keyring that another profile names, the one that phase 2 demands: the identity has selected
 * the wrong profile, as that of a peer behind a translation may, which sends its inside address.
 */
export function forStrayIdentity(
  benches: Benches,
  attempt: Attempt,
  walk: Walk,
  others: readonly ConfigModel[],
): readonly Candidate[] {
  const { responder, initiator } = benches;
  const used = walk.responder?.keys.winner ?? null;
  const matched = walk.responder?.profiles?.winner?.profile ?? null;
  const sent = sentBy(attempt, walk.initiator);
  const { initiatorAddress, responderAddress, responderVrf } = attempt;
  if (used === null || matched === null || sent === null) return [];
  const wanted = placesAt(responder.model, initiatorAddress, responderAddress, responderVrf)
    .flatMap(
      (place) => isakmpProfileNamed(responder.model, place.isakmpProfile?.name ?? null) ?? [],
    )
    .find((profile) => profile !== matched && keyringsOf(profile).includes(used.keyring));
  if (wanted === undefined) return [];
  return present([
    ...letMatch(responder, wanted, initiator.name, sent, attempt, walk),
    ...narrow(responder, walk, sent, others),
  ]);
}

function simple(
  own: Bench,
  text: string,
  block: string | null,
  command: string,
  sideEffects: readonly string[] = [],
): Candidate {
  const edits = [{ router: own.router, block: block === null ? [] : [block], command }];
  return { text, edits, keeps: ['keys'], sideEffects };
}

function blockOf({ name }: IsakmpProfile): string {
  return `crypto isakmp profile ${name}`;
}

const BY_WIDTH =
  'It holds where the most specific match wins, as debugs show; by a table of the same document the first profile that matches does.';

/** The profile that is required serves the address that is called, and matches what the initiator sends. */
function letMatch(
  own: Bench,
  wanted: IsakmpProfile,
  sender: string,
  { identity }: Sent,
  attempt: Attempt,
  walk: Walk,
): readonly Candidate[] {
  const { model } = own;
  const fvrf = attempt.responderVrf;
  const anywhere = selectProfile(model, { identity, fvrf, local: null });
  const fits = anywhere.fitting.some(({ profile }) => profile === wanted);
  const matched = walk.responder?.profiles?.winner ?? null;
  // Against a profile that matches as well, only a narrower statement helps; two of one width are not valid.
  const isTaken =
    matched === null
      ? fits
      : identity.type === 'ipv4'
        ? matched.match.prefixLength === 32
        : identity.type === 'ipv6'
          ? matched.match.prefixLength === 128
          : specificity(matched.match) === EXACT;
  const command = isTaken ? null : matchFor(identity, fvrf);
  const made =
    command === null
      ? null
      : simple(
          own,
          `Let profile ${wanted.name} match what ${sender} sends, ${identityWords(identity)}.`,
          blockOf(wanted),
          command,
        );
  const fitsBefore = walk.responder?.profiles?.fitting.some(
    ({ profile }) => profile.line < wanted.line,
  );
  const match =
    made === null || !fitsBefore
      ? made
      : { ...made, sideEffects: [BY_WIDTH], against: 'profile-first-match' };
  const serving = servesLocal(model, wanted.localAddress, own.local) ? [] : serve(own, wanted);
  if (serving.length === 0) return present([match]);
  if (match === null) return serving;
  return serving.map((each) => both(each, match));
}

function serve(own: Bench, wanted: IsakmpProfile): readonly Candidate[] {
  const { value, vrf } = wanted.localAddress!;
  const bound = vrf === null ? value : `${value} ${vrf}`;
  return present([
    simple(
      own,
      `Let profile ${wanted.name} serve every local address, not ${value} alone.`,
      blockOf(wanted),
      `no local-address ${bound}`,
    ),
    own.local === null
      ? null
      : simple(
          own,
          `Let profile ${wanted.name} serve local address ${own.local}, which is called, in place of ${value}.`,
          blockOf(wanted),
          `local-address ${own.local}${vrf === null ? '' : ` ${vrf}`}`,
          [`Peers that call ${value} no longer match profile ${wanted.name}.`],
        ),
  ]);
}

/** An identity that the profile waits for, and that the initiator can send by itself. */
type Sendable = { readonly self: string; readonly global: 'address' | 'hostname' | null };

function sendableFor(own: Bench, match: IdentityMatch, attempt: Attempt): Sendable | null {
  const name = fullName(own.model).toLowerCase();
  const value = match.value.toLowerCase();
  switch (match.kind) {
    case 'address':
    case 'ipv6': {
      const reached =
        match.vrf === attempt.responderVrf &&
        match.prefixLength !== null &&
        covers(match.value, match.prefixLength, attempt.initiatorLocal);
      if (!reached) return null;
      return { self: match.kind === 'address' ? 'address' : 'address ipv6', global: 'address' };
    }
    case 'host':
      return name === value ? { self: 'fqdn', global: 'hostname' } : null;
    case 'host-domain':
      return name.endsWith(`.${value}`) ? { self: 'fqdn', global: 'hostname' } : null;
    case 'user':
      return { self: `user-fqdn ${match.value}`, global: null };
    case 'user-domain':
    case 'group':
    case 'certificate-map':
      return null;
  }
}

function sendOther(
  own: Bench,
  requested: IsakmpProfile | null,
  farName: string,
  wanted: IsakmpProfile,
  sent: Sent,
  attempt: Attempt,
): readonly Candidate[] {
  if (sent.from === 'client-endpoint') return [];
  const found = new Map<string, Candidate>();
  for (const match of wanted.matches) {
    const sendable = sendableFor(own, match, attempt);
    if (sendable === null) continue;
    const { self, global } = sendable;
    const waited = `, which profile ${wanted.name} of ${farName} matches`;
    if (requested !== null && !found.has(self)) {
      found.set(
        self,
        simple(
          own,
          `Let profile ${requested.name} of ${own.name} send ${wordsFor(self)}${waited}.`,
          blockOf(requested),
          `self-identity ${self}`,
        ),
      );
    }
    if (global === null || sent.from === 'self-identity') continue;
    const key = `global ${global}`;
    if (found.has(key) || own.model.isakmpIdentity === global) continue;
    found.set(
      key,
      simple(
        own,
        `Let ${own.name} send ${wordsFor(global)}${waited}.`,
        null,
        `crypto isakmp identity ${global}`,
        [`Every peer of ${own.name} for which no profile sets an identity is sent it as well.`],
      ),
    );
  }
  return [...found.values()];
}

function wordsFor(sendable: string): string {
  if (sendable.startsWith('address')) return 'its address';
  return sendable.startsWith('user-fqdn') ? `the user name ${sendable.slice(10)}` : 'its host name';
}

/** Another profile matched: the tunnel takes that one, or it lets go of the peer. */
function useMatched(own: Bench, walk: Walk, far: Tunnel): readonly (Candidate | null)[] {
  const matched = walk.responder?.profiles?.winner ?? null;
  if (matched === null) return [];
  const { profile } = matched;
  const stranded = othersAt(far);
  const bind = take(
    own,
    far,
    profile.name,
    `Bind profile ${profile.name} to ${far.label}.`,
    stranded,
  );
  return [bind === null || stranded.length === 0 ? bind : { ...bind, behind: 'strands' }];
}

/** Who else calls a place that is for nobody in particular matches another profile. */
function othersAt({ peer, hostname, label, isakmpProfile }: Tunnel): readonly string[] {
  return peer !== null || hostname !== null || isakmpProfile === null
    ? []
    : [`${label} then refuses every caller that matches profile ${isakmpProfile.name}.`];
}

/** The tunnel demands another profile, or none. */
function take(
  own: Bench,
  far: Tunnel,
  profile: string | null,
  text: string,
  sideEffects: readonly string[],
): Candidate | null {
  const demand = demandOf(own.model, far);
  if (demand === null) return null;
  const edits = [{ router: own.router, ...demand(profile) }];
  return { text, edits, keeps: ['keys'], sideEffects };
}

/** The statement that takes in the peer lets go of it: for those alone that it is known to be for, or altogether. */
function narrow(
  own: Bench,
  walk: Walk,
  sent: Sent | null,
  others: readonly ConfigModel[],
): readonly (Candidate | null)[] {
  const matched = walk.responder?.profiles?.winner ?? null;
  if (matched === null) return [];
  const { match, profile } = matched;
  const wide = match.kind === 'address' && match.prefixLength !== null && match.prefixLength < 32;
  const hosts = wide ? servedHosts(own.model, matched, sent, others) : [];
  const drop = {
    router: own.router,
    block: [blockOf(profile)],
    command: `no ${matchCommand(match)}`,
  };
  const cutOff = mayCutOff(own.model, matched, others);
  if (hosts.length === 0) {
    return [
      {
        text: `Remove the match that takes this peer from profile ${profile.name}.`,
        edits: [drop],
        keeps: ['keys'],
        sideEffects: [
          `Other peers that match profile ${profile.name} by this line no longer do.`,
          ...cutOff,
        ],
        behind: 'strands',
      },
    ];
  }
  const narrower = hosts.map((host) => ({
    ...drop,
    command: matchCommand({ ...match, value: host, mask: '255.255.255.255', prefixLength: 32 }),
  }));
  return [
    {
      text: `Let profile ${profile.name} match ${hosts.join(', ')} alone, not all of ${match.value} ${match.mask ?? ''}, which takes in this peer.`,
      edits: [...narrower, drop],
      keeps: ['keys'],
      sideEffects: [
        `Other peers in ${match.value} ${match.mask ?? ''} no longer match profile ${profile.name}: name those that belong to it, by the address that they send, which behind a translation is the inside one.`,
        ...cutOff,
      ],
      whole: true,
      behind: 'strands',
    },
  ];
}

/** Peers of the tunnels that demand a profile. */
function boundTo(model: ConfigModel, { name }: IsakmpProfile): readonly string[] {
  const bound = tunnelsOf(model).flatMap(({ peer, isakmpProfile }) =>
    peer !== null && isakmpProfile?.name === name ? [peer] : [],
  );
  return [...new Set(bound)];
}

/** Those of them of whom no configuration tells what they send, where no other statement is for them. */
function mayCutOff(
  model: ConfigModel,
  { profile, match }: ProfileChoice,
  others: readonly ConfigModel[],
): readonly string[] {
  const rest = profile.matches.filter((each) => each !== match);
  return boundTo(model, profile)
    .filter((peer) => !others.some((each) => ownAddresses(each).has(peer)))
    .filter((peer) => !rest.some((each) => takesAddress(each, peer)))
    .map(
      (peer) =>
        `${peer}, a peer for which profile ${profile.name} is demanded, may be cut off: nothing given tells which identity it sends.`,
    );
}

function takesAddress({ kind, value, prefixLength }: IdentityMatch, address: string): boolean {
  const isAddress = kind === 'address' || kind === 'ipv6';
  return isAddress && prefixLength !== null && covers(value, prefixLength, address);
}

/** Whom a statement is for besides the peer that it should let go: peers of its tunnels, and routers given that send such an address. */
function servedHosts(
  model: ConfigModel,
  { profile, match }: ProfileChoice,
  sent: Sent | null,
  others: readonly ConfigModel[],
): readonly string[] {
  const given = others.flatMap((each) => [...ownAddresses(each).keys()]);
  const held = new Set(
    profile.matches.flatMap(({ value, prefixLength }) => (prefixLength === 32 ? [value] : [])),
  );
  return [...new Set([...boundTo(model, profile), ...given])].filter(
    (host) =>
      takesAddress(match, host) &&
      host !== sent?.identity.value &&
      !held.has(host) &&
      parseIpv4(host) !== null,
  );
}

/** The tunnel asks for no profile any more. */
function acceptAny(own: Bench, far: Tunnel): Candidate | null {
  const loosened = `${far.label} is then open to every peer that has a key, whatever profile it matches.`;
  const text = `Let ${far.label} accept any profile, or an SA without one.`;
  const made = take(own, far, null, text, [loosened, ...asInitiator(own, far)]);
  return made === null ? null : { ...made, behind: 'looser' };
}

function asInitiator({ model, name }: Bench, far: Tunnel): readonly string[] {
  if (far.peer === null || far.responderOnly) return [];
  const found = requestedProfile(model, null, far.peer, far.fvrf, far.local).name;
  return found === null
    ? [
        `As initiator ${name} then asks for no profile, because none matches ${far.peer}, and takes the key from whatever keyring holds one.`,
      ]
    : [
        `As initiator ${name} then finds profile ${found} by the address of the peer, or asks for none: documents and debugs differ.`,
      ];
}
