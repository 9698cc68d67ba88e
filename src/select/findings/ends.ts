import { isAddress } from '../../iosconfig/address.ts';
import type { ConfigModel } from '../../model/config.ts';
import type { Selection } from '../../model/selection.ts';
import type { WalkedLink } from '../directions.ts';
import { maySignInstead } from '../certificates.ts';
import { isakmpProfileNamed } from '../lookup.ts';
import { policiesOf } from '../policy.ts';
import { uncoveredProxies } from '../phase2.ts';
import { awaitsName, tunnelFor } from '../selection.ts';
import { CERTIFICATE_NOTE, KEYRING_NOTE, nameOf } from './make.ts';
import type { ConfigPlace, Draft } from './make.ts';

type Text = {
  /** Completes "R2 cannot bring the tunnel up towards R1: …". */
  readonly fault: string;
  readonly means: string;
  readonly references: readonly string[];
};

const TEXTS: Readonly<Record<string, Text>> = {
  'keyring-mismatch-after-mm5': {
    fault: 'the responder uses a keyring that the matched profile does not allow',
    means:
      'The responder must choose a key at MM3, when it knows the address of the peer only. After MM5 the identity selects a profile, and the keyring used must be one of that profile. The keyring is compared, not the key, so that changing keys does not help.',
    references: [KEYRING_NOTE, 'RFC 2409 section 5: SKEYID = prf(pre-shared-key, Ni_b | Nr_b)'],
  },
  'keyring-mismatch-after-mm6': {
    fault: 'the initiator used a keyring that the profile matched after MM6 does not allow',
    means:
      'No profile is bound to the tunnel, so that the initiator matches one by the identity in MM6 and then verifies the keyring it has used.',
    references: [KEYRING_NOTE],
  },
  'default-keyring-shadows': {
    fault: 'the responder uses a global key where a keyring was meant',
    means:
      'The global keys are searched before every named keyring, whatever their masks. The key of the keyring that the profile names is never reached.',
    references: [KEYRING_NOTE],
  },
  'psk-mismatch': {
    fault: 'the two routers use different keys',
    means:
      'The key that the responder selects is not the one that the initiator uses. MM5 does not decrypt, which IOS reports as a malformed message.',
    references: [KEYRING_NOTE, 'RFC 2409 section 5: SKEYID = prf(pre-shared-key, Ni_b | Nr_b)'],
  },
  'no-psk-for-peer': {
    fault: 'a router has no key for the other',
    means:
      'Without a key the initiator sends nothing, and a responder rejects every pre-share transform.',
    references: [KEYRING_NOTE],
  },
  'ike-policy-mismatch': {
    fault: 'no proposal fits a policy',
    means:
      'Encryption, key length, hash, group and authentication must all be equal in one pair of policies.',
    references: ['RFC 2409 section 5 and appendix A'],
  },
  'profile-mismatch-phase2': {
    fault: 'the responder matches another profile than its tunnel requires',
    means:
      'Phase 1 completes. In phase 2 the responder accepts the tunnel or map entry only if the IKE SA has the profile named there; otherwise it answers PROPOSAL_NOT_CHOSEN with error 32, as for wrong access lists.',
    references: [KEYRING_NOTE],
  },
  'profile-not-matched': {
    fault: 'no profile of the responder matches the identity, and its tunnel requires one',
    means:
      'Phase 1 completes without a profile. A tunnel or map entry that names one refuses the IKE SA in phase 2.',
    references: [KEYRING_NOTE],
  },
  'proxy-identity-mismatch': {
    fault: 'the proxy identities do not fit',
    means:
      'What the initiator proposes to protect must be covered by a tunnel or access list of the responder, with source and destination exchanged.',
    references: ['RFC 2409 section 5.5'],
  },
  'transform-set-mismatch': {
    fault: 'the transforms or PFS of phase 2 differ',
    means:
      'One transform set must be equal on both sides, and a responder with PFS insists on its group.',
    references: ['RFC 2409 section 5.5'],
  },
  'certificate-trustpoint-mismatch': {
    fault: 'a certificate is refused by the trust-points of the profile',
    means:
      'The responder asks for certificates of all its trust-points, because it knows no profile yet. What comes back must fit the trust-points of the profile that MM5 selects.',
    references: [CERTIFICATE_NOTE],
  },
  'aggressive-mode-rejected': {
    fault: 'aggressive mode is configured on one side and refused on the other',
    means: 'A router with aggressive mode disabled neither starts nor answers it.',
    references: ['RFC 2409 section 5'],
  },
  'ikev2-profile-not-found': {
    fault: 'no IKEv2 profile matches the identity of the peer',
    means: 'The identity of the peer selects the IKEv2 profile; without one the exchange ends.',
    references: ['RFC 7296 section 2.15'],
  },
  'ikev2-auth-failed': {
    fault: 'the keys or methods of authentication differ',
    means:
      'IKEv2 reads the identity before it needs a key, so that the keyring cannot be wrong; the key itself is.',
    references: ['RFC 7296 section 2.15'],
  },
  'ike-version-mismatch': {
    fault: 'the ends speak different versions of IKE',
    means:
      'An IKEv2 profile on the tunnel of one side needs one on the other; without it the tunnel speaks IKEv1.',
    references: ['RFC 7296', 'RFC 2409'],
  },
  'peer-unreachable': {
    fault: 'ISAKMP is disabled',
    means: 'A router with ISAKMP disabled neither sends nor answers MM1.',
    references: [],
  },
};

