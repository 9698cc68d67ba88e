import type { Attempt } from '../model/incident.ts';
import type { LogDocument, LogEvent } from '../model/log.ts';

/** What the output of show commands tells of a tunnel: a moment, of which nobody knows what came next. */
type Told = {
  readonly text: string;
  /** Addresses of the ends, as far as they are named. */
  readonly ends: readonly string[];
  /** Of packets under an IPsec SA, so the tunnel is up; otherwise how far it came. */
  readonly isTraffic: boolean;
};
type Shown = Told & { readonly line: number };

/** Of `show crypto isakmp sa`: what has passed in each state, and what has not. */
const STATES: ReadonlyMap<string, string> = new Map([
  ['MM_NO_STATE', 'no policy is agreed: MM1 is not answered, or refused'],
  ['MM_SA_SETUP', 'a policy is agreed, and the keys are not exchanged yet'],
  ['MM_KEY_EXCH', 'keys are exchanged, and MM5 or MM6 is missing or refused'],
  ['MM_KEY_AUTH', 'the peer is authenticated, and quick mode has not begun'],
  ['AG_NO_STATE', 'no answer to AM1, or a refusal'],
  ['AG_INIT_EXCH', 'AM2 was sent or received, and AM3 is missing or refused'],
  ['AG_AUTH', 'the peer is authenticated, and quick mode has not begun'],
  ['CONF_XAUTH', 'the keys are checked, and XAUTH has not ended'],
  ['CONF_ADDR', 'the peer is authenticated, and mode configuration has not ended'],
]);

/** Of a session, in `show crypto session` and `show crypto ikev2 session`. */
const SESSIONS: ReadonlyMap<string, string> = new Map([
  ['UP-IDLE', 'the IKE SA is up, and there is no IPsec SA'],
  ['DOWN-NEGOTIATING', 'IKE is tried, and there is no SA'],
  ['DOWN', 'there is neither an IKE SA nor an IPsec SA'],
]);

/** What an event tells together with the lines behind and before it. */
type Row = (
  event: LogEvent,
  after: readonly LogEvent[],
  before: readonly LogEvent[],
) => readonly (Told | null)[];

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
  'show-sa': (event) => [standing(text(event, 'initiator'), text(event, 'responder'), event)],
  'show-sa-dst': (event, after) => {
    const entry = within(after, 'show-sa-dst');
    const initiator = text(find(entry, 'show-sa-src'), 'initiator');
    return [standing(initiator, text(event, 'responder'), find(entry, 'show-sa-state'))];
  },
  'show-ikev2-sa': (event, after) => {
    if (text(event, 'status') !== 'IN-NEG') return [];
    const entry = within(after, 'show-ikev2-sa');
    const { local, remote } = endsOf(event, entry);
    if (remote === '') return [];
    const why = text(find(entry, 'show-ikev2-reason'), 'status');
    const said = `the IKEv2 SA of ${local} with ${remote} is still being negotiated${why === '' ? '' : ` (${why})`}`;
    return [{ text: said, ends: [local, remote], isTraffic: false }];
  },
  'show-ikev2-session': (event, after) => {
    const entry = within(after, 'show-ikev2-session');
    const at = entry.findIndex(({ message }) => message === 'show-ikev2-sa');
    if (at < 0) return [];
    return [session(endsOf(entry[at]!, entry.slice(at + 1)).remote, text(event, 'status'))];
  },
  'show-session': (event, after) => {
    const entry = within(after, 'show-session');
    const peer = text(find(entry, 'show-session-peer'), 'peer');
    const told = session(peer, text(event, 'status'));
    if (peer === '' || told !== null) return [told];
    return entry.flatMap((flow, at) => {
      if (flow.message !== 'show-session-flow') return [];
      const counters = within(entry.slice(at + 1), 'show-session-flow');
      const received = find(counters, 'show-session-inbound');
      const dropped = Number(received?.fields.dropped ?? 0);
      return [
        oneWay(peer, text(flow, 'flow'), {
          sent: find(counters, 'show-session-outbound')?.fields.packets,
          received: received?.fields.packets,
          refused: dropped === 0 ? '' : `${dropped} dropped`,
        }),
      ];
    });
  },
  'show-ipsec-peer': (event, after, before) => {
    const entry = within(after, 'show-ipsec-peer');
    const peer = text(event, 'peer');
    const proxies = ['show-ipsec-local', 'show-ipsec-remote'].map((message) =>
      text(
        before.findLast((each) => each.message === message),
        'proxy',
      ),
    );
    const traffic = proxies.includes('') ? '' : proxies.join(' to ');
    const errors = errorsOf(entry);
    const spi = find(entry, 'show-ipsec-outbound')?.fields.spi;
    if (spi !== undefined && /^0+$/.test(String(spi))) {
      const unsent = errors.reduce((sum, { isSent, count }) => sum + (isSent ? count : 0), 0);
      const said = `there is no outbound IPsec SA with ${named(peer, traffic)}, and ${unsent} packets for it were dropped`;
      return unsent === 0 ? [] : [{ text: said, ends: [peer], isTraffic: false }];
    }
    return [
      oneWay(peer, traffic, {
        sent: find(entry, 'show-ipsec-sent')?.fields.encapsulated,
        received: find(entry, 'show-ipsec-received')?.fields.decapsulated,
        refused: errors
          .filter(({ isSent }) => !isSent)
          .map(({ name, count }) => `${name} ${count}`)
          .join(', '),
      }),
    ];
  },
};

