import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { LogEvent } from '../model/log.ts';
import { eventsOfSide } from './evidence.ts';
import { listed, otherSide } from './facts.ts';

/** The transforms of one proposal by kind; of each kind one must be in common (RFC 7296 section 2.7). */
type Proposal = {
  readonly ciphers: readonly string[];
  readonly hashes: readonly string[];
  readonly groups: readonly string[];
};

type Difference = { readonly what: string; readonly offered: string; readonly accepted: string };

const TRANSFORM =
  /(?<cipher>AES-[A-Z]{3}(?:-\d{3})?|3DES|DES|NULL)|(?<hash>SHA(?:\d{3}|96|1)|MD5(?:96)?)|Group ?(?<group>\d{1,2})/g;

function proposalOf(text: string): Proposal {
  const found = [...text.matchAll(TRANSFORM)];
  const of = (kind: string): readonly string[] => [
    ...new Set(found.flatMap(({ groups }) => groups?.[kind] ?? [])),
  ];
  return { ciphers: of('cipher'), hashes: of('hash'), groups: of('group') };
}

/** Some releases print the proposals in the line itself, others on lines below it. */
function proposalsOf({ fields }: LogEvent): readonly Proposal[] {
  const inline = String(fields.detail ?? '')
    .split(/Proposal \d{1,2}:/)
    .slice(1);
  const below = String(fields.proposals ?? '').split(' ');
  return [...inline, ...below]
    .map(proposalOf)
    .filter(({ ciphers, hashes, groups }) => ciphers.length + hashes.length + groups.length > 0);
}

const disjoint = (a: readonly string[], b: readonly string[]): boolean =>
  !a.some((each) => b.includes(each));
const withoutLength = (ciphers: readonly string[]): readonly string[] =>
  ciphers.map((name) => name.replace(/-\d{3}$/, ''));
const groupText = (groups: readonly string[]): string =>
  groups.length === 0 ? 'none' : `group ${listed(groups)}`;

/** PRF and integrity stand in one list under the same names: they differ for certain where nothing is in common. */
function differences(offered: Proposal, accepted: Proposal): readonly Difference[] {
  const found: Difference[] = [];
  const { ciphers, hashes } = offered;
  if (ciphers.length > 0 && accepted.ciphers.length > 0 && disjoint(ciphers, accepted.ciphers)) {
    const sameKind = !disjoint(withoutLength(offered.ciphers), withoutLength(accepted.ciphers));
    found.push({
      what: sameKind ? 'the AES key length' : 'the cipher',
      offered: listed(offered.ciphers),
      accepted: listed(accepted.ciphers),
    });
  }
  if (hashes.length > 0 && accepted.hashes.length > 0 && disjoint(hashes, accepted.hashes))
    found.push({ what: 'the hash', offered: listed(hashes), accepted: listed(accepted.hashes) });
  const groups = [...offered.groups, ...accepted.groups];
  if (groups.length > 0 && disjoint(offered.groups, accepted.groups)) {
    found.push({
      what: 'the Diffie-Hellman group',
      offered: groupText(offered.groups),
      accepted: groupText(accepted.groups),
    });
  }
  return found;
}

/** What keeps the offer from the nearest of the proposals that the router accepts; empty where its log does not print both. */
function nearest(side: AttemptSide): readonly Difference[] {
  const events = eventsOfSide(side);
  const last = (message: string): readonly Proposal[] => {
    const event = events.findLast((each) => each.message === message);
    return event === undefined ? [] : proposalsOf(event);
  };
  const accepted = last('v2-proposal-expected');
  const pairs = last('v2-proposal-refused').flatMap((offer) =>
    accepted.map((each) => differences(offer, each)),
  );
  return [...pairs].sort((a, b) => a.length - b.length)[0] ?? [];
}

/** `the AES key length (AES-CBC-128 offered, AES-CBC-256 accepted)`; null where no log tells. */
export function refusedOver(sides: readonly AttemptSide[]): string | null {
  const found = sides.map(nearest).find((each) => each.length > 0);
  if (found === undefined) return null;
  return listed(
    found.map(
      ({ what, offered, accepted }) => `${what} (${offered} offered, ${accepted} accepted)`,
    ),
  );
}

/** What a router prints that refuses; one that is refused only hears of it. */
const REFUSES: ReadonlySet<string> = new Set([
  'v2-proposal-refused',
  'v2-proposal-expected',
  'v2-proposal-none',
  'v2-proposal-refusal-sent',
]);

/** Either end may ask for a child SA: who refuses it, and whom, as the log of `side` tells. */
export function endsOfRefusal(
  side: AttemptSide,
  attempt: Attempt,
): readonly [refuser: AttemptSide, refused: AttemptSide] {
  const other = otherSide(attempt, side);
  const own = eventsOfSide(side).some(({ message }) => REFUSES.has(message));
  return own ? [side, other] : [other, side];
}
