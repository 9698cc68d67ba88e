import { catalogue, explainAll, explainOne, similarIds } from '../../report/explain.ts';
import { stringify } from '../../report/json.ts';
import { makePalette } from '../../report/palette.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { evidencePaths, readSharedOptions } from '../options.ts';
import { openResult } from '../result.ts';

export const explainCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const ids = evidencePaths(args, 'finding');
  const chosen = ids.map((id) => {
    const rule = catalogue.find((entry) => entry.id === id);
    if (rule) return rule;
    const near = similarIds(id);
    throw new UsageError(
      `${id}: no such finding; ${near.length > 0 ? `perhaps ${near.join(', ')}` : 'ike-autopsy explain lists them all'}`,
    );
  });
  const result = openResult(options, [], io);
  const palette = makePalette(options.color);
  const columns = Math.min(io.stdout.columns, 100);
  if (options.format === 'json')
    await result.write(stringify(chosen.length > 0 ? chosen : catalogue));
  else if (chosen.length === 0) await result.write(explainAll(columns, palette));
  else await result.write(chosen.map((rule) => explainOne(rule, columns, palette)).join('\n'));
  await result.close();
  return exitCodes.noFailure;
};
