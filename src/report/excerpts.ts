import type { Input } from '../intake/input.ts';
import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import type { Finding } from '../model/finding.ts';
import type { Endpoint } from '../model/datagram.ts';
import type { LogDocument } from '../model/log.ts';
import type {
  Excerpts,
  FrameExcerpt,
  LineExcerpt,
  Negotiation,
  UnmatchedExcerpt,
} from '../model/report.ts';
import { meaningOf } from '../logparse/messages/describe.ts';
import { anomalyText } from './decode/anomaly-text.ts';
import { payloadRecord } from './decode/payloads.ts';
import { isoTime } from '../bytes/iso-time.ts';
import { maskShape } from './log/masked.ts';
import { payloadTree } from './payload-tree.ts';
import type { QuoteLine } from './verify.ts';

/** A report beyond these would no longer be read; what was left out is counted. */
const mostFrames = 2_000;
const mostLogLines = 20_000;
/** Lines shown on each side of a cited one. */
const neighbours = 3;

type Sources = {
  readonly inputs: readonly Input[];
  readonly exchanges: readonly Exchange[];
  readonly negotiations: readonly Negotiation[];
  readonly findings: readonly Finding[];
};

/**
 * The evidence that a report shows beside its claims: every cited frame and line, then those of the negotiations. `whole` masks
 * all that is to be hidden: a shape is no text any more in which a key could be found later.
 */
export function excerptsOf(
  sources: Sources,
  mask: (line: string) => string,
  whole: (line: string) => string,
): Excerpts {
  const frames = frameExcerpts(sources);
  const logLines = logExcerpts(sources, mask);
  return {
    frames: frames.kept,
    logLines: logLines.kept,
    configLines: sources.inputs.flatMap((input) => configExcerpts(input, mask)),
    unmatched: sources.inputs.flatMap((input) => unmatchedExcerpts(input, whole)),
    omitted: { frames: frames.omitted, logLines: logLines.omitted },
  };
}

type Bounded<T> = { readonly kept: readonly T[]; readonly omitted: number };

/** The first `most` in their order, but none that is cited left out for one that is not. What is left out costs nothing. */
function bounded<T>(all: readonly T[], most: number, isCited: (item: T) => boolean): Bounded<T> {
  if (all.length <= most) return { kept: all, omitted: 0 };
  const cited = Math.min(
    most,
    all.reduce((sum, item) => sum + Number(isCited(item)), 0),
  );
  let [room, roomForCited] = [most - cited, cited];
  const kept = all.filter((item) => (isCited(item) ? roomForCited-- > 0 : room-- > 0));
  return { kept, omitted: all.length - kept.length };
}

function frameExcerpts({ inputs, exchanges, findings }: Sources): Bounded<FrameExcerpt> {
  const captures = inputs.filter(({ capture }) => capture !== null);
  const inputOf = ({ message }: ExchangeMessage): string => captures[message.capture]?.id ?? '';
  const all = exchanges.flatMap((exchange) =>
    exchange.messages.map((message) => ({ exchange, message })),
  );
  all.sort(
    (a, b) =>
      a.message.message.capture - b.message.message.capture ||
      a.message.message.frame - b.message.message.frame,
  );
  const cited = new Set(
    findings.flatMap(({ evidence }) =>
      evidence.flatMap(({ input, frame }) => (frame === undefined ? [] : [`${input} ${frame}`])),
    ),
  );
  const { kept, omitted } = bounded(all, mostFrames, ({ message }) =>
    cited.has(`${inputOf(message)} ${message.message.frame}`),
  );
  return {
    kept: kept.map(({ exchange, message }) => frameExcerpt(exchange, message, inputOf(message))),
    omitted,
  };
}

const place = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function frameExcerpt(exchange: Exchange, item: ExchangeMessage, input: string): FrameExcerpt {
  const { message, decryption } = item;
  const records = item.payloads.map((payload) => payloadRecord(exchange.version, payload));
  const names = records.map(({ type, name }) => name ?? `payload ${type}`);
  const opaque = decryption?.kind === 'opaque' ? decryption.why : null;
  return {
    input,
    frame: message.frame,
    time: isoTime(message.timeNs, 6),
    src: place(message.src),
    dst: place(message.dst),
    step: item.step,
    direction: item.direction,
    length: message.header.length,
    encrypted: item.encrypted,
    decryptedBy: decryption?.kind === 'decrypted' ? decryption.by : null,
    opaqueWhy: opaque,
    retransmissionOf: item.retransmissionOf,
    copyOf: item.copyOf,
    exchange: exchange.id,
    summary: names.length > 0 ? names.join(', ') : `${message.header.length} octets, encrypted`,
    tree: records.map(payloadTree),
    anomalies: item.anomalies.map(({ code, offset }) => ({
      code,
      text: anomalyText(code),
      offset,
    })),
  };
}

type ShownLine = {
  readonly source: LogSource;
  readonly line: number;
  readonly cited: boolean;
};

