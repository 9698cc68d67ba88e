import { predictedRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const unusedName: Rule = predictedRule({
  id: 'unused-name',
  title: 'The configuration defines a name that nothing uses',
  severity: 'note',
  needs: ['config'],
  means:
    'A transform set, map or profile is defined and nothing refers to it, or a keyring that every ISAKMP profile passes over. Such a keyring is not without effect: a responder searches it, and so does an initiator whose profile names none. So is an entry of a crypto map whose traffic an earlier entry takes: it answers, and never calls.',
  recognised:
    'Definitions and uses of names in the listing are compared. A keyring counts only where there are profiles and the replay takes no key from it. An entry of a crypto map counts where every line of its access list lies within those of one earlier entry that denies nothing.',
  fix: 'Remove it, or use it. Remember that a keyring that no profile names can still win the search at MM3.',
  references: [REFERENCES.keyrings],
  supersedes: [],
});
