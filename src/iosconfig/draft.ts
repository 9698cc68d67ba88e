import type * as model from '../model/config.ts';
import { expandList } from './object-groups.ts';
import type { ObjectGroup, WrittenList } from './object-groups.ts';

/** A model object while it is being read: lists may grow, fields may change. */
export type Draft<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K];
};

type Lists =
  | 'keyrings'
  | 'policies'
  | 'profiles'
  | 'transformSets'
  | 'ipsecProfiles'
  | 'cryptoMaps'
  | 'dynamicMaps'
  | 'interfaces'
  | 'accessLists'
  | 'aggressivePeers'
  | 'trustpoints'
  | 'certificateMaps'
  | 'clientGroups'
  | 'natStatics'
  | 'natOverloads'
  | 'vrfs'
  | 'hosts'
  | 'ikev2Proposals'
  | 'ikev2Policies'
  | 'ikev2Keyrings'
  | 'ikev2Profiles';

/** One router's configuration while it is being read. */
export type ConfigDraft = Omit<Draft<model.ConfigModel>, Lists> & {
  readonly keyrings: Map<string, Draft<model.Keyring>>;
  readonly policies: Map<number, Draft<model.IsakmpPolicy>>;
  readonly profiles: Map<string, Draft<model.IsakmpProfile>>;
  readonly transformSets: Map<string, Draft<model.TransformSet>>;
  readonly ipsecProfiles: Map<string, Draft<model.IpsecProfile>>;
  readonly cryptoMaps: Map<string, MapDraft>;
  readonly dynamicMaps: Map<string, MapDraft>;
  readonly interfaces: Map<string, InterfaceDraft>;
  readonly accessLists: Map<string, WrittenList>;
  readonly objectGroups: Map<string, ObjectGroup>;
  readonly aggressivePeers: Map<string, Draft<model.AggressivePeer>>;
  readonly trustpoints: Map<string, Draft<model.Trustpoint>>;
  readonly certificateMaps: Map<string, Draft<model.CertificateMap>>;
  readonly clientGroups: Map<string, Draft<model.ClientGroup>>;
  readonly natStatics: model.NatStatic[];
  readonly natOverloads: model.NatOverload[];
  readonly vrfs: Map<string, model.NameUse>;
  readonly hosts: Map<string, string>;
  readonly ikev2Proposals: Map<string, Draft<model.Ikev2Proposal>>;
  readonly ikev2Policies: Map<string, Draft<model.Ikev2Policy>>;
  readonly ikev2Keyrings: Map<string, Ikev2KeyringDraft>;
  readonly ikev2Profiles: Map<string, Draft<model.Ikev2Profile>>;
};

export type EntryDraft = Draft<model.CryptoMapEntry>;

export type MapDraft = Omit<Draft<model.CryptoMap>, 'entries'> & {
  readonly entries: Map<number, EntryDraft>;
};

export type TunnelDraft = Draft<model.Tunnel>;

export type InterfaceDraft = Omit<Draft<model.Interface>, 'tunnel'> & {
  tunnel: TunnelDraft | null;
};

export type Ikev2PeerDraft = Draft<model.Ikev2KeyringPeer>;

export type Ikev2KeyringDraft = Omit<Draft<model.Ikev2Keyring>, 'peers'> & {
  readonly peers: Map<string, Ikev2PeerDraft>;
};

export function emptyDraft(input: string): ConfigDraft {
  return {
    input,
    hostname: null,
    version: null,
    firewallLine: null,
    keyrings: new Map(),
    policies: new Map(),
    profiles: new Map(),
    transformSets: new Map(),
    ipsecProfiles: new Map(),
    cryptoMaps: new Map(),
    dynamicMaps: new Map(),
    interfaces: new Map(),
    accessLists: new Map(),
    objectGroups: new Map(),
    aggressivePeers: new Map(),
    trustpoints: new Map(),
    certificateMaps: new Map(),
    clientGroups: new Map(),
    natStatics: [],
    natOverloads: [],
    vrfs: new Map(),
    hosts: new Map(),
    ikev2Proposals: new Map(),
    ikev2Policies: new Map(),
    ikev2Keyrings: new Map(),
    ikev2Profiles: new Map(),
    ikev2Removed: { proposal: false, policy: false },
    isakmpIdentity: 'address',
    domainName: null,
    isakmpEnabled: true,
    aggressiveModeDisabled: false,
    defaultPoliciesDisabled: false,
    natTransparency: true,
    fragmentation: false,
    keepalive: null,
    lifeSeconds: null,
    lineStates: [],
    masterKeys: [],
    openedKeys: new Map(),
    lines: [],
    definitions: [],
    uses: [],
    anomalies: [],
  };
}

/** The finished model: plain lists in order of definition. */
export function finish({
  objectGroups,
  ...draft
}: ConfigDraft): Omit<model.ConfigModel, 'definitions' | 'uses'> {
  return {
    ...draft,
    keyrings: [...draft.keyrings.values()],
    policies: [...draft.policies.values()].sort((a, b) => a.priority - b.priority),
    profiles: [...draft.profiles.values()],
    transformSets: [...draft.transformSets.values()],
    ipsecProfiles: [...draft.ipsecProfiles.values()],
    cryptoMaps: [...draft.cryptoMaps.values()].map(finishMap),
    dynamicMaps: [...draft.dynamicMaps.values()].map(finishMap),
    interfaces: [...draft.interfaces.values()],
    accessLists: [...draft.accessLists.values()].map((list) => expandList(list, objectGroups)),
    aggressivePeers: [...draft.aggressivePeers.values()],
    trustpoints: [...draft.trustpoints.values()],
    certificateMaps: [...draft.certificateMaps.values()],
    clientGroups: [...draft.clientGroups.values()],
    vrfs: [...draft.vrfs.values()],
    ikev2Proposals: [...draft.ikev2Proposals.values()],
    ikev2Policies: [...draft.ikev2Policies.values()],
    ikev2Keyrings: [...draft.ikev2Keyrings.values()].map((keyring) => ({
      ...keyring,
      peers: [...keyring.peers.values()],
    })),
    ikev2Profiles: [...draft.ikev2Profiles.values()],
  };
}

function finishMap(map: MapDraft): model.CryptoMap {
  return { ...map, entries: [...map.entries.values()].sort((a, b) => a.sequence - b.sequence) };
}
