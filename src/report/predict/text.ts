import type { Finding } from '../../model/finding.ts';
import type { Direction, Prediction, Repair, Selection } from '../../model/selection.ts';
import type { Palette } from '../palette.ts';
import { safeText } from '../safe-text.ts';
import { drawTable } from '../text/table.ts';
import type { Cell } from '../text/table.ts';
import { wrap } from '../text/wrap.ts';

export type PredictTextOptions = {
  readonly palette: Palette;
  /** Width of the terminal; 80 when unknown. */
  readonly columns: number;
  /** How an input is called: its path. */
  readonly path?: (input: string) => string;
};

/** Selections are listed one by one up to this number; the JSON and CSV hold them all. */
const MOST_ROWS = 60;

/** Directions first, then what to do, then what each router selects and why the rest lost, then every finding. */
export function renderPredictionText(prediction: Prediction, options: PredictTextOptions): string {
  const { palette } = options;
  const parts: string[] = [];
  if (prediction.directions.length > 0) {
    parts.push(palette.heading('Directions'), directions(prediction.directions, options), '');
  }
  if (prediction.repairs.length > 0) {
    parts.push(
      palette.heading('Repairs'),
      ...prediction.repairs.flatMap((r, i) => repair(r, i, options)),
    );
  }
  if (prediction.selections.length > 0) {
    parts.push(palette.heading('Selections'), selections(prediction.selections, options), '');
    const branched = prediction.selections.filter(({ branches }) => branches.length > 0);
    if (branched.length > 0) {
      parts.push(palette.heading('Where the documents contradict themselves'));
      parts.push(...branched.slice(0, MOST_ROWS).flatMap((each) => branches(each, options)), '');
    }
  }
  parts.push(palette.heading('Findings'));
  if (prediction.findings.length === 0) parts.push(none(prediction), '');
  parts.push(...prediction.findings.flatMap((finding) => describe(finding, options)));
  if (prediction.routers.length === 0)
    return 'No configuration of keyrings, profiles or tunnels was found.\n';
  return `${parts.join('\n').trimEnd()}\n`;
}

/** That nothing was found says that both roles agree only where both were seen and do. */
function none({ selections: all, directions }: Prediction): string {
  const keyrings = new Map<string, Set<string | null>>();
  for (const { router, peer, keyring } of all) {
    const place = `${router ?? ''} ${peer}`;
    keyrings.set(place, (keyrings.get(place) ?? new Set()).add(keyring));
  }
  const agree =
    all.some(({ keyring }) => keyring !== null) &&
    [...keyrings.values()].every(({ size }) => size === 1) &&
    all.every(({ verification }) => verification !== 'unknown') &&
    directions.every(({ outcome }) => outcome !== 'unknown');
  return agree ? 'None: both roles of every router agree.' : 'None.';
}

function directions(all: readonly Direction[], options: PredictTextOptions): string {
  const { palette } = options;
  const paint = { up: palette.good, fails: palette.failure, unknown: palette.warning };
  const words = { up: 'comes up', fails: 'FAILS', unknown: 'unknown' };
  // A second row for the same two routers says nothing new unless both name their tunnels.
  const seen = new Set<string>();
  const several = new Set(
    all.map(wayOf).filter((way) => {
      const again = seen.has(way);
      seen.add(way);
      return again;
    }),
  );
  const rows = all
    .slice(0, MOST_ROWS)
    .map((each): readonly Cell[] => [
      safeText(`${wayOf(each)}${several.has(wayOf(each)) ? ` (${each.tunnel ?? '?'})` : ''}`),
      { text: words[each.outcome], paint: paint[each.outcome] },
      each.failingStep ?? '',
      safeText(each.why),
    ]);
  const rest = all.length - rows.length;
  const table = drawTable(
    ['direction', 'outcome', 'fails at', 'why'],
    rows,
    options.columns,
    palette,
  );
  return rest > 0 ? `${table}\n${String(rest)} more directions: see the JSON.` : table;
}

function wayOf({ initiator, responder }: Direction): string {
  return `${initiator ?? '?'} to ${responder ?? '?'}`;
}

