import type { NameUse } from '../../model/config.ts';
import { commandsOf, irrelevant } from '../command.ts';
import type { AnyCall, Call, Command, Outcome } from '../command.ts';
import type { EntryDraft, MapDraft } from '../draft.ts';
import { number } from './fields.ts';

/** Transform sets, IPsec profiles and crypto maps. */
export const ipsecGlobals: readonly Command[] = commandsOf('global', [
  { words: 'crypto ipsec transform-set', run: transformSet },
  { words: 'crypto ipsec profile', run: ipsecProfile },
  {
    words: 'crypto ipsec security-association lifetime',
    run: (c) => {
      if (c.args[0] !== 'seconds') return 'not-modelled';
      c.draft.lifeSeconds = c.no ? null : number(c.args[1]);
      return 'modelled';
    },
  },
  {
    words: 'crypto ipsec nat-transparency',
    run: (c) => {
      if (!'udp-encapsulation'.startsWith(c.args[0] ?? '-')) return 'not-modelled';
      c.draft.natTransparency = !c.no;
      return 'modelled';
    },
  },
  { words: 'crypto ipsec security-association', run: () => 'not-modelled' },
  { words: 'crypto ipsec df-bit', run: () => 'irrelevant' },
  { words: 'crypto ipsec fragmentation', run: () => 'irrelevant' },
  { words: 'crypto ipsec', run: () => 'not-modelled' },
  { words: 'crypto dynamic-map', run: dynamicMap },
  { words: 'crypto map', run: cryptoMap },
]);

export const transformSetCommands: readonly Command[] = commandsOf('transform-set', [
  {
    words: 'mode',
    run: (c) => {
      const transport = !c.no && 'transport'.startsWith((c.args[0] ?? '-').toLowerCase());
      c.block.of.mode = transport ? 'transport' : 'tunnel';
      c.block.of.modeRequired = transport && c.args[1] === 'require';
      return 'modelled';
    },
  },
]);

type Protecting = Call<'ipsec-profile' | 'map-entry'>;

const shared: readonly { words: string; run: (c: Protecting) => Outcome }[] = [
  {
    words: 'set transform-set',
    run: (c) => {
      c.block.of.transformSets = c.no ? [] : c.args.map((name) => ({ name, line: c.line }));
      return 'modelled';
    },
  },
  {
    words: 'set pfs',
    run: (c) => {
      const group = number((c.args[0] ?? 'group1').replace(/^group/i, ''));
      if (group === null) return 'not-modelled';
      c.block.of.pfs = c.no ? null : { group, line: c.line };
      return 'modelled';
    },
  },
  {
    words: 'set isakmp-profile',
    run: (c) => {
      c.block.of.isakmpProfile = use(c);
      return 'modelled';
    },
  },
  {
    words: 'set ikev2-profile',
    run: (c) => {
      c.block.of.ikev2Profile = use(c);
      return 'modelled';
    },
  },
  {
    words: 'set security-association lifetime seconds',
    run: (c) => {
      c.block.of.lifeSeconds = c.no ? null : number(c.args[0]);
      return 'modelled';
    },
  },
  { words: 'set security-association', run: () => 'not-modelled' },
  { words: 'set identity', run: () => 'not-modelled' },
  { words: 'set reverse-route', run: () => 'irrelevant' },
  { words: 'set nat demux', run: () => 'not-modelled' },
  { words: 'set', run: () => 'not-modelled' },
];

export const ipsecProfileCommands: readonly Command[] = [
  ...commandsOf('ipsec-profile', shared),
  ...commandsOf('ipsec-profile', [
    {
      words: 'responder-only',
      run: (c) => {
        c.block.of.responderOnly = !c.no;
        return 'modelled';
      },
    },
  ]),
  ...irrelevant(['description']),
];

export const mapEntryCommands: readonly Command[] = [
  ...commandsOf('map-entry', shared),
  ...commandsOf('map-entry', [
    {
      words: 'set peer',
      run: (c) => {
        const value = c.args[0];
        if (value === undefined) return 'not-modelled';
        const at = c.block.of.peers.findIndex((peer) => peer.value === value);
        if (c.no && at >= 0) c.block.of.peers.splice(at, 1);
        if (!c.no && at < 0) c.block.of.peers.push({ value, line: c.line });
        return c.args[1] === 'dynamic' ? 'modelled-with-conditions' : 'modelled';
      },
    },
    {
      words: 'match address',
      run: (c) => {
        c.block.of.acl = use(c);
        return 'modelled';
      },
    },
  ]),
  ...irrelevant(['description', 'reverse-route', 'qos']),
];

function use(c: AnyCall): NameUse | null {
  const name = c.args[0];
  return c.no || name === undefined ? null : { name, line: c.line };
}

