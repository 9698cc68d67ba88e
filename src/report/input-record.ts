import type { Exchange } from '../model/exchange.ts';
import type { Repeat } from '../model/incident.ts';
import type { CaptureClock, InputAnomaly, InputRecord } from '../model/report.ts';
import { unreadableKeys } from '../intake/candidates.ts';
import type { Input } from '../intake/input.ts';
import { anomalyText } from './decode/anomaly-text.ts';

/** What a report says of one input: what it is, how much of it was understood, and what was not. */
export function inputRecord(
  input: Input,
  sha256: string | null,
  exchanges: readonly Exchange[],
): InputRecord {
  const router = input.router ?? soleRouter(input);
  return {
    id: input.id,
    path: input.path,
    kind: input.kind,
    bytes: input.bytes,
    sha256,
    ...(router === null ? {} : { router }),
    counts: counts(input, exchanges),
    anomalies: anomalies(input, sha256),
  };
}

/** With what stands in another input of the same router as well. */
export const withRepeats = (
  records: readonly InputRecord[],
  repeats: readonly Repeat[],
): readonly InputRecord[] =>
  records.map((record) => {
    const own = repeats.filter(({ input }) => input === record.id);
    return own.length === 0
      ? record
      : { ...record, anomalies: [...record.anomalies, ...own.map((each) => told(each, records))] };
  });

export const withClocks = (
  records: readonly InputRecord[],
  clocks: Readonly<Record<string, CaptureClock>>,
): readonly InputRecord[] =>
  records.map((record) => {
    const clock = clocks[record.id];
    return clock === undefined ? record : { ...record, clock };
  });

function told(
  { line, lastLine, of, lines, input }: Repeat,
  records: readonly InputRecord[],
): InputAnomaly {
  const where =
    of.input === input
      ? 'this file'
      : (records.find(({ id }) => id === of.input)?.path ?? of.input);
  const seen = lines === 1 ? 'one message is' : `${String(lines)} messages are`;
  return {
    code: 'lines-seen-twice',
    text: `lines ${String(line)} to ${String(lastLine)} show an attempt that ${where} shows from line ${String(of.line)}: ${seen} in both; the attempt counts once and is read from there`,
    line,
  };
}

/** The router that an input alone is about: that of its one configuration, or the one that its log names. */
function soleRouter({ configs, log }: Input): string | null {
  const names = [
    ...configs.map(({ hostname }) => hostname),
    ...(log?.routers ?? []).map(({ name }) => name),
  ];
  return names.length > 0 && new Set(names).size === 1 ? names[0]! : null;
}

function counts(input: Input, exchanges: readonly Exchange[]): Readonly<Record<string, number>> {
  const { capture, log, configs, keys } = input;
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
  return {
    ...(capture && {
      packets: capture.summary.packets,
      ikeMessages: capture.messages.length,
      exchanges: exchanges.filter((exchange) =>
        exchange.messages.some(({ message }) => message.capture === input.captureIndex),
      ).length,
      natKeepalives: capture.counts.keepalives,
      espPackets: capture.counts.espPackets,
    }),
    ...(log && {
      lines: log.lines,
      events: log.events.length,
      negotiations: log.negotiations.length,
      annotations: sum(
        log.unmatched.filter(({ kind }) => kind === 'annotation').map(({ count }) => count),
      ),
      unknownMessages: sum(
        log.unmatched.filter(({ kind }) => kind === 'unknown-message').map(({ count }) => count),
      ),
    }),
    ...(configs.length > 0 && {
      configurations: configs.length,
      configLines: sum(configs.map((config) => config.lines.length)),
      unknownConfigLines: sum(
        configs.map((config) => config.lineStates.filter((state) => state === 'unknown').length),
      ),
    }),
    ...(keys && { keyMaterial: keys.material.length, candidates: keys.candidates.length }),
  };
}

function anomalies(input: Input, sha256: string | null): readonly InputAnomaly[] {
  const out: InputAnomaly[] = [];
  for (const { code, offset } of input.faults) out.push({ code, text: anomalyText(code), offset });
  if (input.capture) {
    for (const { code, frame, offset } of input.capture.anomalies) {
      out.push({ code, text: anomalyText(code), ...(frame === null ? {} : { frame }), offset });
    }
    for (const { code, count } of input.capture.omitted) {
      out.push({ code, text: `${anomalyText(code)} (${count} more)` });
    }
    for (const message of input.capture.messages) {
      for (const { code, offset } of message.anomalies)
        out.push({ code, text: anomalyText(code), frame: message.frame, offset });
    }
  }
  if (sha256 === null)
    out.push({
      code: 'digest-not-taken',
      text: 'the file is larger than 256 MiB, so its SHA-256 was not taken; --digest takes it',
    });
  for (const anomaly of input.log?.anomalies ?? []) {
    out.push({
      code: anomaly.code,
      text: anomaly.text,
      ...(anomaly.place.line === undefined ? {} : { line: anomaly.place.line }),
    });
  }
  for (const { code, text, line } of input.keys?.anomalies ?? [])
    out.push({ code, text, ...(line === null ? {} : { line }) });
  out.push(...unreadableKeys(input));
  for (const config of input.configs) {
    for (const { code, text, line } of config.anomalies) out.push({ code, text, line });
  }
  return out;
}
