import type { Decryption, KeyStatus, Side } from '../model/exchange.ts';
import type { ResultV1 } from './results-v1.ts';
import type { PskGroup } from './psk-groups.ts';
import { valueOf } from './psk-groups.ts';

/** The status of an IKEv1 exchange in one sentence, with what would help where something is missing. */
export function statusV1(
  result: ResultV1,
  decryptions: readonly Decryption[],
  groups: readonly PskGroup[],
): KeyStatus {
  const { initiator, responder } = result.sides;
  const used = usedBy(groups, initiator.decision.verified, responder.decision.verified);
  const candidates = [...initiator.decision.verdicts, ...responder.decision.verdicts];
  const opened = decryptions.filter(({ kind }) => kind === 'decrypted').length;
  const status = statusName(decryptions.length, opened, candidates, result);
  const pskPart = pskSentence(used, candidates);
  return {
    status,
    initiatorPsk: labelOf(used.initiator),
    responderPsk: labelOf(used.responder),
    candidates,
    why: [messagesSentence(decryptions, opened), pskPart].filter((part) => part !== '').join(' '),
  };
}

function statusName(
  encrypted: number,
  opened: number,
  candidates: KeyStatus['candidates'],
  result: ResultV1,
): KeyStatus['status'] {
  if (encrypted === 0) return 'not-encrypted';
  if (opened > 0) return 'decrypted';
  const verdicts = new Set(candidates.map(({ verdict }) => verdict));
  if (verdicts.has('refuted') && !verdicts.has('verified')) return 'no-candidate-fits';
  if (result.search.unsupported) return 'no-key-material';
  return result.tried.length > 0 ? 'no-candidate-fits' : 'no-key-material';
}

export function messagesSentence(decryptions: readonly Decryption[], opened: number): string {
  const total = decryptions.length;
  if (total === 0) return 'Nothing in this exchange is encrypted.';
  const first = decryptions.find((one) => one.kind === 'opaque');
  if (opened === total || first === undefined) {
    if (total === 1) return 'The only encrypted message is decrypted.';
    return total === 2
      ? 'Both encrypted messages are decrypted.'
      : `All ${total} encrypted messages are decrypted.`;
  }
  if (opened === 0) return first.why;
  return `${opened} of ${total} encrypted messages are decrypted. ${first.why}`;
}

/** The value that each side is proven to have used. */
export type Used = Readonly<Record<Side, PskGroup | null>>;

export function usedBy(
  groups: readonly PskGroup[],
  initiator: number | null,
  responder: number | null,
): Used {
  const at = (number: number | null): PskGroup | null =>
    number === null ? null : (groups[number] ?? null);
  return { initiator: at(initiator), responder: at(responder) };
}

export const labelOf = (group: PskGroup | null): string | null => group?.labels[0] ?? null;

export function pskSentence(used: Used, candidates: KeyStatus['candidates']): string {
  if (candidates.length === 0) return '';
  const { initiator, responder } = used;
  const told = provenSentence(used);
  if (initiator !== null && responder !== null) return told;
  const open = (side: Side): string => {
    const first = candidates.find((one) => one.side === side);
    if (first === undefined) return '';
    if (first.verdict === 'refuted') return `No candidate is the ${side}'s key.`;
    return `The ${side}'s key is not decided: ${first.why}.`;
  };
  if (initiator !== null) return `${told} ${open('responder')}`.trim();
  if (responder !== null) return `${told} ${open('initiator')}`.trim();
  const [i, r] = [open('initiator'), open('responder')];
  const same = candidates[0]?.why === candidates.at(-1)?.why;
  if (same && candidates[0]?.verdict === 'not-testable') {
    return `No candidate PSK can be tested here: ${candidates[0].why}.`;
  }
  return `${i} ${r}`.trim();
}

function provenSentence({ initiator, responder }: Used): string {
  const first = initiator ?? responder;
  if (first === null) return '';
  const both = initiator !== null && responder !== null;
  const shared = [initiator, responder].some((group) => (group?.labels.length ?? 0) > 1);
  const open = shared ? ' No packet shows which of them it was.' : '';
  if (both && initiator !== responder) {
    return `The initiator is proven to have used ${valueOf(initiator)}, the responder ${valueOf(responder)}.${open}`;
  }
  const who = both ? 'Both sides are' : `The ${initiator === null ? 'responder' : 'initiator'} is`;
  return `${who} proven to have used ${valueOf(first)}.${open}`;
}
