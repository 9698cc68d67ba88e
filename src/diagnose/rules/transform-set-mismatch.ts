import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { againstQuickMode, refusalReplayed } from '../agreement-quick-mode.ts';
import { commonRule, type Story } from '../common-rule.ts';
import { eventsOfSide } from '../evidence.ts';
import { endsOfRefusal, refusedOver } from '../proposals-v2.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';
import type { QuickModeRefusal } from '../quick-mode.ts';
import {
  networksText,
  offeredText,
  quickModeIntro,
  refusedQuickMode,
  toldByLength,
} from '../quick-mode.ts';

function toldV1(attempt: Attempt, side: AttemptSide, cause: string | null): Story {
  const refused = refusedQuickMode(attempt, 'transforms');
  const isLogged = side.log?.verdict === 'transform-set-mismatch';
  if (refused !== null && !isLogged) {
    return refused.isRead ? toldByNotification(attempt, refused) : toldByLength(attempt, refused);
  }
  const { initiator, responder } = attempt;
  const transforms = refusedTransforms(side);
  const offered = refused === null ? '' : offeredText(refused);
  const named = transforms.length > 0 ? ` Refused: ${transforms.join('; ')}.` : offered;
  return {
    title: `${responder.label} accepts no IPsec transform of ${initiator.label}`,
    explanation:
      cause === null
        ? `${quickModeIntro(attempt)} The quick mode proposes ESP or AH algorithms, a mode, or a Diffie-Hellman group for perfect forward secrecy that ${responder.label} does not accept.${named}`
        : `${quickModeIntro(attempt)} ${responder.label} accepts no proposal of the quick mode.${named}`,
    advice: COMPARE,
    settle: [
      ...(named !== ''
        ? []
        : [
            `"debug crypto ipsec" of ${responder.label}: it names the transforms that were refused.`,
          ]),
      ...(responder.config === null
        ? [`The transform sets and crypto maps of ${responder.label}.`]
        : []),
    ],
  };
}

/** The notification says that no proposal fits, and nothing of what is wrong with them. */
function toldByNotification(attempt: Attempt, refused: QuickModeRefusal): Story {
  const { asker, refuser, answer } = refused;
  return {
    title: `${refuser.label} accepts no IPsec transform of ${asker.label}`,
    explanation: `${quickModeIntro(attempt)} ${refuser.label} answers quick mode with ${answer ?? 'a refusal'}: it takes none of the proposals. Whether it objects to algorithms, key length, mode or the group for perfect forward secrecy, the notification does not say.${offeredText(refused)}${networksText(refused)}`,
    advice: COMPARE,
    settle: [
      `The log of ${refuser.label} ("debug crypto ipsec" on IOS): it says what was expected.`,
      ...(refuser.config === null
        ? [`The transform sets and "set pfs" of ${refuser.label}, to be held against the offer.`]
        : []),
    ],
  };
}

const COMPARE = `Compare the transform sets and "set pfs" of both ends, key lengths and tunnel or transport mode included.`;

function toldV2(attempt: Attempt, side: AttemptSide): Story {
  const [refuser, refused] = endsOfRefusal(side, attempt);
  const over = refusedOver([refuser, refused]);
  const before = stoodBefore(side)
    ? ' A child SA stood before under the same IKE SA. What CREATE_CHILD_SA asks for beyond that is a Diffie-Hellman exchange for perfect forward secrecy ("set pfs"): its group is the first thing to compare, unless this child SA is for other networks.'
    : '';
  return {
    title: `${refuser.label} accepts no IPsec transform of ${refused.label}`,
    explanation: `The IKE SA between ${refused.label} and ${refuser.label} stands. The child SA beneath it is refused: none of the proposals for ESP or AH of ${refused.label} fits.${before}${over === null ? '' : ` It fails over ${over}.`}`,
    advice: `Compare the transform sets and "set pfs" of both ends, key lengths included; "set pfs" counts when the child SA is renewed, not when it is set up with the IKE SA.`,
    settle:
      over === null
        ? [
            `"debug crypto ikev2" of ${refuser.label}: it prints the proposals that came and those that were expected.`,
          ]
        : [],
  };
}

/** The log shows a child SA in place, and behind it the exchange that is refused. */
function stoodBefore(side: AttemptSide): boolean {
  const events = eventsOfSide(side);
  const created = events.find(({ message }) => message === 'v2-child-created');
  const asks = events.findLast(({ fields }) => fields.exchange === 'CREATE_CHILD_SA');
  return created !== undefined && asks !== undefined && created.line < asks.line;
}

export const transformSetMismatch: Rule = commonRule({
  id: 'transform-set-mismatch',
  title: 'The IPsec transforms do not fit',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'Phase 1 is up; the ESP or AH algorithms, the mode, or the key lengths of the two ends differ.',
  recognised:
    'The responder logs "transform proposal not supported for identity" and error 256 and accepts no other proposal; under IKEv2 it refuses the proposals of the child SA, or is told so by its peer; on the wire NO_PROPOSAL_CHOSEN answers quick mode, or an encrypted notification does where QM1 has room for a key exchange.',
  fix: 'Give both ends a transform set in common, in algorithms, key length and mode.',
  references: [REFERENCES.quickMode],
  supersedes: ['deleted-by-peer', 'ikev2-no-proposal-chosen', 'inconclusive'],
  seen: (attempt) => {
    return refusedQuickMode(attempt, 'transforms')?.evidence ?? [];
  },
  repairs: ['transform-set-mismatch', 'pfs-mismatch'],
  against: againstQuickMode,
  alone: refusalReplayed,
  tell: (attempt, side, cause) =>
    attempt.version === 2 ? toldV2(attempt, side) : toldV1(attempt, side, cause),
});

/** As the key engine names them, each once. */
const refusedTransforms = (side: AttemptSide): readonly string[] => [
  ...new Set(
    eventsOfSide(side).flatMap(({ message, fields }) =>
      message === 'ipsec-transform-refused' && fields.transforms !== undefined
        ? [String(fields.transforms).trim()]
        : [],
    ),
  ),
];
