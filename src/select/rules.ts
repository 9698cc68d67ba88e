/** A rule of keyring and profile selection, as data: what it says, who says so, who says otherwise. */
export type Rule = {
  readonly id: string;
  readonly statement: string;
  /** `TAC note`: Cisco document 117259 for 15.3T; the others as named. */
  readonly sources: readonly string[];
  /** Rules of this table that read the same documents differently. */
  readonly contradictedBy: readonly string[];
};

const NOTE = 'TAC note 117259';
const COMMANDS = 'Cisco command reference';
const TRACES = 'router debugs';
const PRACTICE = 'general knowledge, unconfirmed';

export const RULES: readonly Rule[] = [
  rule('keyring-of-profile', 'A known profile limits the search to the keyrings it names.', [
    NOTE,
    TRACES,
  ]),
  rule('keyring-profile-without-keyring', 'A profile that names no keyring uses the global keys.', [
    COMMANDS,
  ]),
  rule(
    'keyring-default-first',
    'The global keys are searched before every named keyring, whatever their masks.',
    [`${NOTE}, section on the default keyring`, TRACES],
    ['keyring-default-same-rules'],
  ),
  rule(
    'keyring-default-same-rules',
    'The global keys form a keyring like any other, and the longest mask wins over all of them.',
    [`${NOTE}, summary`],
    ['keyring-default-first'],
  ),
  rule(
    'keyring-longest-mask',
    'The entry with the longest mask wins, whatever the order of the keyrings.',
    [NOTE, TRACES],
  ),
  rule(
    'keyring-first-defined',
    'Of entries with equal masks, the one defined first wins.',
    [`${NOTE}, scenarios 1 and 2 and summary`, TRACES],
    ['keyring-tie-unpredictable'],
  ),
  rule(
    'keyring-tie-unpredictable',
    'One address in two keyrings is not supported, and which of them wins is unpredictable.',
    [`${NOTE}, table of keyring criteria`],
    ['keyring-first-defined'],
  ),
  rule(
    'keyring-vrf',
    'A keyring serves the front-door VRF it is defined in only; global keys serve the global table.',
    [COMMANDS],
  ),
  rule(
    'keyring-local-address',
    'A keyring with a local-address serves packets to that address only.',
    [COMMANDS],
  ),
  rule('keyring-address-entries-only', 'In main mode the responder finds keys by address only.', [
    PRACTICE,
  ]),
  rule(
    'keyring-aggressive-password',
    'The password of `crypto isakmp peer` takes the place of a keyring entry.',
    [COMMANDS],
  ),
  rule('keyring-none', 'No entry covers the peer.', [NOTE, TRACES]),
  rule(
    'profile-bound',
    'The initiator uses the profile that the crypto map or IPsec profile names.',
    [NOTE, TRACES],
  ),
  rule(
    'profile-initiator-best-match',
    'Without a bound profile the initiator takes the most specific match for the address of the peer.',
    [`${NOTE}, section on the initiator and summary`],
    ['profile-initiator-first-match', 'profile-initiator-null'],
  ),
  rule(
    'profile-initiator-first-match',
    'Without a bound profile the initiator takes the first match of the configuration.',
    [`${NOTE}, table of profile criteria`],
    ['profile-initiator-best-match', 'profile-initiator-null'],
  ),
  rule(
    'profile-initiator-null',
    'Without a bound profile the initiator asks for none, and matches one by identity after MM6.',
    ['debug of an IOS-XE router with a crypto map'],
    ['profile-initiator-best-match', 'profile-initiator-first-match'],
  ),
  rule(
    'profile-initiator-logged',
    'The log says which profile the initiator requested, and outranks what the documents say of that.',
    [TRACES],
  ),
  rule(
    'profile-most-specific',
    'Of the profiles that match the identity the most specific wins; their order does not matter.',
    [`${NOTE}, section on the responder and summary`],
    ['profile-first-match'],
  ),
  rule(
    'profile-first-match',
    'The first profile of the configuration that matches the identity wins; overlapping profiles are invalid.',
    [`${NOTE}, table of profile criteria`],
    ['profile-most-specific'],
  ),
  rule('profile-first-defined', 'Of profiles that match equally, the one defined first wins.', [
    PRACTICE,
  ]),
  rule(
    'profile-match-vrf',
    'A match by address holds in the VRF it names only; without one, in the global table.',
    [COMMANDS],
  ),
  rule('profile-none', 'No profile matches the identity; phase 1 goes on without verification.', [
    NOTE,
    TRACES,
  ]),
  rule(
    'verify-keyring-after-mm5',
    'After MM5 the responder requires that the keyring used at MM3 is one of the matched profile; equal keys do not help.',
    [NOTE, TRACES],
  ),
  rule(
    'verify-keyring-after-mm6',
    'An initiator without a bound profile verifies in the same way after MM6.',
    [TRACES],
  ),
  rule(
    'phase2-profile',
    'Phase 2 requires the profile that the crypto map or IPsec profile names.',
    [NOTE, TRACES],
  ),
  rule(
    'policy-order',
    'The responder walks its policies by priority and compares each with every offer.',
    [TRACES],
  ),
  rule('signatures-need-no-key', 'With signatures no pre-shared key is looked for.', [NOTE]),
  rule(
    'trustpoints-of-profile',
    'A certificate is accepted for the trust-points of the matched profile only.',
    ['Cisco note 117633'],
  ),
  rule(
    'trustpoints-all-requested',
    'The responder asks for certificates of all trust-points: it knows no profile yet.',
    ['Cisco note 117633'],
  ),
  rule(
    'aggressive-identity-first',
    'In aggressive mode the identity comes first, so profile and keyring agree.',
    [TRACES, COMMANDS],
  ),
  rule(
    'ikev2-no-key-for-decryption',
    'IKEv2 derives its keys without the PSK, so the identity is read before a key is chosen.',
    ['RFC 7296 section 2.14', NOTE],
  ),
  rule(
    'ikev2-keyring-of-profile',
    'The key comes from the keyring of the IKEv2 profile: by identity, then by address, longest mask.',
    [COMMANDS, TRACES],
  ),
];

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((each) => [each.id, each]));

