import { prepareLine } from '../iosconfig/lines.ts';
import type { ConfigModel } from '../model/config.ts';
import type { EvidenceSet } from '../model/incident.ts';
import { tunnelsOf } from '../select/tunnels.ts';
import { nameOfInput } from './routers.ts';

/**
 * Commands that were typed amid a debug change the configuration and are none: by them alone nothing is missing. Only
 * where they set up a tunnel, and no listing of the router was given, they are all that is known of it.
 */
export function withoutTyped(evidence: EvidenceSet): readonly ConfigModel[] {
  const logs = new Set(
    evidence.logs.flatMap(({ input, negotiations }) => (negotiations.length > 0 ? [input] : [])),
  );
  const typed = new Set(
    evidence.configs.filter((config) => logs.has(config.input) && isTyped(config)),
  );
  if (typed.size === 0) return evidence.configs;
  const nameOf = (config: ConfigModel): string | undefined =>
    (nameOfInput(evidence, config.input) ?? config.hostname)?.toLowerCase();
  const listed = new Set(
    evidence.configs.filter((config) => !typed.has(config)).map((config) => nameOf(config)),
  );
  return evidence.configs.filter(
    (config) => !typed.has(config) || (!listed.has(nameOf(config)) && tunnelsOf(config).length > 0),
  );
}

/** Every line that counts stands behind a prompt. */
function isTyped({ lines, lineStates }: ConfigModel): boolean {
  return lineStates.every(
    (state, index) =>
      (state !== 'modelled' && state !== 'modelled-with-conditions') ||
      prepareLine(lines[index] ?? '', index + 1).prompt !== null,
  );
}
