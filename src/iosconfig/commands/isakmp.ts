import type { IsakmpPolicy, KeyEntry, Keyring } from '../../model/config.ts';
import { commandsOf, irrelevant } from '../command.ts';
import type { AnyCall, Call, Command, Outcome } from '../command.ts';
import type { Draft } from '../draft.ts';
import { keyword, number, readKeyEntry, sameKey, secretLine, secretOf } from './fields.ts';
import { localAddress } from './isakmp-profile.ts';

/** `crypto isakmp …` and `crypto keyring …`: IKEv1. */
export const isakmpGlobals: readonly Command[] = commandsOf('global', [
  { words: 'crypto isakmp enable', run: (c) => set(c, () => (c.draft.isakmpEnabled = !c.no)) },
  {
    words: 'crypto isakmp identity',
    run: (c) => {
      const kind = c.no ? 'address' : keyword(c.args[0], ['address', 'hostname', 'dn']);
      if (kind === null) return false;
      c.draft.isakmpIdentity = kind;
      return 'modelled';
    },
  },
  { words: 'crypto isakmp key', run: globalKey },
  {
    words: 'crypto isakmp aggressive-mode disable',
    run: (c) => set(c, () => (c.draft.aggressiveModeDisabled = !c.no)),
  },
  {
    words: 'crypto isakmp default policy',
    run: (c) => set(c, () => (c.draft.defaultPoliciesDisabled = c.no)),
  },
  {
    words: 'crypto isakmp fragmentation',
    run: (c) => set(c, () => (c.draft.fragmentation = !c.no)),
  },
  {
    words: 'crypto isakmp keepalive',
    run: (c) => set(c, () => (c.draft.keepalive = c.no ? null : number(c.args[0]))),
  },
  { words: 'crypto isakmp policy', run: policy },
  { words: 'crypto isakmp profile', run: profile },
  { words: 'crypto isakmp peer', run: aggressivePeer },
  {
    words: 'crypto isakmp client configuration group',
    run: (c) => {
      const name = c.args[0];
      if (name === undefined) return false;
      if (c.no) return removed(c.draft.clientGroups.delete(name));
      const group = c.draft.clientGroups.get(name) ?? {
        name,
        key: null,
        secretType: 0,
        line: c.line,
      };
      c.draft.clientGroups.set(name, group);
      c.open({ kind: 'client-group', of: group });
      return 'modelled';
    },
  },
  { words: 'crypto isakmp nat keepalive', run: () => 'not-modelled' },
  { words: 'crypto isakmp nat', run: () => 'not-modelled' },
  { words: 'crypto isakmp invalid-spi-recovery', run: () => 'not-modelled' },
  { words: 'crypto isakmp call admission', run: () => 'not-modelled' },
  { words: 'crypto isakmp xauth', run: () => 'not-modelled' },
  { words: 'crypto isakmp client', run: () => 'not-modelled' },
  { words: 'crypto isakmp diagnose', run: () => 'irrelevant' },
  { words: 'crypto isakmp', run: () => 'not-modelled' },
  { words: 'crypto keyring', run: keyring },
]);

export const keyringCommands: readonly Command[] = [
  ...commandsOf('keyring', [
    {
      words: 'pre-shared-key',
      run: (c) => {
        const entry = readKeyEntry(c.args, c.line, c.note);
        if (entry === null) return false;
        return c.no ? removeKey(c.block.of, entry, c) : addKey(c.block.of, entry, c);
      },
    },
    {
      words: 'local-address',
      run: (c) => {
        c.block.of.localAddress = c.no ? null : localAddress(c);
        return 'modelled';
      },
    },
    { words: 'rsa-pubkey', run: () => 'not-modelled' },
  ]),
  ...irrelevant(['description', 'address', 'serial-number', 'key-string']),
];

export const policyCommands: readonly Command[] = commandsOf('policy', [
  { words: 'encryption', run: encryption },
  {
    words: 'hash',
    run: (c) => policyField(c, 'hash', 'sha', keyword(c.args[0], HASHES) ?? c.args[0]),
  },
  {
    words: 'authentication',
    run: (c) => policyField(c, 'authentication', 'rsa-sig', authentication(c.args[0])),
  },
  { words: 'group', run: (c) => policyField(c, 'group', 1, number(c.args[0])) },
  {
    words: 'lifetime',
    run: (c) => policyField(c, 'lifeSeconds', 86400, number(c.args.at(-1))),
  },
]);

