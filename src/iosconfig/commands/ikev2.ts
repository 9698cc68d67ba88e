import type { Ikev2Key, Ikev2Profile, NameUse } from '../../model/config.ts';
import { commandsOf, irrelevant } from '../command.ts';
import type { AnyCall, Call, Command, Outcome } from '../command.ts';
import type { Ikev2PeerDraft } from '../draft.ts';
import { MASKED_KEY, isMaskedKey } from '../masked-key.ts';
import { addressMask, keyword, number } from './fields.ts';
import { virtualTemplate } from './isakmp-profile.ts';

/** `crypto ikev2 …`. */
export const ikev2Globals: readonly Command[] = commandsOf('global', [
  { words: 'crypto ikev2 proposal', run: proposal },
  { words: 'crypto ikev2 policy', run: policy },
  { words: 'crypto ikev2 keyring', run: keyring },
  { words: 'crypto ikev2 profile', run: profile },
  { words: 'crypto ikev2 dpd', run: () => 'not-modelled' },
  { words: 'crypto ikev2 fragmentation', run: () => 'not-modelled' },
  { words: 'crypto ikev2', run: () => 'not-modelled' },
]);

export const ikev2ProposalCommands: readonly Command[] = commandsOf('ikev2-proposal', [
  { words: 'encryption', run: (c) => list(c, c.block.of.encryption, c.args) },
  { words: 'integrity', run: (c) => list(c, c.block.of.integrity, c.args) },
  { words: 'prf', run: (c) => list(c, c.block.of.prf, c.args) },
  {
    words: 'group',
    run: (c) => {
      const groups = c.args.map(number).filter((group) => group !== null);
      return list(c, c.block.of.groups, groups);
    },
  },
]);

export const ikev2PolicyCommands: readonly Command[] = commandsOf('ikev2-policy', [
  {
    words: 'match fvrf',
    run: (c) => {
      c.block.of.fvrf = c.no ? null : (c.args[0] ?? null);
      return 'modelled';
    },
  },
  { words: 'match address local', run: (c) => list(c, c.block.of.localAddresses, c.args) },
  {
    words: 'proposal',
    run: (c) => {
      for (const name of c.args) change(c, c.block.of.proposals, name);
      return 'modelled';
    },
  },
]);

export const ikev2KeyringCommands: readonly Command[] = [
  ...commandsOf('ikev2-keyring', [
    {
      words: 'peer',
      run: (c) => {
        const name = c.args[0];
        if (name === undefined) return false;
        const peers = c.block.of.peers;
        if (c.no) return peers.delete(name) ? 'modelled' : 'modelled-with-conditions';
        const peer: Ikev2PeerDraft = peers.get(name) ?? {
          name,
          address: null,
          hostname: null,
          identity: null,
          local: null,
          remote: null,
          ppk: null,
          line: c.line,
        };
        peers.set(name, peer);
        c.open({ kind: 'ikev2-peer', of: peer, keyring: c.block.of });
        return 'modelled';
      },
    },
  ]),
  ...irrelevant(['description']),
];

export const ikev2PeerCommands: readonly Command[] = [
  ...commandsOf('ikev2-peer', [
    {
      words: 'address',
      run: (c) => {
        const read = addressMask(c.args, c.note);
        if (read === null) return 'not-modelled';
        const { address: value, mask, prefixLength } = read;
        c.block.of.address = c.no ? null : { value, mask, prefixLength };
        return 'modelled';
      },
    },
    {
      words: 'hostname',
      run: (c) => {
        c.block.of.hostname = c.no ? null : (c.args[0] ?? null);
        return 'modelled';
      },
    },
    {
      words: 'identity',
      run: (c) => {
        c.block.of.identity = c.no ? null : identity(c.args);
        return 'modelled';
      },
    },
    { words: 'pre-shared-key', run: peerKey },
    {
      words: 'ppk',
      run: (c) => {
        c.block.of.ppk = c.no ? null : { required: c.args.at(-1) === 'required', line: c.line };
        return 'modelled-with-conditions';
      },
    },
  ]),
  ...irrelevant(['description']),
];