/** A log by its lines: how each reads, what it means, and whose it is. */
type LogSource = {
  readonly input: string;
  readonly lines: readonly string[];
  readonly meanings: ReadonlyMap<number, string>;
  /** Null for those of a negotiation that the report leaves out. */
  readonly owners: ReadonlyMap<number, string | null>;
};

function logExcerpts(
  { inputs, negotiations, findings }: Sources,
  mask: (line: string) => string,
): Bounded<LineExcerpt> {
  const sources = inputs.flatMap((input) => logSource(input, negotiations));
  const { kept, omitted } = bounded(
    sources.flatMap((source) => shownLines(source, findings)),
    mostLogLines,
    ({ cited }) => cited,
  );
  return { kept: kept.map(({ source, line }) => logExcerpt(source, line, mask)), omitted };
}

function logSource(input: Input, negotiations: readonly Negotiation[]): readonly LogSource[] {
  const { id, log, text } = input;
  if (log === null) return [];
  const known = new Set(negotiations.map((negotiation) => negotiation.id));
  const owners = ownersByLine(log, known);
  return [{ input: id, lines: text.split('\n'), meanings: meaningsByLine(log), owners }];
}

function logExcerpt(
  { input, lines, meanings, owners }: LogSource,
  line: number,
  mask: (line: string) => string,
): LineExcerpt {
  return {
    input,
    line,
    text: mask((lines[line - 1] ?? '').replace(/\r$/, '')),
    means: meanings.get(line) ?? null,
    negotiation: owners.get(line) ?? null,
  };
}

/** Every line of a negotiation, and every cited one with its neighbours, in order. */
function shownLines(source: LogSource, findings: readonly Finding[]): readonly ShownLine[] {
  const cited = new Set<number>();
  const cite = (line: number): void => {
    for (let at = line - neighbours; at <= line + neighbours; at += 1)
      if (at >= 1 && at <= source.lines.length) cited.add(at);
  };
  for (const { evidence } of findings)
    for (const { input, line } of evidence)
      if (input === source.input && line !== undefined) cite(line);
  return [...new Set([...source.owners.keys(), ...cited])]
    .sort((a, b) => a - b)
    .map((line) => ({ source, line, cited: cited.has(line) }));
}

function ownersByLine(
  { events, negotiations }: LogDocument,
  known: ReadonlySet<string>,
): ReadonlyMap<number, string | null> {
  const owners = new Map<number, string | null>();
  for (const negotiation of negotiations) {
    const owner = known.has(negotiation.id) ? negotiation.id : null;
    for (const index of negotiation.events) {
      const event = events[index];
      if (event)
        for (let line = event.line; line <= event.lastLine; line += 1) owners.set(line, owner);
    }
  }
  return owners;
}

function meaningsByLine({ events }: LogDocument): ReadonlyMap<number, string> {
  const byLine = new Map<number, string>();
  for (const event of events) {
    const means = meaningOf(event.message);
    if (means !== undefined) byLine.set(event.line, means);
  }
  return byLine;
}

function configExcerpts(input: Input, mask: (line: string) => string): readonly LineExcerpt[] {
  // Several routers' configurations in one file share its lines.
  const shown = new Map<number, LineExcerpt>();
  for (const config of input.configs) {
    for (const [index, state] of config.lineStates.entries()) {
      const text = config.lines[index] ?? '';
      if (state === 'irrelevant' || text.trim() === '') continue;
      shown.set(index + 1, configExcerpt(input.id, index + 1, mask(text), state));
    }
  }
  return [...shown.values()].sort((a, b) => a.line - b.line);
}

function configExcerpt(input: string, line: number, text: string, state: string): LineExcerpt {
  return { input, line, text, means: state, negotiation: null };
}

/** Any line of the evidence as the excerpts would show it; null when there is no such line. */
export function lineQuoter(
  inputs: readonly Input[],
  negotiations: readonly Negotiation[],
  mask: (line: string) => string,
): QuoteLine {
  const byId = new Map(inputs.map((input) => [input.id, input]));
  const logs = new Map<string, LogSource>();
  return (list, id, line) => {
    const input = byId.get(id);
    if (input === undefined) return null;
    if (list === 'configLines') {
      const config = input.configs.find(({ lineStates }) => lineStates[line - 1] !== undefined);
      const state = config?.lineStates[line - 1];
      return config === undefined || state === undefined
        ? null
        : configExcerpt(id, line, mask(config.lines[line - 1] ?? ''), state);
    }
    const source = logs.get(id) ?? logSource(input, negotiations)[0];
    if (source === undefined || line > source.lines.length) return null;
    logs.set(id, source);
    return logExcerpt(source, line, mask);
  };
}

function unmatchedExcerpts(
  input: Input,
  mask: (line: string) => string,
): readonly UnmatchedExcerpt[] {
  return (input.log?.unmatched ?? []).map((entry) => {
    const { kind, count, firstLine } = entry;
    const { shape, example } = maskShape(entry, mask);
    return { input: input.id, kind, shape, count, firstLine, example };
  });
}
