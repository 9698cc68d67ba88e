import { secretsAt } from '../../iosconfig/secrets.ts';
import { maskKeyRow, maskSecrets } from '../../iosconfig/mask.ts';
import type { SecretToken } from '../../iosconfig/mask.ts';
import type { ConfigModel } from '../../model/config.ts';
import type { Cure } from '../../model/selection.ts';
import type { Evidence, Finding, Severity } from '../../model/finding.ts';

/** A line of one of the configurations. */
export type ConfigPlace = { readonly model: ConfigModel; readonly line: number };

export type Draft = {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly explanation: string;
  readonly places: readonly ConfigPlace[];
  readonly settle?: readonly string[];
  readonly references?: readonly string[];
  /** Whether what a repair brings up is what this tells of; without it, nothing is. */
  readonly isOf?: (cure: Cure) => boolean;
};

/** What fails between a router and whoever it meets under some addresses, in either role. */
export function between(
  { hostname }: ConfigModel,
  isPeer: (address: string) => boolean = () => true,
): (cure: Cure) => boolean {
  return ({ initiator, responder, initiatorAddress, responderAddress }) =>
    (responder === hostname && initiatorAddress !== null && isPeer(initiatorAddress)) ||
    (initiator === hostname && responderAddress !== null && isPeer(responderAddress));
}

const MOST_EVIDENCE = 24;

export const KEYRING_NOTE = 'Cisco TAC note 117259: selection rules for keyrings and profiles';
export const CERTIFICATE_NOTE = 'Cisco TAC note 117633: ISAKMP profiles with several certificates';

export function makeFinding(draft: Draft, token: SecretToken): Finding {
  const seen = new Set<string>();
  const evidence: Evidence[] = [];
  for (const { model, line } of draft.places) {
    const key = `${model.input} ${String(line)}`;
    if (seen.has(key) || line < 1 || evidence.length >= MOST_EVIDENCE) continue;
    seen.add(key);
    evidence.push({ input: model.input, line, text: quote(model, line, token) });
  }
  return {
    id: draft.id,
    severity: draft.severity,
    confidence: 'predicted',
    negotiations: [],
    title: draft.title,
    explanation: draft.explanation,
    evidence,
    remedies: [],
    settle: draft.settle ?? [],
    references: draft.references ?? [],
  };
}

/** A line of the listing with its secrets as tokens. */
export function quote(model: ConfigModel, line: number, token: SecretToken): string {
  const written = model.lines[line - 1] ?? '';
  const text = written.trim();
  // That a line belongs to a block only its blanks tell.
  const masked = /^crypto |^pre-shared-key |^key /i.test(text)
    ? maskSecrets(written, token).trim()
    : maskKeyRow(text, token);
  // Typed commands may be shortened beyond what a pattern knows; the secret that was read from the line is known.
  return secretsAt(model, line).reduce(
    (shown, { secret, form }) =>
      shown
        .split(' ')
        .map((word) => (word === secret ? token(secret, form) : word))
        .join(' '),
    masked,
  );
}

export function nameOf(model: ConfigModel): string {
  return model.hostname ?? `the router of ${model.input}`;
}

export type ProfileKind = 'isakmp-profile' | 'ikev2-profile';

/** Where profiles are required by name. */
export function required(
  model: ConfigModel,
  kind: ProfileKind,
  names: readonly string[],
): readonly ConfigPlace[] {
  return model.uses
    .filter((use) => use.kind === kind && names.includes(use.name))
    .slice(0, 6)
    .map(({ line }) => ({ model, line }));
}
