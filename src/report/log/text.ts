import { createHearsay, type Hearsay } from '../../logparse/hearsay.ts';
import type { EvidencePlace } from '../../model/evidence.ts';
import type { FailureCause, LogDocument, LogNegotiation } from '../../model/log.ts';
import type { Palette } from '../palette.ts';
import { clip, safeText } from '../safe-text.ts';
import type { LogWriter, ReadLog } from './document.ts';
import { createNarration, type Narration } from './narrate.ts';
import type { Note } from './story.ts';

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Main mode is what is assumed where no line tells another: it is named if something of it was seen. */
function mode({ exchange, packets, statePath }: LogNegotiation): string {
  if (exchange === 'ikev2') return 'IKEv2';
  return exchange === 'main' && packets.length === 0 && statePath.length === 0
    ? 'IKEv1'
    : `${exchange} mode`;
}

function title(negotiation: LogNegotiation): string {
  const { router, role, localAddress, peerAddress, connId, fvrf } = negotiation;
  const arrow = role === 'initiator' ? '->' : '<-';
  const id = connId === 0 ? '' : `, id ${String(connId)}`;
  const where = fvrf === null ? '' : `, VRF ${fvrf}`;
  return `${router ?? 'a router that nothing names'}, ${role}: ${localAddress ?? '?'} ${arrow} ${peerAddress ?? '?'}, ${mode(negotiation)}${id}${where}`;
}

const sentences: Readonly<Record<string, string>> = {
  'tunnel-up': 'phase 1 and phase 2 are complete',
  'keyring-mismatch-after-mm5':
    'the key that opened MM5 came from a keyring that the profile selected by the identity does not name',
  'keyring-mismatch-after-mm6':
    'the key in use came from a keyring that the profile selected by the identity does not name',
  'psk-mismatch': 'the two sides hold different keys',
  'no-psk-for-peer': 'there is no pre-shared key for this peer',
  'ike-policy-mismatch': 'no ISAKMP policy fits what was offered',
  'profile-not-matched': 'no ISAKMP profile fits the identity, and the tunnel demands one',
  'profile-mismatch-phase2': 'the identity selected another ISAKMP profile than the tunnel demands',
  'proxy-identity-mismatch': 'the protected networks of the two sides do not mirror each other',
  'transform-set-mismatch': 'the transform sets differ',
  'mm5-lost': 'MM5 was sent and never arrived',
  'mm5-unanswered':
    'MM5 was never answered: from this side a wrong key, a wrong keyring and a lost packet look the same',
  'peer-unreachable': 'the first message was never answered',
  'aggressive-mode-rejected': 'aggressive mode is disabled or refused',
  'certificate-trustpoint-mismatch':
    'the certificate is not accepted for the trustpoints of the profile',
  'certificate-invalid': 'the certificate of the peer is not accepted',
  'ikev2-profile-not-found': 'no IKEv2 profile fits the identity of the peer',
  'ikev2-auth-failed': 'authentication was refused, and the log does not show why',
  'half-open': 'IKE_SA_INIT was answered, and IKE_AUTH got lost or was never answered',
  'ikev2-invalid-ke': 'the Diffie-Hellman group was refused, and no other was tried',
  'dpd-peer-dead': 'the SA stood until the peer answered no more',
  'deleted-by-peer': 'the peer deleted the SA',
};

/** Where IKEv2 has other words. */
const sentencesIkev2: Readonly<Record<string, string>> = {
  'ike-policy-mismatch': 'no IKEv2 proposal fits what was offered',
  'no-psk-for-peer': 'the keyring of the profile has no peer block for this peer',
  'transform-set-mismatch': 'the transform sets of the child SA differ',
  'proxy-identity-mismatch': 'the traffic selectors of the two sides fit no common policy',
};

/** Where one verdict has several causes. */
const causes: Readonly<Record<FailureCause, string>> = {
  verification: 'the AUTH payload of the peer does not fit: the keys (or certificates) differ',
  user: 'the user of the peer was refused within EAP',
  authorisation: 'the peer was authenticated and then refused',
  'refused-by-peer': 'the peer refused this router; only the log of the peer shows why',
  rekey: 'the IKE SA stood, and no IKEv2 proposal fitted when it was to be renewed',
  installation: 'the IPsec SA was agreed and could not be put in place',
};

function undecided({ phase1, phase2, ikeVersion }: LogNegotiation): string {
  if (phase1 === 'failed') return 'it failed, and the log does not show why';
  if (phase2 === 'failed' && ikeVersion === 2)
    return 'the child SA was refused, and the log does not show why';
  return phase2 === 'failed'
    ? 'quick mode was refused or never answered, and the log does not show why'
    : 'the log does not show how it ended';
}

/** Of the evidence lines, as many as a reader takes in at a glance. */
const mostCited = 12;

function verdictLine(negotiation: LogNegotiation, palette: Palette): string {
  const { verdict, failingStep, phase1, phase2, evidenceLines, ikeVersion, cause } = negotiation;
  const paint =
    negotiation.outcome === 'established'
      ? palette.good
      : negotiation.outcome === 'failed'
        ? palette.failure
        : palette.warning;
  const step = failingStep === null ? '' : ` at ${failingStep}`;
  const sentence =
    (cause && causes[cause]) ??
    (verdict === 'inconclusive'
      ? undecided(negotiation)
      : ((ikeVersion === 2 ? sentencesIkev2[verdict] : null) ?? sentences[verdict]));
  const cited =
    evidenceLines.slice(0, mostCited).join(', ') + (evidenceLines.length > mostCited ? ', …' : '');
  const lines = evidenceLines.length === 0 ? '' : ` ${palette.faint(`(lines ${cited})`)}`;
  return `  ${paint(verdict)}${step}: ${sentence ?? ''}; phase 1 ${phase1}, phase 2 ${phase2}${lines}`;
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
    yield lines([
      '',
      palette.strong(safeText(title(negotiation))),
      ...narration.notes(i).map((note) => noteLine(note, width, palette)),
      verdictLine(negotiation, palette),
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
  if (isPart)
    return 'No negotiation of this file is left. Without --peer, --since and --until all are told.';
  return hearsay.length === 0
    ? 'No line of this file belongs to an IKE negotiation.'
    : 'No debug of an IKE negotiation is in this file. What the syslog says of peers:';
}

const noteOf = ({ peer, means, ...seen }: Hearsay): Note => ({
  ...seen,
  time: null,
  text: `${peer}: ${means}`,
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
