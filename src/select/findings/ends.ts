import { isAddress } from '../../iosconfig/address.ts';
import type { ConfigModel } from '../../model/config.ts';
import type { Cure, Direction, Selection } from '../../model/selection.ts';
import { unreadLines } from '../damage.ts';
import type { WalkedLink } from '../directions.ts';
import { maySignInstead } from '../certificates.ts';
import { isakmpProfileNamed } from '../lookup.ts';
import { seenAttempt } from '../pairs.ts';
import { mayHoldKeysElsewhere, policiesOf } from '../policy.ts';
import { pfsRefusal } from '../phase2.ts';
import type { RefusedProxy } from '../phase2.ts';
import { awaitsName, tunnelFor } from '../selection.ts';
import { shadowedKeys } from '../shadow.ts';
import type { Proxy, Tunnel } from '../tunnels.ts';
import { refusedIdentity } from './identities.ts';
import { KEYRING_NOTE, between, nameOf } from './make.ts';
import type { ConfigPlace, Draft } from './make.ts';
import { IKEV1, settleBy, textFor, versionOf } from './texts.ts';

/** Each direction that fails, and pairs that come up from one side only. */
export function directionFindings(
  models: readonly ConfigModel[],
  walked: readonly WalkedLink[],
): readonly Draft[] {
  const failing = walked.filter(({ walk }) => walk?.outcome === 'fails');
  const drafts = failing.map((each): Draft => {
    const { link, walk, direction } = each;
    const version = versionOf(link);
    const text = textFor(walk!.finding ?? '', version, walk!.failingStep);
    const names = [models[link.from]!, models[link.to]!].map(nameOf);
    const refused = refusedIdentity(models, each);
    return {
      id: walk!.finding ?? 'inconclusive',
      severity: 'failure',
      title: `${names[0]!} cannot bring ${direction.tunnel ?? 'the tunnel'} up towards ${names[1]!}: ${text?.fault ?? walk!.why}`,
      explanation:
        `${sentence(walk!.why)}${refused.text} ${text?.means ?? ''}${contested(each)}`.trim(),
      places: [...placesOf(models, each), ...refused.places],
      settle: [settleBy(version)],
      references: text?.references ?? [],
      isOf: (cure) => isSame(direction, cure),
    };
  });
  return [
    ...drafts,
    ...oneSided(models, walked),
    ...partial(models, walked),
    ...rekeys(models, walked),
  ];
}

/** The direction of a link, whose repairs bring it up. */
function isSame(direction: Direction, cure: Cure): boolean {
  return (
    cure.initiator === direction.initiator &&
    cure.responder === direction.responder &&
    cure.tunnel === direction.tunnel
  );
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
      const version = versionOf(up.link);
      const text = textFor(back.walk?.finding ?? '', version);
      const from = nameOf(models[up.link.from]!);
      const to = nameOf(models[up.link.to]!);
      return [
        {
          id: 'one-direction-only',
          severity: 'warning' as const,
          title: `The tunnel between ${from} and ${to} comes up only when ${from} initiates`,
          explanation: `${from} to ${to}: ${up.direction.why}.${contested(up)} ${to} to ${from} fails at ${back.direction.failingStep ?? ''}: ${back.direction.why}. While traffic or a rekey starts at ${from} nothing is noticed; after a reload of either side the tunnel may stay down.`,
          places: placesOf(models, back),
          settle: [settleBy(version)],
          references: version === 1 ? [KEYRING_NOTE] : (text?.references ?? []),
          isOf: (cure: Cure) => isSame(back.direction, cure),
        },
      ];
    });
}

/** The direction that fails while the other comes up: between the same addresses, where the two have several tunnels. */
function wayBack(walked: readonly WalkedLink[], up: WalkedLink): WalkedLink | undefined {
  const back = walked.filter(
    ({ link, walk }) => walk !== null && link.from === up.link.to && link.to === up.link.from,
  );
  const there = seenAttempt(up.link);
  const same = back.filter(({ link }) => {
    const attempt = seenAttempt(link);
    return (
      attempt?.initiatorAddress === there?.responderSeen &&
      attempt?.responderSeen === there?.initiatorAddress
    );
  });
  const ways = same.length > 0 ? same : back;
  if (ways.some(({ walk }) => walk?.outcome === 'up')) return undefined;
  return ways.find(({ walk }) => walk?.outcome === 'fails');
}

