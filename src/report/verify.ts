import type { EvidencePlace } from '../model/evidence.ts';
import type { AnalysisReport, LineExcerpt } from '../model/report.ts';
import {
  claimsOf,
  lineClaims,
  lineLists,
  type ClaimKind,
  type LineList,
  type ReportClaim,
} from './claims.ts';

/** Claims of a saved report, held against a report made anew from the evidence. */

export type BrokenClaim = {
  readonly kind: ClaimKind;
  /** Where in the evidence the claim has its ground; null when it rests on more than one place. */
  readonly place: EvidencePlace | null;
  /** What the report says, in words. */
  readonly claim: string;
  /** What the evidence gives now; null when it no longer gives anything of the kind. */
  readonly now: string | null;
};

export type Verification = {
  /** Claims that were held against the evidence. */
  readonly checked: number;
  /** In the order of the report. */
  readonly broken: readonly BrokenClaim[];
  /** What the evidence gives now and the report does not hold; of what is missing as a whole, its first claim. */
  readonly added: readonly string[];
};

/** A line as a report would quote it, secrets masked, whether or not one does; null when there is no such line. */
export type QuoteLine = (list: LineList, input: string, line: number) => LineExcerpt | null;

/** A claim of the new report and its place among all of them; null for what the new report does not say by itself. */
type Given = { readonly claim: ReportClaim; readonly index: number | null };

/**
 * Both reports number their inputs alike; `orderEvidence` gives the order of files for which they do. Everything is
 * held against the evidence but the version of the tool, the paths of inputs and a digest that was never taken.
 */
export function verifyReport(
  saved: AnalysisReport,
  recomputed: AnalysisReport,
  quote: QuoteLine = () => null,
): Verification {
  const claims = [...claimsOf(saved)];
  const left = new Map<string, Given[]>();
  const give = (claim: ReportClaim, index: number | null): void => {
    const alike = left.get(claim.key);
    if (alike) alike.push({ claim, index });
    else left.set(claim.key, [{ claim, index }]);
  };
  for (const [index, claim] of [...claimsOf(recomputed)].entries()) give(claim, index);
  for (const claim of standingLines(saved, recomputed, quote)) give(claim, null);

  // What is said in the same words goes together first, so that of several things in one place only the false one is left.
  const held = claims.map((claim) => takeSame(left.get(claim.key), claim));
  const broken: BrokenClaim[] = [];
  const isInOrder = createOrderTest();
  for (const [i, { key, kind, place, about, says }] of claims.entries()) {
    const found = held[i];
    if (!found) {
      const now = left.get(key)?.shift()?.claim.says ?? null;
      broken.push({ kind, place, claim: `${about}: ${says}`, now });
    } else if (!isInOrder(found)) {
      const claim = `order of the ${found.claim.list ?? ''}`;
      broken.push({ kind: 'order', place: null, claim, now: 'another order' });
    }
  }
  return { checked: claims.length, broken, added: addedTexts([...left.values()].flat(), claims) };
}

/** Lines that stand in the evidence although the new report has no cause to quote them. */
function* standingLines(
  saved: AnalysisReport,
  recomputed: AnalysisReport,
  quote: QuoteLine,
): Generator<ReportClaim> {
  for (const list of lineLists) {
    const nameOf = ({ input, line }: LineExcerpt): string => `${input} ${line}`;
    const seen = new Set(recomputed.excerpts[list].map(nameOf));
    for (const excerpt of saved.excerpts[list]) {
      if (seen.has(nameOf(excerpt))) continue;
      seen.add(nameOf(excerpt));
      const found = quote(list, excerpt.input, excerpt.line);
      if (found) yield* lineClaims(list, [found]);
    }
  }
}

function takeSame(alike: Given[] | undefined, { says }: ReportClaim): Given | null {
  const at = alike?.findIndex(({ claim }) => claim.says === says) ?? -1;
  return at < 0 ? null : (alike?.splice(at, 1)[0] ?? null);
}

/** Whether an item stands behind those of its list that were asked about before; of a list it is denied once. */
function createOrderTest(): (found: Given) => boolean {
  const lastOf = new Map<string, number>();
  return ({ claim: { list }, index }) => {
    if (list === null || index === null) return true;
    const last = lastOf.get(list) ?? -1;
    lastOf.set(list, index < last ? Infinity : index);
    return index > last || last === Infinity;
  };
}

/** What is missing as a whole is told once, by its first claim. */
function addedTexts(left: readonly Given[], claims: readonly ReportClaim[]): readonly string[] {
  const known = new Set(claims.map(({ of }) => of.at(-1)));
  const told = new Set<string>();
  return left
    .flatMap(({ claim, index }) => (index === null ? [] : [{ claim, index }]))
    .sort((a, b) => a.index - b.index)
    .flatMap(({ claim: { about, says, of } }) => {
      const missing = of.find((thing) => !known.has(thing));
      if (missing !== undefined && told.has(missing)) return [];
      if (missing !== undefined) told.add(missing);
      return [`${about}: ${says}`];
    });
}

/** A file as the command line found it. */
export type FoundFile = { readonly path: string; readonly sha256: string };

/**
 * The order of files that gives each the id it has in the saved report: by digest, then by file name, then what is
 * left in the order given. `missing` are the paths of inputs for which no file is left.
 */
export function orderEvidence<File extends FoundFile>(
  saved: AnalysisReport,
  files: readonly File[],
): { readonly files: readonly File[]; readonly missing: readonly string[] } {
  const left = new Set(files);
  const chosen = new Map<string, File>();
  const name = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
  const rules: readonly ((input: AnalysisReport['inputs'][number], file: File) => boolean)[] = [
    (input, file) => input.sha256 === file.sha256 && name(input.path) === name(file.path),
    (input, file) => input.sha256 === file.sha256,
    (input, file) => input.path === file.path,
    (input, file) => name(input.path) === name(file.path),
    () => true,
  ];
  for (const fits of rules) {
    for (const input of saved.inputs) {
      if (chosen.has(input.id)) continue;
      const file = [...left].find((candidate) => fits(input, candidate));
      if (file === undefined) continue;
      chosen.set(input.id, file);
      left.delete(file);
    }
  }
  return {
    files: [...saved.inputs.flatMap(({ id }) => chosen.get(id) ?? []), ...left],
    missing: saved.inputs.flatMap(({ id, path }) => (chosen.has(id) ? [] : [path])),
  };
}