export const aggressivePeerCommands: readonly Command[] = [
  ...commandsOf('aggressive-peer', [
    {
      words: 'set aggressive-mode password',
      run: (c) => {
        c.block.of.password = c.no ? null : (secretLine(c.args)?.secret ?? null);
        return 'modelled';
      },
    },
    {
      words: 'set aggressive-mode client-endpoint',
      run: (c) => {
        c.block.of.clientEndpoint = c.no ? null : c.args.slice(0, 2).join(' ') || null;
        return 'modelled';
      },
    },
  ]),
  ...irrelevant(['description']),
];

export const clientGroupCommands: readonly Command[] = [
  ...commandsOf('client-group', [
    {
      words: 'key',
      run: (c) => {
        const read = secretLine(c.args);
        c.block.of.key = c.no || read === null ? null : read.secret;
        c.block.of.secretType = read?.secretType ?? 0;
        return 'modelled';
      },
    },
    { words: 'acl', run: () => 'not-modelled' },
    { words: 'pool', run: () => 'not-modelled' },
  ]),
  ...irrelevant([
    'dns',
    'wins',
    'domain',
    'split-dns',
    'include-local-lan',
    'max-users',
    'max-logins',
    'save-password',
    'netmask',
    'banner',
    'backup-gateway',
    'firewall',
    'group-lock',
    'pfs',
    'user-max-logins',
  ]),
];

function set(_call: AnyCall, change: () => unknown): Outcome {
  change();
  return 'modelled';
}

function removed(found: boolean): Outcome {
  return found ? 'modelled' : 'modelled-with-conditions';
}

function globalKey(c: Call<'global'>): Outcome {
  const read = secretOf(c.args);
  if (read === null) return false;
  const entry = readKeyEntry([...read.rest, 'key', ...read.written], c.line, c.note);
  if (entry === null) return false;
  const ring = openKeyring(c, 'default', null);
  return c.no ? removeKey(ring, entry, c) : addKey(ring, entry, c);
}

function openKeyring(c: AnyCall, name: string, vrf: string | null): Draft<Keyring> {
  const held = c.draft.keyrings.get(name);
  if (held !== undefined) return held;
  const made: Draft<Keyring> = { name, vrf, localAddress: null, entries: [], line: c.line };
  c.draft.keyrings.set(name, made);
  return made;
}

function keyring(c: Call<'global'>): Outcome {
  const [name, word, vrf] = c.args;
  if (name === undefined || (word !== undefined && keyword(word, ['vrf']) === null)) return false;
  if (c.no) return removeKeyring(c, name);
  const ring = openKeyring(c, name, vrf ?? null);
  if (vrf !== undefined && ring.vrf !== vrf) {
    c.note('vrf-changed', `keyring ${name} stands in another VRF already`);
  }
  c.open({ kind: 'keyring', of: ring });
  return 'modelled';
}

/** IOS refuses to delete a keyring that a profile names. */
function removeKeyring(c: Call<'global'>, name: string): Outcome {
  const user = [...c.draft.profiles.values()].find((profile) =>
    profile.keyrings.some((use) => use.name === name),
  );
  if (user !== undefined) {
    c.note('keyring-in-use', `keyring ${name} is used by ISAKMP profile ${user.name} and stays`);
    return 'modelled-with-conditions';
  }
  return removed(c.draft.keyrings.delete(name));
}

/** IOS refuses a second key for one address of one keyring; the first stays. */
function addKey(ring: Draft<Keyring>, entry: KeyEntry, c: AnyCall): Outcome {
  const held =
    ring.entries.length > MOST_COMPARED ? undefined : ring.entries.find((e) => sameKey(e, entry));
  if (held === undefined) {
    ring.entries.push(entry);
  } else if (held.secret !== entry.secret) {
    c.note(
      'key-exists',
      `keyring ${ring.name} holds a key for ${entry.address} already, which stays`,
    );
    return 'modelled-with-conditions';
  }
  return entry.secretType === 0 ? 'modelled' : 'modelled-with-conditions';
}

