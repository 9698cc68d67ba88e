/** A key as a configuration holds it. */
type Held = { readonly secret: string; readonly secretType: 0 | 6 | 'hex' | 'masked' };

/** Whether a configuration hides a key: it was stored encrypted, or masked in the text that was given. */
export function isHidden({ secretType }: Held): boolean {
  return secretType === 6 || secretType === 'masked';
}

/** Whether two keys are one; null when one of them is hidden. */
export function sameSecret(a: Held, b: Held): boolean | null {
  if (isHidden(a) || isHidden(b)) return null;
  return a.secret === b.secret && a.secretType === b.secretType;
}

/** What hides one of two keys, as a clause. */
export function hiddenText(...keys: readonly Held[]): string {
  return keys.some(({ secretType }) => secretType === 'masked')
    ? 'a key is masked in the text that was given'
    : 'a key is stored encrypted (type 6)';
}
