import { ENDINGS } from '../logparse/negotiations/deletion.ts';
import { PROPOSAL_ERRORS } from '../logparse/negotiations/proposal-errors.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { citedLines, quoted } from './evidence.ts';
import { listed, otherSide, sides } from './facts.ts';
import {
  networksAsked,
  networksText,
  offeredText,
  quickModeIntro,
  refusedQuickMode,
} from './quick-mode.ts';
import { refusedInClear } from './refused-in-clear.ts';
import type { Weighed } from './rule.ts';
import { WIRE_STORIES, type Stop } from './stopped-wire.ts';

type Told = (attempt: Attempt, side: AttemptSide, peer: AttemptSide) => Stop | null;

/** No rule found more in this log than that it is open. */
const isOpen = ({ log }: AttemptSide): boolean => log?.verdict === 'inconclusive';
const quickModeFailed = (side: AttemptSide): boolean =>
  isOpen(side) && (side.log?.phase2 === 'failed' || side.log?.outcome === 'established');

const COMPARE = 'Compare transform sets, "set pfs" and access lists of both ends.';
const forNetworks = (attempt: Attempt, side: AttemptSide): string => {
  const networks = networksAsked(attempt, side);
  return networks === null
    ? ''
    : ` That quick mode is to protect ${networks.local} here with ${networks.remote} there.`;
};
const EVERY_REFUSAL =
  'for transform sets, for perfect forward secrecy, for protected networks and for ISAKMP profiles that do not fit';

/** Aggressive mode: the initiator checks the hash in AM2 and answers it, or does not. */
const am3Missing: Told = (attempt, side, peer) => {
  if (!isOpen(side) || side.log?.failingStep !== 'am3-wait') return null;
  return {
    title: `${peer.label} does not answer AM2 of ${side.label}`,
    explanation: `${side.label} accepts AM1 of ${peer.label}, answers with AM2 and repeats it until it gives up: AM3 never comes. Either ${peer.label} refuses AM2, most often because its pre-shared key is another one and the hash in AM2 does not verify, or AM2 or AM3 is lost on the path. ${side.label} cannot tell these apart.`,
    advice: `Read the log of ${peer.label} for the same moment, and compare the keys of both ends for this peer or group.`,
    ask: [
      `"debug crypto isakmp" of ${peer.label}`,
      `a capture of UDP 500 and 4500 at ${peer.label}`,
    ],
    evidence: quoted(side, /retransmitting phase 1|deleting SA reason/i, true),
    isFailure: true,
  };
};

const refusedHere: Told = (attempt, side, peer) => {
  if (!quickModeFailed(side)) return null;
  const evidence = quoted(
    side,
    /IPSec policy invalidated proposal|phase 2 SA policy not acceptable|SA not acceptable!/i,
    true,
  );
  if (evidence.length === 0) return null;
  const errors = [
    ...new Set(evidence.flatMap(({ text }) => /with error (\d+)/.exec(text)?.[1] ?? [])),
  ];
  const error = errors.length === 0 ? '' : ` with error ${listed(errors)}`;
  const known = errors.flatMap((number) => {
    const means = PROPOSAL_ERRORS[Number(number)]?.means;
    return means === undefined
      ? []
      : [` Error ${number} is not documented; as far as it is known, ${means}.`];
  });
  return {
    title: `${side.label} refuses the quick mode of ${peer.label}${error}`,
    explanation: `${quickModeIntro(attempt)} ${side.label} refuses the quick mode of ${peer.label}${error}, and its log does not say in words why.${forNetworks(attempt, side)}${known.join('')}`,
    advice: `Repeat with "debug crypto ipsec" on ${side.label}: it prints in words what does not fit.`,
    ask: [
      `"debug crypto ipsec" of ${side.label}, where the refusal is made`,
      ...(side.config === null ? [`the crypto configuration of ${side.label}`] : []),
    ],
    evidence,
  };
};

const NOTIFIED = /processing NOTIFY (\S+) protocol/;
const FIREWALL_NOTIFIED = /non-routine Notify message: No proposal chosen/i;
const NO_PROPOSAL = 'NO_PROPOSAL_CHOSEN';

