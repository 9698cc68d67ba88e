import { WORDING, keyringAt } from '../correlate/log-lines.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { Selection } from '../model/selection.ts';
import { keyringsOf } from '../select/keyring.ts';
import { tunnelsTo } from '../select/tunnels.ts';
import { againstPeers } from './agreement-peers.ts';
import type { Against } from './agreement-policies.ts';
import { againstPolicies, quotedLine } from './agreement-policies.ts';
import { againstQuickMode } from './agreement-quick-mode.ts';
import { eventsOfSide } from './evidence.ts';
import { listed, ringText, sides } from './facts.ts';

/** Something that a log says and that the configuration given for the same router cannot have done, by any reading. */
export type Contradiction = Against;

const STEPS = { initiator: ['mm4', 'mm2', 'mm1'], responder: ['mm3', 'mm1'] } as const;
const CHECK = { initiator: 'mm6', responder: 'mm5' } as const;

type Named = { readonly name: string; readonly line: number };

/** The keyring that made the key, where the log names it. */
export function keyringNamed({ side, log }: AttemptSide): Named | null {
  for (const step of STEPS[side]) {
    const named = keyringAt(log, step);
    if (named !== null) return named;
  }
  return null;
}

/** The keyring in which the check after MM5 (MM6) finds the key that the profile allows, where the log names it. */
export const keyringChecked = ({ side, log }: AttemptSide): Named | null =>
  keyringAt(log, CHECK[side]);

/** How the check of the keyring ended by the log; null when no line tells. */
export function checkLogged(
  own: AttemptSide,
): { readonly passed: boolean; readonly line: number } | null {
  const events = eventsOfSide(own);
  const refused = events.find(({ text }) => WORDING.keyNotInProfile.test(text));
  if (refused !== undefined) return { passed: false, line: refused.line };
  const passed = events.find(({ text }) => WORDING.authenticated.test(text));
  const matched = own.log?.profileMatched;
  return passed === undefined || matched === undefined || own.log?.phase1 !== 'complete'
    ? null
    : { passed: true, line: passed.line };
}

/** What the configuration selects by one reading of the documents. */
type Outcome = Pick<Selection, 'requestedProfile' | 'keyring' | 'matchedProfile' | 'verification'>;

const readingsOf = (selection: Selection): readonly Outcome[] => [selection, ...selection.branches];

const byAttempt = new WeakMap<Attempt, readonly Contradiction[]>();

/** Where the logs of an attempt and the configurations of the same routers cannot both be true. */
export function contradictions(attempt: Attempt): readonly Contradiction[] {
  if (attempt.version !== 1) return [];
  const known = byAttempt.get(attempt);
  if (known !== undefined) return known;
  const chosen =
    attempt.mode !== 'main'
      ? []
      : sides(attempt).flatMap((side) =>
          [...unknownNames(side), ...otherChoices(side)].map(({ text, line }) => ({
            side,
            text,
            evidence: quotedLine(side, line),
          })),
        );
  const found = [
    ...chosen,
    ...againstPeers(attempt),
    ...againstPolicies(attempt),
    ...againstQuickMode(attempt),
  ];
  byAttempt.set(attempt, found);
  return found;
}

type Found = {
  /** Without a full stop. */
  readonly text: string;
  /** Of the log. */
  readonly line: number;
};

/** Names that the log prints and the configuration, which has others of the kind, does not define. */
function unknownNames({ log, config, label }: AttemptSide): readonly Found[] {
  if (log === null || config === null) return [];
  const missing = (
    kind: string,
    held: readonly { readonly name: string }[],
    printed: readonly { readonly name: string | null; readonly line: number }[],
  ): readonly Found[] =>
    held.length === 0
      ? []
      : printed.flatMap(({ name, line }, at) =>
          name === null ||
          held.some((each) => each.name === name) ||
          printed.findIndex((each) => each.name === name) !== at
            ? []
            : [
                {
                  text: `The debug of ${label} names ${kind} ${name}, which its configuration does not define`,
                  line,
                },
              ],
        );
  const rings = log.keyringSelections.map(({ keyring, line }) => ({ name: keyring, line }));
  const profiles = [log.saRequestProfile, log.profileMatched].filter((each) => each !== undefined);
  // A listing of the keyrings alone leaves the global keys out.
  const named = rings.filter(({ name }) => name !== 'default' || config.interfaces.length > 0);
  return [
    ...missing('keyring', config.keyrings, named),
    ...missing('ISAKMP profile', config.profiles, profiles),
  ];
}

/** The keyrings in which the search found a key, as `debug crypto isakmp detail` lists them before it takes one. */
export function keyringsListed(own: AttemptSide, taken: Named): readonly string[] {
  const listing = eventsOfSide(own).filter(({ line }) => line <= taken.line);
  const found = listing.map(({ text, line }) => ({ line, name: CANDIDATE.exec(text)?.[1] }));
  // What an earlier search took ends its own list.
  const before = own.log?.keyringSelections.filter(({ line }) => line < taken.line).at(-1);
  return found.flatMap(({ name, line }) =>
    name !== undefined && line > (before?.line ?? 0) ? [name] : [],
  );
}

