import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

/** INVALID_EXCHANGE_TYPE and UNSUPPORTED_EXCHANGE_TYPE (RFC 2408 section 3.14.1). */
const REFUSALS: ReadonlySet<number> = new Set([7, 29]);

export const aggressiveModeRejected: Rule = commonRule({
  id: 'aggressive-mode-rejected',
  title: 'Aggressive mode is refused',
  severity: 'failure',
  needs: ['log', 'packets'],
  means: 'One end starts aggressive mode and the other refuses it, because it is disabled.',
  recognised:
    'The router logs IKMP_AG_MODE_DISABLED; on the wire the first aggressive message is answered with an error that names the exchange type.',
  fix: 'Use main mode, or allow aggressive mode where a peer with a dynamic address and a pre-shared key needs it. Better still: IKEv2.',
  references: [REFERENCES.aggressive],
  supersedes: ['exchange-mode-mismatch', 'peer-unreachable', 'deleted-by-peer', 'inconclusive'],
  wording: /IKMP_AG_MODE_DISABLED|Aggressive Mode while disabled/i,
  notified: (entry, attempt) =>
    attempt.mode === 'aggressive' && entry.direction === 'r2i' && REFUSALS.has(entry.notifyType),
  tell: ({ initiator, responder }, side) => ({
    title: `${side.label} refuses aggressive mode`,
    explanation: `Aggressive mode is tried between ${initiator.label} and ${responder.label}, and ${side.label} has it disabled.`,
    advice: `Let ${initiator.label} use main mode (remove "initiate mode aggressive" or "set aggressive-mode"), or allow aggressive mode on ${responder.label}.`,
  }),
});
