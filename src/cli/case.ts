import { readCase } from '../intake/case-file.ts';
import { createInputReader } from '../intake/input.ts';
import { hash } from '#crypto';
import { hex } from '../bytes/hex.ts';
import { InputError } from './errors.ts';
import type { ReadInput } from './read-input.ts';
import type { SharedOptions } from './options.ts';

/** Reads what a case holds as if each input had been named itself. Throws InputError. */
export function readCaseInputs(
  path: string,
  octets: Uint8Array,
  before: readonly ReadInput[],
  options: SharedOptions,
): readonly ReadInput[] {
  const found = readCase(octets);
  if (found.kind === 'unreadable') throw new InputError(path, found.why, found.advice);
  const { settings } = found;
  const read: ReadInput[] = [];
  for (const { path: name, router, as, content } of found.inputs) {
    const all = [...before, ...read];
    const reader = createInputReader({
      id: `i${all.length + 1}`,
      path: name,
      captureIndex: all.filter(({ input }) => input.capture !== null).length,
      router: options.routers.get(name) ?? router,
      ports: [...options.ports, ...settings.ports],
      year: options.year ?? settings.year,
      masterKeys: options.masterKeys,
      as,
    });
    reader.push(content);
    const input = reader.end();
    // The page keeps what it could not read in the case; what could be read is the evidence.
    if (input.kind !== 'unreadable')
      read.push({ input, sha256: hex(hash('sha256', content)), settings });
  }
  if (read.length === 0)
    throw new InputError(path, 'holds nothing that can be read', 'save it again with its evidence');
  return read;
}
