import type { Attempt, Incident } from '../model/incident.ts';
import type { LogDocument, LogEvent, LogTime } from '../model/log.ts';
import { SHOWN_ROWS } from './shown-rows.ts';
import type { Told } from './shown-rows.ts';

type Shown = Told & {
  readonly input: string;
  readonly line: number;
  readonly router: string | null;
  /** Of the last line with a stamp that the router wrote before. */
  readonly since: LogTime | null;
  /** Number of the listing within the input. */
  readonly listing: number;
};

/** An entry of any of these commands is shorter. */
const MOST_LINES = 80;
/** What is protected stands in the two lines before the peer. */
const LINES_BEFORE = 3;
const MOST_SAID = 4;

/** With these a listing begins, whether or not the command stands before it. */
const TITLES: ReadonlySet<string> = new Set([
  'command',
  'show-sa-title',
  'show-sa-header',
  'show-ikev2-title',
  'show-session-title',
]);

/** All that the show output of one input tells, good and bad, in the order of the lines. */
function shownIn({ input, events }: LogDocument): readonly Shown[] {
  const out: Shown[] = [];
  const interfaces = new Set<string>();
  const stamps = new Map<string | null, LogTime>();
  let listing = 0;
  events.forEach((event, index) => {
    const { message, router, line } = event;
    const name = message === 'show-ipsec-interface' ? String(event.fields.interface) : null;
    if (TITLES.has(message) || event.time !== null || (name !== null && interfaces.has(name))) {
      listing += 1;
      interfaces.clear();
    }
    if (name !== null) interfaces.add(name);
    if (event.time !== null) stamps.set(router, event.time);
    const row = SHOWN_ROWS[message];
    if (row === undefined) return;
    const after = listed(events.slice(index + 1, index + 1 + MOST_LINES));
    const before = events.slice(Math.max(0, index - LINES_BEFORE), index);
    const since = stamps.get(router) ?? null;
    for (const told of row(event, after, before))
      if (told !== null) out.push({ ...told, input, line, router, since, listing });
  });
  return out;
}

/** Up to where the next command was typed. */
function listed(events: readonly LogEvent[]): readonly LogEvent[] {
  const end = events.findIndex(({ message }) => message === 'command');
  return end < 0 ? events : events.slice(0, end);
}

/** What is wrong by the last listing of each SA, session and flow, each saying once. */
function lastIn(log: LogDocument): readonly Shown[] {
  const shown = shownIn(log);
  const keyOf = ({ router, about }: Shown): string => `${router ?? ''} ${about}`.toLowerCase();
  const last = new Map(shown.map((each) => [keyOf(each), each.listing]));
  const reached = lastByStage(shown);
  const wrong = shown.filter(
    (each) =>
      each.text !== null &&
      each.listing === last.get(keyOf(each)) &&
      !LATER_STAGES.some(
        (stage) =>
          each.stage !== null && stage > each.stage && latest(reached, each, stage) > each.listing,
      ),
  );
  // Of one tunnel the SA, of which both ends are known, tells more than the session.
  const ofPairs = lastByStage(wrong.filter(({ ends }) => ends.length > 1));
  const said = new Map<string, Shown>();
  for (const each of wrong) {
    const { ends, stage, router, text } = each;
    if (ends.length === 1 && stage !== null && latest(ofPairs, each, stage) >= 0) continue;
    const key = `${router ?? ''} ${text}`;
    if (!said.has(key)) said.set(key, each);
  }
  return [...said.values()];
}

const LATER_STAGES = [1, 2] as const;

/** By stage and ends, the last listing that shows an IKE SA or a session of them there. */
function lastByStage(shown: readonly Shown[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { router, ends, stage, listing } of shown) {
    if (stage === null) continue;
    const own = endsKey(ends);
    const parts = ends.length > 1 ? ends.map((end) => `with ${endsKey([end])}`) : [];
    for (const name of [own, ...parts]) last.set(`${router ?? ''} ${stage} ${name}`, listing);
  }
  return last;
}

/** The last listing that shows the same ends at a stage, as far as both name them; -1 where none does. */
function latest(last: ReadonlyMap<string, number>, { router, ends }: Shown, stage: number): number {
  const own = endsKey(ends);
  const names =
    ends.length > 1 ? [own, ...ends.map((end) => endsKey([end]))] : [own, `with ${own}`];
  return Math.max(...names.map((name) => last.get(`${router ?? ''} ${stage} ${name}`) ?? -1));
}

const endsKey = (ends: readonly string[]): string =>
  ends
    .map((end) => end.toLowerCase())
    .sort()
    .join(' ');

/** As a sentence with a blank behind it; empty where no output tells of trouble. */
export function shownText(logs: readonly LogDocument[]): string {
  const text = sentenceOf(logs.flatMap(lastIn));
  return text === '' ? '' : `${text} `;
}

/** What show output behind an attempt adds to it: of one that came up, whether packets go both ways. */
export function shownOf(attempt: Attempt, isUp: boolean, incident: Incident): string {
  const sides = [attempt.initiator, attempt.responder];
  const own = sides.flatMap(({ address }) => address?.toLowerCase() ?? []);
  return sentenceOf(
    incident.evidence.logs
      .flatMap(lastIn)
      .filter(
        (shown) =>
          (shown.isTraffic || !isUp) &&
          shown.ends.every((end) => own.includes(end.toLowerCase())) &&
          isBehind(shown, attempt, incident),
      ),
  );
}

/** Taken when the attempt was over: by the lines of one input, or by the clock of one router. */
function isBehind(shown: Shown, attempt: Attempt, { repeats }: Incident): boolean {
  const logs = [attempt.initiator.log, attempt.responder.log].filter((log) => log !== null);
  const copies = repeats.filter(
    ({ input, of }) =>
      input === shown.input &&
      logs.some((log) => log.input === of.input && log.firstLine === of.line),
  );
  const here = logs.filter(({ input }) => input === shown.input);
  const ofRouter = here.filter(({ router }) => router === shown.router);
  const beside = [...(ofRouter.length > 0 ? ofRouter : here), ...copies];
  if (beside.length > 0) return beside.every(({ lastLine }) => lastLine < shown.line);
  return logs.some(
    ({ router, lastTime }) =>
      router !== null &&
      router === shown.router &&
      lastTime !== null &&
      shown.since !== null &&
      isNoEarlier(shown.since, lastTime),
  );
}

/** False as well where the two stamps cannot be compared. */
const isNoEarlier = (time: LogTime, than: LogTime): boolean =>
  (time.mark === 'uptime') === (than.mark === 'uptime') &&
  time.year === than.year &&
  time.zone === than.zone &&
  time.ms >= than.ms;

function sentenceOf(said: readonly Shown[]): string {
  if (said.length === 0) return '';
  const told = said
    .slice(0, MOST_SAID)
    .map(
      ({ router, text, line }) => `${router === null ? '' : `on ${router} `}${text}, line ${line}`,
    );
  const rest = said.length - told.length;
  return `The show output says: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}
