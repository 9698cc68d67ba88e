import type { ExchangeMessage } from '../../model/exchange.ts';
import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** IP fragments of it are not in the capture; the packets themselves are whole. */
const isInPieces = ({ message }: ExchangeMessage): boolean =>
  message.anomalies.some(({ code }) => code === 'fragments-incomplete');

const isCut = ({ message }: ExchangeMessage): boolean =>
  message.pdu.bytes.length < message.header.length;

function check(attempt: Attempt): Claim | null {
  const messages = attempt.exchange?.messages ?? [];
  const cut = messages.filter((entry) => isCut(entry) && !isInPieces(entry));
  if (cut.length === 0) return null;
  const all = cut.length * 2 > messages.length;
  const first = cut[0]!;
  const shown = `${cut.length} of ${messages.length} messages`;
  return {
    ...claimOf(attempt, {
      title: `The capture holds only the beginning of ${shown}`,
      explanation: `The capture was taken with a snap length: ${shown} between ${attempt.initiator.label} and ${attempt.responder.label} are cut, so that nothing in them can be decrypted or verified.`,
      advice: 'Capture again with the whole packet (tcpdump -s 0, "limit packet-len" absent).',
      evidence: frameEvidence(
        attempt,
        first,
        `${first.message.pdu.bytes.length} of ${first.message.header.length} octets were captured`,
        { basis: 'proven', decisive: true },
      ),
      settle: ['A capture with whole packets.'],
    }),
    leads: all,
  };
}

export const captureTruncated: Rule = {
  id: 'capture-truncated',
  title: 'The capture cuts the packets',
  severity: 'note',
  needs: ['packets'],
  means:
    'The capture was taken with a snap length shorter than the packets. Headers can be followed; contents cannot.',
  recognised: 'The ISAKMP header names more octets than the capture holds.',
  fix: 'Capture again with whole packets.',
  references: [REFERENCES.isakmp],
  supersedes: ['tunnel-up', 'inconclusive'],
  isOutcome: true,
  check: perAttempt(check),
};
