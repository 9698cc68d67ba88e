import { join } from 'node:path';
import { secrecyOf, sourcesOf } from '../../redact/secrecy.ts';
import { rewriteStrings } from '../../redact/rewrite-strings.ts';
import { joinListings } from '../../select/listings.ts';
import { predict } from '../../select/predict.ts';
import type { ConfigModel } from '../../model/config.ts';
import { makePalette } from '../../report/palette.ts';
import { typedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { readEvidence } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { makeFolder, protectInputs, writeWhole } from '../files.ts';
import { evidencePaths, filesRead, readSharedOptions, single } from '../options.ts';
import { openResult } from '../result.ts';

export const predictCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'config');
  const isCsv = options.format === 'csv';
  if (isCsv && options.output === '-')
    throw new UsageError('--format csv writes several files; name a folder for them with -o DIR');
  const inputs = await readEvidence(paths, options, io);
  const other = inputs.find(({ input }) => input.configs.length === 0);
  if (other)
    throw new InputError(
      other.input.path,
      'holds no configuration',
      'give the output of `show running-config`',
    );
  const listings = inputs.flatMap(({ input }) => input.configs);
  const { models, hostnames, inFiles } = joinListings(listings);
  const [initiator, responder] = [single(args, 'initiator'), single(args, 'responder')];
  checkNames({ initiator, responder }, models, hostnames);
  const predicted = inFiles(
    predict(models, {
      ...(initiator !== null && { initiator }),
      ...(responder !== null && { responder }),
      hostnames,
      listings,
      showSecrets: options.showSecrets,
    }),
  );
  const evidence = inputs.map(({ input }) => input);
  // Lines are quoted that may name a key where no command has one, such as a description.
  const prediction = options.showSecrets
    ? predicted
    : rewriteStrings(predicted, secrecyOf(sourcesOf(evidence, typedCandidates(options))).hide);
  const pathOf = (id: string): string =>
    inputs.find(({ input }) => input.id === id)?.input.path ?? id;
  if (isCsv) {
    const { renderPredictionCsv } = await import('../../report/predict/csv.ts');
    makeFolder(options.output, io);
    for (const [name, content] of Object.entries(renderPredictionCsv(prediction))) {
      const file = join(options.output, `${name}.csv`);
      protectInputs(file, filesRead(options, paths), io);
      writeWhole(file, content, io);
    }
  } else {
    const result = openResult(options, paths, io);
    if (options.format === 'json') {
      await result.write(
        (await import('../../report/predict/document.ts')).renderPredictionJson(prediction),
      );
    } else {
      const { renderPredictionText } = await import('../../report/predict/text.ts');
      await result.write(
        renderPredictionText(prediction, {
          palette: makePalette(options.color),
          columns: io.stdout.columns,
          path: pathOf,
        }),
      );
    }
    await result.close();
  }
  return prediction.findings.some(({ severity }) => severity === 'failure')
    ? exitCodes.failureFound
    : exitCodes.noFailure;
};

/** A name that no router has would give an empty answer, which reads like a good one. */
function checkNames(
  asked: Readonly<Record<'initiator' | 'responder', string | null>>,
  models: readonly ConfigModel[],
  hostnames: ReadonlyMap<string, string>,
): void {
  const names = [...new Set(models.flatMap(({ hostname }) => hostname ?? []))];
  const written = [...hostnames.values()];
  for (const [option, name] of Object.entries(asked)) {
    if (name === null || names.includes(name) || written.includes(name)) continue;
    const known =
      names.length === 0 ? 'no router here has a name' : `the routers are ${names.join(', ')}`;
    throw new UsageError(`--${option} ${name}: no such router; ${known}`);
  }
}