function transformSet(c: Call<'global'>): Outcome {
  const [name, ...words] = c.args;
  if (name === undefined) return false;
  if (c.no) return c.draft.transformSets.delete(name) ? 'modelled' : 'modelled-with-conditions';
  const transforms: string[] = [];
  for (const word of words) {
    if (/^\d+$/.test(word) && transforms.length > 0)
      transforms.push(`${transforms.pop()!} ${word}`);
    else transforms.push(word.toLowerCase());
  }
  const set = {
    name,
    transforms,
    mode: 'tunnel' as const,
    modeRequired: false,
    line: c.draft.transformSets.get(name)?.line ?? c.line,
  };
  c.draft.transformSets.set(name, set);
  c.open({ kind: 'transform-set', of: set });
  return 'modelled';
}

function ipsecProfile(c: Call<'global'>): Outcome {
  const name = c.args[0];
  if (name === undefined) return false;
  if (c.no) return c.draft.ipsecProfiles.delete(name) ? 'modelled' : 'modelled-with-conditions';
  const held = c.draft.ipsecProfiles.get(name) ?? {
    name,
    transformSets: [],
    isakmpProfile: null,
    ikev2Profile: null,
    pfs: null,
    lifeSeconds: null,
    responderOnly: false,
    line: c.line,
  };
  c.draft.ipsecProfiles.set(name, held);
  c.open({ kind: 'ipsec-profile', of: held });
  return 'modelled';
}

function mapNamed(maps: Map<string, MapDraft>, name: string, line: number): MapDraft {
  const held = maps.get(name);
  if (held !== undefined) return held;
  const made: MapDraft = {
    name,
    isakmpProfile: null,
    localAddressInterface: null,
    entries: new Map(),
    line,
  };
  maps.set(name, made);
  return made;
}

function openEntry(
  c: Call<'global'>,
  map: MapDraft,
  sequence: number,
  kind: EntryDraft['kind'],
  dynamicMap: NameUse | null,
): Outcome {
  const held: EntryDraft = map.entries.get(sequence) ?? {
    map: map.name,
    sequence,
    kind,
    dynamicMap,
    peers: [],
    transformSets: [],
    isakmpProfile: null,
    ikev2Profile: null,
    acl: null,
    pfs: null,
    lifeSeconds: null,
    line: c.line,
  };
  map.entries.set(sequence, held);
  c.open({ kind: 'map-entry', of: held });
  return 'modelled';
}

function dynamicMap(c: Call<'global'>): Outcome {
  const [name, seq] = c.args;
  const sequence = number(seq);
  if (name === undefined) return false;
  if (c.no) return removeEntry(c.draft.dynamicMaps, name, sequence);
  if (sequence === null) return false;
  return openEntry(c, mapNamed(c.draft.dynamicMaps, name, c.line), sequence, 'dynamic', null);
}

function removeEntry(maps: Map<string, MapDraft>, name: string, sequence: number | null): Outcome {
  const gone = sequence === null ? maps.delete(name) : maps.get(name)?.entries.delete(sequence);
  return gone === true ? 'modelled' : 'modelled-with-conditions';
}

function cryptoMap(c: Call<'global'>): Outcome {
  const [name, second = '', third, fourth, fifth] = c.args;
  if (name === undefined) return false;
  const sequence = number(second);
  if (sequence === null) return mapWide(c, name, second, third);
  if (c.no) return removeEntry(c.draft.cryptoMaps, name, sequence);
  const map = mapNamed(c.draft.cryptoMaps, name, c.line);
  const other = third === 'ipsec-manual' ? 'manual' : third === 'gdoi' ? 'gdoi' : null;
  if (other !== null || fourth === 'profile') {
    openEntry(c, map, sequence, other ?? 'template', null);
    return 'modelled-with-conditions';
  }
  const dynamic = fourth === 'dynamic' && fifth !== undefined;
  return openEntry(
    c,
    map,
    sequence,
    'ipsec-isakmp',
    dynamic ? { name: fifth, line: c.line } : null,
  );
}

function mapWide(
  c: Call<'global'>,
  name: string,
  word: string,
  value: string | undefined,
): Outcome {
  const held = value === undefined || c.no ? null : { name: value, line: c.line };
  switch (word) {
    case 'isakmp-profile':
      mapNamed(c.draft.cryptoMaps, name, c.line).isakmpProfile = held;
      return 'modelled';
    case 'local-address':
      mapNamed(c.draft.cryptoMaps, name, c.line).localAddressInterface = held;
      return 'modelled';
    case 'client':
    case 'isakmp':
    case 'gdoi':
    case 'ipv6':
    case 'redundancy':
      return 'not-modelled';
    case '':
      return c.no ? removeEntry(c.draft.cryptoMaps, name, null) : false;
    default:
      return false;
  }
}
