import type { Attempt } from '../model/incident.ts';
import { keyringsOf } from '../select/keyring.ts';
import { placesAt } from '../select/phase2.ts';
import { toIdentity } from '../select/identity.ts';
import { keyringUsed } from './keys-used.ts';

/** That the responder matches an address which its packets do not come from, as a sentence; empty where they do. */
export function translatedIdentity({ responder }: Attempt): string {
  const { log, label } = responder;
  const identity = log?.peerIdentity ?? null;
  const peer = log?.peerAddress ?? null;
  if (identity === null || peer === null || identity.value === peer) return '';
  const { type } = toIdentity(identity);
  if (type !== 'ipv4' && type !== 'ipv6') return '';
  return `The packets come from ${peer}, and the identity is ${identity.value}, as the peer knows itself behind a translation: ${label} looks for the key by the one, and for the profile by the other.`;
}

/** The profile that phase 2 demands for this peer, where it allows the keyring that was used and another one was matched. */
export function missedProfile({ responder }: Attempt): {
  readonly profile: string;
  readonly place: string;
} | null {
  const { config, selection, log, address } = responder;
  const used = keyringUsed(responder);
  const matched = log?.profileMatched?.name ?? selection?.matchedProfile ?? null;
  if (config === null || selection === null || used === null || matched === null) return null;
  const places = placesAt(config, selection.peer, address ?? '', selection.fvrf);
  for (const { isakmpProfile, label } of places) {
    const profile = config.profiles.find(({ name }) => name === isakmpProfile?.name);
    if (profile === undefined || profile.name === matched) continue;
    if (keyringsOf(profile).includes(used)) return { profile: profile.name, place: label };
  }
  return null;
}