const SETTLE =
  '"debug crypto isakmp" of the responder while the other side initiates confirms or refutes it.';

/** Each direction that fails, and pairs that come up from one side only. */
export function directionFindings(
  models: readonly ConfigModel[],
  walked: readonly WalkedLink[],
): readonly Draft[] {
  const failing = walked.filter(({ walk }) => walk?.outcome === 'fails');
  const drafts = failing.map((each): Draft => {
    const { link, walk, direction } = each;
    const text = TEXTS[walk!.finding ?? ''];
    const names = [models[link.from]!, models[link.to]!].map(nameOf);
    return {
      id: walk!.finding ?? 'inconclusive',
      severity: 'failure',
      title: `${names[0]!} cannot bring ${direction.tunnel ?? 'the tunnel'} up towards ${names[1]!}: ${text?.fault ?? walk!.why}`,
      explanation: `${sentence(walk!.why)} ${text?.means ?? ''}${contested(each)}`.trim(),
      places: placesOf(models, each),
      settle: [SETTLE],
      references: text?.references ?? [],
    };
  });
  return [...drafts, ...oneSided(models, walked), ...partial(models, walked)];
}

export function placesOf(models: readonly ConfigModel[], each: WalkedLink): readonly ConfigPlace[] {
  return (each.walk?.places ?? []).map(({ side, line }) => ({
    model: models[side === 'initiator' ? each.link.from : each.link.to]!,
    line,
  }));
}

function contested({ contested: rules }: WalkedLink): string {
  if (rules.length === 0) return '';
  return ` By another reading of the documents it ends otherwise (${rules.join(', ')}).`;
}

function oneSided(models: readonly ConfigModel[], walked: readonly WalkedLink[]): readonly Draft[] {
  return walked
    .filter(({ walk }) => walk?.outcome === 'up')
    .flatMap((up) => {
      const back = wayBack(walked, up);
      if (back === undefined) return [];
      const from = nameOf(models[up.link.from]!);
      const to = nameOf(models[up.link.to]!);
      return [
        {
          id: 'one-direction-only',
          severity: 'warning' as const,
          title: `The tunnel between ${from} and ${to} comes up only when ${from} initiates`,
          explanation: `${from} to ${to}: ${up.direction.why}. ${to} to ${from} fails at ${back.direction.failingStep ?? ''}: ${back.direction.why}. While traffic or a rekey starts at ${from} nothing is noticed; after a reload of either side the tunnel may stay down.`,
          places: placesOf(models, back),
          settle: [SETTLE],
          references: [KEYRING_NOTE],
        },
      ];
    });
}

/** The direction that fails while the other comes up: between the same addresses, where the two have several tunnels. */
function wayBack(walked: readonly WalkedLink[], up: WalkedLink): WalkedLink | undefined {
  const back = walked.filter(
    ({ link, walk }) => walk !== null && link.from === up.link.to && link.to === up.link.from,
  );
  const same = back.filter(
    ({ link: { attempt } }) =>
      attempt?.initiatorAddress === up.link.attempt?.responderSeen &&
      attempt?.responderSeen === up.link.attempt?.initiatorAddress,
  );
  const ways = same.length > 0 ? same : back;
  if (ways.some(({ walk }) => walk?.outcome === 'up')) return undefined;
  return ways.find(({ walk }) => walk?.outcome === 'fails');
}

/** Access lists of which only a part is mirrored on the other side. */
function partial(models: readonly ConfigModel[], walked: readonly WalkedLink[]): readonly Draft[] {
  return walked.flatMap(({ link, walk }) => {
    const far = walk?.phase2?.tunnel ?? null;
    if (walk?.outcome !== 'up' || far === null) return [];
    const missing = uncoveredProxies(link.tunnel, far);
    if (missing.length === 0) return [];
    const names = [models[link.from]!, models[link.to]!].map(nameOf);
    return [
      {
        id: 'proxy-identity-mismatch',
        severity: 'warning' as const,
        title: `${String(missing.length)} entries of the access list of ${names[0]!} have no counterpart on ${names[1]!}`,
        explanation: `The tunnel comes up for some traffic. Traffic of the other entries is proposed by ${names[0]!} and refused by ${names[1]!}.`,
        places: missing.map(({ line }) => ({ model: models[link.from]!, line })),
        references: ['RFC 2409 section 5.5'],
      },
    ];
  });
}

