import type { IsakmpProfile } from '../model/config.ts';
import type { KeyringSearch, Verification } from '../model/selection.ts';
import { keyringsOf } from './keyring.ts';

/**
 * After MM5 (responder) or MM6 (unbound initiator): is the keyring that made the keys one of the matched profile?
 * The keyring counts, not the secret: equal secrets in another keyring fail as well.
 */
export function verifyKeyring(used: KeyringSearch, profile: IsakmpProfile | null): Verification {
  if (profile === null) return 'none';
  if (used.winner === null) return 'unknown';
  return keyringsOf(profile).includes(used.winner.keyring) ? 'passes' : 'fails';
}
