import type { ConfigModel, TransformSet } from '../model/config.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { contains, endText } from '../select/access-list.ts';
import { tablesOf } from '../select/lookup.ts';
import { answerPhase2 } from '../select/phase2.ts';
import { transformsOf } from '../select/transforms.ts';
import { tunnelsOf, tunnelsTo } from '../select/tunnels.ts';
import type { Tunnel } from '../select/tunnels.ts';
import type { Against } from './agreement-policies.ts';
import { configEvidence } from './evidence.ts';
import { isTranslated, listed } from './facts.ts';
import { shownQuickModes } from './quick-mode-shown.ts';
import type { ShownQuickMode, ShownSet } from './quick-mode-shown.ts';
import type { Weighed } from './rule.ts';

/** What an attempt shows of quick mode, held against transform sets, `set pfs` and access lists of the configurations. */

/** Where the configurations given cannot have been in force. */
export function againstQuickMode(attempt: Attempt): readonly Against[] {
  const found = shownQuickModes(attempt)
    .filter((shown) => !changesAddresses(attempt, shown))
    .flatMap((shown) => [...againstAsker(shown), ...againstReceiver(shown)]);
  return found.filter(
    ({ side, text }, at) =>
      found.findIndex((other) => other.side === side && other.text === text) === at,
  );
}

/** In transport mode each end names itself by the address that it has, which a translation changes on the way. */
const changesAddresses = (attempt: Attempt, { sets }: ShownQuickMode): boolean =>
  sets?.some(({ mode }) => mode === 'transport') === true && isTranslated(attempt);

/** The places of a router that are for one peer, where all of them tell what they ask for. */
function placesTo({ config, selection }: AttemptSide, far: AttemptSide): readonly Tunnel[] {
  const peer = selection?.peer ?? far.address;
  return config === null || peer === null ? [] : tunnelsTo(config, peer);
}

/** An asker proposes what its configuration has, and nothing else. */
function againstAsker({
  asker,
  receiver,
  sets,
  group,
  proxy,
  evidence,
}: ShownQuickMode): readonly Against[] {
  const { config, label } = asker;
  const places = placesTo(asker, receiver);
  const [first] = places;
  if (config === null || first === undefined) return [];
  const where = `${listed(places.map((place) => place.label))} of its configuration`;
  const found: Pick<Against, 'text' | 'evidence'>[] = [];

  const held = heldSets(config, places);
  const strange = held === null ? undefined : sets?.find((set) => !held.some(holds(set)));
  if (strange !== undefined) {
    found.push({
      text: `${label} proposes ${setText(strange)}, and ${where} names ${listed(held!.map(setText))} alone`,
      evidence: setLines(config, held!),
    });
  }
  const groups = new Set(places.map(({ pfs }) => pfs?.group ?? null));
  if (group !== undefined && !groups.has(group)) {
    found.push({
      text: `${label} proposes ${pfsText(group)}, and ${where} ${places.some(({ pfs }) => pfs !== null) ? `sets ${listed([...groups].map(pfsText))}` : 'sets no PFS'}`,
      evidence: pfsLines(config, places),
    });
  }
  const lists = places.flatMap(({ proxies }) => proxies);
  const isListed = places.every(
    ({ kind, proxies, unlisted }) => kind === 'map' && proxies.length > 0 && unlisted === null,
  );
  if (proxy !== null && isListed && !lists.some((entry) => covers(entry, proxy))) {
    const text = `${label} proposes traffic of ${endText(proxy.source)} with ${endText(proxy.destination)}, and no entry of the access list of ${where} covers it`;
    const lines = lists
      .slice(0, MOST_LINES)
      .map(({ line, source, destination }) =>
        configEvidence(
          config,
          line,
          `access list: ${endText(source)} ${endText(destination)}`,
          false,
        ),
      );
    found.push({ text, evidence: lines });
  }
  return found.map(({ text, evidence: lines }) => ({
    side: asker,
    text,
    evidence: [...evidence, ...lines],
  }));
}

const MOST_LINES = 4;

type Traffic = NonNullable<ShownQuickMode['proxy']>;

/** `per-host` and the like narrow what is proposed, and nothing widens it. */
const covers = (entry: Tunnel['proxies'][number], proxy: Traffic): boolean =>
  contains(entry.source, { ...proxy.source, port: entry.source.port }) &&
  contains(entry.destination, { ...proxy.destination, port: entry.destination.port });

/** The transform sets that these places name; null where one is not in the configuration, or the built-in one serves. */
function heldSets(config: ConfigModel, places: readonly Tunnel[]): readonly TransformSet[] | null {
  const names = [
    ...new Set(places.flatMap((place) => place.transformSets.map(({ name }) => name))),
  ];
  const isNamed = places.every(({ transformSets }) => transformSets.length > 0);
  const sets = names.map((name) => tablesOf(config).transformSets.get(name));
  const known = sets.filter((set) => set !== undefined);
  return isNamed && known.length === names.length ? known : null;
}

/** Whether a set of a configuration can have made a proposal: in transport mode it proposes tunnel mode for traffic of others. */
const holds =
  (shown: ShownSet) =>
  (set: TransformSet): boolean =>
    transformsOf(shown) === transformsOf(set) &&
    (shown.mode === 'tunnel' || set.mode === 'transport');

const setText = ({ transforms, mode }: ShownSet): string => `${transforms.join(' ')} (${mode})`;