const CANDIDATE = /key for \S+ found in (\S+)/i;

/** Searches that this configuration cannot have ended so: they found other keys in it, or not the same ones at MM1 and later. */
function otherKeys(own: AttemptSide, used: Named, wanted: string | null): readonly Found[] {
  const { side, log, selection, label } = own;
  const peer = selection?.peer ?? 'the peer';
  const first = keyringAt(log, 'mm1');
  const steps = side === 'initiator' ? 'after MM1' : 'between MM1 and MM3';
  const moved =
    first === null || first.name === used.name
      ? []
      : [
          {
            text: `The debug of ${label} takes the key for ${peer} from ${ringText(first.name)} and then from ${ringText(used.name)}: ${steps} only another configuration changes that`,
            line: used.line,
          },
        ];
  const listed = keyringsListed(own, used);
  if (moved.length > 0 || wanted === null || listed.length === 0 || listed.includes(wanted))
    return moved;
  const text = `The debug of ${label} finds no key for ${peer} in ${ringText(wanted)}, and its configuration has one there`;
  return [{ text, line: used.line }];
}

/** Names that the configuration defines, and would not have taken for this peer. */
function otherChoices(own: AttemptSide): readonly Found[] {
  const { log, config, selection, label } = own;
  if (log === null || config === null || selection === null) return [];
  const readings = readingsOf(selection);
  const isDefined = (name: string): boolean => config.keyrings.some((each) => each.name === name);
  const found: Found[] = [];

  const used = keyringNamed(own);
  // With several tunnels to the peer nothing tells which of them asked for the key.
  const sure = own.side === 'responder' || tunnelsTo(config, selection.peer).length < 2;
  if (sure && used !== null && isDefined(used.name)) {
    const given = [...new Set(readings.flatMap(({ keyring }) => keyring ?? []))];
    if (!given.includes(used.name)) {
      const gives = given.length === 0 ? 'no key' : `the key of ${listed(given.map(ringText))}`;
      const text = `The debug of ${label} takes the key from ${ringText(used.name)}, and its configuration gives ${gives} for ${selection.peer}`;
      found.push({ text, line: used.line });
    } else found.push(...otherKeys(own, used, selection.keyring));
  }

  const matched = log.profileMatched;
  const profile = config.profiles.find(({ name }) => name === matched?.name);
  const byCertificate = config.profiles.some(({ matches }) =>
    matches.some(({ kind }) => kind === 'certificate-map' || kind === 'group'),
  );
  if (own.side === 'responder' && matched !== undefined && log.peerIdentity && !byCertificate) {
    const given = readings.map(({ matchedProfile }) => matchedProfile);
    const known = matched.name === null ? config.profiles.length > 0 : profile !== undefined;
    if (known && !given.includes(matched.name)) {
      const text = `The debug of ${label} matches ${matched.name ?? 'no profile'} with the identity ${log.peerIdentity.value}, and by its configuration that is ${selection.matchedProfile ?? 'none'}`;
      found.push({ text, line: matched.line });
    }
  }

  const allowed = profile === undefined ? null : keyringsOf(profile);
  const checked = keyringChecked(own);
  if (
    allowed !== null &&
    checked !== null &&
    isDefined(checked.name) &&
    !allowed.includes(checked.name)
  ) {
    const text = `The debug of ${label} finds the key that profile ${profile!.name} allows in ${ringText(checked.name)}, and by its configuration the profile allows ${listed(allowed.map(ringText))}`;
    found.push({ text, line: checked.line });
  }
  return found.length > 0 ? found : otherEnd(own, used?.name ?? null, allowed);
}

/** The check after MM5 (MM6) ended as no keyring that the configuration could have taken lets it end. */
function otherEnd(
  own: AttemptSide,
  used: string | null,
  allowed: readonly string[] | null,
): readonly Found[] {
  const { log, selection, label } = own;
  const check = checkLogged(own);
  const name = log?.profileMatched?.name ?? null;
  if (check === null || allowed === null || selection === null || name === null) return [];
  const rings =
    used === null ? readingsOf(selection).flatMap(({ keyring }) => keyring ?? []) : [used];
  if (rings.length === 0 || rings.some((ring) => allowed.includes(ring) === check.passed))
    return [];
  const from = listed([...new Set(rings)].map(ringText));
  const text = check.passed
    ? `${label} accepts the exchange, and by its configuration the key comes from ${from}, which profile ${name} does not allow`
    : `${label} refuses the key as one of a keyring that profile ${name} does not allow, and by its configuration the key comes from ${from}, which the profile allows`;
  return [{ text, line: check.line }];
}

/** Whether the configuration of this side can have written its log; without either nothing speaks against it. */
export const isExplained = (attempt: Attempt, side: AttemptSide): boolean =>
  !contradictions(attempt).some((each) => each.side === side);