export const ikev2ProfileCommands: readonly Command[] = [
  ...commandsOf('ikev2-profile', [
    {
      words: 'match fvrf',
      run: (c) => {
        c.block.of.fvrf = c.no ? null : (c.args[0] ?? null);
        return 'modelled';
      },
    },
    { words: 'match identity remote', run: matchRemote },
    {
      words: 'match address local',
      run: (c) =>
        addMatch(c, 'local-address', c.args.filter((w) => w !== 'interface').join(''), null),
    },
    {
      words: 'match certificate',
      run: (c) => addMatch(c, 'certificate-map', c.args[0] ?? '', null),
    },
    {
      words: 'identity local',
      run: (c) => {
        const read = identity(c.args);
        c.block.of.identityLocal =
          c.no || read === null ? null : { kind: read.kind, value: read.value || null };
        return 'modelled';
      },
    },
    {
      words: 'authentication local',
      run: (c) => {
        c.block.of.authenticationLocal = c.no ? null : (c.args[0] ?? null);
        c.block.of.localKey = profileKey(c);
        return keyOutcome(c.block.of.localKey);
      },
    },
    {
      words: 'authentication remote',
      run: (c) => {
        const [method] = c.args;
        const all = c.no && method === undefined;
        const methods = c.block.of.authenticationRemote;
        list(c, methods, all ? [...methods] : c.args.slice(0, 1));
        const key = profileKey(c);
        if (all || method === 'pre-share') c.block.of.remoteKey = key;
        return keyOutcome(key);
      },
    },
    { words: 'keyring', run: profileKeyring },
    { words: 'pki trustpoint', run: trustpoint },
    { words: 'virtual-template', run: virtualTemplate },
    { words: 'aaa authorization', run: () => 'not-modelled' },
  ]),
  ...irrelevant([
    'description',
    'dpd',
    'lifetime',
    'nat',
    'ivrf',
    'config-exchange',
    'redirect',
    'aaa accounting',
    'aaa authentication',
    'initial-contact',
    'reconnect',
    'anyconnect',
    'config-mode',
  ]),
];

function list<T>(c: AnyCall, target: T[], values: readonly T[]): Outcome {
  for (const value of values) {
    const at = target.indexOf(value);
    if (c.no && at >= 0) target.splice(at, 1);
    if (!c.no && at < 0) target.push(value);
  }
  return 'modelled';
}

function change(c: AnyCall, uses: NameUse[], name: string): void {
  const at = uses.findIndex((use) => use.name === name);
  if (c.no && at >= 0) uses.splice(at, 1);
  if (!c.no && at < 0) uses.push({ name, line: c.line });
}

function identity(args: readonly string[]): { kind: string; value: string } | null {
  const [kind, first = '', second] = args;
  if (kind === undefined) return null;
  if (first === 'domain' && second !== undefined) return { kind: `${kind}-domain`, value: second };
  return { kind, value: first };
}

function peerKey(c: Call<'ikev2-peer'>): Outcome {
  const words = [...c.args];
  const side = words[0] === 'local' || words[0] === 'remote' ? words.shift()! : 'both';
  const key = c.no ? null : readKey(words, c.line);
  if (side !== 'remote') c.block.of.local = key;
  if (side !== 'local') c.block.of.remote = key;
  return keyOutcome(key);
}

/** `authentication local|remote pre-share key …`. */
function profileKey(c: Call<'ikev2-profile'>): Ikev2Key | null {
  const [method, word, ...words] = c.args;
  return c.no || method !== 'pre-share' || word !== 'key' ? null : readKey(words, c.line);
}

function readKey(args: readonly string[], line: number): Ikev2Key | null {
  const words = [...args];
  const types: readonly (string | undefined)[] = ['0', '6', 'hex'];
  const type = types.includes(words[0]) && words.length > 1 ? words.shift() : '0';
  if (words.length === 0) return { secret: '', secretType: 'torn', line };
  const rest = words.join(' ');
  if (isMaskedKey(rest)) return { secret: MASKED_KEY, secretType: 'masked', line };
  const secret = type === 'hex' ? words[0]! : rest;
  return { secret, secretType: type === '6' ? 6 : type === 'hex' ? 'hex' : 0, line };
}

function keyOutcome(key: Ikev2Key | null): Outcome {
  return key === null || key.secretType === 0 || key.secretType === 'hex'
    ? 'modelled'
    : 'modelled-with-conditions';
}

/** `keyring [local] NAME`, `keyring aaa LIST`, `keyring ppk NAME`: a lone word is always a name. */
function profileKeyring(c: Call<'ikev2-profile'>): Outcome {
  const [first, second] = c.args;
  const kind = second === undefined ? null : keyword(first, ['local', 'aaa', 'ppk']);
  if (kind === 'aaa') return 'not-modelled';
  const name = kind === null ? first : second;
  const use = c.no || name === undefined ? null : { name, line: c.line };
  if (kind === 'ppk') {
    c.block.of.ppkKeyring = use;
    return 'modelled-with-conditions';
  }
  c.block.of.keyring = use;
  return 'modelled';
}

