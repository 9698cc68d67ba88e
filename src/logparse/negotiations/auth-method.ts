export type AuthMethod = 'psk' | 'certificate' | 'unknown';

/** By the name that a log gives: `psk`, `rsa-sig`, `ecdsa`. Who proves itself within EAP does so by neither. */
export function authMethod(auth: string | null): AuthMethod {
  if (auth === null) return 'unknown';
  if (auth.endsWith('psk')) return 'psk';
  return /rsa|ecdsa|dss|sig/.test(auth) ? 'certificate' : 'unknown';
}