/** Larger keyrings are taken as printed by a router, which holds each address once. */
const MOST_COMPARED = 4096;

function removeKey(ring: Draft<Keyring>, entry: KeyEntry, c: AnyCall): Outcome {
  const at = ring.entries.findIndex((e) => sameKey(e, entry));
  if (at >= 0) ring.entries.splice(at, 1);
  if (ring.name === 'default' && ring.entries.length === 0) c.draft.keyrings.delete('default');
  return removed(at >= 0);
}

function policy(c: Call<'global'>): Outcome {
  const priority = number(c.args[0]);
  if (priority === null) return false;
  if (c.no) return removed(c.draft.policies.delete(priority));
  const held = c.draft.policies.get(priority) ?? {
    priority,
    encryption: 'des',
    keyLength: null,
    hash: 'sha',
    authentication: 'rsa-sig',
    group: 1,
    lifeSeconds: 86400,
    defaults: ['encryption', 'hash', 'authentication', 'group', 'lifeSeconds'],
    line: c.line,
  };
  c.draft.policies.set(priority, held);
  c.open({ kind: 'policy', of: held });
  return 'modelled';
}

function policyField<F extends 'hash' | 'authentication' | 'group' | 'lifeSeconds'>(
  c: Call<'policy'>,
  field: F,
  unset: IsakmpPolicy[F],
  value: IsakmpPolicy[F] | null | undefined,
): Outcome {
  if (!c.no && (value === null || value === undefined)) return 'not-modelled';
  const of = c.block.of;
  Object.assign(of, { [field]: c.no ? unset : value });
  of.defaults = of.defaults.filter((name) => name !== field);
  if (c.no) of.defaults.push(field);
  return 'modelled';
}

function encryption(c: Call<'policy'>): Outcome {
  const [cipher, size] = c.args;
  const name = c.no ? 'des' : keyword(cipher, ['des', '3des', 'aes']);
  if (name === null) return 'not-modelled';
  c.block.of.encryption = name;
  c.block.of.keyLength = name === 'aes' ? (number(size) ?? 128) : null;
  c.block.of.defaults = c.block.of.defaults.filter((field) => field !== 'encryption');
  if (c.no) c.block.of.defaults.push('encryption');
  return 'modelled';
}

const HASHES = ['sha', 'md5', 'sha256', 'sha384', 'sha512'] as const;

const METHODS = ['pre-share', 'rsa-sig', 'rsa-encr', 'ecdsa-sig', 'null'] as const;

function authentication(written: string | undefined): string | null {
  if (written === undefined) return null;
  const fitting = METHODS.filter((method) => method.startsWith(written.toLowerCase()));
  return fitting.length === 1 ? fitting[0]! : null;
}

function profile(c: Call<'global'>): Outcome {
  const name = c.args[0];
  if (name === undefined) return false;
  if (c.no) return removed(c.draft.profiles.delete(name));
  const held = c.draft.profiles.get(name) ?? {
    name,
    vrf: null,
    keyrings: [],
    trustpoints: [],
    selfIdentity: null,
    matches: [],
    localAddress: null,
    aggressive: false,
    xauth: false,
    virtualTemplate: null,
    line: c.line,
  };
  c.draft.profiles.set(name, held);
  c.open({ kind: 'isakmp-profile', of: held });
  return 'modelled';
}

function aggressivePeer(c: Call<'global'>): Outcome {
  const [kind, peer, word, vrf] = c.args;
  const known = keyword(kind, ['address', 'hostname', 'ip-address']);
  if (known === null || peer === undefined) return false;
  const key = `${peer} ${word === 'vrf' ? (vrf ?? '') : ''}`;
  if (c.no) return removed(c.draft.aggressivePeers.delete(key));
  const held = c.draft.aggressivePeers.get(key) ?? {
    peer,
    vrf: word === 'vrf' ? (vrf ?? null) : null,
    password: null,
    clientEndpoint: null,
    line: c.line,
  };
  c.draft.aggressivePeers.set(key, held);
  c.open({ kind: 'aggressive-peer', of: held });
  return 'modelled';
}
