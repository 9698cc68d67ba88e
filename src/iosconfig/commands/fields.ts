import type { KeyEntry, SecretType } from '../../model/config.ts';
import { MASKED_KEY, isMaskedKey } from '../masked-key.ts';
import { canonicalAddress, maskOf, parseIpv4, parseIpv6Prefix, readMask } from '../address.ts';

type Note = (code: string, text: string) => void;

/** The keyword that a typed word means: in full, or an unambiguous prefix of two letters or more. */
export function keyword<W extends string>(
  written: string | undefined,
  words: readonly W[],
): W | null {
  const typed = written?.toLowerCase() ?? '';
  const full = words.find((word) => word === typed);
  if (full !== undefined) return full;
  const fitting = typed.length < 2 ? [] : words.filter((word) => word.startsWith(typed));
  return fitting.length === 1 ? fitting[0]! : null;
}

export function number(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

export type SecretReading = {
  readonly secret: string;
  readonly secretType: SecretType;
  /** The tokens that spelled it. */
  readonly written: readonly string[];
  readonly rest: readonly string[];
};

/** `[0|6] SECRET …`: a lone digit is the key itself. */
export function secretOf(args: readonly string[]): SecretReading | null {
  const [first, second] = args;
  if (first === undefined) return null;
  const typed =
    (first === '0' || first === '6') && second !== undefined && !isTarget(second, args[2]);
  const at = typed ? 1 : 0;
  const used = at + wordsOf(args.slice(at));
  const secret = args.slice(at, used).join(' ');
  const read = { written: args.slice(0, used), rest: args.slice(used) };
  if (isMaskedKey(secret)) return { secret: MASKED_KEY, secretType: 'masked', ...read };
  return { secret, secretType: typed && first === '6' ? 6 : 0, ...read };
}

/** A key is one word; a mask in pointed brackets, quoted or not, may be several. */
function wordsOf(args: readonly string[]): number {
  const end = args.findIndex((word) => />["']?$/.test(word));
  return end > 0 && isMaskedKey(args.slice(0, end + 1).join(' ')) ? end + 1 : 1;
}

/** The same where the key takes the rest of its line, blanks and all. */
export function secretLine(
  args: readonly string[],
): Pick<SecretReading, 'secret' | 'secretType'> | null {
  const read = secretOf(args);
  return read && { secret: [read.secret, ...read.rest].join(' '), secretType: read.secretType };
}

const TARGETS = ['address', 'hostname'] as const;

/** `crypto isakmp key 6 address …` has the key `6`. */
function isTarget(word: string, next: string | undefined): boolean {
  return keyword(word, TARGETS) !== null && next !== undefined && keyword(next, TARGETS) === null;
}

export type AddressReading = {
  readonly family: 4 | 6;
  readonly address: string;
  readonly mask: string;
  readonly prefixLength: number | null;
  readonly rest: readonly string[];
};

/** `A [M] …`, `A/len …`, `[ipv6] P/len …`. The mask defaults to a host, and to any for 0.0.0.0. */
export function addressMask(args: readonly string[], note: Note): AddressReading | null {
  const v6 = args[0]?.toLowerCase() === 'ipv6' ? args.slice(1) : args;
  const prefix = parseIpv6Prefix(v6[0] ?? '');
  if (prefix !== null) {
    return {
      family: 6,
      address: prefix.address,
      mask: String(prefix.prefixLength),
      prefixLength: prefix.prefixLength,
      rest: v6.slice(1),
    };
  }
  const [written = '', second] = args;
  const [first = '', slash] = written.split('/');
  const value = parseIpv4(first);
  if (value === null) return null;
  const address = canonicalAddress(first);
  if (slash !== undefined) {
    const length = number(slash);
    const ok = length !== null && length <= 32;
    if (!ok) note('mask-unreadable', `the prefix length ${slash} cannot be read`);
    return {
      family: 4,
      address,
      mask: ok ? maskOf(length) : slash,
      prefixLength: ok ? length : null,
      rest: args.slice(1),
    };
  }
  if (second !== undefined && (/^\d{1,3}\.[\d.]*$/.test(second) || /^255?$/.test(second))) {
    const mask = readMask(second);
    if (mask.form === 'wildcard') {
      note(
        'mask-inverted',
        `${second} is written inverted and read as ${maskOf(mask.prefixLength!)}`,
      );
    } else if (mask.form === 'unreadable') {
      note('mask-unreadable', `the mask ${second} is cut off or no mask`);
    }
    return {
      family: 4,
      address,
      mask: mask.form === 'wildcard' ? maskOf(mask.prefixLength!) : second,
      prefixLength: mask.prefixLength,
      rest: args.slice(2),
    };
  }
  const prefixLength = value === 0 ? 0 : 32;
  return { family: 4, address, mask: maskOf(prefixLength), prefixLength, rest: args.slice(1) };
}

/** `address A [M] key …`, `address ipv6 P/len key …`, `hostname N key …`. For `no`, the key may be missing. */
export function readKeyEntry(args: readonly string[], line: number, note: Note): KeyEntry | null {
  const kind = keyword(args[0], [...TARGETS, 'ipv6']);
  if (kind === 'hostname') {
    const name = args[1];
    if (name === undefined) return null;
    return {
      kind: 'hostname',
      address: name,
      mask: null,
      prefixLength: null,
      ...keyOf(args.slice(2)),
      line,
    };
  }
  if (kind === null) return null;
  const read = addressMask(kind === 'ipv6' ? args : args.slice(1), note);
  if (read === null) return null;
  return {
    kind: read.family === 6 ? 'ipv6' : 'address',
    address: read.address,
    mask: read.mask,
    prefixLength: read.prefixLength,
    ...keyOf(read.rest),
    line,
  };
}

function keyOf(args: readonly string[]): Pick<KeyEntry, 'secret' | 'secretType' | 'noXauth'> {
  const at = args.findIndex((word) => /^k(?:ey?)?$/i.test(word));
  const read = at < 0 ? null : secretLine(args.slice(at + 1));
  return {
    secret: read?.secret ?? '',
    secretType: read?.secretType ?? 'torn',
    noXauth: args.slice(0, Math.max(0, at)).includes('no-xauth'),
  };
}

/** Two entries for the same address, mask or name: one replaces the other. */
export function sameKey(a: KeyEntry, b: KeyEntry): boolean {
  return a.kind === b.kind && a.address === b.address && a.mask === b.mask;
}