/** Access lists of which only a part is taken on the other side, for want of a counterpart or for its profile. */
function partial(models: readonly ConfigModel[], walked: readonly WalkedLink[]): readonly Draft[] {
  return walked.flatMap(({ link, walk }) => {
    if (walk?.outcome !== 'up' || walk.phase2?.kind !== 'up') return [];
    const { refused } = walk.phase2;
    const [from, to] = [models[link.from]!, models[link.to]!];
    const unknown = refused.filter(({ byProfile }) => byProfile === null);
    const places = new Set(refused.map(({ byProfile }) => byProfile?.tunnel).filter(Boolean));
    return [
      ...[...places].map((place) =>
        refusedByProfile(
          from,
          to,
          link.tunnel,
          refused.filter(({ byProfile }) => byProfile?.tunnel === place),
          versionOf(link),
        ),
      ),
      ...(unknown.length === 0 ? [] : [withoutCounterpart(from, to, link.tunnel, unknown)]),
    ];
  });
}

function withoutCounterpart(
  from: ConfigModel,
  to: ConfigModel,
  own: Tunnel,
  refused: readonly RefusedProxy[],
): Draft {
  const { text, isOne } = entries(own, refused);
  return {
    id: 'proxy-identity-mismatch',
    severity: 'warning',
    title: `${text} of the access list of ${nameOf(from)} ${isOne ? 'has' : 'have'} no counterpart on ${nameOf(to)}`,
    explanation: `The tunnel comes up for some traffic. The rest is proposed by ${nameOf(from)} and refused by ${nameOf(to)}.`,
    places: refused.map(({ proxy }) => ({ model: from, line: proxy.line })),
    references: ['RFC 2409 section 5.5'],
  };
}

function refusedByProfile(
  from: ConfigModel,
  to: ConfigModel,
  own: Tunnel,
  refused: readonly RefusedProxy[],
  version: 1 | 2,
): Draft {
  const { text, isOne } = entries(own, refused);
  const { finding, why, tunnel, lines: at } = refused[0]!.byProfile!;
  return {
    id: finding,
    severity: 'warning',
    title: `${text} of the access list of ${nameOf(from)} ${isOne ? 'is' : 'are'} refused by ${tunnel.label} of ${nameOf(to)} for its profile`,
    explanation: `The tunnel comes up for some traffic. For the rest ${nameOf(to)} has a counterpart, but ${why}.`,
    places: [
      ...at.map((line) => ({ model: to, line })),
      ...refused.map(({ proxy }) => ({ model: from, line: proxy.line })),
    ],
    references: textFor(finding, version)?.references ?? [],
  };
}

type Noun = readonly [one: string, more: string];

const NOUNS = {
  entry: ['entry', 'entries'],
  other: ['other', 'others'],
  networks: ['pair of networks', 'pairs of networks'],
  flow: ['flow', 'flows'],
} as const satisfies Record<string, Noun>;

function counted(count: number, [one, more]: Noun): string {
  return count === 1 ? `one ${one}` : `${String(count)} ${more}`;
}

