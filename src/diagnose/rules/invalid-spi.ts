import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const invalidSpi: Rule = commonRule({
  id: 'invalid-spi',
  title: 'Packets arrive for an SA that is gone',
  severity: 'warning',
  needs: ['log', 'packets'],
  means: 'One end still uses an SA that the other has lost, for instance after a reload.',
  recognised:
    'RECVD_PKT_INV_SPI or IKMP_NO_SA in the log; INVALID_SPI or INVALID_COOKIE on the wire.',
  fix: 'Enable dead peer detection and "crypto isakmp invalid-spi-recovery"; clear the SA on both ends.',
  references: [REFERENCES.isakmp, REFERENCES.dpd],
  supersedes: [],
  wording: /RECVD_PKT_INV_SPI|IKMP_NO_SA/i,
  when: () => true,
  notified: (entry) => entry.notifyType === 11 || entry.notifyType === 4,
  tell: (_, side) => ({
    title: `An SA is known to one end only`,
    explanation: `Packets arrive for an SA that ${side.label} no longer has: the other end did not learn that it is gone.`,
    advice: `Clear the SA on both ends; dead peer detection or "crypto isakmp invalid-spi-recovery" prevents it.`,
  }),
});