function selections(all: readonly Selection[], options: PredictTextOptions): string {
  const { palette } = options;
  const rows = all
    .slice(0, MOST_ROWS)
    .map((each): readonly Cell[] => [
      safeText(each.router ?? '?'),
      each.role,
      safeText(each.fvrf === null ? each.peer : `${each.peer} (${each.fvrf})`),
      safeText((each.role === 'initiator' ? each.requestedProfile : each.matchedProfile) ?? 'none'),
      safeText(each.keyring ?? 'none'),
      verdict(each, palette),
      safeText(reason(each)),
    ]);
  const table = drawTable(
    ['router', 'role', 'peer', 'profile', 'keyring', 'check', 'why'],
    rows,
    options.columns,
    palette,
  );
  const rest = all.length - rows.length;
  return rest > 0 ? `${table}\n${String(rest)} more selections: see the JSON.` : table;
}

function verdict(selection: Selection, palette: Palette): Cell {
  switch (selection.verification) {
    case 'passes':
      return { text: 'passes', paint: palette.good };
    case 'fails':
      return { text: 'FAILS', paint: palette.failure };
    case 'none':
      return '';
    case 'unknown':
      return {
        text: selection.keyring === null ? 'no key' : 'unknown',
        paint: palette.warning,
      };
  }
}

/** The strongest rival, and why it lost. */
function reason(selection: Selection): string {
  const rival = selection.candidates.find(({ lost }) => !lost.startsWith('does not cover'));
  if (rival !== undefined) return `not ${rival.keyring}: ${rival.lost}`;
  if (selection.rules.includes('signatures-need-no-key')) return 'signatures need no key';
  return selection.keyring === null ? 'no entry covers the peer' : 'only candidate';
}

function branches(selection: Selection, options: PredictTextOptions): readonly string[] {
  const head = `${selection.router ?? '?'} as ${selection.role} for ${selection.peer}: ${outcome(selection)}`;
  return [
    ...wrap(safeText(head), options.columns),
    ...selection.branches.flatMap((branch) =>
      indent(
        safeText(`by ${branch.rule} (${branch.source}): ${outcome(branch)}`),
        options.columns,
        '  ',
      ),
    ),
  ];
}

function outcome(chosen: {
  readonly requestedProfile: string | null;
  readonly matchedProfile: string | null;
  readonly keyring: string | null;
  readonly verification: string;
}): string {
  const profile = chosen.matchedProfile ?? chosen.requestedProfile ?? 'none';
  const check = chosen.verification === 'none' ? '' : `, verification ${chosen.verification}`;
  return `keyring ${chosen.keyring ?? 'none'}, profile ${profile}${check}`;
}

function repair(each: Repair, index: number, options: PredictTextOptions): readonly string[] {
  const { palette, columns } = options;
  const router = each.router === null ? '' : `On ${each.router}: `;
  return [
    ...indent(safeText(`${String(index + 1)}. ${router}${each.text}`), columns, ''),
    ...each.commands.map((command) => `     ${palette.strong(safeText(command))}`),
    ...indent(palette.good(each.proof), columns, '   '),
    ...each.sideEffects.flatMap((text) => indent(safeText(`but: ${text}`), columns, '   ')),
    '',
  ];
}

function describe(finding: Finding, options: PredictTextOptions): readonly string[] {
  const { palette, columns } = options;
  const paint = { failure: palette.failure, warning: palette.warning, note: palette.note };
  const path = options.path ?? ((input: string): string => input);
  return [
    `${paint[finding.severity](finding.severity)} ${palette.faint(`${finding.id} (predicted)`)}`,
    ...indent(safeText(finding.title), columns, '  '),
    ...indent(safeText(finding.explanation), columns, '  '),
    ...finding.evidence.map((each) =>
      safeText(`    ${path(each.input)}:${String(each.line ?? '')}  ${each.text}`),
    ),
    '',
  ];
}

function indent(text: string, columns: number, by: string): readonly string[] {
  return wrap(text, Math.max(20, columns - by.length)).map((line) => by + line);
}
