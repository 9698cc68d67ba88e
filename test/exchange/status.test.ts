import { describe, expect, it } from 'vitest';
import { groupCandidates } from '../../src/exchange/psk-groups.ts';
import { labelOf, messagesSentence, pskSentence, usedBy } from '../../src/exchange/status.ts';
import type { CandidateVerdict, Decryption, Side } from '../../src/model/exchange.ts';
import { psk } from '../support/incident.ts';

const test = (side: Side, verdict: CandidateVerdict['verdict'] = 'verified'): CandidateVerdict => ({
  candidate: '',
  side,
  verdict,
  by: null,
  frame: null,
  why: 'the capture ends before',
});
const both = [test('initiator'), test('responder')];
const value = (...labels: readonly string[]): ReturnType<typeof psk>[] =>
  labels.map((label) => psk('one', label));

describe('what is proven of a key', () => {
  const sentence = (
    candidates: ReturnType<typeof psk>[],
    initiator: number | null,
    responder: number | null,
    tests = both,
  ): string => pskSentence(usedBy(groupCandidates(candidates), initiator, responder), tests);

  it('is its value, never which of several holders it was taken from', () => {
    expect(sentence(value('the key of --psk #1'), 0, 0)).toBe(
      'Both sides are proven to have used the value of the key of --psk #1.',
    );
    expect(sentence(value('key A', 'key B'), 0, 0)).toBe(
      'Both sides are proven to have used a value that 2 keys hold (key A and key B). No packet shows which of them it was.',
    );
    expect(sentence(value('key A', 'key B', 'key C', 'key D'), 0, null)).toBe(
      "The initiator is proven to have used a value that 4 keys hold (key A, key B and 2 more). No packet shows which of them it was. The responder's key is not decided: the capture ends before.",
    );
    const two = [...value('key A'), psk('two', 'key B')];
    expect(sentence(two, 0, 1)).toBe(
      'The initiator is proven to have used the value of key A, the responder the value of key B.',
    );
    expect(sentence(two, null, 1, [test('initiator', 'refuted'), test('responder')])).toBe(
      "The responder is proven to have used the value of key B. No candidate is the initiator's key.",
    );
  });

  it('reads the same whichever file came first', () => {
    const [one, other] = [value('R1 a', 'R2 b', 'R2 c'), value('R2 c', 'R2 b', 'R1 a')];
    expect(sentence(one, 0, 0)).toBe(sentence(other, 0, 0));
    const lead = (list: typeof one): string | null =>
      labelOf(usedBy(groupCandidates(list), 0, 0).initiator);
    expect(lead(one)).toBe(lead(other));
  });
});

describe('what was opened', () => {
  it.each([
    [1, 'The only encrypted message is decrypted.'],
    [2, 'Both encrypted messages are decrypted.'],
    [3, 'All 3 encrypted messages are decrypted.'],
  ])('%i messages', (count, text) => {
    const open = { kind: 'decrypted' } as Decryption;
    expect(
      messagesSentence(
        Array.from({ length: count }, () => open),
        count,
      ),
    ).toBe(text);
  });
});
