import { predictedRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const oneDirectionOnly: Rule = predictedRule({
  id: 'one-direction-only',
  title: 'The tunnel comes up from one side only',
  severity: 'warning',
  needs: ['config'],
  means:
    'Replayed in both directions, the configurations bring the tunnel up when one router initiates and fail when the other does. It goes unnoticed until the other side must start.',
  recognised: 'Both configurations were given, and the two directions end differently.',
  fix: 'Repair the failing direction; the finding of that direction says where it fails.',
  references: [REFERENCES.keyrings],
  supersedes: [],
});
