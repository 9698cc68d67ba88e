import { analyzeInputs, lineMask } from '../../analyze.ts';
import { secrecyOf, sourcesOf } from '../../redact/secrecy.ts';
import { lineQuoter } from '../../report/excerpts.ts';
import { stringify } from '../../report/json.ts';
import { makePalette } from '../../report/palette.ts';
import { orderEvidence, verifyReport } from '../../report/verify.ts';
import { verificationText } from '../../report/verify-text.ts';
import type { Command } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { readEvidence } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { readInto } from '../files.ts';
import { evidencePaths, readSharedOptions } from '../options.ts';
import { analyzeOptions } from '../report.ts';
import { openResult } from '../result.ts';
import { readReport } from '../saved-report.ts';

/** Recomputes every claim of a saved report from the evidence. */
export const verifyCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const [path = '-', ...named] = evidencePaths(args, 'files');
  if (named.length === 0)
    throw new UsageError('verify: name the report first, then the evidence it rests on');
  if (named.includes('-'))
    throw new UsageError('verify: evidence is read twice, which standard input does not allow');
  const result = openResult(options, [path, ...named], io);
  const saved = await readReport(path, io);
  const found: { readonly path: string; readonly sha256: string }[] = [];
  for (const file of [...named, ...options.pskFiles, ...options.keyFiles]) {
    const { sha256 } = await readInto(file, { push: () => undefined }, io, { digest: 'always' });
    found.push({ path: file, sha256: sha256 ?? '' });
  }
  const { files, missing } = orderEvidence(saved, found);
  if (missing[0] !== undefined) {
    throw new InputError(
      missing[0],
      'belongs to the report but was not given',
      'name every input of the report',
    );
  }
  const inputs = await readEvidence(
    files.map((file) => file.path),
    { ...options, digest: saved.inputs.every(({ sha256 }) => sha256 !== null) || options.digest },
    io,
  );
  const settings = analyzeOptions(options);
  const recomputed = analyzeInputs(inputs, settings);
  const evidence = inputs.map(({ input }) => input);
  const secrecy = options.showSecrets ? null : secrecyOf(sourcesOf(evidence, settings.candidates));
  const quote = lineQuoter(evidence, recomputed.negotiations, lineMask(evidence, secrecy));
  const verification = verifyReport(saved, recomputed, quote);
  await result.write(
    options.format === 'json'
      ? stringify({ schema: 'ike-autopsy/verification@1', ...verification })
      : verificationText(verification, saved, {
          palette: makePalette(options.color),
          columns: io.stdout.columns,
          quiet: options.quiet,
        }),
  );
  await result.close();
  const { broken, added } = verification;
  return broken.length + added.length === 0 ? exitCodes.noFailure : exitCodes.failureFound;
};
