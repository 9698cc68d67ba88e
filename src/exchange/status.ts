import type { Decryption, KeyStatus } from '../model/exchange.ts';
import type { ResultV1 } from './results-v1.ts';
import type { PskGroup } from './psk-groups.ts';

/** The status of an IKEv1 exchange in one sentence, with what would help where something is missing. */
export function statusV1(
  result: ResultV1,
  decryptions: readonly Decryption[],
  groups: readonly PskGroup[],
): KeyStatus {
  const { initiator, responder } = result.sides;
  const labelOf = (number: number | null): string | null =>
    number === null ? null : (groups[number]?.labels[0] ?? null);
  const initiatorPsk = labelOf(initiator.decision.verified);
  const responderPsk = labelOf(responder.decision.verified);
  const candidates = [...initiator.decision.verdicts, ...responder.decision.verdicts];
  const opened = decryptions.filter(({ kind }) => kind === 'decrypted').length;
  const status = statusName(decryptions.length, opened, candidates, result);
  const pskPart = pskSentence(initiatorPsk, responderPsk, candidates);
  return {
    status,
    initiatorPsk,
    responderPsk,
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
    return total === 1
      ? 'The only encrypted message is decrypted.'
      : `All ${total} encrypted messages are decrypted.`;
  }
  if (opened === 0) return first.why;
  return `${opened} of ${total} encrypted messages are decrypted. ${first.why}`;
}

export function pskSentence(
  initiatorPsk: string | null,
  responderPsk: string | null,
  candidates: KeyStatus['candidates'],
): string {
  if (candidates.length === 0) return '';
  if (initiatorPsk !== null && responderPsk !== null) {
    return initiatorPsk === responderPsk
      ? `Both sides are proven to have used ${initiatorPsk}.`
      : `The initiator is proven to have used ${initiatorPsk}, the responder ${responderPsk}.`;
  }
  const open = (side: 'initiator' | 'responder'): string => {
    const first = candidates.find((one) => one.side === side);
    if (first === undefined) return '';
    if (first.verdict === 'refuted') return `No candidate is the ${side}'s key.`;
    return `The ${side}'s key is not decided: ${first.why}.`;
  };
  if (initiatorPsk !== null) {
    return `The initiator is proven to have used ${initiatorPsk}. ${open('responder')}`;
  }
  if (responderPsk !== null) {
    return `The responder is proven to have used ${responderPsk}. ${open('initiator')}`;
  }
  const [i, r] = [open('initiator'), open('responder')];
  const same = candidates[0]?.why === candidates.at(-1)?.why;
  if (same && candidates[0]?.verdict === 'not-testable') {
    return `No candidate PSK can be tested here: ${candidates[0].why}.`;
  }
  return `${i} ${r}`.trim();
}
