import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel, IsakmpProfile } from '../model/config.ts';
import {
  addToProfile,
  dropAll,
  dropDuplicate,
  moveGlobalKey,
  reorder,
  replaceKey,
  uniteKeyrings,
} from './candidates.ts';
import { present } from './candidates.ts';
import type { Bench, Benches, Candidate } from './candidates.ts';
import type { WalkedLink } from './directions.ts';
import { nameOf } from './findings/make.ts';
import { coveringKeys, keyIndex } from './key-index.ts';
import type { PlacedKey } from './key-index.ts';
import { entryText, keyringsOf } from './keyring.ts';
import { servesLocal } from './lookup.ts';
import { seenAttempt } from './pairs.ts';
import { forTrustpoint } from './propose-certificates.ts';
import { forIkev2Keys } from './propose-ikev2-keys.ts';
import { forIkev2Profile, forMethods } from './propose-ikev2.ts';
import { forLocalAddress, tieToLocal } from './propose-local.ts';
import { forMap, forTransforms } from './propose-phase2.ts';
import { forStrayIdentity } from './propose-profile.ts';
import { forMissingKey } from './propose-missing-key.ts';
import { forSilence } from './propose-place.ts';
import { forPolicy, forProposals } from './propose-policy.ts';
import { forVersion } from './propose-version.ts';
import { forTunnelVrf } from './propose-vrf.ts';
import { sameSecret } from './secret.ts';
import type { Chosen } from './selection.ts';
import { shadowedKeys } from './shadow.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** Changes that may help a direction that fails, by the step it fails at. None of them is replayed yet. */
export function proposeRepairs(
  models: readonly ConfigModel[],
  failing: WalkedLink,
  token: SecretToken,
): readonly Candidate[] {
  const { walk, link } = failing;
  // Who may use aggressive mode hangs on no address.
  const attempt = walk?.failingStep === 'am1' ? (link.call?.attempt ?? null) : seenAttempt(link);
  if (walk?.outcome !== 'fails' || attempt === null) return [];
  const benches = {
    initiator: bench(models, link.from, attempt, 'initiator', token),
    responder: bench(models, link.to, attempt, 'responder', token),
  };
  const others = models.filter((_, at) => at !== link.from && at !== link.to);
  return byStep(benches, attempt, walk, others);
}

function bench(
  models: readonly ConfigModel[],
  router: number,
  attempt: Attempt,
  side: 'initiator' | 'responder',
  token: SecretToken,
): Bench {
  const model = models[router]!;
  const far = side === 'initiator' ? 'responder' : 'initiator';
  return {
    model,
    router,
    name: nameOf(model),
    token,
    peer: far === 'responder' ? attempt.responderSeen : attempt.initiatorAddress,
    local: side === 'initiator' ? attempt.initiatorLocal : attempt.responderAddress,
  };
}

function byStep(
  benches: Benches,
  attempt: Attempt,
  walk: Walk,
  others: readonly ConfigModel[],
): readonly Candidate[] {
  switch (walk.failingStep) {
    case 'mm1-key-lookup':
      return [...forTunnelVrf(benches), ...forMissingKey(benches, attempt, walk)];
    case 'mm2-wait':
      if (walk.finding === 'ike-version-mismatch') return forVersion(benches, attempt);
      return walk.finding === 'peer-unreachable' ? forUnanswered(benches, attempt) : [];
    case 'sa-init-wait':
      if (walk.finding === 'ike-version-mismatch') return forVersion(benches, attempt);
      return walk.finding === 'peer-unreachable' ? forSilence(benches, attempt) : [];
    case 'mm1-policy':
      return forPolicy(benches);
    case 'mm5-decrypt':
    case 'am2':
      return forKeyValue(benches, attempt, walk);
    case 'mm5-verify':
      return [
        ...forStrayIdentity(benches, attempt, walk, others),
        ...forKeyring(
          benches.responder,
          walk.responder!,
          walk.responder!.profiles!.winner!.profile,
        ),
      ];
    case 'mm6-verify':
      return forInitiatorKeyring(benches.initiator, attempt, walk);
    case 'qm1-map-lookup':
      return [
        ...forMap(benches, attempt, walk, others),
        ...forLocalAddress(benches),
        ...forTunnelVrf(benches),
      ];
    case 'qm1-transform':
      return forTransforms(benches, attempt, walk);
    case 'mm5-cert-validate':
      return forTrustpoint(benches, walk);
    case 'am1':
      return forFirstMessage(benches, attempt, walk);
    case 'sa-init-proposal':
      return forProposals(benches, attempt);
    case 'ike-auth-profile-lookup':
      return forIkev2Profile(benches, attempt);
    case 'ike-auth-verify':
      return [...forMethods(benches, attempt), ...forIkev2Keys(benches, attempt)];
    case 'ike-auth-child-sa':
      return walk.finding === 'transform-set-mismatch'
        ? forTransforms(benches, attempt, walk)
        : forMap(benches, attempt, walk, others);
    default:
      return [];
  }
}

