/** Values from a fixed set, and what ties one part of a document to another. */
const FIXED: ReadonlySet<string> = new Set([
  'schema',
  'tool',
  'id',
  'input',
  'inputs',
  'kind',
  'code',
  'severity',
  'confidence',
  'negotiation',
  'negotiations',
  'pairedWith',
  'finding',
  'role',
  'side',
  'step',
  'what',
  'verdict',
  'exchange',
  'direction',
  'phase1',
  'phase2',
  'outcome',
  'failingStep',
  'attribute',
  'rule',
  'statePath',
  'qmStatePath',
  'packetStates',
  'initiatorCookie',
  'responderCookie',
  'time',
  'references',
  'sha256',
]);

/** A report or another document of plain values, every text of it rewritten but those that are no prose. */
export function rewriteStrings<T>(document: T, text: (text: string) => string): T {
  return rewrite(document, '', text) as T;
}

function rewrite(value: unknown, key: string, text: (text: string) => string): unknown {
  if (typeof value === 'string') return FIXED.has(key) ? value : text(value);
  if (Array.isArray(value)) {
    if (FIXED.has(key) && value.every((item) => typeof item === 'string')) return value;
    return value.map((item) => rewrite(item, key, text));
  }
  if (value === null || typeof value !== 'object' || key === 'tool') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, rewrite(child, name, text)]),
  );
}
