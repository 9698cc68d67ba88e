import { parseLog } from '../../src/logparse/parse.ts';
import type { LogDocument } from '../../src/model/log.ts';

const squeezed = (text: string): string => text.replace(/\s+/g, '');

/** Events without what damage may change: lines, white space, commands typed in between. */
export function comparableEvents(document: LogDocument): readonly string[] {
  return document.events
    .filter(({ message }) => message !== 'command')
    .map((event) =>
      [
        event.message,
        event.connId,
        squeezed(event.time?.written ?? ''),
        squeezed(event.text),
        squeezed(JSON.stringify(event.fields)),
      ].join(' | '),
    );
}

/** Negotiations without lines and names, which prompts that were inserted may change. */
export function comparableNegotiations(document: LogDocument): readonly string[] {
  return document.negotiations.map((n) =>
    JSON.stringify([
      n.role,
      n.exchange,
      n.localAddress,
      n.peerAddress,
      n.connId,
      n.auth,
      n.transform,
      n.policyRejections.map(({ attribute, priority }) => [attribute, priority]),
      n.keyringSelections.map(({ step, keyring, entry }) => [step, keyring, entry]),
      n.saRequestProfile?.name,
      n.profileMatched?.name,
      n.statePath,
      n.qmStatePath,
      n.packetStates,
      n.peerIdentity?.value.replace(/\s+/g, ''),
      n.natFound,
      n.messageIds,
      n.spis,
      n.proxies?.local,
      n.deleteReason?.text.replace(/\s+/g, ''),
      n.verdict,
      n.failingStep,
    ]),
  );
}

/** Everything of a log that damage must not change. */
export function comparable(log: string): {
  readonly events: readonly string[];
  readonly negotiations: readonly string[];
} {
  const document = parseLog(log, 'i1');
  return { events: comparableEvents(document), negotiations: comparableNegotiations(document) };
}