const pfsText = (group: number | null): string =>
  group === null ? 'no PFS' : `PFS group ${String(group)}`;

const setLines = (config: ConfigModel, sets: readonly TransformSet[]): readonly Weighed[] =>
  sets
    .slice(0, MOST_LINES)
    .map((set) =>
      configEvidence(config, set.line, `transform set ${set.name}: ${setText(set)}`, false),
    );

const pfsLines = (config: ConfigModel, places: readonly Tunnel[]): readonly Weighed[] =>
  places
    .slice(0, MOST_LINES)
    .map(({ pfs, line, label }) =>
      configEvidence(
        config,
        pfs?.line ?? line,
        pfs === null ? `${label} without "set pfs"` : `"set pfs" of ${label}`,
        false,
      ),
    );

/** Findings of the replay that the proposal decides, whatever profile the IKE SA has. */
const DECIDED: ReadonlySet<string> = new Set(['proxy-identity-mismatch', 'transform-set-mismatch']);

/** A receiver accepts or refuses as its configuration replayed does. */
function againstReceiver(shown: ShownQuickMode): readonly Against[] {
  const { receiver, end, sets, evidence } = shown;
  const { config, label } = receiver;
  const answer = end === null ? null : replay(shown);
  if (answer === null || config === null || sets === null) return [];
  const what = listed(sets.map(setText));
  if (end === 'accepted') {
    if (answer.kind !== 'fails' || answer.tunnel === null || !DECIDED.has(answer.finding))
      return [];
    const text = `${label} accepts ${what}, and by its configuration it refuses: ${answer.why}`;
    return [{ side: receiver, text, evidence: [...evidence, ...placesIn(receiver, answer.lines)] }];
  }
  if (answer.kind !== 'up' || !answer.known || answer.tunnel === null) return [];
  if (answer.tunnel.doubt !== null || answer.tunnel.unlisted !== null) return [];
  const { label: place, line, transformSets } = answer.tunnel;
  const taken = transformSets.flatMap(({ name }) => tablesOf(config).transformSets.get(name) ?? []);
  const refused =
    end === 'transforms'
      ? what
      : `traffic of ${endText(shown.proxy!.source)} with ${endText(shown.proxy!.destination)}`;
  return [
    {
      side: receiver,
      text: `${label} refuses ${refused}, and ${place} of its configuration accepts this quick mode`,
      evidence: [...evidence, ...placesIn(receiver, [line]), ...setLines(config, taken)],
    },
  ];
}

/** How the configuration of the receiver alone refuses what was refused; null where it does not, or none is given. */
export function refusalReplayed(
  attempt: Attempt,
): { readonly text: string; readonly evidence: readonly Weighed[] } | null {
  for (const shown of shownQuickModes(attempt)) {
    const { receiver, end } = shown;
    if (receiver.config === null || end === null || end === 'accepted') continue;
    const answer = replay(shown);
    if (answer?.kind !== 'fails' || answer.finding !== FINDINGS[end]) continue;
    return {
      text: `By the configuration of ${receiver.label}: ${answer.why}.`,
      evidence: placesIn(receiver, answer.lines),
    };
  }
  return null;
}

const FINDINGS = {
  transforms: 'transform-set-mismatch',
  proxies: 'proxy-identity-mismatch',
} as const;

const placesIn = ({ config, label }: AttemptSide, lines: readonly number[]): readonly Weighed[] =>
  config === null
    ? []
    : lines
        .slice(0, MOST_LINES)
        .map((line) => configEvidence(config, line, `what ${label} compares it with`, false));

/** What the configuration of the receiver makes of it; null where it does not decide. */
function replay({
  asker,
  receiver,
  sets,
  group,
  proxy,
  end,
}: ShownQuickMode): ReturnType<typeof answerPhase2> | null {
  const { config, selection } = receiver;
  const peer = selection?.peer ?? asker.address;
  const local = receiver.address;
  if (config === null || peer === null || local === null) return null;
  // What is not shown would be guessed: it may be the very thing that was refused.
  if (sets === null || group === undefined || (proxy === null && tunnelsOf(config).length > 1))
    return null;
  if (end === 'proxies' && proxy === null) return null;
  const profile = receiver.log?.profileMatched?.name ?? selection?.matchedProfile ?? null;
  const fvrf = selection?.fvrf ?? null;
  const named = sets.map((set, at) => ({ ...set, name: `proposal ${String(at + 1)}` }));
  return answerPhase2({
    initiator: {
      ...config,
      // The mode is the one that was asked for, whatever the traffic.
      transformSets: named.map((set) => ({ ...set, modeRequired: true, line: 0 })),
    },
    initiatorTunnel: {
      label: 'the quick mode',
      kind: 'map',
      peer: local,
      hostname: null,
      local: peer,
      mode: null,
      key: null,
      fvrf,
      isakmpProfile: null,
      ikev2Profile: null,
      transformSets: named.map(({ name }) => ({ name, line: 0 })),
      pfs: group === null ? null : { group, line: 0 },
      lifeSeconds: null,
      proxies: proxy === null ? [] : [{ ...proxy, line: 0 }],
      responderOnly: false,
      binding: null,
      shadowedBy: null,
      unlisted: null,
      doubt: null,
      line: 0,
    },
    responder: config,
    peer,
    local,
    fvrf,
    ikeVersion: 1,
    profile,
  });
}
