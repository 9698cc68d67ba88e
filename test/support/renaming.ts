/**
 * Where two documents differ by more than their texts, or where equal texts became different ones: paths, nothing when
 * the second is the first with its texts replaced.
 */
export function differences(before: unknown, after: unknown): readonly string[] {
  const found: string[] = [];
  const became = new Map<string, string>();
  const compare = (a: unknown, b: unknown, path: string): void => {
    // A digest is left out, since it would confirm a guess.
    if (path.endsWith('.sha256') && b === null) return;
    if (typeof a === 'string' && typeof b === 'string') {
      if ((became.get(a) ?? b) !== b) found.push(`${path}: ${a} became ${became.get(a)} and ${b}`);
      became.set(a, b);
      return;
    }
    if (a === null || typeof a !== 'object' || b === null || typeof b !== 'object') {
      if (a !== b) found.push(`${path}: ${String(a)} became ${String(b)}`);
      return;
    }
    const [keys, others] = [Object.keys(a), Object.keys(b)];
    if (keys.join('\n') !== others.join('\n'))
      found.push(`${path}: ${keys.join()} became ${others.join()}`);
    for (const key of keys)
      compare(
        (a as Record<string, unknown>)[key],
        (b as Record<string, unknown>)[key],
        `${path}.${key}`,
      );
  };
  compare(before, after, '');
  return found;
}
