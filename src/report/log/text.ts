import { createHearsay, type Hearsay } from '../../logparse/hearsay.ts';
import type { EvidencePlace } from '../../model/evidence.ts';
import type { LogDocument, LogNegotiation } from '../../model/log.ts';
import { noneLeft, phaseNames, seesMainMode } from '../labels.ts';
import type { Palette } from '../palette.ts';
import { clip, safeText } from '../safe-text.ts';
import type { LogWriter, ReadLog } from './document.ts';
import { createNarration, type Narration } from './narrate.ts';
import type { Note } from './story.ts';
import { verdictSentence } from './verdict-sentence.ts';

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

function mode(negotiation: LogNegotiation): string {
  const { exchange, assumed } = negotiation;
  if (assumed?.includes('ikeVersion') === true) return 'IKE of a version that no line tells';
  if (exchange === 'ikev2') return 'IKEv2';
  return exchange === 'main' && !seesMainMode(negotiation) ? 'IKEv1' : `${exchange} mode`;
}

function title(negotiation: LogNegotiation): string {
  const { router, role, assumed, localAddress, peerAddress, connId, fvrf } = negotiation;
  const isTold = assumed?.includes('role') !== true;
  const arrow = isTold ? (role === 'initiator' ? '->' : '<-') : '<->';
  const id = connId === 0 ? '' : `, id ${String(connId)}`;
  const where = fvrf === null ? '' : `, VRF ${fvrf}`;
  return `${router ?? 'a router that nothing names'}${isTold ? `, ${role}` : ''}: ${localAddress ?? '?'} ${arrow} ${peerAddress ?? '?'}, ${mode(negotiation)}${id}${where}`;
}

/** Of the evidence lines, as many as a reader takes in at a glance. */
const mostCited = 12;

function verdictLine(
  negotiation: LogNegotiation,
  notes: readonly Note[],
  palette: Palette,
): string {
  const { verdict, failingStep, phase1, phase2, evidenceLines } = negotiation;
  const paint =
    negotiation.outcome === 'established'
      ? palette.good
      : negotiation.outcome === 'failed'
        ? palette.failure
        : palette.warning;
  const step = failingStep === null ? '' : ` at ${failingStep}`;
  const sentence = verdictSentence(
    negotiation,
    notes.some(({ weight }) => weight === 'trouble'),
  );
  const cited =
    evidenceLines.slice(0, mostCited).join(', ') + (evidenceLines.length > mostCited ? ', …' : '');
  const lines = evidenceLines.length === 0 ? '' : ` ${palette.faint(`(lines ${cited})`)}`;
  const [first, second] = phaseNames(negotiation.ikeVersion);
  return `  ${paint(verdict)}${step}: ${sentence}; ${first} ${phase1}, ${second} ${phase2}${lines}`;
}

function noteLine(note: Note, width: number, palette: Palette): string {
  const repeated =
    note.times === 1 ? '' : palette.faint(` (${note.times} times, last on line ${note.lastLine})`);
  const paint =
    note.weight === 'trouble'
      ? palette.warning
      : note.weight === 'good'
        ? palette.good
        : (text: string): string => text;
  const time = note.time === null ? '' : `${palette.faint(safeText(note.time))}  `;
  return `  ${palette.place(String(note.line).padStart(width))}  ${time}${paint(safeText(note.text))}${repeated}`;
}

export type LogTextOptions = {
  readonly unmatched: boolean;
  /** Whether only some of the negotiations are told. */
  readonly isPart: boolean;
};

/** Each negotiation as a good engineer would note it in the margin: one line a step, with its line number. */
export function createLogText(
  logs: readonly ReadLog[],
  palette: Palette,
  options: LogTextOptions,
): LogWriter {
  const narrations = logs.map(({ document }) => createNarration(document.negotiations));
  // Only where nothing else is to be told.
  const hearsay = logs.map(({ document }) =>
    document.negotiations.length === 0 ? createHearsay() : null,
  );
  return {
    begin: () => [],
    event: (event, index, log) => {
      narrations[log]!.take(event, index);
      hearsay[log]?.take(event);
      return '';
    },
    *end() {
      for (const [i, log] of logs.entries()) {
        if (i > 0) yield '\n';
        yield* section(log, narrations[i]!, hearsay[i]?.all() ?? [], palette, options);
      }
    },
  };
}

