import type { Attempt } from '../../model/incident.ts';
import { checkLogged, contradictions, isExplained, keyringNamed } from '../agreement.ts';
import { listed, pairKey, ringText } from '../facts.ts';
import { keyringUsed } from '../keys-used.ts';
import { readMm5 } from '../mm5.ts';
import type { Mm5Reading } from '../mm5.ts';
import { otherDirection, repairText, repairsFor } from '../predictions.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { demanded, selectionEvidence } from '../responder-keyring.ts';
import { missedProfile, translatedIdentity } from '../stray-identity.ts';

function identityOf(attempt: Attempt): string {
  const { initiator, responder } = attempt;
  const seen = responder.log?.peerIdentity?.value ?? initiator.log?.ownIdentity?.value;
  return seen ?? attempt.responder.selection?.peer ?? attempt.initiator.address ?? 'the initiator';
}

/** What is said of the responder, and whether its log says it or only its configuration. */
type Telling = {
  readonly title: string;
  readonly story: string;
  readonly verdict: string;
};

/** No line of the responder tells of the check: the configurations say that it must fail, and MM5 is not answered. */
function predicted(
  attempt: Attempt,
  { keys }: Mm5Reading,
  taken: string,
  named: string,
  allowed: string,
): Telling {
  const { initiator, responder } = attempt;
  const address = responder.selection?.peer ?? initiator.address ?? 'its peer';
  const proven = keys.initiator?.basis === 'proven' && keys.responder?.basis === 'proven';
  const same = proven
    ? 'The packets prove that both ends used the same key value'
    : 'Both ends hold the same key value';
  const value =
    keys.relation === 'same'
      ? `${same}, so changing keys would not help`
      : 'Whether both ends hold the same key value is not known, and changing keys alone would not help';
  const others = [
    ...new Set(
      (responder.selection?.branches ?? [])
        .filter(({ verification }) => verification !== 'fails')
        .map(({ rule }) => rule),
    ),
  ];
  return {
    title: `By its configuration ${responder.label} takes the key from ${taken}, but ${named} allows ${allowed}`,
    story:
      `MM5 of ${initiator.label} is not answered. By its configuration ${responder.label} (responder) takes the key for ${address} from ${taken} at MM3, when it knows only this address${whichOf(attempt, true)}; ` +
      `the identity ${identityOf(attempt)} of MM5 then matches ${named}, and that profile allows ${allowed}.`,
    verdict:
      `${value}: IOS compares the keyring, not the key, and drops such an exchange. ` +
      `No log of ${responder.label} shows it; the loss of MM5 or of its answer looks the same from here.` +
      (others.length === 0
        ? ''
        : ` By another reading of the documents the check passes (${listed(others)}).`),
  };
}

/** The responder logs that it refuses the keyring. */
function logged(attempt: Attempt, named: string, allowed: string): Telling {
  const { initiator, responder } = attempt;
  const address = responder.selection?.peer ?? initiator.address ?? 'its peer';
  const seen = keyringNamed(responder)?.name ?? null;
  const used =
    seen ?? (isExplained(attempt, responder) ? (responder.selection?.keyring ?? null) : null);
  const taken = used === null ? 'a keyring that the debug does not name' : ringText(used);
  const inferred = seen === null && used !== null ? ', by its configuration,' : '';
  const which =
    used !== null && used === responder.selection?.keyring ? whichOf(attempt, seen === null) : '';
  return {
    title: `${responder.label} took the key from ${taken}, but ${named} allows ${used === null ? `only ${allowed}` : allowed}`,
    story:
      `At MM3 ${responder.label} (responder) knows only the address ${address} and takes the key${inferred} from ${taken}${which}. ` +
      `MM5 then names ${identityOf(attempt)}, which matches ${named}, and that profile allows ${allowed}.`,
    verdict:
      'The key value is right, or MM5 would not have decrypted; but IOS compares the keyring, not the key, and drops the exchange. Changing keys does not help.',
  };
}

/** Which keyring it is; `isConfigured` where the sentence says already that the configuration gives it. */
function whichOf({ initiator, responder: { selection } }: Attempt, isConfigured: boolean): string {
  const first = (selection?.rules ?? []).some((rule) => rule.startsWith('keyring-first'));
  return first
    ? `, the first keyring${isConfigured ? '' : ' of its configuration'} with an entry for ${selection?.peer ?? initiator.address ?? 'its peer'}`
    : '';
}

