import { predictedRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const configurationNotModelled: Rule = predictedRule({
  id: 'configuration-not-modelled',
  title: 'A configuration is that of a firewall',
  severity: 'note',
  needs: ['config'],
  means:
    'The listing is that of an ASA, FTD or PIX firewall. Its tunnel groups and policies select keys by rules of their own, so nothing is predicted from it.',
  recognised: 'Commands are looked for that a firewall has and IOS has not, of at least two kinds.',
  fix: 'Nothing is wrong with it. Give the debug of the firewall, which is read, and the configuration of the router at the other end.',
  references: [REFERENCES.firewall],
  supersedes: [],
});
