import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const exchangeModeMismatch: Rule = commonRule({
  id: 'exchange-mode-mismatch',
  title: 'The ends use different exchange types',
  severity: 'failure',
  needs: ['log', 'packets'],
  means: 'One end offers an exchange type (main, aggressive) that the other is not configured for.',
  recognised:
    'INVALID_EXCHANGE_TYPE or UNSUPPORTED_EXCHANGE_TYPE answers the first message, or a log says that the exchange type is unknown.',
  fix: 'Configure the same mode on both ends.',
  references: [REFERENCES.isakmp, REFERENCES.notify],
  supersedes: ['deleted-by-peer', 'peer-unreachable', 'inconclusive'],
  wording: /IKMP_UNK_EXCHANGE|unknown exchange type|unsupported exchange type/i,
  notified: (entry, attempt) =>
    attempt.mode === 'main' &&
    entry.direction === 'r2i' &&
    (entry.notifyType === 7 || entry.notifyType === 29),
  tell: ({ initiator, responder, mode }) => ({
    title: `${responder.label} does not take part in ${mode} mode`,
    explanation: `${initiator.label} starts ${mode} mode and ${responder.label} answers that it does not know or want this exchange.`,
    advice: `Configure the same mode on both ends.`,
  }),
});
