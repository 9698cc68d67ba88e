import { createLineMask, createSecretTokens, secretsIn } from '../iosconfig/mask.ts';
import { MAY_HOLD_SECRET } from '../iosconfig/secret-places.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import type { LogEvent } from '../model/log.ts';
import { candidateTexts, createKeyHider, type HideKeys } from '../redact/known-keys.ts';
import type { LineMask } from '../report/log/masked.ts';

/** What `log` hides: secrets of commands, the keys that options name, and those of commands it has read. */
export type LogMask = {
  readonly line: LineMask;
  /** Reads the keys of a command that stands between the messages, and what it calls by a name. */
  readonly learn: (line: string) => void;
};

/** Nothing is hidden. */
export const openMask: LogMask = { line: (line) => line, learn: () => undefined };

/** More keys than these are no configuration. */
const mostKeys = 1_000;

/** A key may be called like one of these without being meant. */
const NAMED =
  /\b(?:keyring|hostname|profile|policy|peer|map|transform-set)\s+(?:(?:local|remote)\s+)?(\S+)/gi;

export function createLogMask(candidates: readonly CandidatePsk[]): LogMask {
  const token = createSecretTokens();
  const mask = createLineMask(token);
  const keys = new Set(candidateTexts(candidates));
  const names = new Set<string>();
  let hide: HideKeys | null = null;
  return {
    line: (line) => (hide ??= createKeyHider(keys, names, token))(mask(line)),
    learn: (line) => {
      const known = keys.size + names.size;
      if (keys.size < mostKeys && MAY_HOLD_SECRET.test(line)) {
        for (const secret of secretsIn(line)) {
          keys.add(secret);
          token(secret);
        }
      }
      for (const [, name] of line.matchAll(NAMED)) if (names.size < mostKeys) names.add(name!);
      if (keys.size + names.size > known) hide = null;
    },
  };
}

/** Whether an event is a line that no table knows, which may be a command or quote one. */
export const mayBeCommand = ({ message }: Pick<LogEvent, 'message'>): boolean =>
  message === 'command' || message === 'unmatched';
