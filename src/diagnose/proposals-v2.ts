import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { LogEvent } from '../model/log.ts';
import { eventsOfSide } from './evidence.ts';
import { listed, otherSide } from './facts.ts';

/** The transforms of one proposal by kind; of each kind one must be in common within one proposal (RFC 7296 sections 2.7 and 3.3). */
type Proposal = {
  readonly ciphers: readonly string[];
  /** PRF and integrity where the text does not tell them apart. */
  readonly hashes: readonly string[];
  readonly prfs: readonly string[];
  readonly integrity: readonly string[];
  readonly groups: readonly string[];
};

type Difference = { readonly what: string; readonly offered: string; readonly accepted: string };

const TRANSFORM =
  /(?<cipher>AES-[A-Z]{3}(?:-\d{3})?|3DES|DES|NULL)|(?<hash>SHA(?:512|384|256|96|1)|MD5(?:96)?|None)|Group ?(?<group>\d{1,2})/g;
/** Some releases name the kind of what follows. */
const PRF = /PRF ?:/i;
const INTEGRITY = /INTEG(?:RITY)? ?:/i;
/** The names that only one of the two kinds has. */
const ONLY_PRF: ReadonlySet<string> = new Set(['SHA1', 'MD5']);
const ONLY_INTEGRITY: ReadonlySet<string> = new Set(['SHA96', 'MD596', 'None']);
const COMBINED = /^AES-GCM/;

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];

type Hash = { readonly name: string; readonly at: number };

/** Where in the list of hashes integrity begins: by the labels, or where one place alone is possible; -1 where none is. */
function integrityFrom(text: string, hashes: readonly Hash[], isCombined: boolean): number {
  const label = INTEGRITY.exec(text);
  if (label !== null && PRF.test(text)) {
    const at = hashes.findIndex((each) => each.at > label.index);
    return at < 0 ? hashes.length : at;
  }
  if (isCombined && hashes.length === 1) return 1;
  const names = hashes.map(({ name }) => name);
  const fits = (at: number): boolean => {
    const [prfs, rest] = [names.slice(0, at), names.slice(at)];
    return (
      unique(prfs).length === prfs.length &&
      unique(rest).length === rest.length &&
      !prfs.some((name) => ONLY_INTEGRITY.has(name)) &&
      !rest.some((name) => ONLY_PRF.has(name))
    );
  };
  const places = names.map((_, index) => index).filter((at) => at > 0 && fits(at));
  return places.length === 1 ? places[0]! : -1;
}

function proposalOf(text: string): Proposal {
  const found = [...text.matchAll(TRANSFORM)];
  const of = (kind: string): readonly string[] =>
    unique(found.flatMap(({ groups }) => groups?.[kind] ?? []));
  const hashes = found.flatMap(({ groups, index }) =>
    groups?.hash === undefined ? [] : [{ name: groups.hash, at: index }],
  );
  const ciphers = of('cipher');
  const isCombined = ciphers.some((name) => COMBINED.test(name));
  const from = integrityFrom(text, hashes, isCombined);
  const names = hashes.map(({ name }) => name);
  return {
    ciphers,
    hashes: unique(names),
    prfs: from < 0 ? [] : unique(names.slice(0, from)),
    integrity: from < 0 ? [] : unique(names.slice(from)),
    groups: of('group'),
  };
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

/** Kind with kind; where PRF and integrity are one list, they differ for certain only if nothing is in common. */
function differences(offered: Proposal, accepted: Proposal): readonly Difference[] {
  const found: Difference[] = [];
  const compare = (what: string, a: readonly string[], b: readonly string[]): void => {
    if (a.length > 0 && b.length > 0 && disjoint(a, b))
      found.push({ what, offered: listed(a), accepted: listed(b) });
  };
  const sameKind = !disjoint(withoutLength(offered.ciphers), withoutLength(accepted.ciphers));
  compare(sameKind ? 'the AES key length' : 'the cipher', offered.ciphers, accepted.ciphers);
  if (offered.prfs.length > 0 && accepted.prfs.length > 0) {
    compare('the PRF', offered.prfs, accepted.prfs);
    compare('the integrity hash', offered.integrity, accepted.integrity);
  } else compare('the hash', offered.hashes, accepted.hashes);
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

type Pair = {
  readonly found: readonly Difference[];
  /** Of what is offered and of what is accepted, where there are several. */
  readonly names: readonly string[];
};

/** What keeps the offers from the proposals that the router accepts, for the pairs that come nearest; empty where its log does not print both. */
function nearest(side: AttemptSide): readonly Pair[] {
  const events = eventsOfSide(side);
  const last = (message: string): readonly Proposal[] => {
    const event = events.findLast((each) => each.message === message);
    return event === undefined ? [] : proposalsOf(event);
  };
  const offers = last('v2-proposal-refused');
  const accepted = last('v2-proposal-expected');
  const pairs = offers.flatMap((offer, i) =>
    accepted.map((each, k) => ({
      found: differences(offer, each),
      names: [
        ...(offers.length > 1 ? [`offered proposal ${i + 1}`] : []),
        ...(accepted.length > 1 ? [`accepted proposal ${k + 1}`] : []),
      ],
    })),
  );
  const fewest = Math.min(...pairs.map(({ found }) => found.length));
  return fewest === 0 ? [] : pairs.filter(({ found }) => found.length === fewest);
}

const MOST_PAIRS = 3;

const pairText = (found: readonly Difference[]): string =>
  listed(
    found.map(
      ({ what, offered, accepted }) => `${what} (${offered} offered, ${accepted} accepted)`,
    ),
  );

/**
 * `the AES key length (AES-CBC-128 offered, AES-CBC-256 accepted)`; null where no log tells. Of several proposals each
 * that comes as near as the others is named with what it lacks: none of that alone keeps the two apart.
 */
export function refusedOver(sides: readonly AttemptSide[]): string | null {
  const pairs = sides.map(nearest).find((each) => each.length > 0);
  if (pairs === undefined) return null;
  const texts = new Map(pairs.map(({ found, names }) => [pairText(found), names]));
  const [only] = texts.keys();
  if (texts.size === 1 || only === undefined) return only ?? null;
  return [...texts]
    .slice(0, MOST_PAIRS)
    .map(([text, names]) => `${text} ${names.length > 1 ? 'between' : 'with'} ${listed(names)}`)
    .join(', and over ');
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