function claim(attempt: Attempt, file: CaseFile): Claim | null {
  const reading = readMm5(attempt, file.incident);
  if (reading === null || reading.cause !== 'wrong-keyring') return null;
  const { initiator, responder } = attempt;
  const { profile, rings } = demanded(attempt);
  const named =
    profile === null ? 'the ISAKMP profile that its identity matches' : `ISAKMP profile ${profile}`;
  const allowed = rings.length === 0 ? 'other keyrings' : listed(rings.map(ringText));
  const isLogged = checkLogged(responder) !== null;
  const used = keyringUsed(responder);
  const { title, story, verdict } =
    isLogged || used === null
      ? logged(attempt, named, allowed)
      : predicted(attempt, reading, ringText(used), named, allowed);
  const unexplained = contradictions(attempt).map(({ text }) => `${text}.`);
  const repairs = repairsFor(file.prediction, attempt, ['keyring-mismatch-after-mm5']);
  const typed = repairs[0];
  const general = withoutReplay(attempt, named);
  const advice =
    typed === undefined ? `On ${responder.label} ${general}` : repairText(typed, attempt);
  const stray = translatedIdentity(attempt);
  return {
    attempt,
    key: pairKey(attempt),
    title,
    explanation: [story, stray, verdict, ...unexplained].filter((part) => part !== '').join(' '),
    summary: [
      `${initiator.label} cannot bring the tunnel up towards ${responder.label}: phase 1 ${isLogged ? 'dies' : 'stops'} at MM5.`,
      story,
      stray,
      verdict,
      ...unexplained,
      otherDirection(file.prediction, attempt),
      advice,
    ]
      .filter((part) => part !== '')
      .join(' '),
    evidence: [...selectionEvidence(attempt), ...reading.evidence],
    remedies:
      repairs.length > 0
        ? repairs
        : [
            {
              text: `${general.charAt(0).toUpperCase()}${general.slice(1)}`,
              ...(responder.router === null ? {} : { router: responder.router }),
              verified: false,
            },
          ],
    settle: settle(attempt),
  };
}

/** What helps where no repair was replayed. */
function withoutReplay(attempt: Attempt, named: string): string {
  const missed = missedProfile(attempt);
  return missed === null
    ? `keep every key for this peer in one keyring and name it in ${named}, or give the keyrings different addresses.`
    : `let the match statements of ${named} leave ${identityOf(attempt)} out, so that it matches ${missed.profile}, which allows this keyring and which ${missed.place} demands; and leave keys and keyrings as they are.`;
}

function settle(attempt: Attempt): readonly string[] {
  const { responder } = attempt;
  const wanted: string[] = [];
  if (!isExplained(attempt, responder)) {
    wanted.push(
      `The configuration that ${responder.label} ran while the debug was taken: the one given does not explain it.`,
    );
  }
  if (responder.log === null) {
    wanted.push(
      `"debug crypto isakmp" of ${responder.label} while ${attempt.initiator.label} initiates: "Key not found in keyrings of profile" confirms it, and no received MM_KEY_EXCH means that MM5 was lost.`,
      `A capture taken at ${responder.label}: it shows whether MM5 arrives.`,
    );
  }
  if (responder.config === null) {
    wanted.push(
      `The crypto configuration of ${responder.label}: it names the keyring that wins at MM3 and lets a repair be replayed.`,
    );
  }
  if (attempt.initiator.config === null) {
    wanted.push(
      `The crypto configuration of ${attempt.initiator.label}: it shows whether the other direction comes up.`,
    );
  }
  return wanted;
}

export const keyringMismatchAfterMm5: Rule = {
  id: 'keyring-mismatch-after-mm5',
  title: 'The responder used a keyring that the matched profile does not allow',
  severity: 'failure',
  needs: ['log', 'config'],
  means:
    'An IOS responder must choose a key after MM3, when it knows only the address of its peer; it searches all keyrings. MM5 then brings the identity, the identity selects an ISAKMP profile, and the profile names its keyrings. When the key came from another keyring the exchange is dropped, even if both hold the same value.',
  recognised:
    'The responder logs "peer matches <profile> profile", the keyring of that profile, and "Key not found in keyrings of profile". Without its log: the configuration selects one keyring at MM3 and another after MM5, both ends use one key value, and MM5 stays unanswered.',
  fix: 'Keep all keys of the responder in one keyring, or give its keyrings disjoint addresses, or let the profile of this peer name the keyring that wins. Verify both directions.',
  references: [REFERENCES.keyrings, REFERENCES.skeyid, REFERENCES.mainMode],
  supersedes: [
    'mm5-unanswered',
    'mm5-lost',
    'mm6-lost',
    'deleted-by-peer',
    'dpd-peer-dead',
    'psk-mismatch',
    'inconclusive',
  ],
  check: perAttempt(claim),
};