export function ruleById(id: string): Rule | null {
  return BY_ID.get(id) ?? null;
}

function rule(
  id: string,
  statement: string,
  sources: readonly string[],
  contradictedBy: readonly string[] = [],
): Rule {
  return { id, statement, sources, contradictedBy };
}

/** One reading of the documents where they contradict themselves. */
export type Reading = {
  readonly tie: 'first-defined' | 'last-defined';
  readonly defaultKeyring: 'first' | 'longest-mask';
  readonly profile: 'most-specific' | 'first-match';
  readonly unboundInitiator: 'best-match' | 'first-match' | 'none';
};

/** The reading that the debugs of the TAC note bear out. */
export const MAIN_READING: Reading = {
  tie: 'first-defined',
  defaultKeyring: 'first',
  profile: 'most-specific',
  unboundInitiator: 'best-match',
};

/** Every other reading, each under the rule that it follows. */
export const OTHER_READINGS: readonly { readonly rule: string; readonly reading: Reading }[] = [
  { rule: 'keyring-tie-unpredictable', reading: { ...MAIN_READING, tie: 'last-defined' } },
  {
    rule: 'keyring-default-same-rules',
    reading: { ...MAIN_READING, defaultKeyring: 'longest-mask' },
  },
  { rule: 'profile-first-match', reading: { ...MAIN_READING, profile: 'first-match' } },
  {
    rule: 'profile-initiator-first-match',
    reading: { ...MAIN_READING, unboundInitiator: 'first-match' },
  },
  { rule: 'profile-initiator-null', reading: { ...MAIN_READING, unboundInitiator: 'none' } },
];

/** A reading that follows this rule, and in all else the one given. */
export function followRule(rule: string, reading: Reading): Reading {
  const other = OTHER_READINGS.find((each) => each.rule === rule)?.reading ?? MAIN_READING;
  const own = Object.entries(other).filter(
    ([question, answer]) => answer !== MAIN_READING[question as keyof Reading],
  );
  return { ...reading, ...Object.fromEntries(own) };
}

/** The rule of the main reading that must have decided something for another reading to differ. */
export const TRIGGERS: Readonly<Record<string, string>> = {
  'keyring-tie-unpredictable': 'keyring-first-defined',
  'keyring-default-same-rules': 'keyring-default-first',
  'profile-first-match': 'profile-most-specific',
  'profile-initiator-first-match': 'profile-initiator-best-match',
  'profile-initiator-null': 'profile-initiator-best-match',
};
