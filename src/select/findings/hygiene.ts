import { undefinedNames, unusedNames } from '../../iosconfig/names.ts';
import { isShownName } from '../../iosconfig/show-profiles.ts';
import type { ConfigModel, NameReference } from '../../model/config.ts';
import { isFragment } from '../policy.ts';
import { weakUses } from '../strength.ts';
import { shortList } from './keys.ts';
import { nameOf } from './make.ts';
import type { ConfigPlace, Draft } from './make.ts';

/**
 * Names that lead nowhere, and algorithms that current releases refuse. `taken` are the keyrings from which the replay
 * takes the key of a tunnel.
 */
export function hygieneFindings(model: ConfigModel, taken: ReadonlySet<string>): readonly Draft[] {
  return [...names(model), ...unnamedKeyrings(model, taken), ...weak(model), ...foreign(model)];
}

const WORDS: Readonly<Record<string, string>> = {
  'isakmp-profile': 'ISAKMP profile',
  'ipsec-profile': 'IPsec profile',
  'transform-set': 'transform set',
  'crypto-map': 'crypto map',
  'dynamic-map': 'dynamic map',
  'access-list': 'access list',
  'certificate-map': 'certificate map',
  'ikev2-proposal': 'IKEv2 proposal',
  'ikev2-policy': 'IKEv2 policy',
  'ikev2-keyring': 'IKEv2 keyring',
  'ikev2-profile': 'IKEv2 profile',
};

/** Kinds that a paste of the crypto part alone does not show. */
const OUTSIDE_CRYPTO: ReadonlySet<string> = new Set(['interface', 'access-list', 'trustpoint']);

const text = ({ kind, name }: NameReference): string => `${WORDS[kind] ?? kind} ${name}`;
const placeIn =
  (model: ConfigModel) =>
  ({ line }: NameReference): ConfigPlace => ({ model, line });

/** A keyring with keys is searched under IKEv1 whether a profile names it or not. */
const isSearched = (model: ConfigModel, kind: string, name: string): boolean =>
  kind === 'keyring' &&
  model.keyrings.some((ring) => ring.name === name && ring.entries.length > 0);

/** Keyrings that every profile passes over: they are searched even so, which surprises. */
function unnamedKeyrings(model: ConfigModel, taken: ReadonlySet<string>): readonly Draft[] {
  // Without a profile there is nothing that could name one.
  if (model.profiles.length === 0) return [];
  const passed = unusedNames(model).filter(
    ({ kind, name }) => isSearched(model, kind, name) && !taken.has(name),
  );
  if (passed.length === 0) return [];
  return [
    {
      id: 'unused-name',
      severity: 'note',
      title: `No ISAKMP profile of ${nameOf(model)} names ${shortList(passed.map(text))}`,
      explanation: `No profile names ${shortList(passed.map(text))}, and the keys in it are in use even so: a responder searches every keyring of the VRF, and so does an initiator whose profile names none. For no tunnel of the configuration does the replay take a key from it.`,
      places: passed.map(placeIn(model)),
    },
  ];
}

function names(model: ConfigModel): readonly Draft[] {
  const missing = undefinedNames(model).filter(
    ({ kind, line }) =>
      (!OUTSIDE_CRYPTO.has(kind) || !isFragment(model)) &&
      !isShownName(model.lines[line - 1] ?? ''),
  );
  const idle = unusedNames(model).filter(({ kind, name }) => !isSearched(model, kind, name));
  const place = placeIn(model);
  const found: Draft[] = [];
  if (missing.length > 0) {
    found.push({
      id: 'undefined-name',
      severity: 'warning',
      title: `${nameOf(model)} uses what is not in the configuration: ${shortList(missing.map(text))}`,
      explanation: `The configuration calls ${shortList(missing.map(text))} by name, and nothing of that name is defined in what was given.`,
      places: missing.map(place),
      settle: isFragment(model)
        ? [
            'The whole running configuration: the definition may stand in a part that was not given.',
          ]
        : [],
    });
  }
  if (idle.length > 0) {
    found.push({
      id: 'unused-name',
      severity: 'note',
      title: `${nameOf(model)} defines what nothing uses: ${shortList(idle.map(text))}`,
      explanation: `Nothing refers to ${shortList(idle.map(text))}.`,
      places: idle.map(place),
    });
  }
  return found;
}

/** The commands of a firewall look like those of IOS and mean something else. */
function foreign(model: ConfigModel): readonly Draft[] {
  if (model.firewallLine === null) return [];
  return [
    {
      id: 'configuration-not-modelled',
      severity: 'note',
      title: `${nameOf(model)} is a firewall (ASA, FTD or PIX): its configuration was not followed`,
      explanation:
        'The listing is that of a firewall, whose tunnel groups and policies select keys by rules of their own. Nothing is predicted from it; what the router at the other end does is.',
      places: [{ model, line: model.firewallLine }],
      settle: [
        'The debug of the firewall ("debug crypto ikev1 127", "debug crypto ikev2 protocol 127") and that of the router are read.',
      ],
    },
  ];
}

/** Algorithms that current releases refuse unless told otherwise. */
function weak(model: ConfigModel): readonly Draft[] {
  const uses = weakUses(model);
  if (uses.length === 0) return [];
  return [
    {
      id: 'weak-algorithm',
      severity: 'note',
      title: `${nameOf(model)} relies on weak algorithms: ${shortList(uses.map(({ text }) => text))}`,
      explanation:
        'DES, 3DES, MD5 and the Diffie-Hellman groups 1, 2, 5 and 24 are refused by current IOS-XE releases unless they are allowed expressly. After an upgrade of one side the proposals no longer meet.',
      places: uses.map(({ line }) => ({ model, line })),
      references: [
        'RFC 8247: algorithm requirements for IKEv2',
        'Cisco IOS-XE 17.11 release notes: weak cryptographic algorithms',
      ],
    },
  ];
}