/** What aggressive mode refuses at AM1: the mode itself, the offer, or a peer without a key. */
function forFirstMessage(benches: Benches, attempt: Attempt, walk: Walk): readonly Candidate[] {
  if (walk.finding === 'no-psk-for-peer') return forMissingKey(benches, attempt, walk);
  if (walk.finding === 'ike-policy-mismatch') return forPolicy(benches);
  return forAggressive(benches, attempt, walk);
}

/** ISAKMP is disabled, or nothing of the responder uses it. */
function forUnanswered(benches: Benches, attempt: Attempt): readonly Candidate[] {
  const { initiator, responder } = benches;
  const off = [initiator, responder].filter(({ model }) => !model.isakmpEnabled);
  if (off.length === 0) return forSilence(benches, attempt);
  return [
    {
      text: `Enable ISAKMP on ${off.map(({ name }) => name).join(' and ')}.`,
      edits: off.map(({ router }) => ({ router, block: [], command: 'crypto isakmp enable' })),
      keeps: ['keys'],
      sideEffects: [],
    },
  ];
}

/** The keyring used is none of the profile's: one keyring, one key, or another order. */
export function forKeyring(
  own: Bench,
  chosen: Chosen,
  profile: IsakmpProfile,
): readonly Candidate[] {
  const used = chosen.keys.winner;
  if (used === null) return [];
  const rings = keyringsOf(profile);
  const keys = coveringKeys(keyIndex(own.model), own.peer);
  // MM5 decrypted, so that the key is right: one of another value is no help in its place.
  const holding = rings.filter((name) =>
    keys.some(({ ring, entry }) => ring.name === name && sameSecret(entry, used.entry) !== false),
  );
  // Global keys stand in the way of a keyring that fits; where none does, it is the profile that does not fit.
  const isShadow = shadowedKeys(own.model, used.entry.line, chosen.keys.lost).some(
    ({ entry }) => sameSecret(entry, used.entry) !== false,
  );
  const equal = holding.find((name) => name !== used.keyring);
  return present([
    holding.length > 0 ? dropDuplicate(own, used, holding) : null,
    ...rings.map((name) => uniteKeyrings(own, used, name)),
    tieToLocal(own, used),
    moveGlobalKey(own, used),
    isShadow ? null : addToProfile(own, used.keyring, profile),
    equal === undefined ? null : reorder(own, used, equal),
  ]);
}

