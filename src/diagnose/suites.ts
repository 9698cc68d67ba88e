import type { IsakmpPolicy } from '../model/config.ts';
import type { NegotiatedTransform } from '../model/exchange.ts';
import type { AttemptSide } from '../model/incident.ts';
import type { LogEvent, PolicyRejection } from '../model/log.ts';
import { eventsOfSide } from './evidence.ts';

/** A transform of phase 1 in the words of `crypto isakmp policy`; null where it is not told, or IOS has no word for it. */
export type Suite = {
  readonly encryption: string | null;
  readonly keyLength: number | null;
  readonly hash: string | null;
  readonly authentication: string | null;
  readonly group: number | null;
};

/** One transform that was held against one policy, as a debug prints it. */
export type PolicyCheck = {
  readonly transform: number;
  readonly priority: number;
  readonly offer: Suite;
  /** Null where no line tells how it ended. */
  readonly accepted: boolean | null;
  readonly over: PolicyRejection['attribute'] | null;
  /** Of the line that opens it, and of the one that ends it. */
  readonly line: number;
  readonly endLine: number;
};

const ENCRYPTION: Readonly<Record<string, string>> = {
  'DES-CBC': 'des',
  '3DES-CBC': '3des',
  'AES-CBC': 'aes',
};
const HASH: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA: 'sha',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
};
const AUTHENTICATION: Readonly<Record<string, string>> = {
  'pre-share': 'pre-share',
  'RSA sig': 'rsa-sig',
  'RSA encr': 'rsa-encr',
  'ECDSA sig': 'ecdsa-sig',
};
const OVER: Readonly<Record<string, PolicyRejection['attribute']>> = {
  'mismatch-encryption': 'encryption',
  'mismatch-key-length': 'key-length',
  'mismatch-hash': 'hash',
  'mismatch-group': 'dh-group',
  'mismatch-auth': 'authentication',
  'mismatch-preshared': 'authentication',
  'mismatch-xauth': 'authentication',
  'mismatch-rsa': 'authentication',
};

const NOTHING: Suite = {
  encryption: null,
  keyLength: null,
  hash: null,
  authentication: null,
  group: null,
};

/** What an attribute line adds; null for a line that is none. */
function attributeOf({ message, fields }: LogEvent): Partial<Suite> | null {
  switch (message) {
    case 'offer-encryption':
      return { encryption: ENCRYPTION[String(fields.encryption)] ?? null };
    case 'offer-key-length':
      return { keyLength: Number(fields.keyLength) };
    case 'offer-hash':
      return { hash: HASH[String(fields.hash)] ?? null };
    case 'offer-group':
      return { group: Number(fields.group) };
    case 'offer-auth':
      return { authentication: AUTHENTICATION[String(fields.auth)] ?? null };
    default:
      return null;
  }
}

/** The transforms that a router held against its policies, in order. */
export function policyChecks(side: AttemptSide): readonly PolicyCheck[] {
  const checks: PolicyCheck[] = [];
  let open: PolicyCheck | null = null as PolicyCheck | null;
  for (const event of eventsOfSide(side)) {
    const { message, fields, line } = event;
    if (message === 'policy-check') {
      if (open !== null) checks.push(open);
      open = {
        transform: Number(fields.transform),
        priority: Number(fields.priority),
        offer: NOTHING,
        accepted: null,
        over: null,
        line,
        endLine: line,
      };
    } else if (open !== null) {
      const over: PolicyRejection['attribute'] | undefined = OVER[message];
      if (over !== undefined) open = { ...open, over, accepted: false, endLine: line };
      else if (message === 'policy-accepted' || message === 'policy-refused') {
        checks.push({ ...open, accepted: message === 'policy-accepted', endLine: line });
        open = null;
      } else open = { ...open, offer: { ...open.offer, ...attributeOf(event) } };
    }
  }
  return open === null ? checks : [...checks, open];
}

const WIRE_ENCRYPTION: Readonly<Record<number, string>> = { 1: 'des', 5: '3des', 7: 'aes' };
const WIRE_HASH: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha',
  4: 'sha256',
  5: 'sha384',
  6: 'sha512',
};
const WIRE_AUTHENTICATION: Readonly<Record<number, string>> = {
  1: 'pre-share',
  3: 'rsa-sig',
  4: 'rsa-encr',
  8: 'ecdsa-sig',
};

/** The same of a transform as packets carry it. */
export function suiteOf(transform: NegotiatedTransform): Suite {
  const word = (words: Readonly<Record<number, string>>, value: number | null): string | null =>
    value === null ? null : (words[value] ?? null);
  return {
    encryption: word(WIRE_ENCRYPTION, transform.encryption),
    keyLength: transform.keyLength,
    hash: word(WIRE_HASH, transform.hash),
    authentication: word(WIRE_AUTHENTICATION, transform.authentication),
    group: transform.group,
  };
}

type Attribute = Exclude<PolicyRejection['attribute'], 'lifetime'>;

const ATTRIBUTES: readonly Attribute[] = [
  'encryption',
  'key-length',
  'hash',
  'dh-group',
  'authentication',
];

/** What a transform or policy has for an attribute. */
export function valueOf(suite: Suite | IsakmpPolicy, attribute: Attribute): string | number | null {
  if (attribute === 'encryption') return suite.encryption;
  if (attribute === 'key-length') return suite.keyLength;
  if (attribute === 'hash') return suite.hash;
  return attribute === 'dh-group' ? suite.group : suite.authentication;
}

/** The first attribute in which a transform is known to differ from a policy, in the order in which IOS compares them. */
export const differenceOf = (suite: Suite, policy: IsakmpPolicy): Attribute | null =>
  ATTRIBUTES.find((attribute) => {
    const [offered, held] = [valueOf(suite, attribute), valueOf(policy, attribute)];
    return offered !== null && held !== null && offered !== held;
  }) ?? null;

/** Every attribute is told in a word that a policy may have. */
export const isWhole = (suite: Suite): boolean =>
  ATTRIBUTES.every(
    (attribute) =>
      valueOf(suite, attribute) !== null ||
      (attribute === 'key-length' && suite.encryption !== 'aes'),
  );

export function suiteText({ encryption, keyLength, hash, authentication, group }: Suite): string {
  const cipher = keyLength === null ? encryption : `${encryption ?? ''} ${String(keyLength)}`;
  return [cipher, hash, authentication, group === null ? null : `group ${String(group)}`]
    .filter((part) => part !== null)
    .join(', ');
}
