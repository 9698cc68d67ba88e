import type { LogEvent } from '../model/log.ts';

/** What the output of show commands tells of a tunnel: a moment, of which nobody knows what came next. */
export type Told = {
  /** What is wrong; null where nothing is, which takes back what an earlier listing said of the same. */
  readonly text: string | null;
  /** The SA, the session or the flow, alike in each listing and in each command that shows it. */
  readonly about: string;
  /** Addresses of the ends, as far as they are named. */
  readonly ends: readonly string[];
  /** Of packets under an IPsec SA, so the tunnel is up; otherwise how far it came. */
  readonly isTraffic: boolean;
  /** How far a session or an IKE SA has come; null for flows, whose IPsec SA can outlive the IKE SA. */
  readonly stage: Stage | null;
};

/** No IKE SA, an IKE SA, and IPsec SAs under it. */
type Stage = 0 | 1 | 2;

/** Of `show crypto isakmp sa`: what has passed in each state, and what has not. */
const STATES: ReadonlyMap<string, string> = new Map<string, string>([
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

/** Of a session, in `show crypto session` and `show crypto ikev2 session`; what is missing, or null. */
const SESSIONS: ReadonlyMap<string, readonly [Stage | null, string | null]> = new Map<
  string,
  readonly [Stage | null, string | null]
>([
  ['UP-ACTIVE', [2, null]],
  ['UP-NO-IKE', [null, null]],
  ['UP-IDLE', [1, 'the IKE SA is up, and there is no IPsec SA']],
  ['DOWN-NEGOTIATING', [0, 'IKE is tried, and there is no SA']],
  ['DOWN', [0, 'there is neither an IKE SA nor an IPsec SA']],
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

/** By the message that begins an entry. */
export const SHOWN_ROWS: Readonly<Record<string, Row>> = {
  'show-sa': (event) => [standing(text(event, 'initiator'), text(event, 'responder'), event)],
  'show-sa-dst': (event, after) => {
    const entry = within(after, 'show-sa-dst');
    const initiator = text(find(entry, 'show-sa-src'), 'initiator');
    return [standing(initiator, text(event, 'responder'), find(entry, 'show-sa-state'))];
  },
  'show-ikev2-sa': (event, after) => {
    const entry = within(after, 'show-ikev2-sa');
    const { local, remote } = endsOf(event, entry);
    if (remote === '') return [];
    const why = text(find(entry, 'show-ikev2-reason'), 'status');
    const sa = { sa: 'IKEv2', local, remote };
    const status = text(event, 'status');
    return status === 'IN-NEG'
      ? [ike(sa, 0, `is still being negotiated${why === '' ? '' : ` (${why})`}`)]
      : status === 'READY'
        ? [ike(sa, 1, null)]
        : [];
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
    if (told?.text != null) return [told];
    const flows = entry.flatMap((flow, at) => {
      if (peer === '' || flow.message !== 'show-session-flow') return [];
      const counters = within(entry.slice(at + 1), 'show-session-flow');
      const received = find(counters, 'show-session-inbound');
      const dropped = Number(received?.fields.dropped ?? 0);
      return [
        packets(peer, text(flow, 'flow'), {
          sent: find(counters, 'show-session-outbound')?.fields.packets,
          received: received?.fields.packets,
          refused: dropped === 0 ? [] : [{ text: `${dropped} dropped`, count: dropped }],
        }),
      ];
    });
    return [told, ...flows];
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
      const said = `there is no outbound IPsec SA with ${named(peer, traffic)}, and ${counted(unsent)} for it ${were(unsent)} dropped`;
      return [{ ...flowOf(peer, traffic), text: unsent === 0 ? null : said, isTraffic: false }];
    }
    return [
      packets(peer, traffic, {
        sent: find(entry, 'show-ipsec-sent')?.fields.encapsulated,
        received: find(entry, 'show-ipsec-received')?.fields.decapsulated,
        refused: errors
          .filter(({ isSent }) => !isSent)
          .map(({ name, count }) => ({ text: `${name} ${count}`, count })),
      }),
    ];
  },
};

/** Of one ISAKMP SA, whose state and status stand in `shown`. */
function standing(initiator: string, responder: string, shown: LogEvent | undefined): Told | null {
  const state = text(shown, 'state');
  const sa = { sa: 'ISAKMP', local: initiator, remote: responder };
  const means = STATES.get(state);
  if (initiator === '' && responder === '') return null;
  if (/deleted/i.test(text(shown, 'status'))) return ike(sa, 0, null);
  if (state === 'QM_IDLE') return ike(sa, 1, null);
  return means === undefined ? null : ike(sa, 0, `stands at ${state} (${means})`);
}

type IkeSa = { readonly sa: string; readonly local: string; readonly remote: string };

/** Of an IKE SA; a torn listing may name one end alone. */
function ike({ sa, local, remote }: IkeSa, stage: Stage, said: string | null): Told {
  const ends = [local, remote].filter((end) => end !== '');
  return {
    text:
      said === null
        ? null
        : `the ${sa} SA ${ends.length === 2 ? 'of ' : 'with '}${ends.join(' with ')} ${said}`,
    about: `${sa} ${ends.join(' ')}`,
    ends,
    isTraffic: false,
    stage,
  };
}

function session(peer: string, status: string): Told | null {
  const shown = SESSIONS.get(status);
  if (peer === '' || shown === undefined) return null;
  const [stage, means] = shown;
  return {
    text: means === null ? null : `the session with ${peer} is ${status} (${means})`,
    about: `session ${peer}`,
    ends: [peer],
    isTraffic: false,
    stage,
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
  /** What became of packets that came and were not taken. */
  readonly refused: readonly { readonly text: string; readonly count: number }[];
};

/** A ping of IOS is five packets; fewer may have been sent while the far end still put its SA in place. */
const LEAST_PACKETS = 5;

const counted = (count: number): string => `${count} packet${count === 1 ? '' : 's'}`;
const were = (count: number): string => (count === 1 ? 'was' : 'were');

/** Of one flow: whether packets go in one direction alone. */
function packets(peer: string, traffic: string, { sent, received, refused }: Counts): Told | null {
  if (sent === undefined || received === undefined) return null;
  const [out, back] = [Number(sent), Number(received)];
  const lost = refused.reduce((sum, { count }) => sum + count, 0);
  const isOneWay = out > 0 !== back > 0 && Math.max(out, back, out > 0 ? lost : 0) >= LEAST_PACKETS;
  const said =
    out === 0
      ? `${counted(back)} ${were(back)} received and none was sent`
      : lost === 0
        ? `${counted(out)} ${were(out)} sent and none was received`
        : `${counted(out)} ${were(out)} sent, and of those that came none was accepted (${refused.map((each) => each.text).join(', ')})`;
  return {
    ...flowOf(peer, traffic),
    text: isOneWay ? `under the IPsec SA with ${named(peer, traffic)} ${said}` : null,
    isTraffic: true,
  };
}

const flowOf = (peer: string, traffic: string): Pick<Told, 'about' | 'ends' | 'stage'> => ({
  about: `flow ${peer} ${selectorsOf(traffic).join(' ')}`,
  ends: [peer],
  stage: null,
});

/** An end in `show crypto ipsec sa`: address, mask, protocol and port. */
const IPSEC_END = /([\da-f.:]+)\/([\da-f.:]+)\/(\d+)\/(\d+)/gi;
/** The same in `show crypto session`, where the protocol stands before both. */
const SESSION_END = /(?:host ([\da-f.:]+)|([\da-f.:]+)\/([\da-f.:]+))(?: port (?:= ?)?(\d+))?/gi;

/** Protocol, address, mask and port of both ends, written alike for both commands. */
function selectorsOf(traffic: string): readonly string[] {
  const shown = /^permit (\S+) (.*)/i.exec(traffic);
  const [, protocol = '', ends = ''] = shown ?? [];
  return shown === null
    ? [...traffic.matchAll(IPSEC_END)].map(([, address, mask, own, port]) =>
        selector(own!, address!, mask, port!),
      )
    : [...ends.matchAll(SESSION_END)].map(([, host, address = '', mask, port = '0']) =>
        selector(/^ipv?6?$/i.test(protocol) ? '0' : protocol, host ?? address, mask, port),
      );
}

const selector = (
  protocol: string,
  address: string,
  mask: string | undefined,
  port: string,
): string =>
  [protocol, address, mask ?? (address.includes(':') ? '128' : '255.255.255.255'), port]
    .join('/')
    .toLowerCase();
