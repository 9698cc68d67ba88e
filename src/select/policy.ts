import { undefinedNames } from '../iosconfig/names.ts';
import type { ConfigModel, IsakmpPolicy } from '../model/config.ts';

/**
 * Built-in policies that apply when none is configured (12.4(20)T and later), by priority 65507 to 65514.
 * Weak ones among them are refused by current IOS-XE.
 */
const DEFAULTS: readonly IsakmpPolicy[] = [
  builtIn(65507, 'aes', 'sha', 'rsa-sig', 5),
  builtIn(65508, 'aes', 'sha', 'pre-share', 5),
  builtIn(65509, 'aes', 'md5', 'rsa-sig', 5),
  builtIn(65510, 'aes', 'md5', 'pre-share', 5),
  builtIn(65511, '3des', 'sha', 'rsa-sig', 2),
  builtIn(65512, '3des', 'sha', 'pre-share', 2),
  builtIn(65513, '3des', 'md5', 'rsa-sig', 2),
  builtIn(65514, '3des', 'md5', 'pre-share', 2),
];

/** The one that older releases have in their place. */
const OLD_DEFAULTS: readonly IsakmpPolicy[] = [builtIn(65535, 'des', 'sha', 'rsa-sig', 1)];

/** Which built-in policies a release has: they changed in the midst of 12.4, with 12.4(20)T. */
export function defaultsOf({ version }: ConfigModel): 'old' | 'new' | 'either' {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (major === 12 && minor === 4) return 'either';
  return version !== null && (major < 12 || (major === 12 && minor < 4)) ? 'old' : 'new';
}

/** The policies in force, by priority. Null when a fragment holds none, so that nothing can be said about them. */
export function policiesOf(model: ConfigModel): readonly IsakmpPolicy[] | null {
  if (model.policies.length > 0) return model.policies;
  if (isFragment(model)) return null;
  if (defaultsOf(model) === 'old') return OLD_DEFAULTS;
  return model.defaultPoliciesDisabled ? [] : DEFAULTS;
}

/** A paste without host name and version shows a part of the configuration; what it lacks may exist. */
export function isFragment(model: ConfigModel): boolean {
  return model.version === null;
}

/** What leads from a tunnel to its keys. */
const TO_KEYS: ReadonlySet<string> = new Set([
  'ipsec-profile',
  'isakmp-profile',
  'ikev2-profile',
  'keyring',
]);

/** Whether the keys may stand in a part that was not given: what leads to them does, or nothing of phase 1 is there. */
export function mayHoldKeysElsewhere(model: ConfigModel): boolean {
  if (!isFragment(model)) return false;
  return (
    undefinedNames(model).some(({ kind }) => TO_KEYS.has(kind)) ||
    [model.policies, model.profiles, model.keyrings].every((part) => part.length === 0)
  );
}

export function isPsk(policy: { readonly authentication: string }): boolean {
  return policy.authentication === 'pre-share';
}

export type PolicyMatch =
  | {
      readonly kind: 'match';
      readonly offer: IsakmpPolicy;
      readonly policy: IsakmpPolicy;
      /** The shorter of both lifetimes, in seconds. */
      readonly lifeSeconds: number;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none'; readonly rejections: readonly PolicyRejected[] };

export type PolicyRejected = {
  readonly offer: IsakmpPolicy;
  readonly policy: IsakmpPolicy;
  /** The first attribute that differs, in the order in which IOS compares them. */
  readonly attribute: 'encryption' | 'key-length' | 'hash' | 'dh-group' | 'authentication';
};

/** The responder walks its policies by priority; each is compared with every offer. Lifetimes never block. */
export function matchPolicy(
  offers: readonly IsakmpPolicy[] | null,
  policies: readonly IsakmpPolicy[] | null,
): PolicyMatch {
  if (offers === null || policies === null) return { kind: 'unknown' };
  const rejections: PolicyRejected[] = [];
  for (const policy of policies) {
    for (const offer of offers) {
      const attribute = difference(offer, policy);
      if (attribute === null) {
        const lifeSeconds = Math.min(offer.lifeSeconds, policy.lifeSeconds);
        return { kind: 'match', offer, policy, lifeSeconds };
      }
      rejections.push({ offer, policy, attribute });
    }
  }
  return { kind: 'none', rejections };
}

export function policyText(policy: IsakmpPolicy): string {
  const cipher =
    policy.keyLength === null
      ? policy.encryption
      : `${policy.encryption} ${String(policy.keyLength)}`;
  return `${cipher}, ${policy.hash}, ${policy.authentication}, group ${String(policy.group)}`;
}

function difference(offer: IsakmpPolicy, policy: IsakmpPolicy): PolicyRejected['attribute'] | null {
  if (offer.encryption !== policy.encryption) return 'encryption';
  if (offer.keyLength !== policy.keyLength) return 'key-length';
  if (offer.hash !== policy.hash) return 'hash';
  if (offer.group !== policy.group) return 'dh-group';
  if (offer.authentication !== policy.authentication) return 'authentication';
  return null;
}

function builtIn(
  priority: number,
  encryption: IsakmpPolicy['encryption'],
  hash: string,
  authentication: string,
  group: number,
): IsakmpPolicy {
  return {
    priority,
    encryption,
    keyLength: encryption === 'aes' ? 128 : null,
    hash,
    authentication,
    group,
    lifeSeconds: 86400,
    defaults: [],
    line: null,
  };
}
