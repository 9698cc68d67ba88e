import { predictedRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const unusedName: Rule = predictedRule({
  id: 'unused-name',
  title: 'The configuration defines a name that nothing uses',
  severity: 'note',
  needs: ['config'],
  means:
    'A keyring, profile or transform set is defined and nothing refers to it. A keyring that no profile names still takes part in the search of a responder.',
  recognised: 'Definitions and uses of names in the listing are compared.',
  fix: 'Remove it, or use it. Remember that an unused keyring can still win the search at MM3.',
  references: [REFERENCES.keyrings],
  supersedes: [],
});
