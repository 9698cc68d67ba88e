import type { LogDocument, LogEvent } from '../model/log.ts';

/** What the output of show commands tells of tunnels that are not up: a moment, of which nobody knows what came next. */
type Shown = { readonly text: string; readonly line: number };

/** Of `show crypto isakmp sa`: what has passed in each state, and what has not. */
const STATES: Readonly<Record<string, string>> = {
  MM_NO_STATE: 'no policy is agreed: MM1 is not answered, or refused',
  MM_SA_SETUP: 'a policy is agreed, and the keys are not exchanged yet',
  MM_KEY_EXCH: 'keys are exchanged, and MM5 or MM6 is missing or refused',
  MM_KEY_AUTH: 'the peer is authenticated, and quick mode has not begun',
  AG_NO_STATE: 'no answer to AM1, or a refusal',
  AG_INIT_EXCH: 'AM2 was sent or received, and AM3 is missing or refused',
};

type Row = (event: LogEvent, after: readonly LogEvent[]) => string | null;

const text = (event: LogEvent | undefined, field: string): string =>
  String(event?.fields[field] ?? '');

/** Lines of one entry: up to where the next one begins. */
const within = (after: readonly LogEvent[], next: string): readonly LogEvent[] => {
  const end = after.findIndex(({ message }) => message === next);
  return end < 0 ? after : after.slice(0, end);
};
const find = (events: readonly LogEvent[], message: string): LogEvent | undefined =>
  events.find((event) => event.message === message);

const ROWS: Readonly<Record<string, Row>> = {
  'show-sa': (event) => {
    const state = text(event, 'state');
    const means = STATES[state];
    return means === undefined || /deleted/i.test(text(event, 'status'))
      ? null
      : `the ISAKMP SA of ${text(event, 'initiator')} with ${text(event, 'responder')} stands at ${state} (${means})`;
  },
  'show-ikev2-sa': (event, after) => {
    if (text(event, 'status') !== 'IN-NEG' || event.fields.remote === undefined) return null;
    const why = text(find(within(after, 'show-ikev2-sa'), 'show-ikev2-reason'), 'status');
    return `the IKEv2 SA of ${text(event, 'local')} with ${text(event, 'remote')} is still being negotiated${why === '' ? '' : ` (${why})`}`;
  },
  'show-session': (event, after) => {
    const entry = within(after, 'show-session');
    const peer = text(find(entry, 'show-session-peer'), 'peer');
    if (peer === '') return null;
    const status = text(event, 'status');
    if (status.startsWith('DOWN')) return `the session with ${peer} is ${status}`;
    const [sent, received] = ['show-session-outbound', 'show-session-inbound'].map((message) =>
      entry.filter((each) => each.message === message).map((each) => Number(each.fields.packets)),
    );
    return oneWay(peer, sent!, received!);
  },
  'show-ipsec-peer': (event, after) => {
    const entry = within(after, 'show-ipsec-peer');
    const peer = text(event, 'peer');
    const unsent = Number(find(entry, 'show-ipsec-errors')?.fields.sendErrors ?? 0);
    const spi = find(entry, 'show-ipsec-outbound')?.fields.spi;
    if (spi !== undefined && /^0+$/.test(String(spi)))
      return unsent === 0
        ? null
        : `there is no outbound IPsec SA with ${peer}, and ${unsent} packets for it were dropped`;
    const counts = (message: string, field: string): readonly number[] => {
      const counted = find(entry, message)?.fields[field];
      return counted === undefined ? [] : [Number(counted)];
    };
    return oneWay(
      peer,
      counts('show-ipsec-sent', 'encapsulated'),
      counts('show-ipsec-received', 'decapsulated'),
    );
  },
};

/** Packets in one direction alone. */
function oneWay(peer: string, sent: readonly number[], received: readonly number[]): string | null {
  if (sent.length === 0 || received.length === 0) return null;
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const [out, back] = [sum(sent), sum(received)];
  if (out > 0 && back === 0)
    return `under the IPsec SA with ${peer} ${out} packets were sent and none was received`;
  return out === 0 && back > 0
    ? `under the IPsec SA with ${peer} ${back} packets were received and none was sent`
    : null;
}

/** Each saying once, in the order of the lines. */
function shownIn({ events }: LogDocument): readonly Shown[] {
  const said = new Map<string, Shown>();
  events.forEach((event, index) => {
    const told = ROWS[event.message]?.(event, events.slice(index + 1, index + 1 + MOST_LINES));
    if (told == null) return;
    const by = event.router === null ? '' : `on ${event.router} `;
    const key = `${by}${told}`;
    if (!said.has(key)) said.set(key, { text: key, line: event.line });
  });
  return [...said.values()];
}

/** An entry of any of these commands is shorter. */
const MOST_LINES = 80;
const MOST_SAID = 4;

/** As a sentence with a blank behind it; empty where no output tells of trouble. */
export function shownText(logs: readonly LogDocument[]): string {
  const said = logs.flatMap(shownIn);
  if (said.length === 0) return '';
  const told = said.slice(0, MOST_SAID).map((each) => `${each.text}, line ${each.line}`);
  const rest = said.length - told.length;
  return `The show output says: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}. `;
}
