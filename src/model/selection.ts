import type { IdentityMatch, IsakmpProfile, KeyEntry } from './config.ts';
import type { Side } from './exchange.ts';
import type { Finding } from './finding.ts';

/** A key that was looked at and not taken. */
export type LostCandidate = {
  readonly keyring: string;
  /** `address,mask` or host name. */
  readonly entry: string;
  /** Why it lost, in words. */
  readonly lost: string;
  readonly line: number;
};

export type KeyChoice = {
  readonly keyring: string;
  readonly entry: KeyEntry;
};

/** The result of one keyring search: the winner and why everyone else lost. */
export type KeyringSearch = {
  readonly winner: KeyChoice | null;
  readonly lost: readonly LostCandidate[];
  /** Ids of the selection rules that decided. */
  readonly rules: readonly string[];
};

export type LostProfile = {
  readonly profile: string;
  /** Why it lost, in words. */
  readonly lost: string;
  readonly line: number;
};

export type ProfileChoice = {
  readonly profile: IsakmpProfile;
  /** The statement that fits best. */
  readonly match: IdentityMatch;
};

/** The result of matching an identity against the profiles. */
export type ProfileSearch = {
  readonly winner: ProfileChoice | null;
  /** Every profile that fits, in order of definition. */
  readonly fitting: readonly ProfileChoice[];
  /** Names of profiles that a certificate would match or not by what no configuration tells of it. */
  readonly undecided: readonly string[];
  readonly lost: readonly LostProfile[];
  readonly rules: readonly string[];
};

/** One reading of the documentation where it contradicts itself. */
export type Branch = {
  readonly rule: string;
  readonly source: string;
  readonly requestedProfile: string | null;
  readonly keyring: string | null;
  readonly entry: string | null;
  readonly matchedProfile: string | null;
  readonly verification: Verification;
};

export type Verification = 'passes' | 'fails' | 'none' | 'unknown';

/** What one router selects for one peer in one role, from its configuration alone. */
export type Selection = {
  readonly router: string | null;
  readonly role: Side;
  readonly peer: string;
  readonly tunnel: string | null;
  readonly fvrf: string | null;
  readonly requestedProfile: string | null;
  /** Of MM1 (initiator) or MM3 (responder). */
  readonly keyring: string | null;
  readonly entry: string | null;
  readonly entryLine: number | null;
  readonly matchedProfile: string | null;
  readonly matchedLine: number | null;
  /** Keyrings of the matched profile. */
  readonly profileKeyrings: readonly string[];
  readonly verification: Verification;
  readonly rules: readonly string[];
  readonly candidates: readonly LostCandidate[];
  readonly lostProfiles: readonly LostProfile[];
  readonly branches: readonly Branch[];
};

export type Direction = {
  readonly initiator: string | null;
  readonly responder: string | null;
  /** The initiator's tunnel; null when it has none to this peer. */
  readonly tunnel: string | null;
  readonly outcome: 'up' | 'fails' | 'unknown';
  readonly failingStep: string | null;
  /** A finding id. */
  readonly finding: string | null;
  readonly why: string;
};

/**
 * What a repair keeps, whatever comes up by it: every key, the keys that each profile finds, each address in one keyring,
 * or all but the order of the keyrings.
 */
export type Kept = 'keys' | 'profiles' | 'one-keyring' | 'all-but-order';

/** A direction that fails as long as a repair is not typed. */
export type Cure = Pick<Direction, 'initiator' | 'responder' | 'tunnel'> & {
  /** A finding id. */
  readonly finding: string;
  /** The addresses under which the ends meet each other; null for one that is not known. */
  readonly initiatorAddress: string | null;
  readonly responderAddress: string | null;
};

/** A configuration change for one router. */
export type Repair = {
  readonly router: string | null;
  readonly text: string;
  /** IOS commands, in order. */
  readonly commands: readonly string[];
  /** The replay showed what `proof` says, and does not when a command is left out that stands on its own. */
  readonly verified: boolean;
  /** What was replayed: both ends, or both roles of the one router whose configuration is known. */
  readonly replay: 'both-directions' | 'one-router';
  /** What the replay showed, without a full stop: what comes up, and what some commands are there to keep. */
  readonly proof: string;
  /** The directions that it brings up, each with the finding that it removes. */
  readonly cures: readonly Cure[];
  /** Contradicted rules that the outcome still rests on. */
  readonly restsOn: readonly string[];
  readonly sideEffects: readonly string[];
};

/** A keyring or profile as predicted documents show it: without secrets. */
export type RouterOutline = {
  readonly name: string | null;
  readonly inputs: readonly string[];
  readonly keyrings: readonly {
    readonly name: string;
    readonly vrf: string | null;
    readonly entries: readonly {
      readonly kind: string;
      readonly address: string;
      readonly mask: string | null;
      readonly keyToken: string;
      readonly line: number;
    }[];
    readonly line: number;
  }[];
  readonly profiles: readonly {
    readonly name: string;
    readonly keyrings: readonly string[];
    readonly matches: readonly string[];
    readonly line: number;
  }[];
};

export type Prediction = {
  readonly routers: readonly RouterOutline[];
  readonly selections: readonly Selection[];
  readonly directions: readonly Direction[];
  /** As the configurations alone promise them, where an attempt that came up shows that others were in force. */
  readonly refuted: readonly Direction[];
  readonly findings: readonly Finding[];
  readonly repairs: readonly Repair[];
};
