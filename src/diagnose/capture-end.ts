import type { ExchangeMessage } from '../model/exchange.ts';
import type { Incident } from '../model/incident.ts';

/** What IOS waits before it sends a message of phase 1 again; the daemons wait less. */
const RETRANSMISSION_MS = 10_000;

/** How long the capture goes on after a message, in ms, where that is too short to show whether it is sent again; else null. */
export function endsTooSoon({ evidence }: Incident, { message }: ExchangeMessage): number | null {
  const { capture, timeNs } = message;
  let end = evidence.captures.find((own) => own.capture === capture)?.summary.lastTimeNs ?? timeNs;
  for (const exchange of evidence.exchanges) {
    const last = exchange.messages.at(-1)?.message;
    if (last?.capture === capture && last.timeNs > end) end = last.timeNs;
  }
  const ms = Number((end - timeNs) / 1_000_000n);
  return ms < RETRANSMISSION_MS ? ms : null;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