/** A trust-point may stand twice: once to sign with, once to verify by. */
function trustpoint(c: Call<'ikev2-profile'>): Outcome {
  const [name, word] = c.args;
  if (name === undefined) return false;
  const purpose = word === 'sign' || word === 'verify' ? word : null;
  const uses = c.block.of.trustpoints;
  const at = uses.findIndex((use) => use.name === name && use.purpose === purpose);
  if (c.no && at >= 0) uses.splice(at, 1);
  if (!c.no && at < 0) uses.push({ name, purpose, line: c.line });
  return 'modelled';
}

function matchRemote(c: Call<'ikev2-profile'>): Outcome {
  const [kind = '', ...rest] = c.args;
  if (kind === 'any') return addMatch(c, 'any', '', null);
  if (kind === 'address') {
    const read = addressMask(rest, c.note);
    if (read === null) return 'not-modelled';
    return addMatch(c, 'address', read.address, read.mask);
  }
  const read = identity(c.args);
  return read === null ? 'not-modelled' : addMatch(c, read.kind, read.value, null);
}

function addMatch(
  c: Call<'ikev2-profile'>,
  kind: string,
  value: string,
  mask: string | null,
): Outcome {
  const matches = c.block.of.matches;
  const at = matches.findIndex((m) => m.kind === kind && m.value === value && m.mask === mask);
  if (c.no && at >= 0) matches.splice(at, 1);
  if (!c.no && at < 0) matches.push({ kind, value, mask, line: c.line });
  return kind === 'certificate-map' ? 'modelled-with-conditions' : 'modelled';
}

/** A block by name; `no` deletes it, IOS keeps the first place of a block that is opened again. */
function named<T>(
  c: Call<'global'>,
  blocks: Map<string, T>,
  make: (name: string, line: number) => T,
): T | Outcome {
  const name = c.args[0];
  if (name === undefined) return false;
  if (c.no) return blocks.delete(name) ? 'modelled' : 'modelled-with-conditions';
  const held = blocks.get(name) ?? make(name, c.line);
  blocks.set(name, held);
  return held;
}

/** `no crypto ikev2 proposal default`: the built-in one goes, until it is configured again. */
function markDefault(c: Call<'global'>, kind: 'proposal' | 'policy'): void {
  if (c.args[0] === 'default') c.draft.ikev2Removed = { ...c.draft.ikev2Removed, [kind]: c.no };
}

function proposal(c: Call<'global'>): Outcome {
  markDefault(c, 'proposal');
  const of = named(c, c.draft.ikev2Proposals, (name, line) => ({
    name,
    encryption: [],
    integrity: [],
    prf: [],
    groups: [],
    line,
  }));
  if (typeof of !== 'object') return of;
  c.open({ kind: 'ikev2-proposal', of });
  return 'modelled';
}

function policy(c: Call<'global'>): Outcome {
  markDefault(c, 'policy');
  const of = named(c, c.draft.ikev2Policies, (name, line) => ({
    name,
    fvrf: null,
    localAddresses: [],
    proposals: [],
    line,
  }));
  if (typeof of !== 'object') return of;
  c.open({ kind: 'ikev2-policy', of });
  return 'modelled';
}

function keyring(c: Call<'global'>): Outcome {
  const of = named(c, c.draft.ikev2Keyrings, (name, line) => ({ name, peers: new Map(), line }));
  if (typeof of !== 'object') return of;
  c.open({ kind: 'ikev2-keyring', of });
  return 'modelled';
}

function profile(c: Call<'global'>): Outcome {
  const of = named(c, c.draft.ikev2Profiles, (name, line): Ikev2ProfileDraft => ({
    name,
    fvrf: null,
    matches: [],
    identityLocal: null,
    authenticationLocal: null,
    authenticationRemote: [],
    localKey: null,
    remoteKey: null,
    keyring: null,
    ppkKeyring: null,
    trustpoints: [],
    virtualTemplate: null,
    line,
  }));
  if (typeof of !== 'object') return of;
  c.open({ kind: 'ikev2-profile', of });
  return 'modelled';
}

type Ikev2ProfileDraft = {
  -readonly [K in keyof Ikev2Profile]: Ikev2Profile[K] extends readonly (infer U)[]
    ? U[]
    : Ikev2Profile[K];
};