const refusedThere: Told = (attempt, side, peer) => {
  if (!quickModeFailed(side)) return null;
  // Of a peer that refuses, the log cites the notification itself.
  const cited = citedLines(side, false).filter(({ text }) => NOTIFIED.test(text));
  const evidence = cited.length > 0 ? cited : quoted(side, FIREWALL_NOTIFIED, false);
  const answer =
    NOTIFIED.exec(evidence[0]?.text ?? '')?.[1] ?? (evidence.length > 0 ? NO_PROPOSAL : null);
  if (answer === null) return null;
  return /PROPOSAL/.test(answer)
    ? refusedBy(
        attempt,
        side,
        peer,
        'NO_PROPOSAL_CHOSEN (IOS prints PROPOSAL_NOT_CHOSEN), which is sent',
        evidence,
      )
    : {
        ...refusedBy(attempt, side, peer, answer, evidence),
        explanation: `${quickModeIntro(attempt)} ${peer.label} answers quick mode with ${answer}.${forNetworks(attempt, side)}`,
      };
};

function refusedBy(
  attempt: Attempt,
  side: AttemptSide,
  peer: AttemptSide,
  answer: string,
  evidence: readonly Weighed[],
  networks = forNetworks(attempt, side),
): Stop {
  return {
    title: `${peer.label} refuses the quick mode of ${side.label}; why stands in its own log`,
    explanation: `${quickModeIntro(attempt)} ${peer.label} answers quick mode with ${answer} ${EVERY_REFUSAL}.${networks}`,
    advice: COMPARE,
    ask: [],
    evidence,
  };
}

const refusedOnTheWire: Told = (attempt, side) => {
  const seen = side === attempt.initiator ? refusedQuickMode(attempt, 'unknown') : null;
  if (seen?.about !== 'unknown') return null;
  const { asker, refuser, answer, evidence } = seen;
  // Another notification than IOS uses for it says more than any guess.
  const isUsual = answer === null || answer === 'NO-PROPOSAL-CHOSEN';
  return isUsual
    ? refusedBy(
        attempt,
        asker,
        refuser,
        `${answer ?? 'a notification that is encrypted'}; IOS sends one and the same`,
        evidence,
        offeredText(seen) + networksText(seen),
      )
    : {
        title: `${refuser.label} answers the quick mode of ${asker.label} with ${answer}`,
        explanation: `${quickModeIntro(attempt)} ${refuser.label} answers quick mode with ${answer} instead of QM2.${offeredText(seen)}${networksText(seen)}`,
        advice: COMPARE,
        ask: [],
        evidence,
      };
};

/** The end of the node of a quick mode, or, where the log ends before, its last repetition. */
const GIVEN_UP =
  /deleting node \S+ error TRUE|quick mode timer expired|attempt (\d+) of \1: retransmit phase 2/i;

const quickModeUnanswered: Told = (attempt, side, peer) => {
  if (!quickModeFailed(side)) return null;
  const evidence = quoted(side, GIVEN_UP, true, 1);
  if (evidence.length === 0) return null;
  return {
    title: `${peer.label} does not answer the quick mode of ${side.label}`,
    explanation: `${quickModeIntro(attempt)} ${side.label} repeats its quick mode until it gives up and gets no answer. The message or its answer is lost on the path, or ${peer.label} drops it without a word.${forNetworks(attempt, side)}`,
    advice: `Look at the log of ${peer.label} for the same moment: it shows whether quick mode arrives there.`,
    ask: [
      `"debug crypto isakmp" and "debug crypto ipsec" of ${peer.label}`,
      'a capture of UDP 500 and 4500 between the two',
    ],
    evidence: [...quoted(side, /retransmitting phase 2 QM_IDLE/i, true, 1), ...evidence],
  };
};

const xauthUnanswered: Told = (_, side, peer) => {
  if (!isOpen(side)) return null;
  const evidence = quoted(
    side,
    /retransmitting phase 2 CONF_XAUTH|deleting SA reason .* CONF_XAUTH/i,
    true,
  );
  if (evidence.length === 0) return null;
  return {
    title: `${peer.label} does not answer when ${side.label} asks for user name and password`,
    explanation: `Phase 1 is up, and ${side.label} asks ${peer.label} for user name and password (XAUTH). No answer comes, so the SA is deleted.`,
    advice: `See that user name and password are entered at ${peer.label}; for a site-to-site peer add "no-xauth" to its key on ${side.label}.`,
    ask: [`"debug crypto isakmp" of ${peer.label}, or the log of the client there`],
    evidence,
  };
};

