import { join } from 'node:path';
import { anomalyText } from '../../report/decode/anomaly-text.ts';
import { namedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { makeFolder, protectInputs, writeWhole } from '../files.ts';
import { evidencePaths, filesRead, flag, readSharedOptions } from '../options.ts';
import { candidatesIn, loadFile, redactLoaded } from '../redacted-files.ts';

/** Copies evidence without its secrets, and on request without its addresses and names. */
export const redactCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'file');
  if (options.output === '-')
    throw new UsageError('redact: name a folder for the copies with -o DIR');
  const what = { addresses: flag(args, 'addresses'), names: flag(args, 'names') };
  const loaded = [];
  for (const path of paths) loaded.push(await loadFile(path, io));
  for (const { path, faults } of loaded)
    for (const { code, offset } of faults)
      await io.stderr.tell(`${path}: octet ${offset}: ${anomalyText(code)}`);
  const keys = [...(await namedCandidates(options, io)), ...candidatesIn(loaded)];
  const copies = redactLoaded(loaded, what, keys).files;
  const twice = copies.find(
    ({ name }, index) => copies.findIndex((other) => other.name === name) !== index,
  );
  if (twice !== undefined)
    throw new UsageError(
      `redact: two files are called ${twice.name}; redact them into two folders`,
    );
  for (const { name } of copies)
    protectInputs(join(options.output, name), filesRead(options, paths), io);
  makeFolder(options.output, io);
  for (const { path, name, content, why } of copies) {
    if (content === null) {
      await io.stderr.tell(`${path}: ${why ?? ''}, so it was not copied`);
      continue;
    }
    writeWhole(join(options.output, name), content, io);
    if (!options.quiet) await io.stderr.tell(`${path} -> ${join(options.output, name)}`);
  }
  return exitCodes.noFailure;
};
