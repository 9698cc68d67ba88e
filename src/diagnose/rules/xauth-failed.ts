import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import { nothingAfterVerdict, statusFail } from '../xauth.ts';

export const xauthFailed: Rule = commonRule({
  id: 'xauth-failed',
  title: 'Extended authentication fails',
  severity: 'failure',
  version: 1,
  needs: ['log', 'packets'],
  means: 'Phase 1 is up; the user name and password that XAUTH asks for are not accepted.',
  recognised:
    'The router logs a failed XAUTH or an AAA failure; on the wire XAUTH-STATUS is FAIL, or, where nothing can be decrypted, the client does not go on after the verdict.',
  fix: 'Check user, password and the AAA method list of the profile. For a router as peer, add no-xauth to its key.',
  references: [REFERENCES.xauth],
  supersedes: ['deleted-by-peer', 'inconclusive', 'tunnel-up'],
  // Phase 1 is complete by then; without this step phase 2 is never tried.
  when: ({ phase2 }) => phase2 !== 'complete',
  wording:
    /XAUTH.*(?:fail|denied|reject)|Xauth authentication (?:failed|denied)|AAA.*(?:fail|denied)|authentication failed for user/i,
  seen: (attempt) => [...statusFail(attempt), ...nothingAfterVerdict(attempt)],
  tell: ({ responder }) => ({
    title: `Extended authentication fails at ${responder.label}`,
    explanation: `Phase 1 is up, and the extended authentication that follows is refused.`,
    advice: `Check user name, password and AAA list; for a site-to-site peer add "no-xauth" to its key so that it is not asked.`,
    settle: [`"debug crypto isakmp aaa" and "debug aaa authentication" of ${responder.label}.`],
  }),
});