const mm2Unanswered: Told = (_, side, peer) => {
  if (!isOpen(side) || side.log?.failingStep !== 'mm3-wait') return null;
  const again = quoted(side, /phase 1 packet is a duplicate of a previous packet/i, true, 1);
  const seen =
    again.length > 0
      ? `${peer.label} keeps sending MM1, so MM2 does not reach it`
      : `MM3 does not come, so MM2 does not reach ${peer.label}, MM3 is lost, or ${peer.label} does not go on`;
  return {
    title: `MM2 of ${side.label} is not followed by MM3 of ${peer.label}`,
    explanation: `${side.label} accepts MM1 and answers with MM2 again and again; ${seen}.`,
    advice: `Look at the path from ${side.label} to ${peer.label}: filters on UDP 500, the route back, and a translation that gives the answer another source address than the one ${peer.label} called.`,
    ask: [
      `a capture of UDP 500 at ${peer.label}: it shows whether MM2 arrives, and from which address`,
      `"debug crypto isakmp" of ${peer.label}`,
    ],
    evidence: [...quoted(side, /retransmitting phase 1 MM_SA_SETUP/i, true, 1), ...again],
  };
};

const mm3Rejected: Told = (_, side, peer) => {
  const rejects =
    isOpen(side) &&
    side.log?.phase1 !== 'complete' &&
    side.log?.packets.some(({ notification, state }) => notification && state === 'MM_SA_SETUP');
  if (!rejects || side.side !== 'initiator') return null;
  return {
    title: `${peer.label} rejects MM3 of ${side.label}; why stands in its own log`,
    explanation: `${side.label} and ${peer.label} agree on a policy. MM3 is answered with a notification in clear instead of MM4: ${peer.label} cannot or will not go on, for instance without a key for its peer.`,
    advice: `Read "debug crypto isakmp" of ${peer.label}.`,
    ask: [`"debug crypto isakmp" of ${peer.label}`],
    evidence: quoted(side, /Notify has no hash/i, true, 1),
  };
};

const cutAtMm6: Told = (_, side, peer) => {
  const { log } = side;
  if (side.side !== 'initiator' || !isOpen(side) || log?.phase1 !== 'incomplete') return null;
  if (log.exchange !== 'main' || log.peerIdentity === null) return null;
  return {
    title: `The log of ${side.label} ends while it checks MM6 of ${peer.label}`,
    explanation: `MM6 of ${peer.label} arrives and its identity is read; the log of ${side.label} ends before it says whether it accepts MM6.`,
    advice: '',
    ask: [`the rest of the log of ${side.label}`],
    evidence: [],
  };
};

const notInstalled: Told = ({ initiator, responder }, side) =>
  side.log?.cause !== 'installation'
    ? null
    : {
        title: `${side.label} could not put its IPsec SA in place; why is not in the evidence`,
        explanation: `The IKE SA between ${initiator.label} and ${responder.label} stands and the child SA was agreed. The key engine of ${side.label} then failed to put it in place, so no traffic is protected.`,
        advice: `Collect "debug crypto ipsec" of ${side.label} while the tunnel is tried.`,
        ask: [`"debug crypto ipsec" of ${side.label}: it names what the key engine misses`],
        evidence: [],
      };

const superseded: Told = (_, side, peer) =>
  side.log?.cause !== 'superseded'
    ? null
    : {
        title: `Another SA between ${side.label} and ${peer.label} took the place of this attempt`,
        explanation: `${peer.label} began afresh (initial contact), so ${side.label} dropped the attempt that was still under way. That is no failure by itself: it happens where both ends begin at once.`,
        advice: `Look at what became of the other SA.`,
        ask: [],
        evidence: quoted(side, ENDINGS.initialContact, false, 2),
      };

const STORIES: readonly Told[] = [
  am3Missing,
  superseded,
  notInstalled,
  refusedHere,
  refusedThere,
  refusedOnTheWire,
  quickModeUnanswered,
  xauthUnanswered,
  mm2Unanswered,
  refusedInClear,
  mm3Rejected,
  cutAtMm6,
];

export function whereItStopped(attempt: Attempt): Stop | null {
  for (const tell of STORIES) {
    for (const side of sides(attempt)) {
      const told = tell(attempt, side, otherSide(attempt, side));
      if (told !== null) return told;
    }
  }
  if (sides(attempt).some(({ log }) => log !== null && log.verdict !== 'inconclusive')) return null;
  for (const tell of WIRE_STORIES) {
    const told = tell(attempt);
    if (told !== null) return told;
  }
  return null;
}
