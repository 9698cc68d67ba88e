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
import { messageTable } from '../logparse/messages/table.ts';
import { anomalyText } from './decode/anomaly-text.ts';
import { payloadRecord } from './decode/payloads.ts';
import { isoTime } from './decode/time.ts';
import { payloadTree } from './payload-tree.ts';

/** A report beyond these would no longer be read; what was left out is counted. */
const mostFrames = 2_000;
const mostLogLines = 20_000;
/** Lines shown on each side of a cited one. */
const neighbours = 3;

const meanings: ReadonlyMap<string, string> = new Map(
  messageTable.map(({ id, means }) => [id, means]),
);

type Sources = {
  readonly inputs: readonly Input[];
  readonly exchanges: readonly Exchange[];
  readonly negotiations: readonly Negotiation[];
  readonly findings: readonly Finding[];
};

/** The evidence that a report shows beside its claims: every frame of IKE, every line of a negotiation, every cited line. */
export function excerptsOf(sources: Sources, mask: (line: string) => string): Excerpts {
  const frames = frameExcerpts(sources);
  const logLines = sources.inputs.flatMap((input) => logExcerpts(input, sources, mask));
  return {
    frames: frames.slice(0, mostFrames),
    logLines: logLines.slice(0, mostLogLines),
    configLines: sources.inputs.flatMap((input) => configExcerpts(input, mask)),
    unmatched: sources.inputs.flatMap((input) => unmatchedExcerpts(input, mask)),
    omitted: {
      frames: Math.max(0, frames.length - mostFrames),
      logLines: Math.max(0, logLines.length - mostLogLines),
    },
  };
}

function frameExcerpts({ inputs, exchanges }: Sources): readonly FrameExcerpt[] {
  const captures = inputs.filter(({ capture }) => capture !== null);
  const all = exchanges.flatMap((exchange) =>
    exchange.messages.map((message) => ({ exchange, message })),
  );
  all.sort(
    (a, b) =>
      a.message.message.capture - b.message.message.capture ||
      a.message.message.frame - b.message.message.frame,
  );
  return all.map(({ exchange, message }) =>
    frameExcerpt(exchange, message, captures[message.message.capture]?.id ?? ''),
  );
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

function logExcerpts(
  input: Input,
  { negotiations, findings }: Sources,
  mask: (line: string) => string,
): readonly LineExcerpt[] {
  const { log } = input;
  if (log === null) return [];
  const lines = input.text.split('\n');
  const owner = new Map<number, string>();
  for (const negotiation of log.negotiations) {
    for (const index of negotiation.events) {
      const event = log.events[index];
      if (event)
        for (let line = event.line; line <= event.lastLine; line += 1)
          owner.set(line, negotiation.id);
    }
  }
  const wanted = new Set(owner.keys());
  const cite = (line: number): void => {
    for (let at = line - neighbours; at <= line + neighbours; at += 1)
      if (at >= 1 && at <= lines.length) wanted.add(at);
  };
  for (const { evidence } of findings)
    for (const { input: id, line } of evidence)
      if (id === input.id && line !== undefined) cite(line);
  const known = new Set(negotiations.map(({ id }) => id));
  const meaning = new Map<number, string>();
  for (const event of log.events) {
    const means = meanings.get(event.message);
    if (means !== undefined) meaning.set(event.line, means);
  }
  return [...wanted]
    .sort((a, b) => a - b)
    .map((line) => {
      const negotiation = owner.get(line) ?? null;
      return {
        input: input.id,
        line,
        text: mask((lines[line - 1] ?? '').replace(/\r$/, '')),
        means: meaning.get(line) ?? null,
        negotiation: negotiation !== null && known.has(negotiation) ? negotiation : null,
      };
    });
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
