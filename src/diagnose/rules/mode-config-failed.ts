import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

/** INTERNAL_ADDRESS_FAILURE and FAILED_CP_REQUIRED (RFC 7296 §3.10.1). */
const ADDRESS_ERRORS: ReadonlySet<number> = new Set([36, 37]);

export const modeConfigFailed: Rule = commonRule({
  id: 'mode-config-failed',
  title: 'Mode configuration fails',
  severity: 'failure',
  needs: ['log', 'packets'],
  means: 'The client gets no address or the router does not answer its request for configuration.',
  recognised:
    'The router logs that the address pool is exhausted or the attributes are refused, or stays in CONF_ADDR; under IKEv2 the answer holds INTERNAL_ADDRESS_FAILURE or FAILED_CP_REQUIRED.',
  fix: 'Check the pool, the group and the authorization list.',
  references: [REFERENCES.modeConfig],
  supersedes: ['deleted-by-peer', 'inconclusive', 'tunnel-up'],
  // Phase 1 is complete by then; without this step phase 2 is never tried.
  when: ({ phase2 }) => phase2 !== 'complete',
  notified: ({ notifyType, isProtected }, { version, phase2 }) =>
    version === 2 && isProtected && phase2 !== 'complete' && ADDRESS_ERRORS.has(notifyType),
  wording:
    /No IP address pool|pool .*(?:exhausted|empty)|Fail(?:ed)? to allocate IP|address (?:request|allocation) failed|client configuration .* failed/i,
  tell: ({ initiator, responder }) => ({
    title: `Mode configuration between ${initiator.label} and ${responder.label} fails`,
    explanation: `Phase 1 is up, but the client gets no configuration from ${responder.label}.`,
    advice: `Check the address pool and the authorization list of the group on ${responder.label}.`,
  }),
});
