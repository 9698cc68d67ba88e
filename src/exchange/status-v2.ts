import type { ExchangeMessage, KeyStatus, Side } from '../model/exchange.ts';
import { fragmentSets, missingText } from './ike-fragments.ts';
import type { PskGroup } from './psk-groups.ts';
import { labelOf, messagesSentence, pskSentence, usedBy } from './status.ts';
import type { AuthDecision } from './verdicts-v2.ts';

export type KeyState = {
  /** RFC 9370: additional key exchanges were agreed on. */
  readonly hasMore: boolean;
  /** Keys were there for this SA. */
  readonly hadKeys: boolean;
};

/** What the capture lacks of the IKE_AUTH message of one side; null when it is whole or absent. */
export function lackingAuth(messages: readonly ExchangeMessage[], side: Side): string | null {
  const set = fragmentSets(messages).find(
    (one) =>
      one.step === 'AUTH' &&
      one.direction === (side === 'initiator' ? 'i2r' : 'r2i') &&
      one.missing !== null,
  );
  return set === undefined ? null : missingText(set);
}

/** The status of an IKEv2 exchange in one sentence, with what would help where something is missing. */
export function statusV2(
  state: KeyState,
  messages: readonly ExchangeMessage[],
  decisions: Readonly<Record<Side, AuthDecision>>,
  groups: readonly PskGroup[],
): KeyStatus {
  const readings = messages.map(({ decryption }) => decryption).filter((one) => one !== null);
  const opened = readings.filter(({ kind }) => kind === 'decrypted').length;
  const candidates = [...decisions.initiator.verdicts, ...decisions.responder.verdicts];
  const used = usedBy(groups, decisions.initiator.verified, decisions.responder.verified);
  const parts = [
    messagesSentence(readings, opened),
    pskSentence(used, candidates),
    ...fragmentSets(messages).flatMap((set) =>
      set.missing === null || opened === 0
        ? []
        : `Of ${set.step} ${missingText(set)}, so what it says stays unread.`,
    ),
    state.hasMore && opened > 0
      ? 'The peers agreed on additional key exchanges (RFC 9370), each of which changes the keys.'
      : '',
  ];
  return {
    status:
      readings.length === 0
        ? 'not-encrypted'
        : opened > 0
          ? 'decrypted'
          : state.hadKeys
            ? 'no-candidate-fits'
            : 'no-key-material',
    initiatorPsk: labelOf(used.initiator),
    responderPsk: labelOf(used.responder),
    candidates,
    why: parts.filter((part) => part !== '').join(' '),
  };
}
