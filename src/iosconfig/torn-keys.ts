import type { ConfigModel } from '../model/config.ts';
import { mapKeys } from './stored-keys.ts';
import { isTorn, mayEndLine } from './wrapped.ts';

/** The model with every key marked of which the next line holds a part: what is left of it is compared with nothing. */
export function withTornKeys(model: ConfigModel): ConfigModel {
  const { lines, lineStates } = model;
  if (!lineStates.includes('unknown')) return model;
  let widest: number | undefined;
  const goesOn = (line: number): boolean => {
    const rest = lines[line];
    if (rest === undefined || lineStates[line] !== 'unknown' || !mayEndLine(rest)) return false;
    widest ??= lines.reduce((most, text) => Math.max(most, text.length), 0);
    return isTorn(lines[line - 1]!, rest, widest);
  };
  return mapKeys(model, (held) =>
    held.secretType !== 'masked' && goesOn(held.line) ? { ...held, secretType: 'torn' } : held,
  );
}
