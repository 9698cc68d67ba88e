import { predictedRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const weakAlgorithm: Rule = predictedRule({
  id: 'weak-algorithm',
  title: 'Weak algorithms',
  severity: 'note',
  needs: ['config'],
  means: 'A policy or transform set relies on DES, 3DES, MD5 or a small Diffie-Hellman group.',
  recognised: 'The policies and transform sets of the configuration are compared with a list.',
  fix: 'Move both ends to AES, SHA-2 and group 14 or better.',
  references: [REFERENCES.policy],
  supersedes: [],
});