/** An entry by object groups stands for many flows, and may be refused in part. */
function entries(
  { proxies }: Tunnel,
  refused: readonly RefusedProxy[],
): { readonly text: string; readonly isOne: boolean } {
  const all = countByLine(proxies);
  const gone = [...countByLine(refused.map(({ proxy }) => proxy))];
  const whole = gone.filter(([line, count]) => all.get(line) === count).length;
  const parts = gone.filter(([line, count]) => all.get(line) !== count);
  const flows = parts.reduce((sum, [, count]) => sum + count, 0);
  const services = new Set(
    proxies
      .filter(({ line }) => parts.some(([at]) => at === line))
      .map(({ protocol, source, destination }) =>
        [protocol, source.port, destination.port].join(' '),
      ),
  );
  const flow = services.size > 1 ? NOUNS.flow : NOUNS.networks;
  const where = whole > 0 ? NOUNS.other : NOUNS.entry;
  const texts = [
    ...(whole > 0 ? [counted(whole, NOUNS.entry)] : []),
    ...(flows > 0 ? [`${counted(flows, flow)} in ${counted(parts.length, where)}`] : []),
  ];
  return { text: capital(texts.join(' and ')), isOne: whole + flows === 1 };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function countByLine(proxies: readonly Proxy[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { line } of proxies) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** PFS has no part in IKE_AUTH; what it refuses under IKEv2 is a rekey. */
function rekeys(models: readonly ConfigModel[], walked: readonly WalkedLink[]): readonly Draft[] {
  return walked.flatMap(({ link, walk }) => {
    const far = walk?.phase2?.tunnel ?? null;
    if (walk?.outcome !== 'up' || far === null || versionOf(link) === 1) return [];
    const refusal = pfsRefusal(link.tunnel, far);
    if (refusal === null) return [];
    const [from, to] = [models[link.from]!, models[link.to]!];
    return [
      {
        id: 'pfs-mismatch',
        severity: 'warning' as const,
        title: `${nameOf(to)} refuses to rekey ${far.label} when ${nameOf(from)} begins: PFS differs`,
        explanation: `The tunnel comes up, because the first child SA of IKEv2 uses the key exchange of the IKE SA. When ${nameOf(from)} begins the rekey, ${refusal.why}, and the rekey fails. With the same "set pfs" on both ends, or none, it passes.`,
        places: [
          ...refusal.lines.map((line) => ({ model: to, line })),
          { model: from, line: link.tunnel.pfs?.line ?? link.tunnel.line },
        ],
        settle: [
          `"debug crypto ikev2" of ${nameOf(to)} while ${nameOf(from)} rekeys confirms or refutes it.`,
        ],
        references: ['RFC 7296 sections 1.2 and 1.3.3'],
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
  if (unreadLines(model, 1).length > 0) return [];
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
  if (maySignInstead(model) || mayHoldKeysElsewhere(model)) return [];
  return [
    {
      id: 'no-psk-for-peer',
      severity: 'failure',
      title: `${nameOf(model)} has no key for ${selection.peer} of ${selection.tunnel ?? ''}`,
      explanation: `${selection.profileKeyrings.length > 0 ? `The search is limited to ${selection.profileKeyrings.join(', ')}. ` : ''}${IKEV1['no-psk-for-peer']!.means}`,
      places: [
        ...selection.candidates.map(({ line }) => ({ model, line })),
        ...model.interfaces
          .filter(({ name }) => name === selection.tunnel)
          .map(({ line }) => ({ model, line })),
      ],
      references: [KEYRING_NOTE],
      isOf: between(model, (address) => address === selection.peer),
    },
  ];
}

function responderFault(model: ConfigModel, selection: Selection): readonly Draft[] {
  if (selection.verification === 'fails') {
    const shadowed = shadowedKeys(model, selection.entryLine, selection.candidates).some(
      ({ ring }) => selection.profileKeyrings.includes(ring.name),
    );
    const id = shadowed ? 'default-keyring-shadows' : 'keyring-mismatch-after-mm5';
    return [
      {
        id,
        severity: 'failure',
        title: `${selection.peer} cannot bring ${selection.tunnel ?? 'the tunnel'} up towards ${nameOf(model)}: ${IKEV1[id]!.fault}`,
        explanation: `${nameOf(model)} uses ${selection.keyring ?? ''} at MM3; the identity ${selection.peer} matches profile ${selection.matchedProfile ?? ''}, which uses ${selection.profileKeyrings.join(', ')}. ${IKEV1[id]!.means}${branchText(selection)}`,
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
          settleBy(1),
          'The configuration of the other router: with it both directions are replayed.',
        ],
        references: IKEV1[id]!.references,
        isOf: between(model, (address) => address === selection.peer),
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
      title: `${selection.peer} cannot bring ${tunnel.label} up towards ${nameOf(model)}: ${IKEV1[id]!.fault}`,
      explanation: `The identity ${selection.peer} matches ${held}, and ${tunnel.label} requires ${wanted.name}. ${IKEV1[id]!.means}${branchText(selection)}`,
      places: [
        ...lines(model, [selection.matchedLine, tunnel.isakmpProfile!.line]),
        ...wanted.matches.map(({ line }) => ({ model, line })),
      ],
      settle: [
        settleBy(1),
        'The configuration of the other router: with it both directions are replayed.',
      ],
      references: IKEV1[id]!.references,
      isOf: between(model, (address) => address === selection.peer),
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
  return `${capital(text)}.`;
}
