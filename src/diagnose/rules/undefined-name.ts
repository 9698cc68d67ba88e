import { predictedRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const undefinedName: Rule = predictedRule({
  id: 'undefined-name',
  title: 'The configuration uses a name that it does not define',
  severity: 'warning',
  needs: ['config'],
  means:
    'A command refers to a keyring, profile, transform set, access list or trustpoint that the listing does not define.',
  recognised:
    'Definitions and uses of names in the listing are compared. A partial listing may leave the definition out.',
  fix: 'Define the name or correct it.',
  references: [REFERENCES.keyrings],
  supersedes: [],
});
