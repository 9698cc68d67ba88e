import { keysOfTables } from '../bytes/key-table.ts';
import { lineEnd } from '../bytes/line-end.ts';
import { brokenSecrets } from '../iosconfig/broken-secrets.ts';
import { findHelp } from '../iosconfig/help.ts';
import { quotedCommand } from '../iosconfig/command-start.ts';
import { secretsIn, type SecretToken } from '../iosconfig/mask.ts';
import { secretsOf, tokensFor } from '../iosconfig/secrets.ts';
import type { ConfigModel } from '../model/config.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import { candidateTexts, createKeyHider, type HideKeys } from './known-keys.ts';

export type KeySources = {
  readonly configs: readonly ConfigModel[];
  /** Every text that was read: tables of keys and quoted commands may stand in any of them. */
  readonly texts: readonly string[];
  readonly candidates: readonly CandidatePsk[];
};

/** How secrets are shown, the same in everything that one run writes. */
export type Secrecy = { readonly token: SecretToken; readonly hide: HideKeys };

/** More keys than these come of a list, and get their tokens when they are met. */
const mostNumbered = 1_000;

/** Knows every key of the evidence: those of configurations, of `show` output, of quoted commands and the candidates. */
export function secrecyOf({ configs, texts, candidates }: KeySources): Secrecy {
  const token = tokensFor(configs);
  const keys = new Set([
    ...configs.flatMap(keysOfConfig),
    ...secretsOf(configs),
    ...texts.flatMap((text) => [
      ...keysOfTables(text).values(),
      ...quotedSecrets(text),
      ...[...brokenSecrets(text.split(lineEnd(text))).values()].flat().map(({ secret }) => secret),
    ]),
    ...candidateTexts(candidates),
  ]);
  // In this order, so that a token does not depend on what is shown first.
  let numbered = 0;
  for (const key of keys) if (numbered++ < mostNumbered) token(key);
  return { token, hide: createKeyHider(keys, namesOf(configs), token) };
}

/** What an input that was read may hold of keys. */
type Holder = {
  readonly configs: readonly ConfigModel[];
  readonly text: string;
  readonly keys: { readonly candidates: readonly CandidatePsk[] } | null;
};

/** The keys to try that come with the evidence and with the command line. */
export function sourcesOf(inputs: readonly Holder[], extra: readonly CandidatePsk[]): KeySources {
  return {
    configs: inputs.flatMap(({ configs }) => configs),
    texts: inputs.map(({ text }) => text),
    candidates: [...extra, ...inputs.flatMap(({ keys }) => keys?.candidates ?? [])],
  };
}

function keysOfConfig({ lines, lineStates, masterKeys }: ConfigModel): readonly string[] {
  const { answers } = findHelp(lines);
  const held = lines
    .filter((_, index) => lineStates[index] !== 'unknown' && !answers.has(index))
    .flatMap(secretsIn);
  return [...held, ...masterKeys];
}

const QUOTED =
  /^.*(?:logged command|executed|cmd\s?[=:]|CLI|cli command|\(cli_lib\)| command: |@\S{1,80} {0,80}\|).*$/gm;

function quotedSecrets(text: string): readonly string[] {
  return (text.match(QUOTED) ?? []).flatMap((line) =>
    quotedCommand(line) >= 0 ? secretsIn(line) : [],
  );
}

/** What a key may be called like without being meant. */
function namesOf(configs: readonly ConfigModel[]): ReadonlySet<string> {
  return new Set(
    configs.flatMap(({ hostname, definitions, uses, ikev2Keyrings }) => [
      ...(hostname === null ? [] : [hostname]),
      ...[...definitions, ...uses].map(({ name }) => name),
      ...ikev2Keyrings.flatMap(({ peers }) => peers.map(({ name }) => name)),
    ]),
  );
}
