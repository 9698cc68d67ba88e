import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { commonRule, type Story } from '../common-rule.ts';
import { quoted } from '../evidence.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

/** INVALID_EXCHANGE_TYPE and UNSUPPORTED_EXCHANGE_TYPE (RFC 2408 section 3.14.1). */
const REFUSALS: ReadonlySet<number> = new Set([7, 29]);

const DISABLED = /IKMP_AG_MODE_DISABLED|Aggressive Mode while disabled/i;

export const aggressiveModeRejected: Rule = commonRule({
  id: 'aggressive-mode-rejected',
  title: 'Aggressive mode is refused',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'One end starts aggressive mode and the other refuses it. Only its own log tells whether aggressive mode is disabled there, or what else does not fit.',
  recognised:
    'The router logs IKMP_AG_MODE_DISABLED, or the initiator logs that a notification without a hash answers AM1; on the wire the first aggressive message is answered with an error that names the exchange type.',
  fix: 'Use main mode, or allow aggressive mode where a peer with a dynamic address and a pre-shared key needs it. Better still: IKEv2.',
  references: [REFERENCES.aggressive],
  supersedes: ['exchange-mode-mismatch', 'peer-unreachable', 'deleted-by-peer', 'inconclusive'],
  wording: DISABLED,
  notified: (entry, attempt) =>
    attempt.mode === 'aggressive' && entry.direction === 'r2i' && REFUSALS.has(entry.notifyType),
  tell: (attempt, side) =>
    quoted(side, DISABLED, false, 1).length > 0 ? disabled(attempt, side) : refused(attempt),
});

const disabled = ({ initiator, responder }: Attempt, side: AttemptSide): Story => ({
  title: `${side.label} refuses aggressive mode`,
  explanation: `Aggressive mode is tried between ${initiator.label} and ${responder.label}, and ${side.label} has it disabled.`,
  advice: `Let ${initiator.label} use main mode (remove "initiate mode aggressive" or "set aggressive-mode"), or allow aggressive mode on ${responder.label}.`,
});

const refused = ({ initiator, responder }: Attempt): Story => ({
  title: `${responder.label} refuses the aggressive mode of ${initiator.label}`,
  explanation: `${responder.label} answers AM1 of ${initiator.label} with an error instead of AM2. Aggressive mode may be disabled there, no policy may fit, or the identity in AM1 may have no key or group; which of them stands only in the log of ${responder.label}.`,
  advice: `Read "debug crypto isakmp" of ${responder.label} while ${initiator.label} initiates.`,
  settle: [
    `"debug crypto isakmp" of ${responder.label}: IKMP_AG_MODE_DISABLED means that aggressive mode is disabled, "no offers accepted" that no policy fits, "No pre-shared key with" that it has no key.`,
  ],
});