function* section(
  log: ReadLog,
  narration: Narration,
  hearsay: readonly Hearsay[],
  palette: Palette,
  options: LogTextOptions,
): Generator<string> {
  const { document } = log;
  yield lines(head(log, palette, options));
  const width = String(document.lines).length;
  for (const [i, negotiation] of document.negotiations.entries()) {
    const notes = narration.notes(i);
    yield lines([
      '',
      palette.strong(safeText(title(negotiation))),
      ...notes.map((note) => noteLine(note, width, palette)),
      verdictLine(negotiation, notes, palette),
    ]);
  }
  if (document.negotiations.length === 0)
    yield lines([
      '',
      nothingTold(hearsay, options),
      ...hearsay.map((each) => noteLine(noteOf(each), width, palette)),
    ]);
  yield lines(foot(document, palette, options));
}

function nothingTold(hearsay: readonly Hearsay[], { isPart }: LogTextOptions): string {
  if (isPart) return noneLeft('negotiation of this file');
  return hearsay.length === 0
    ? 'No line of this file belongs to an IKE negotiation.'
    : 'No debug of an IKE negotiation is in this file. What the syslog says:';
}

const noteOf = ({ peer, means, ...seen }: Hearsay): Note => ({
  ...seen,
  time: null,
  text: peer === null ? means : `${peer}: ${means}`,
  weight: 'plain',
});

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

function head(
  { path, document, events, unknown }: ReadLog,
  palette: Palette,
  { isPart }: LogTextOptions,
): readonly string[] {
  const wrote = document.generation === null ? '' : `, written by ${document.generation}`;
  const routers = document.routers.length > 1 ? document.routers : [];
  return [
    palette.heading(safeText(path)),
    `${count(document.lines, 'line')}, ${count(events - unknown, 'message')} understood, ${count(document.negotiations.length, 'negotiation')}${isPart ? ' selected' : ''}${wrote}`,
    ...routers.map(({ name, addresses, basis }, i) => {
      const list = addresses.length === 0 ? '' : ` (${addresses.join(', ')})`;
      return `  router ${i + 1}: ${safeText(name ?? 'not named')}${list}, told by ${safeText(basis)}`;
    }),
  ];
}

const where = ({ line, offset }: EvidencePlace): string =>
  line === undefined ? `at octet ${offset ?? 0}` : `line ${line}`;

function foot(
  document: LogDocument,
  palette: Palette,
  { unmatched }: LogTextOptions,
): readonly string[] {
  const out: string[] = [];
  const sum = (shapes: LogDocument['unmatched']): number =>
    shapes.reduce((total, shape) => total + shape.count, 0);
  const foreign = sum(document.unmatched);
  const unknown = sum(document.unmatched.filter(({ kind }) => kind === 'unknown-message'));
  for (const { place, text } of document.anomalies)
    out.push(palette.warning(`${where(place)}: ${text}`));
  if (foreign > 0) {
    out.push(
      '',
      palette.faint(
        `${count(foreign, 'line')} not understood: ${unknown} like a message of a router, ${foreign - unknown} of other text${unmatched ? '' : ' (list them with --unmatched)'}`,
      ),
    );
  }
  if (!unmatched) return out;
  const width = String(document.lines).length;
  for (const { firstLine, count: times, kind, example } of document.unmatched) {
    out.push(
      `  ${palette.place(String(firstLine).padStart(width))}  ${String(times).padStart(5)}  ${kind === 'annotation' ? 'text   ' : 'message'}  ${clip(safeText(example), 120)}`,
    );
  }
  return out;
}
