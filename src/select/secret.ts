import { hexOctets, textOctets } from '../iosconfig/secrets.ts';
import type { SecretType } from '../model/config.ts';

/** A key as a configuration holds it. */
type Held = { readonly secret: string; readonly secretType: SecretType | 'hex' };

/** Whether a configuration hides a key: it was stored encrypted, or the text that was given masks or breaks it. */
export function isHidden({ secretType }: Held): boolean {
  return secretType !== 0 && secretType !== 'hex';
}

/** Whether two keys are one; null when one of them is hidden. */
export function sameSecret(a: Held, b: Held): boolean | null {
  if (isHidden(a) || isHidden(b)) return null;
  if (a.secretType !== 'hex' && b.secretType !== 'hex') return a.secret === b.secret;
  return octetsOf(a) === octetsOf(b);
}

/** Keys are octets, however they are written. */
function octetsOf({ secret, secretType }: Held): string {
  return (secretType === 'hex' ? hexOctets(secret) : null) ?? textOctets(secret);
}

/** What hides one of two keys, as a clause. */
export function hiddenText(...keys: readonly Held[]): string {
  const isAny = (type: SecretType): boolean => keys.some(({ secretType }) => secretType === type);
  if (isAny('torn')) return 'a key is broken by the lines of the text that was given';
  return isAny('masked')
    ? 'a key is masked in the text that was given'
    : 'a key is stored encrypted (type 6)';
}
