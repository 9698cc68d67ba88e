import { ENDINGS } from '../../logparse/negotiations/deletion.ts';
import { asksInVain, vainRequest } from '../peer-dead.ts';
import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import { unansweredKeepalives } from '../wire-endings.ts';

export const dpdPeerDead: Rule = commonRule({
  id: 'dpd-peer-dead',
  title: 'Dead peer detection gave the peer up',
  severity: 'failure',
  needs: ['log', 'packets'],
  means: 'The tunnel was up; then the peer answered no keepalive and the SA was deleted.',
  recognised:
    'The router logs retries of R_U_THERE and deletes the SA with the reason "Dead Peer Detection", or says that the peer is not responding. Under IKEv2 an SA that stood ends with the last repetition of a request. An ASA firewall says "peer lost", or under IKEv1 that it lost contact with its peer. In packets R-U-THERE, or under IKEv2 one and the same request other than a DELETE, is sent three times and more without an answer. One that stays closed and has the length of a DELETE counts only where its like was answered before, or where the sender sets the tunnel up again.',
  fix: 'Look for what happened to the path or to the peer at that time; a lifetime or a translation that ended is a common reason.',
  references: [REFERENCES.dpd, REFERENCES.ikev2Liveness],
  supersedes: ['inconclusive', 'tunnel-up', 'deleted-by-peer'],
  wording: ENDINGS.peerDead,
  when: () => true,
  seen: (attempt, all) => unansweredKeepalives(attempt)?.evidence ?? vainRequest(attempt, all),
  teller: (attempt, all) => unansweredKeepalives(attempt)?.side ?? asksInVain(attempt, all),
  tell: ({ version }, side) => ({
    title: `${side.label} finds its peer dead`,
    explanation:
      version === 2
        ? `The tunnel stood until ${side.label} got no answer from its peer any more.`
        : `${side.label} sent keepalives and got no answer, so it gave the tunnel up.`,
    advice: `Check the path and the peer at the time of the first unanswered keepalive; behind a NAT, shorten the keepalive below the life of its entry.`,
  }),
});
