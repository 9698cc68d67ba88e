import type { ConfigModel, NameReference, NameUse, TemplateUse } from '../model/config.ts';
import { interfaceKey, isInterfaceName } from './interface-name.ts';

type Bare = Omit<ConfigModel, 'definitions' | 'uses'>;

/** Every name that the configuration gives to something, in order of lines. */
export function definitionsOf(model: Bare): readonly NameReference[] {
  const found: NameReference[] = [];
  const add = (kind: string, named: readonly { name: string; line: number }[]): void => {
    for (const { name, line } of named) found.push({ kind, name, line });
  };
  add(
    'keyring',
    model.keyrings.filter((ring) => ring.name !== 'default'),
  );
  add('isakmp-profile', model.profiles);
  add('transform-set', model.transformSets);
  add('ipsec-profile', model.ipsecProfiles);
  add('crypto-map', model.cryptoMaps);
  add('dynamic-map', model.dynamicMaps);
  add('access-list', model.accessLists);
  add('trustpoint', model.trustpoints);
  add('certificate-map', model.certificateMaps);
  add('vrf', model.vrfs);
  add('interface', model.interfaces);
  add('ikev2-proposal', model.ikev2Proposals);
  add('ikev2-policy', model.ikev2Policies);
  add('ikev2-keyring', model.ikev2Keyrings);
  add('ikev2-profile', model.ikev2Profiles);
  return sorted(found);
}

/** Every place where the configuration calls something by its name, in order of lines. */
export function usesOf(model: Bare): readonly NameReference[] {
  const found: NameReference[] = [];
  const add = (kind: string, use: NameUse | null | undefined): void => {
    if (use !== null && use !== undefined) found.push({ kind, name: use.name, line: use.line });
  };
  for (const profile of model.profiles) {
    for (const use of profile.keyrings) add('keyring', use);
    for (const use of profile.trustpoints) add('trustpoint', use);
    add('interface', templateUse(profile.virtualTemplate));
    for (const match of profile.matches) {
      if (match.kind === 'certificate-map') {
        add('certificate-map', { name: match.value, line: match.line });
      }
    }
  }
  for (const profile of model.ipsecProfiles) protecting(profile, add);
  for (const map of [...model.cryptoMaps, ...model.dynamicMaps]) {
    add('isakmp-profile', map.isakmpProfile);
    add('interface', map.localAddressInterface);
    for (const entry of map.entries) {
      protecting(entry, add);
      add('dynamic-map', entry.dynamicMap);
      add('access-list', entry.acl);
    }
  }
  for (const each of model.interfaces) {
    add('crypto-map', each.cryptoMap);
    add('interface', each.unnumbered);
    if (each.tunnel === null) continue;
    add('ipsec-profile', each.tunnel.ipsecProfile);
    add('isakmp-profile', each.tunnel.isakmpProfile);
    add('ikev2-profile', each.tunnel.ikev2Profile);
    if (each.tunnel.source !== null && isInterfaceName(each.tunnel.source.name)) {
      add('interface', each.tunnel.source);
    }
  }
  for (const policy of model.ikev2Policies) {
    for (const use of policy.proposals) add('ikev2-proposal', use);
  }
  for (const profile of model.ikev2Profiles) {
    add('ikev2-keyring', profile.keyring);
    add('ikev2-keyring', profile.ppkKeyring);
    for (const use of profile.trustpoints) add('trustpoint', use);
    add('interface', templateUse(profile.virtualTemplate));
    for (const match of profile.matches) {
      if (match.kind === 'certificate-map') {
        add('certificate-map', { name: match.value, line: match.line });
      }
    }
  }
  return sorted(found);
}

function templateUse(template: TemplateUse | null): NameUse | null {
  return template && { name: `Virtual-Template${String(template.number)}`, line: template.line };
}

function protecting(
  block: {
    readonly transformSets: readonly NameUse[];
    readonly isakmpProfile: NameUse | null;
    readonly ikev2Profile: NameUse | null;
  },
  add: (kind: string, use: NameUse | null) => void,
): void {
  for (const use of block.transformSets) add('transform-set', use);
  add('isakmp-profile', block.isakmpProfile);
  add('ikev2-profile', block.ikev2Profile);
}

function sorted(found: NameReference[]): readonly NameReference[] {
  return found.sort((a, b) => a.line - b.line);
}

/** Kinds that work, or matter elsewhere, without being called by name: a profile is found by its identities. */
const OFTEN_UNUSED: ReadonlySet<string> = new Set([
  'interface',
  'vrf',
  'trustpoint',
  'access-list',
  'isakmp-profile',
  'ikev2-profile',
  'ikev2-policy',
]);

const key = ({ kind, name }: NameReference): string =>
  `${kind} ${kind === 'interface' ? interfaceKey(name) : name}`;

/** Kinds of which IOS brings one of its own, and the global keys. */
const BUILT_IN: ReadonlySet<string> = new Set(
  ['ipsec-profile', 'transform-set', 'ikev2-proposal', 'ikev2-policy', 'keyring'].map(
    (kind) => `${kind} default`,
  ),
);

/** Names that are used but never defined. */
export function undefinedNames(model: ConfigModel): readonly NameReference[] {
  const defined = new Set(model.definitions.map(key));
  return model.uses.filter((use) => !defined.has(key(use)) && !BUILT_IN.has(key(use)));
}

/** Names that are defined but never used. */
export function unusedNames(model: ConfigModel): readonly NameReference[] {
  const used = new Set(model.uses.map(key));
  return model.definitions.filter(
    (definition) => !OFTEN_UNUSED.has(definition.kind) && !used.has(key(definition)),
  );
}
