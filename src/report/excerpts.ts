import type { Input } from '../intake/input.ts';
import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import type { Finding } from '../model/finding.ts';
import type { Endpoint } from '../model/datagram.ts';
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
import { isoTime } from './decode/time.ts';
import { payloadTree } from './payload-tree.ts';

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

/** The evidence that a report shows beside its claims: every cited frame and line, then those of the negotiations. */
export function excerptsOf(sources: Sources, mask: (line: string) => string): Excerpts {
  const frames = frameExcerpts(sources);
  const logLines = logExcerpts(sources, mask);
  return {
    frames: frames.kept,
    logLines: logLines.kept,
    configLines: sources.inputs.flatMap((input) => configExcerpts(input, mask)),
    unmatched: sources.inputs.flatMap((input) => unmatchedExcerpts(input, mask)),
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
  readonly negotiation: string | null;
  readonly cited: boolean;
};

type LogSource = { readonly input: Input; readonly lines: readonly string[] };

function logExcerpts(sources: Sources, mask: (line: string) => string): Bounded<LineExcerpt> {
  const known = new Set(sources.negotiations.map(({ id }) => id));
  const { kept, omitted } = bounded(
    sources.inputs.flatMap((input) => shownLines(input, sources)),
    mostLogLines,
    ({ cited }) => cited,
  );
  const meaningsOf = new Map(sources.inputs.map((input) => [input, meaningsByLine(input)]));
  return {
    kept: kept.map(({ source: { input, lines }, line, negotiation }) => ({
      input: input.id,
      line,
      text: mask((lines[line - 1] ?? '').replace(/\r$/, '')),
      means: meaningsOf.get(input)?.get(line) ?? null,
      negotiation: negotiation !== null && known.has(negotiation) ? negotiation : null,
    })),
    omitted,
  };
}

/** Every line of a negotiation, and every cited one with its neighbours, in order. */
function shownLines(input: Input, { findings }: Sources): readonly ShownLine[] {
  const { log } = input;
  if (log === null) return [];
  const source = { input, lines: input.text.split('\n') };
  const owner = new Map<number, string>();
  for (const negotiation of log.negotiations) {
    for (const index of negotiation.events) {
      const event = log.events[index];
      if (event)
        for (let line = event.line; line <= event.lastLine; line += 1)
          owner.set(line, negotiation.id);
    }
  }
  const cited = new Set<number>();
  const cite = (line: number): void => {
    for (let at = line - neighbours; at <= line + neighbours; at += 1)
      if (at >= 1 && at <= source.lines.length) cited.add(at);
  };
  for (const { evidence } of findings)
    for (const { input: id, line } of evidence)
      if (id === input.id && line !== undefined) cite(line);
  return [...new Set([...owner.keys(), ...cited])]
    .sort((a, b) => a - b)
    .map((line) => ({
      source,
      line,
      negotiation: owner.get(line) ?? null,
      cited: cited.has(line),
    }));
}

function meaningsByLine({ log }: Input): ReadonlyMap<number, string> {
  const byLine = new Map<number, string>();
  for (const event of log?.events ?? []) {
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
      shown.set(index + 1, {
        input: input.id,
        line: index + 1,
        text: mask(text),
        means: state,
        negotiation: null,
      });
    }
  }
  return [...shown.values()].sort((a, b) => a.line - b.line);
}

function unmatchedExcerpts(
  input: Input,
  mask: (line: string) => string,
): readonly UnmatchedExcerpt[] {
  return (input.log?.unmatched ?? []).map(({ kind, shape, count, firstLine, example }) => ({
    input: input.id,
    kind,
    shape: mask(shape),
    count,
    firstLine,
    example: mask(example),
  }));
}
