import type { IdentityMatch, IsakmpProfile, Keyring, TemplateUse } from '../../model/config.ts';
import { isAddress, parseIpv4 } from '../address.ts';
import { commandsOf, irrelevant } from '../command.ts';
import type { AnyCall, Call, Command, Outcome } from '../command.ts';
import { addressMask, keyword, number } from './fields.ts';

/** Sub-commands of `crypto isakmp profile`. */
export const profileCommands: readonly Command[] = [
  ...commandsOf('isakmp-profile', [
    {
      words: 'vrf',
      run: (c) => {
        if (c.args.length > 1) return false;
        c.block.of.vrf = c.no ? null : (c.args[0] ?? null);
        return 'modelled';
      },
    },
    {
      words: 'keyring',
      run: (c) => names(c, c.block.of.keyrings),
    },
    {
      words: 'ca trust-point',
      run: (c) => names(c, c.block.of.trustpoints),
    },
    {
      words: 'self-identity',
      run: (c) => {
        c.block.of.selfIdentity = c.no ? null : selfIdentity(c);
        return c.no || c.block.of.selfIdentity !== null ? 'modelled' : 'not-modelled';
      },
    },
    {
      words: 'match identity',
      run: (c) => {
        const match = identityMatch(c);
        return match === null ? 'not-modelled' : changeMatch(c, match);
      },
    },
    {
      words: 'match certificate',
      run: (c) => {
        const value = c.args[0];
        if (value === undefined) return 'not-modelled';
        return changeMatch(c, plainMatch('certificate-map', value, c.line));
      },
    },
    {
      words: 'initiate mode',
      run: (c) => {
        c.block.of.aggressive = !c.no && 'aggressive'.startsWith(c.args[0] ?? '-');
        return 'modelled';
      },
    },
    {
      words: 'local-address',
      run: (c) => {
        c.block.of.localAddress = c.no ? null : localAddress(c);
        return 'modelled';
      },
    },
    {
      words: 'client authentication list',
      run: (c) => {
        c.block.of.xauth = !c.no;
        return 'modelled';
      },
    },
    { words: 'client configuration', run: () => 'not-modelled' },
    { words: 'client pki', run: () => 'not-modelled' },
    { words: 'isakmp authorization', run: () => 'not-modelled' },
    { words: 'keepalive', run: () => 'not-modelled' },
    { words: 'virtual-template', run: virtualTemplate },
    { words: 'match', run: () => 'not-modelled' },
  ]),
  ...irrelevant(['description', 'qos-group', 'accounting']),
];

/** `virtual-template N [mode auto]`, of either kind of profile. */
export function virtualTemplate(
  c: AnyCall & { readonly block: { readonly of: { virtualTemplate: TemplateUse | null } } },
): Outcome {
  const value = number(c.args[0]);
  if (value === null && !c.no) return 'not-modelled';
  const isAuto = c.args[1] === 'mode' && c.args[2] === 'auto';
  c.block.of.virtualTemplate = c.no ? null : { number: value!, isAuto, line: c.line };
  return 'modelled';
}

/** `keyring A B` and `ca trust-point T`: the line adds to what is there. */
function names(c: AnyCall, list: { readonly name: string; readonly line: number }[]): Outcome {
  if (c.args.length === 0) return 'not-modelled';
  for (const name of c.args) {
    const at = list.findIndex((use) => use.name === name);
    if (c.no && at >= 0) list.splice(at, 1);
    if (!c.no && at < 0) list.push({ name, line: c.line });
  }
  return 'modelled';
}

/** `ADDRESS [VRF]` or `INTERFACE [VRF]`; typed interfaces may stand in two words. */
export function localAddress(c: AnyCall): Keyring['localAddress'] {
  const [first, second, third] = c.args;
  if (first === undefined) return null;
  const split = second !== undefined && /^\d/.test(second) && !isAddress(second);
  return {
    value: split ? `${first}${second}` : first,
    vrf: (split ? third : second) ?? null,
    line: c.line,
  };
}

function selfIdentity(c: AnyCall): IsakmpProfile['selfIdentity'] {
  const [kind = '', value] = c.args;
  const line = c.line;
  if (parseIpv4(kind) !== null) return { kind: 'address', value: kind, line };
  const known = keyword(kind, ['address', 'fqdn', 'user-fqdn']);
  if (known === 'address' && value === 'ipv6') return { kind: 'ipv6', value: null, line };
  return known === null ? null : { kind: known, value: value ?? null, line };
}

function plainMatch(kind: IdentityMatch['kind'], value: string, line: number): IdentityMatch {
  return { kind, value, mask: null, prefixLength: null, vrf: null, line };
}

function identityMatch(c: AnyCall): IdentityMatch | null {
  const [kind, first = '', second, third] = c.args;
  const line = c.line;
  if (first === '') return null;
  const domain = keyword(first, ['domain']) !== null && second !== undefined;
  switch (keyword(kind, ['address', 'host', 'fqdn', 'user', 'user-fqdn', 'group'])) {
    case 'address':
      return addressMatch(c);
    case 'host':
      if (domain) return plainMatch('host-domain', second, line);
      return plainMatch('host', first, line);
    case 'fqdn':
      return plainMatch('host', domain ? second : first, line);
    case 'user':
    case 'user-fqdn':
      if (domain) return plainMatch('user-domain', second, line);
      return plainMatch('user', third === undefined ? first : `${first} ${third}`, line);
    case 'group':
      return plainMatch('group', first, line);
    case null:
      return null;
  }
}

/** The token after the address is a mask, or the front-door VRF when it is no address. */
function addressMatch(c: AnyCall): IdentityMatch | null {
  const [, first = '', ...rest] = c.args;
  const read = addressMask(
    first.toLowerCase() === 'ipv6' ? c.args.slice(1) : [first, ...rest],
    c.note,
  );
  if (read === null) return null;
  return {
    kind: read.family === 6 ? 'ipv6' : 'address',
    value: read.address,
    mask: read.mask,
    prefixLength: read.prefixLength,
    vrf: read.rest[0] ?? null,
    line: c.line,
  };
}

function changeMatch(c: Call<'isakmp-profile'>, match: IdentityMatch): Outcome {
  const list = c.block.of.matches;
  const at = list.findIndex(
    (each) =>
      each.kind === match.kind &&
      each.value === match.value &&
      each.prefixLength === match.prefixLength &&
      each.vrf === match.vrf,
  );
  if (c.no && at >= 0) list.splice(at, 1);
  if (!c.no && at < 0) list.push(match);
  if (match.kind === 'certificate-map') return 'modelled-with-conditions';
  return 'modelled';
}
