import { predictedRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const keyringMissingFromProfile: Rule = predictedRule({
  id: 'keyring-missing-from-profile',
  title: 'A profile names no keyring, or one that does not exist',
  severity: 'warning',
  needs: ['config'],
  means:
    'An ISAKMP profile for peers with pre-shared keys names no keyring, so that its peers use the global keys only, or it names a keyring that is not defined.',
  recognised:
    'The configuration shows the profile without a keyring line, or a keyring line without the keyring.',
  fix: 'Name a defined keyring in the profile.',
  references: [REFERENCES.keyrings],
  supersedes: [],
});
