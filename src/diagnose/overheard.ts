import { createHearsay, type Hearsay } from '../logparse/hearsay.ts';
import type { Confidence } from '../model/finding.ts';
import type { LogDocument, LogEvent } from '../model/log.ts';
import type { CaseFile, Claim } from './rule.ts';
import { LOST_SA, LOST_SA_LOGGED, invalidSpi } from './rules/invalid-spi.ts';

/** What one system message proves by itself, without a debug that tells of the attempt. */
type Saying = {
  readonly message: string;
  /** The rule whose fault it is. */
  readonly rule: string;
  readonly basis: Confidence;
  /** What of its lines counts; all of them where it is not given. */
  readonly wording?: RegExp;
  /** `here` wrote the message, `peer` is the address that it names. */
  readonly title: (here: string, peer: string) => string;
  readonly explanation: (here: string, peer: string) => string;
  readonly advice: string;
};

const OF_LOST_SA: Pick<Saying, 'rule' | 'basis' | 'title' | 'advice' | 'wording'> = {
  rule: invalidSpi.id,
  basis: 'observed',
  wording: LOST_SA_LOGGED,
  title: () => LOST_SA.title,
  advice: LOST_SA.advice,
};

const SAYINGS: readonly Saying[] = [
  {
    message: 'syslog-aggressive-disabled',
    rule: 'aggressive-mode-rejected',
    basis: 'observed',
    title: (here) => `${here} refuses aggressive mode`,
    explanation: (here) =>
      `Aggressive mode was asked of ${here}, by its own configuration or by a peer, and it is disabled there. The message does not name the peer.`,
    advice:
      'Let the end that initiates use main mode (remove "initiate mode aggressive" or "set aggressive-mode"), or allow aggressive mode on this router.',
  },
  {
    message: 'syslog-bad-message',
    rule: 'psk-mismatch',
    basis: 'inferred',
    title: (here, peer) => `${here} and ${peer} most likely use different pre-shared keys`,
    explanation: (here, peer) =>
      `${here} could not read a message of ${peer}: most often the pre-shared keys differ; a message that was damaged on its way looks the same.`,
    advice: 'Compare the key values of both ends.',
  },
  {
    message: 'syslog-group-refused',
    rule: 'identity-mismatch',
    basis: 'observed',
    title: (here, peer) => `${here} does not admit ${peer} to its group`,
    explanation: (here, peer) =>
      `${here} is the key server of the group and refuses the registration of ${peer}: its identity is not one that "authorization" of the group allows.`,
    advice:
      'Make the list or filter under "authorization" of the group and the identity of the member (address or certificate name) fit.',
  },
  {
    ...OF_LOST_SA,
    message: 'syslog-invalid-spi',
    explanation: (here, peer) =>
      `${peer} sends packets under an SA that ${here} does not have: it did not learn that the SA is gone.`,
  },
  {
    ...OF_LOST_SA,
    message: 'syslog-no-sa',
    explanation: (here, peer) =>
      `${peer} uses an IKE SA that ${here} does not have: it did not learn that the SA is gone.`,
  },
];

/** Findings of logs that hold system messages and no negotiation. */
export function overheard({
  incident,
}: CaseFile): readonly { readonly rule: string; readonly claim: Claim }[] {
  // What only repeats another log is read there, with its negotiations.
  const repeating = new Set(incident.repeats.map(({ input }) => input));
  return incident.evidence.logs
    .filter(({ negotiations, input }) => negotiations.length === 0 && !repeating.has(input))
    .flatMap((log) =>
      heard({ events: log.events.filter(counts) }).flatMap((said) =>
        SAYINGS.filter(({ message }) => message === said.message).map((saying) => ({
          rule: saying.rule,
          claim: claimOf(log, said, saying),
        })),
      ),
    );
}

const counts = ({ message, text }: LogEvent): boolean =>
  SAYINGS.find((saying) => saying.message === message)?.wording?.test(text) !== false;

/** What system messages of these events say. */
export function heard({ events }: Pick<LogDocument, 'events'>): readonly Hearsay[] {
  const hearsay = createHearsay();
  events.forEach(hearsay.take);
  return hearsay.all();
}

function claimOf(log: LogDocument, said: Hearsay, saying: Saying): Claim {
  const here = log.routers[0]?.name ?? 'the router that wrote this log';
  const peer = said.peer ?? 'its peer';
  const explanation = saying.explanation(here, peer);
  const text = log.events.find(({ line }) => line === said.line)?.text.trim() ?? said.means;
  const { basis, advice } = saying;
  return {
    attempt: null,
    key: `${here} ${peer}`,
    title: saying.title(here, peer),
    explanation,
    summary: `${explanation} ${advice}`,
    evidence: [{ input: log.input, line: said.line, text, basis, decisive: true }],
    remedies: [{ text: advice, verified: false }],
    settle: [
      '"debug crypto isakmp" (for IKEv2 "debug crypto ikev2") and "debug crypto ipsec" while the tunnel is tried.',
    ],
  };
}
