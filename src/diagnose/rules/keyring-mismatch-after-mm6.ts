import { commonRule, failed } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const keyringMismatchAfterMm6: Rule = commonRule({
  id: 'keyring-mismatch-after-mm6',
  title: 'The initiator used a keyring that the matched profile does not allow',
  severity: 'failure',
  needs: ['log'],
  means:
    'An initiator without a bound profile matches one by the identity in MM6, and then requires that the key came from a keyring of that profile, as a responder does after MM5.',
  recognised:
    'The initiator logs "peer matches <profile> profile" after MM6 and "Key not found in keyrings of profile".',
  fix: 'Bind the profile (set isakmp-profile) so that the initiator uses its keyring from the start, or keep the keys of the peer in one keyring.',
  references: [REFERENCES.keyrings],
  supersedes: ['mm5-unanswered', 'mm6-lost', 'deleted-by-peer', 'dpd-peer-dead', 'inconclusive'],
  wording: /Key not found in keyrings? of profile/i,
  when: (attempt, side) => side.side === 'initiator' && failed(attempt),
  tell: (_, side) => ({
    title: `${side.label} took its key from a keyring that the profile matched at MM6 does not allow`,
    explanation: `${side.label}, as initiator without a bound profile, took the key by address alone. MM6 then named an identity whose profile${side.log?.profileMatched?.name == null ? '' : ` ${side.log.profileMatched.name}`} allows other keyrings, so ${side.label} dropped the exchange.`,
    advice: `On ${side.label} bind the profile with "set isakmp-profile", or put the keys for this peer into one keyring.`,
  }),
});