/** What fails in one router's own selections, whatever the other end is; used where no direction tells it. */
export function roleFindings(
  model: ConfigModel,
  selections: readonly Selection[],
  walked: ReadonlySet<string>,
): readonly Draft[] {
  return selections.flatMap((selection): readonly Draft[] => {
    if (selection.tunnel === null || walked.has(`${selection.role} ${selection.peer}`)) return [];
    if (selection.rules.includes('ikev2-keyring-of-profile')) return [];
    return selection.role === 'initiator'
      ? initiatorFault(model, selection)
      : responderFault(model, selection);
  });
}

function initiatorFault(model: ConfigModel, selection: Selection): readonly Draft[] {
  const policies = policiesOf(model);
  const psk =
    policies === null || policies.every(({ authentication }) => authentication === 'pre-share');
  if (selection.keyring !== null || !psk || !isAddress(selection.peer)) return [];
  if (maySignInstead(model)) return [];
  return [
    {
      id: 'no-psk-for-peer',
      severity: 'failure',
      title: `${nameOf(model)} has no key for ${selection.peer} of ${selection.tunnel ?? ''}`,
      explanation: `${selection.profileKeyrings.length > 0 ? `The search is limited to ${selection.profileKeyrings.join(', ')}. ` : ''}${TEXTS['no-psk-for-peer']!.means}`,
      places: [
        ...selection.candidates.map(({ line }) => ({ model, line })),
        ...model.interfaces
          .filter(({ name }) => name === selection.tunnel)
          .map(({ line }) => ({ model, line })),
      ],
      references: [KEYRING_NOTE],
    },
  ];
}

function responderFault(model: ConfigModel, selection: Selection): readonly Draft[] {
  if (selection.verification === 'fails') {
    const shadowed = selection.rules.includes('keyring-default-first');
    const id = shadowed ? 'default-keyring-shadows' : 'keyring-mismatch-after-mm5';
    return [
      {
        id,
        severity: 'failure',
        title: `${selection.peer} cannot bring ${selection.tunnel ?? 'the tunnel'} up towards ${nameOf(model)}: ${TEXTS[id]!.fault}`,
        explanation: `${nameOf(model)} uses ${selection.keyring ?? ''} at MM3; the identity ${selection.peer} matches profile ${selection.matchedProfile ?? ''}, which uses ${selection.profileKeyrings.join(', ')}. ${TEXTS[id]!.means}${branchText(selection)}`,
        places: lines(model, [selection.entryLine, selection.matchedLine]).concat(
          (isakmpProfileNamed(model, selection.matchedProfile)?.keyrings ?? []).map(({ line }) => ({
            model,
            line,
          })),
          selection.candidates
            .filter(({ keyring }) => selection.profileKeyrings.includes(keyring))
            .map(({ line }) => ({ model, line })),
        ),
        settle: [
          SETTLE,
          'The configuration of the other router: with it both directions are replayed.',
        ],
        references: TEXTS[id]!.references,
      },
    ];
  }
  return boundFault(model, selection);
}

/** The tunnel requires another profile than the address of its peer matches. */
function boundFault(model: ConfigModel, selection: Selection): readonly Draft[] {
  const tunnel = tunnelFor(model, selection.peer, selection.fvrf, null);
  const wanted = isakmpProfileNamed(model, tunnel?.isakmpProfile?.name ?? null);
  if (tunnel === null || wanted === null || wanted.name === selection.matchedProfile) return [];
  if (wanted.matches.length === 0 || awaitsName(model, tunnel)) return [];
  if (selection.keyring === null) return [];
  const id = selection.matchedProfile === null ? 'profile-not-matched' : 'profile-mismatch-phase2';
  const held =
    selection.matchedProfile === null ? 'no profile' : `profile ${selection.matchedProfile}`;
  return [
    {
      id,
      severity: 'failure',
      title: `${selection.peer} cannot bring ${tunnel.label} up towards ${nameOf(model)}: ${TEXTS[id]!.fault}`,
      explanation: `The identity ${selection.peer} matches ${held}, and ${tunnel.label} requires ${wanted.name}. ${TEXTS[id]!.means}${branchText(selection)}`,
      places: [
        ...lines(model, [selection.matchedLine, tunnel.isakmpProfile!.line]),
        ...wanted.matches.map(({ line }) => ({ model, line })),
      ],
      settle: [
        SETTLE,
        'The configuration of the other router: with it both directions are replayed.',
      ],
      references: TEXTS[id]!.references,
    },
  ];
}

function branchText(selection: Selection): string {
  if (selection.branches.length === 0) return '';
  return ` By another reading of the documents the selection is different (${selection.branches.map(({ rule }) => rule).join(', ')}).`;
}

function lines(model: ConfigModel, at: readonly (number | null)[]): ConfigPlace[] {
  return at.filter((line) => line !== null).map((line) => ({ model, line }));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
