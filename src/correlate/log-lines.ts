import type { LogDocument, LogEvent, LogNegotiation } from '../model/log.ts';

const byNegotiation = new WeakMap<LogNegotiation, readonly LogEvent[]>();

/** The events of one negotiation, in line order. Gathered once, however many rules read them. */
export function eventsOf(document: LogDocument, negotiation: LogNegotiation): readonly LogEvent[] {
  const known = byNegotiation.get(negotiation);
  if (known) return known;
  const events = negotiation.events.flatMap((index) => document.events[index] ?? []);
  byNegotiation.set(negotiation, events);
  return events;
}

const byLine = new WeakMap<LogDocument, ReadonlyMap<number, LogEvent>>();

/** The event that begins on this line. The table is made once for a document, however many attempts cite it. */
export function eventOnLine(document: LogDocument, line: number): LogEvent | null {
  let events = byLine.get(document);
  if (events === undefined) {
    events = new Map(document.events.map((event) => [event.line, event]));
    byLine.set(document, events);
  }
  return events.get(line) ?? null;
}

/** The first event whose text matches. */
export const findLine = (events: readonly LogEvent[], pattern: RegExp): LogEvent | null =>
  events.find((event) => pattern.test(event.text)) ?? null;

/** The keyring that the last line of a step names. */
export function keyringAt(
  log: LogNegotiation | null,
  step: string,
): { readonly name: string; readonly line: number } | null {
  const told = log?.keyringSelections.findLast((entry) => entry.step === step);
  return told === undefined || told.keyring === null
    ? null
    : { name: told.keyring, line: told.line };
}

/** Wordings that decide, as IOS prints them; wrapped lines arrive joined. */
export const WORDING: {
  readonly keyNotInProfile: RegExp;
  readonly garbage: RegExp;
  readonly authenticated: RegExp;
  readonly profileDidNotMatch: RegExp;
  readonly certificateRefused: RegExp;
  readonly noKey: RegExp;
} = {
  keyNotInProfile: /Key not found in keyrings? of profile/i,
  garbage: /reserved not zero on|IKMP_BAD_MESSAGE|failed its sanity check or is malformed/i,
  authenticated: /SA has been authenticated|SA authentication status/i,
  certificateRefused: /IKMP_INVAL_CERT|Certificate received from \S+ is bad/i,
  noKey: /No pre-shared key with/i,
  profileDidNotMatch: /map_db_check_isakmp_profile profile did not match/i,
};
