import type { Attempt } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf } from './facts.ts';
import type { Weighed } from './rule.ts';

/** XAUTH-STATUS (draft-beaulieu-ike-xauth-02 section 6.2): 0 is FAIL. */
const XAUTH_STATUS = 16527;
/** ISAKMP_CFG_SET; its acknowledgement repeats the attribute without a value that counts. */
const CFG_SET = 3;

/** The gateway says that the user is not let in. */
export function statusFail(attempt: Attempt): readonly Weighed[] {
  for (const entry of attempt.exchange?.messages ?? []) {
    for (const { content } of entry.payloads) {
      if (content.kind !== 'configuration' || content.configType !== CFG_SET) continue;
      const failed = content.attributes.some(
        (attribute) => attribute.type === XAUTH_STATUS && attribute.value === 0,
      );
      if (!failed) continue;
      return frameEvidence(attempt, frameOf(entry), 'XAUTH-STATUS is FAIL', {
        basis: 'proven',
        decisive: true,
      });
    }
  }
  return [];
}
