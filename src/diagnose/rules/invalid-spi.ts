import type { Remedy } from '../../model/finding.ts';
import { commonRule } from '../common-rule.ts';
import { lostSas, type LostSa } from '../lost-sa.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';

/** What the log says of an SA that is gone. No SA has an SPI of zero: what comes with it is not ESP. */
export const LOST_SA_LOGGED: RegExp = /RECVD_PKT_INV_SPI(?!.*\bspi=0x0+\b)|IKMP_NO_SA/i;

export const LOST_SA: Readonly<Record<'title' | 'advice', string>> = {
  title: 'An SA is known to one end only',
  advice:
    'Clear the SA on both ends; dead peer detection or "crypto isakmp invalid-spi-recovery" prevents it.',
};

const NAMES: Readonly<Record<LostSa['what'], string>> = {
  ipsec: 'IPsec SA',
  ike: 'IKE SA',
  renewed: 'child SA',
};

function explained({ what, loser, user, spi, name, isProtected }: LostSa): string {
  const which = `${NAMES[what]}${spi === null ? '' : ` with SPI ${spi}`}`;
  const doubt = isProtected
    ? ''
    : ' The notification came in clear, so that anybody may have sent it.';
  switch (what) {
    case 'ipsec':
      return `${loser} says ${name}: it receives ESP or AH from ${user} under an ${which}, which it does not know. ${loser} has lost the SA (a restart, "clear crypto sa", a change of its configuration) and ${user} has not learnt of it, so the traffic of ${user} is dropped at ${loser} until ${user} deletes the SA or its lifetime ends.${doubt}`;
    case 'ike':
      return `${loser} says ${name}: it knows no IKE SA with the SPIs that ${user} uses. It has lost the SA or given it up, and ${user} has not learnt of it.${doubt}`;
    case 'renewed':
      return `${user} wants to renew a ${which}, and ${loser} answers ${name}: it does not have it any more. ${user} is to forget that SA and, where it is needed, to set up another (RFC 7296 section 2.25); it is routine where ${loser} was deleting it at that moment.${doubt}`;
  }
}

const remedy = (text: string, router: string | null, config: string): Remedy => ({
  text,
  ...(router === null ? {} : { router }),
  config,
  verified: false,
});

function remediesOf({ version, loser, user, loserRouter, userRouter }: LostSa): readonly Remedy[] {
  const clear = `Now: clear the SA on ${user}, which still uses it ("clear crypto sa peer ${loser}"${version === 1 ? '' : `, "clear crypto ikev2 sa remote ${loser}"`}).`;
  return [
    { text: clear, ...(userRouter === null ? {} : { router: userRouter }), verified: false },
    remedy(
      `Let ${user} ask by itself whether ${loser} still lives: dead peer detection with periodic questions.`,
      userRouter,
      version === 1 ? 'crypto isakmp keepalive 10 3 periodic' : 'crypto ikev2 dpd 10 3 periodic',
    ),
    ...(version === 1
      ? [
          remedy(
            `Let ${loser} set up an IKE SA towards ${user} to tell it that an SPI is not known, where none stands.`,
            loserRouter,
            'crypto isakmp invalid-spi-recovery',
          ),
        ]
      : []),
  ];
}

function claimed(lost: LostSa): Claim {
  const { attempt, what, loser, user, evidence } = lost;
  const explanation = explained(lost);
  const remedies = what === 'renewed' ? [] : remediesOf(lost);
  return {
    attempt,
    key: `${what} ${loser} ${user}`,
    title: `${loser} does not know the ${NAMES[what]} that ${user} ${what === 'renewed' ? 'wants to renew' : 'uses'}`,
    explanation,
    summary: `${explanation} ${remedies.map(({ text }) => text).join(' ')}`.trim(),
    evidence,
    remedies,
    settle:
      what === 'renewed'
        ? []
        : [`"show crypto ipsec sa" of both ends, and the uptime of ${loser}.`],
  };
}

const logged: Rule = commonRule({
  id: 'invalid-spi',
  title: 'Packets arrive for an SA that is gone',
  severity: 'warning',
  needs: ['log', 'packets'],
  means: 'One end still uses an SA that the other has lost, for instance after a reload.',
  recognised:
    'RECVD_PKT_INV_SPI or IKMP_NO_SA in the log, with an SPI that is not zero; INVALID_SPI, INVALID_COOKIE (under IKEv2 INVALID_IKE_SPI) or CHILD_SA_NOT_FOUND in clear or decrypted packets.',
  fix: 'Enable dead peer detection and, under IKEv1, "crypto isakmp invalid-spi-recovery"; clear the SA on both ends.',
  references: [REFERENCES.isakmp, REFERENCES.dpd, REFERENCES.ikev2InvalidSpi],
  supersedes: [],
  wording: LOST_SA_LOGGED,
  when: () => true,
  tell: (_, side) => ({
    ...LOST_SA,
    explanation: `Packets arrive for an SA that ${side.label} no longer has: the other end did not learn that it is gone.`,
  }),
});

export const invalidSpi: Rule = {
  ...logged,
  check: (file) => [...logged.check(file), ...lostSas(file.incident).map(claimed)],
};
