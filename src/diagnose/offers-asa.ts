import type { AttemptSide } from '../model/incident.ts';
import { eventsOfSide } from './evidence.ts';
import { listed } from './facts.ts';

/** The classes of RFC 2409 Appendix A as an ASA firewall writes them. */
const CLASSES: Readonly<Record<string, string>> = {
  'Group Description': 'the Diffie-Hellman group',
  'Hash Alg': 'the hash',
  'Encryption Alg': 'the cipher',
  'Auth Method': 'the authentication method',
  'Key Length': 'the AES key length',
};

const REFUSED: ReadonlySet<string> = new Set(['asa-attribute-refused', 'asa-attribute-differs']);

/** `the hash (SHA offered, MD5 configured)`, as a firewall logs it for each of its policies; null where none does. */
export function refusedByFirewall(sides: readonly AttemptSide[]): string | null {
  const found = new Map<string, { readonly theirs: Set<string>; readonly ours: Set<string> }>();
  for (const { message, fields } of sides.flatMap(eventsOfSide)) {
    if (!REFUSED.has(message) || fields.phase !== 1) continue;
    const name = String(fields.attribute);
    const known = found.get(name) ?? { theirs: new Set<string>(), ours: new Set<string>() };
    found.set(name, known);
    known.theirs.add(String(fields.theirs).trim());
    known.ours.add(String(fields.ours).trim());
  }
  if (found.size === 0) return null;
  return listed(
    [...found].map(
      ([name, { theirs, ours }]) =>
        `${CLASSES[name] ?? name} (${listed([...theirs])} offered, ${listed([...ours])} configured)`,
    ),
  );
}
