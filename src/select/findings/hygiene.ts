import { undefinedNames, unusedNames } from '../../iosconfig/names.ts';
import type { ConfigModel, NameReference } from '../../model/config.ts';
import { isFragment } from '../policy.ts';
import { weakUses } from '../strength.ts';
import { shortList } from './keys.ts';
import { nameOf } from './make.ts';
import type { ConfigPlace, Draft } from './make.ts';

/** Names that lead nowhere, and algorithms that current releases refuse. */
export function hygieneFindings(model: ConfigModel): readonly Draft[] {
  return [...names(model), ...weak(model), ...foreign(model)];
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

function names(model: ConfigModel): readonly Draft[] {
  const text = ({ kind, name }: NameReference): string => `${WORDS[kind] ?? kind} ${name}`;
  const missing = undefinedNames(model).filter(
    ({ kind }) => !OUTSIDE_CRYPTO.has(kind) || !isFragment(model),
  );
  const idle = unusedNames(model);
  const place = ({ line }: NameReference): ConfigPlace => ({ model, line });
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
      explanation: `Nothing refers to ${shortList(idle.map(text))}.${idle.some(({ kind }) => kind === 'keyring') ? ' A keyring takes part in the search of the responder even so.' : ''}`,
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
