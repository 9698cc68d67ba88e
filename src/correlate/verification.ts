import type { AttemptSide } from '../model/incident.ts';
import type { Decision, DecisionStep } from '../model/report.ts';
import {
  ALLOWED_KEYRING,
  NOWHERE,
  OTHER_KEYRING,
  OTHER_TRUSTPOINT,
  REFUSED_CERTIFICATE,
  UNREADABLE,
  decision,
  names,
} from './decision.ts';
import type { Context, Expected, Observed, Proven } from './decision.ts';
import { WORDING, eventsOf, findLine, keyringAt } from './log-lines.ts';
import { candidateOf, holdersOf } from './secrets.ts';

/** The keyrings that the matched profile allows: by the configuration, unless the log names another one. */
function allowedKeyrings(own: AttemptSide, step: 'mm5' | 'mm6'): Expected | undefined {
  const { log, config, selection } = own;
  const told = keyringAt(log, step);
  const name =
    log?.profileMatched?.name ??
    (own.side === 'responder' ? selection?.matchedProfile : null) ??
    null;
  const profile = config?.profiles.find((entry) => entry.name === name);
  const rings = profile?.keyrings.map((use) => use.name) ?? [];
  if (log !== null && told !== null && !rings.includes(told.name)) {
    return { value: told.name, rule: 'logged', input: log.input, basis: told.line };
  }
  const line = profile?.keyrings[0]?.line ?? null;
  if (config === null || line === null) return undefined;
  return {
    value: rings.join(' or '),
    rule: `verify-keyring-after-${step}`,
    input: config.input,
    basis: line,
  };
}

/** The keyring that made the key, against the keyrings that the matched profile allows. */
export function verification(own: AttemptSide, context: Context): readonly Decision[] {
  if (context.mode !== 'main') return [];
  const step = own.side === 'responder' ? 'mm5' : 'mm6';
  const { log, document, selection } = own;
  const events = log === null || document === null ? [] : eventsOf(document, log);
  const rejected = findLine(events, WORDING.keyNotInProfile);
  const garbage = own.side === 'responder' ? findLine(events, WORDING.garbage) : null;
  const expected = allowedKeyrings(own, step);
  if (log !== null && garbage !== null) {
    const proven = initiatorKeyHere(own, context);
    const observed: Observed = { value: UNREADABLE, input: log.input, line: garbage.line };
    return [decision(step, own.side, 'verification', { expected, observed, proven }, 'diverges')];
  }
  const used = keyringAt(log, own.side === 'responder' ? 'mm3' : 'mm4');
  const seen = (value: string, line: number): Observed => ({
    value,
    input: log?.input ?? '',
    line,
  });
  if (rejected !== null) {
    const observed =
      used === null ? seen(OTHER_KEYRING, rejected.line) : seen(used.name, used.line);
    return [decision(step, own.side, 'verification', { expected, observed }, 'diverges')];
  }
  const ring = used?.name ?? selection?.keyring ?? null;
  if (expected === undefined || ring === null) return [];
  if (own.side === 'initiator' && log?.profileMatched === undefined) return [];
  const fits = names(expected.value).includes(ring);
  const authenticated = findLine(events, WORDING.authenticated);
  if (log?.phase1 === 'complete' && authenticated !== null) {
    const named = used ?? keyringAt(log, step);
    const observed =
      named === null ? seen(ALLOWED_KEYRING, authenticated.line) : seen(named.name, named.line);
    // The log outranks the rule: a router that went on has verified, whatever the configuration predicts.
    const verdict = used !== null && !fits ? 'diverges' : 'agrees';
    return [decision(step, own.side, 'verification', { expected, observed }, verdict)];
  }
  const passed = log?.phase1 === 'complete' || context.completed;
  const verdict = passed ? 'agrees' : fits || !context.identified ? 'unknown' : 'diverges';
  return [decision(step, own.side, 'verification', { expected }, verdict)];
}

/** A certificate is accepted for the trustpoints of the matched profile only. */
export function certificateCheck(own: AttemptSide, context: Context): readonly Decision[] {
  const { log, document, config } = own;
  if (log === null || document === null || log.auth === 'psk') return [];
  const refused = findLine(eventsOf(document, log), WORDING.certificateRefused);
  if (refused === null) return [];
  const profile = config?.profiles.find((entry) => entry.name === log.profileMatched?.name);
  const first = profile?.trustpoints[0];
  const expected: Expected | undefined =
    config === null || profile === undefined || first === undefined
      ? undefined
      : {
          value: profile.trustpoints.map((use) => use.name).join(' or '),
          rule: 'trustpoints-of-profile',
          input: config.input,
          basis: first.line,
        };
  const value =
    log.verdict === 'certificate-trustpoint-mismatch' ? OTHER_TRUSTPOINT : REFUSED_CERTIFICATE;
  const observed: Observed = { value, input: log.input, line: refused.line };
  const step: DecisionStep =
    context.mode === 'ikev2' ? 'auth' : own.side === 'responder' ? 'mm5' : 'mm6';
  return [decision(step, own.side, 'verification', { expected, observed }, 'diverges')];
}

/** Which of the responder's keyrings would have opened MM5. */
function initiatorKeyHere(own: AttemptSide, context: Context): Proven | undefined {
  const { exchange, captureInput } = context;
  if (exchange === null || captureInput === null) return undefined;
  const label = exchange.keys.initiatorPsk;
  const candidate = candidateOf(context.candidates, label);
  const test = exchange.keys.candidates.find(
    (entry) =>
      entry.candidate === label && entry.side === 'initiator' && entry.verdict === 'verified',
  );
  if (candidate === null || test === undefined || test.frame === null) return undefined;
  const peer = own.log?.peerAddress ?? own.selection?.peer ?? null;
  const rings =
    own.config === null
      ? []
      : holdersOf(own.config, peer, candidate.secret, context.mode === 'ikev2' ? 2 : 1);
  return {
    value: rings.length > 0 ? rings.join(' or ') : own.config === null ? candidate.label : NOWHERE,
    input: captureInput,
    frame: test.frame,
    how: `${test.by ?? 'a hash'} of MM5 verifies with ${candidate.label}`,
  };
}
