import { join } from 'node:path';
import { unreadableKeys } from '../../intake/candidates.ts';
import { readWire } from '../../intake/wire.ts';
import { stringify } from '../../report/json.ts';
import { keysDocument } from '../../report/keys/document.ts';
import { wiresharkTables } from '../../report/keys/tables.ts';
import { keysText } from '../../report/keys/text.ts';
import { makePalette } from '../../report/palette.ts';
import { typedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { readCaptures } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { makeFolder, protectInputs, writeWhole } from '../files.ts';
import { evidencePaths, filesRead, readSharedOptions, single } from '../options.ts';
import { openResult } from '../result.ts';
import { screenCandidates } from '../screening.ts';
import { isSelective, selectExchanges } from '../selection.ts';

export const keysCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'capture');
  const result = openResult(options, paths, io);
  const inputs = await readCaptures(paths, options, io);
  const evidence = inputs.map(({ input }) => input);
  const typed = typedCandidates(options);
  const screening = await screenCandidates(evidence, typed, options, io);
  const wire = readWire(evidence, typed, screening);
  const exchanges = selectExchanges(wire.exchanges, options);
  const document = keysDocument(exchanges, wire.candidates, { showSecrets: options.showSecrets });
  const palette = makePalette(options.color);
  await result.write(
    options.format === 'json'
      ? stringify(document)
      : keysText(document, {
          palette,
          columns: io.stdout.columns,
          isPart: isSelective(options),
        }),
  );
  const folder = single(args, 'wireshark-dir');
  if (folder !== null) {
    const tables = wiresharkTables(
      wire.sessions.filter(({ exchange }) => exchanges.some(({ id }) => id === exchange)),
    );
    makeFolder(folder, io);
    const files = { ikev1_decryption_table: tables.ikev1, ikev2_decryption_table: tables.ikev2 };
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, name);
      if (content === null) continue;
      protectInputs(file, filesRead(options, paths), io);
      writeWhole(file, content, io);
      await io.stderr.tell(`wrote ${file}`);
    }
    for (const { exchange, why } of tables.omitted)
      await io.stderr.tell(`${exchange} is not in the tables: ${why}`);
    if (tables.ikev1 === null && tables.ikev2 === null)
      await io.stderr.tell('no exchange was opened, so there is no table to write');
  }
  if (!options.quiet)
    for (const { input } of inputs)
      for (const { text, line } of [...(input.keys?.anomalies ?? []), ...unreadableKeys(input)]) {
        const where = line === null ? input.path : `${input.path} line ${line}`;
        await io.stderr.tell(`${where}: ${text}`);
      }
  await result.close();
  return exitCodes.noFailure;
};
