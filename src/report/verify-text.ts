import type { EvidencePlace } from '../model/evidence.ts';
import type { AnalysisReport } from '../model/report.ts';
import type { Palette } from './palette.ts';
import { safeText } from './safe-text.ts';
import { paragraph } from './text/wrap.ts';
import type { Verification } from './verify.ts';

type VerificationTextOptions = {
  readonly palette: Palette;
  readonly columns: number;
  /** Only the sentence. */
  readonly quiet: boolean;
};

/** What became of the claims: one sentence, then each claim that does not hold with what the evidence gives now. */
export function verificationText(
  { checked, broken, added }: Verification,
  saved: AnalysisReport,
  { palette, columns, quiet }: VerificationTextOptions,
): string {
  const held = checked - broken.length;
  const head =
    broken.length > 0
      ? palette.failure(`${broken.length} of ${checked} claims do not hold; ${held} do.`)
      : added.length > 0
        ? palette.failure(`All ${checked} claims hold, but the report leaves something out.`)
        : palette.good(`All ${checked} claims hold.`);
  if (quiet) return `${head}\n`;
  const lines = broken.flatMap(({ kind, place, claim, now }) => [
    '',
    `${palette.warning(kind)} ${place === null ? '' : palette.place(safeText(placeText(place, saved)))}`.trimEnd(),
    paragraph(safeText(claim), columns, '    ', '  - '),
    now === null
      ? '  + the evidence gives nothing of the kind'
      : paragraph(safeText(now), columns, '    ', '  + '),
  ]);
  const more =
    added.length === 0
      ? []
      : [
          '',
          'The evidence gives, and the report does not say:',
          ...added.map((text) => paragraph(safeText(text), columns, '    ', '  + ')),
        ];
  return `${[head, ...lines, ...more].join('\n')}\n`;
}

function placeText({ input, line, frame, offset }: EvidencePlace, saved: AnalysisReport): string {
  const path = saved.inputs.find(({ id }) => id === input)?.path ?? input;
  const octet = offset === undefined ? '' : ` octet ${offset}`;
  return line !== undefined
    ? `${path}:${line}`
    : frame !== undefined
      ? `${path} frame ${frame}${octet}`
      : `${path}${octet}`;
}
