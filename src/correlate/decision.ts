import type { Exchange, Side } from '../model/exchange.ts';
import type { AttemptSide } from '../model/incident.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import type { Decision, DecisionStep } from '../model/report.ts';

export type Expected = NonNullable<Decision['expected']>;
export type Observed = NonNullable<Decision['observed']>;
export type Proven = NonNullable<Decision['proven']>;

/** What is known of an attempt when its decisions are told. */
export type Context = {
  readonly mode: 'main' | 'aggressive' | 'ikev2';
  readonly initiator: AttemptSide;
  readonly responder: AttemptSide;
  readonly exchange: Exchange | null;
  readonly captureInput: string | null;
  readonly candidates: readonly CandidatePsk[];
  readonly completed: boolean;
  /** The message with the identity was sent and not lost, so that the router came to match a profile. */
  readonly identified: boolean;
};

/** A key was found, but the message does not say in which keyring. */
export const UNNAMED = 'a key, keyring not named';
/** The check failed or passed, and no line names the keyring that was used. */
export const OTHER_KEYRING = 'another keyring, not named';
export const ALLOWED_KEYRING = 'a keyring that the profile allows, not named';
export const NO_PROFILE = '(none)';
export const NO_KEY = '(none)';
export const UNREADABLE = 'MM5 does not read as an identity';
export const REFUSED_CERTIFICATE = 'a certificate, refused';
export const OTHER_TRUSTPOINT = 'a certificate of another trustpoint, refused';
/** A value in none of the router's keyrings. */
export const NOWHERE = 'a key that none of its keyrings holds';

/** Names of a value that may be one of several. */
export const names = (value: string): readonly string[] => value.split(' or ');

/** Two statements agree when they leave a keyring in common. */
function compare(
  expected: Expected | undefined,
  observed: Observed | undefined,
  proven: Proven | undefined,
): Decision['verdict'] {
  const known = [
    expected?.value,
    observed?.value === UNNAMED ? undefined : observed?.value,
    proven?.value,
  ].filter((value) => value !== undefined);
  if (known.length < 2) return 'unknown';
  const first = names(known[0]!);
  return first.some((name) => known.every((value) => names(value).includes(name)))
    ? 'agrees'
    : 'diverges';
}

export function decision(
  step: DecisionStep,
  side: Side,
  what: Decision['what'],
  parts: {
    expected?: Expected | undefined;
    observed?: Observed | undefined;
    proven?: Proven | undefined;
  },
  verdict: Decision['verdict'] = compare(parts.expected, parts.observed, parts.proven),
): Decision {
  return {
    step,
    side,
    what,
    ...(parts.expected === undefined ? {} : { expected: parts.expected }),
    ...(parts.observed === undefined ? {} : { observed: parts.observed }),
    ...(parts.proven === undefined ? {} : { proven: parts.proven }),
    verdict,
  };
}
