import { covers } from '../iosconfig/address.ts';
import type { IdentityMatch, IsakmpProfile } from '../model/config.ts';
import { both, present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import { fullName } from './identity.ts';
import { sentBy } from './identity-sent.ts';
import type { Sent } from './identity-sent.ts';
import { isakmpProfileNamed, servesLocal } from './lookup.ts';
import { EXACT, requestedProfile, selectProfile, specificity } from './profile.ts';
import { identityWords, matchCommand, matchFor } from './statements.ts';
import type { Tunnel } from './tunnels.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** The tunnel of the responder requires a profile that the IKE SA does not have: what keeps it from that one, then the rest. */
export function forProfile(
  benches: Benches,
  attempt: Attempt,
  walk: Walk,
  far: Tunnel,
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
    wanted === null ? null : acceptAny(responder, far),
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
  const match =
    command === null
      ? null
      : simple(
          own,
          `Let profile ${wanted.name} match what ${sender} sends, ${identityWords(identity)}.`,
          blockOf(wanted),
          command,
        );
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
  if (matched === null || far.binding === null) return [];
  const { match, profile } = matched;
  return [
    simple(
      own,
      `Bind profile ${profile.name} to ${far.label}.`,
      far.binding.command,
      `set isakmp-profile ${profile.name}`,
    ),
    simple(
      own,
      `Remove the match that takes this peer from profile ${profile.name}.`,
      blockOf(profile),
      `no ${matchCommand(match)}`,
      [`Other peers that match profile ${profile.name} by this line no longer do.`],
    ),
  ];
}

/** The tunnel asks for no profile any more. */
function acceptAny(own: Bench, far: Tunnel): Candidate | null {
  if (far.binding === null) return null;
  const loosened = `${far.label} is then open to every peer that has a key, whatever profile it matches.`;
  return {
    ...simple(
      own,
      `Let ${far.label} accept any profile, or an SA without one.`,
      far.binding.command,
      'no set isakmp-profile',
      [loosened, ...asInitiator(own, far)],
    ),
    behind: 'looser',
  };
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