/** The keys differ: the right one may be there and lose, or one side must change. */
function forKeyValue(benches: Benches, attempt: Attempt, walk: Walk): readonly Candidate[] {
  const first = walk.initiator?.keys.winner ?? null;
  const second = walk.responder?.keys.winner ?? null;
  if (first === null || second === null) return [];
  const { responder, initiator } = benches;
  const equal = coveringKeys(keyIndex(responder.model), responder.peer).filter(
    ({ entry }) => sameSecret(entry, first.entry) === true,
  );
  const right = equal.filter(({ ring }) => ring.name !== second.keyring);
  const names = right.map(({ ring }) => ring.name);
  // In one keyring a longer mask may hide the entry that is right.
  const hidden = equal.filter(
    ({ ring, entry }) => ring.name === second.keyring && entry !== second.entry,
  );
  const entries = hidden.map(({ entry }) => `the entry ${entryText(entry)} there`);
  const before = coveringKeys(keyIndex(initiator.model), initiator.peer)
    .filter(({ ring, entry }) => ring.name !== first.keyring || entry !== first.entry)
    .filter(({ entry }) => sameSecret(entry, second.entry) === true)
    .map(({ ring }) => ring.name);
  const rings = responder.model.keyrings;
  // Where the right key is held, it is the choice that is at fault.
  const isHeld = equal.length > 0 || before.length > 0;
  const beside = (change: Candidate): Candidate =>
    isHeld ? { ...change, behind: 'beside' } : change;
  return present([
    right.length > 0 ? dropDuplicate(responder, second, names) : null,
    right.length > 0 ? moveGlobalKey(responder, second) : null,
    right.length > 0 ? tieToLocal(responder, second) : null,
    right.length > 0 ? reorder(responder, second, names[0]!) : null,
    entries.length > 0 ? dropDuplicate(responder, second, entries) : null,
    dropAhead(responder, equal, attempt.responderVrf),
    before.length > 0 ? dropDuplicate(initiator, first, before) : null,
    rings.some(({ name }) => name === second.keyring)
      ? beside(replaceKey(responder, second, first.entry.secret))
      : null,
    initiator.model.keyrings.some(({ name }) => name === first.keyring)
      ? beside(replaceKey(initiator, first, second.entry.secret))
      : null,
  ]);
}

/** Several keys of other values stand before the right one, so that to remove the first only uncovers the next. */
function dropAhead(own: Bench, equal: readonly PlacedKey[], vrf: string | null): Candidate | null {
  const keys = coveringKeys(keyIndex(own.model), own.peer).filter(
    ({ ring }) => ring.vrf === vrf && servesLocal(own.model, ring.localAddress, own.local),
  );
  const order = inSearchOrder(keys);
  const at = order.findIndex((key) => equal.includes(key));
  return at < 2 ? null : dropAll(own, order.slice(0, at), order[at]!);
}

/** Global keys first, then by mask, then as they are defined. */
function inSearchOrder(keys: readonly PlacedKey[]): readonly PlacedKey[] {
  const isNamed = ({ ring }: PlacedKey): number => (ring.name === 'default' ? 0 : 1);
  return [...keys].sort(
    (a, b) =>
      isNamed(a) - isNamed(b) || (b.entry.prefixLength ?? -1) - (a.entry.prefixLength ?? -1),
  );
}

function forInitiatorKeyring(own: Bench, attempt: Attempt, walk: Walk): readonly Candidate[] {
  const chosen = walk.initiator!;
  const matched = own.model.profiles.filter((profile) =>
    profile.matches.some(({ line }) => walk.places.some((place) => place.line === line)),
  );
  const profile = matched[0];
  if (profile === undefined) return [];
  const binding = attempt.tunnel.binding;
  const bind: Candidate | null =
    binding === null
      ? null
      : {
          text: `Bind profile ${profile.name} to ${attempt.tunnel.label}.`,
          edits: [
            {
              router: own.router,
              block: [binding.command],
              command: `set isakmp-profile ${profile.name}`,
            },
          ],
          keeps: ['keys'],
          sideEffects: [],
        };
  return present([bind, ...forKeyring(own, chosen, profile)]);
}

function forAggressive(benches: Benches, attempt: Attempt, walk: Walk): readonly Candidate[] {
  const refusing = attempt.initiator.aggressiveModeDisabled ? benches.initiator : benches.responder;
  const requested = walk.initiator?.requested ?? null;
  const enable: Candidate = {
    text: `Allow aggressive mode on ${refusing.name}.`,
    edits: [
      { router: refusing.router, block: [], command: 'no crypto isakmp aggressive-mode disable' },
    ],
    keeps: ['keys'],
    sideEffects: ['Aggressive mode lets anybody who listens test keys offline.'],
  };
  if (requested?.aggressive !== true) return [enable];
  const main: Candidate = {
    text: `Let profile ${requested.name} of ${benches.initiator.name} use main mode.`,
    edits: [
      {
        router: benches.initiator.router,
        block: [`crypto isakmp profile ${requested.name}`],
        command: 'no initiate mode',
      },
    ],
    keeps: ['keys'],
    sideEffects: [],
  };
  return [main, enable];
}