/** Of one ISAKMP SA, whose state and status stand in `shown`. */
function standing(initiator: string, responder: string, shown: LogEvent | undefined): Told | null {
  const state = text(shown, 'state');
  const means = STATES.get(state);
  return means === undefined || /deleted/i.test(text(shown, 'status'))
    ? null
    : {
        text: `the ISAKMP SA of ${initiator} with ${responder} stands at ${state} (${means})`,
        ends: [initiator, responder],
        isTraffic: false,
      };
}

function session(peer: string, status: string): Told | null {
  const means = SESSIONS.get(status);
  return peer === '' || means === undefined
    ? null
    : {
        text: `the session with ${peer} is ${status} (${means})`,
        ends: [peer],
        isTraffic: false,
      };
}

const named = (peer: string, traffic: string): string =>
  traffic === '' ? peer : `${peer} (${traffic})`;

/** The two ends of an IKEv2 SA: over IPv6 they stand in lines of their own behind its row. */
function endsOf(
  row: LogEvent,
  behind: readonly LogEvent[],
): { readonly local: string; readonly remote: string } {
  const own = within(behind, 'show-ikev2-sa');
  return {
    local: text(row, 'local') || text(find(own, 'show-ikev2-local'), 'local'),
    remote: text(row, 'remote') || text(find(own, 'show-ikev2-remote'), 'remote'),
  };
}

type ErrorCount = { readonly name: string; readonly isSent: boolean; readonly count: number };

/** Counters that `show crypto ipsec sa detail` has in place of two sums; others, such as those of tags, count no error. */
const ERRORS =
  /(no sa|invalid sa|(?:en|de)caps failed|invalid prot|verify failed|invalid identity|invalid len|replay failed|internal err)(?: \((send|re?cv)\))?:? (\d+)/g;

/** What went wrong under an IPsec SA, as far as something did. */
function errorsOf(entry: readonly LogEvent[]): readonly ErrorCount[] {
  const { sendErrors, receiveErrors } = find(entry, 'show-ipsec-errors')?.fields ?? {};
  const counters = entry
    .filter(({ message }) => message === 'show-ipsec-counter')
    .flatMap((event) => [...text(event, 'counter').matchAll(ERRORS)])
    .map(([, name, way, count]) => ({
      name: name!,
      isSent: way === 'send',
      count: Number(count),
    }));
  return [
    { name: 'send errors', isSent: true, count: Number(sendErrors ?? 0) },
    { name: 'receive errors', isSent: false, count: Number(receiveErrors ?? 0) },
    ...counters,
  ].filter(({ count }) => count > 0);
}

type Counts = {
  readonly sent: string | number | undefined;
  readonly received: string | number | undefined;
  /** What became of packets that came and were not taken; empty for none. */
  readonly refused: string;
};

/** Packets in one direction alone. */
function oneWay(peer: string, traffic: string, { sent, received, refused }: Counts): Told | null {
  if (sent === undefined || received === undefined) return null;
  const [out, back] = [Number(sent), Number(received)];
  if (out > 0 === back > 0) return null;
  const said =
    out === 0
      ? `${back} packets were received and none was sent`
      : refused === ''
        ? `${out} packets were sent and none was received`
        : `${out} packets were sent, and of those that came none was accepted (${refused})`;
  return {
    text: `under the IPsec SA with ${named(peer, traffic)} ${said}`,
    ends: [peer],
    isTraffic: true,
  };
}

/** Each saying once, in the order of the lines. */
function shownIn({ events }: LogDocument): readonly Shown[] {
  const said = new Map<string, Shown>();
  events.forEach((event, index) => {
    const row = ROWS[event.message];
    if (row === undefined) return;
    const after = events.slice(index + 1, index + 1 + MOST_LINES);
    const before = events.slice(Math.max(0, index - LINES_BEFORE), index);
    const by = event.router === null ? '' : `on ${event.router} `;
    for (const told of row(event, after, before)) {
      if (told === null) continue;
      const key = `${by}${told.text}`;
      if (!said.has(key)) said.set(key, { ...told, text: key, line: event.line });
    }
  });
  return [...said.values()];
}

/** An entry of any of these commands is shorter. */
const MOST_LINES = 80;
/** What is protected stands in the two lines before the peer. */
const LINES_BEFORE = 3;
const MOST_SAID = 4;

/** As a sentence with a blank behind it; empty where no output tells of trouble. */
export function shownText(logs: readonly LogDocument[]): string {
  const text = sentenceOf(logs.flatMap(shownIn));
  return text === '' ? '' : `${text} `;
}

/** What show output beside a debug adds to an attempt: of one that came up, whether packets go both ways. */
export function shownOf(
  { initiator, responder }: Attempt,
  isUp: boolean,
  logs: readonly LogDocument[],
): string {
  const own = [initiator, responder].flatMap(({ address }) => address?.toLowerCase() ?? []);
  return sentenceOf(
    logs
      .flatMap(shownIn)
      .filter(
        ({ ends, isTraffic }) =>
          (isTraffic || !isUp) && ends.every((end) => own.includes(end.toLowerCase())),
      ),
  );
}

function sentenceOf(said: readonly Shown[]): string {
  if (said.length === 0) return '';
  const told = said.slice(0, MOST_SAID).map((each) => `${each.text}, line ${each.line}`);
  const rest = said.length - told.length;
  return `The show output says: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}
