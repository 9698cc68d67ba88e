import { concat } from '../crypto/octets.ts';
import { decodePayloads } from '../isakmp/payloads.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { Decryption, Exchange, ExchangeMessage, Side } from '../model/exchange.ts';
import type { KeyMaterial } from '../model/key-material.ts';
import type { Payload } from '../model/isakmp.ts';
import type { SessionKeys } from '../model/session-keys.ts';
import { tableEncryptionName, tableIntegrityName } from '../crypto/v2/names.ts';
import type { Solved } from './solved.ts';
import { factsV2, type FactsV2 } from './facts-v2.ts';
import { binding, sharedSecrets, type BoundMaterial } from './keys-v1.ts';
import { derivedKeysV2, givenKeysV2 } from './keys-v2.ts';
import { opaque } from './opaque.ts';
import { openV2, sealedPayload, type KeysV2, type OpenedV2 } from './open-v2.ts';
import type { PskGroup } from './psk-groups.ts';
import { rekeyedKeys, rekeyingOf, type OpenedSa, type Rekeying } from './rekeyed.ts';
import type { Survivors } from './screening.ts';
import { lackingAuth, statusV2 } from './status-v2.ts';
import { authIn, decideAuth, type AuthDecision, type SentAuth } from './verdicts-v2.ts';

type State = {
  readonly facts: FactsV2;
  readonly keys: KeysV2 | null;
  /** They were computed from g^ir, so that SK_e is right where SK_a is. */
  readonly derived: boolean;
  /** Material named this SA, or a g^ir was there to derive from. */
  readonly hadKeys: boolean;
};

/** Beside what others ask for, the SA as its successor needs it; null when nothing was opened. */
export type SolvedV2 = Solved & { readonly sa: OpenedSa | null };

export function decryptV2(
  given: Exchange,
  material: readonly KeyMaterial[],
  groups: readonly PskGroup[],
  survivors: Survivors,
  opened: readonly OpenedSa[],
): SolvedV2 {
  const rekeying = rekeyingOf(given, opened);
  const exchange = rekeying === null ? given : successorOf(given, rekeying);
  const { state, messages, auth, decisions, works } = decide(
    exchange,
    rekeying,
    material,
    groups,
    survivors,
  );
  return {
    sa:
      works && state.keys !== null
        ? { exchange: { ...exchange, messages }, keys: state.keys }
        : null,
    exchange: {
      ...exchange,
      messages: messages.map((entry) => marked(entry, auth, decisions)),
      keys: statusV2(
        { hasMore: state.facts.hasMoreKeyExchanges, hadKeys: state.hadKeys && state.keys !== null },
        messages,
        decisions,
        groups,
      ),
    },
    keys: works && state.keys !== null ? sessionOf(exchange, state.keys) : null,
  };
}

/** As the messages of the SA before it describe it. */
function successorOf(exchange: Exchange, { from, frames, transform }: Rekeying): Exchange {
  return { ...exchange, transform, rekeyedFrom: { exchange: from, frames } };
}

/** Indices of the candidates that fit a side. */
export function survivorsV2(
  exchange: Exchange,
  material: readonly KeyMaterial[],
  groups: readonly PskGroup[],
): readonly number[] {
  const { decisions } = decide(exchange, null, material, groups, null);
  return [...decisions.initiator.fitting, ...decisions.responder.fitting];
}

type Decided = {
  readonly state: State;
  /** As decrypted. */
  readonly messages: readonly ExchangeMessage[];
  readonly auth: Readonly<Record<Side, SentAuth | null>>;
  readonly decisions: Readonly<Record<Side, AuthDecision>>;
  /** The keys open something. */
  readonly works: boolean;
};

function decide(
  exchange: Exchange,
  rekeying: Rekeying | null,
  material: readonly KeyMaterial[],
  groups: readonly PskGroup[],
  survivors: Survivors,
): Decided {
  const state = solve(exchange, rekeying, material);
  const opened = exchange.messages.map((entry) =>
    entry.encrypted && state.keys !== null ? openedBy(state, state.keys, entry) : null,
  );
  const works = opened.some((one) => one?.kind === 'opened');
  const messages = exchange.messages.map((entry, at) =>
    entry.encrypted ? readEntry(exchange, state, entry, at, opened, works) : entry,
  );
  const auth = {
    initiator: sentAuth(messages, 'initiator'),
    responder: sentAuth(messages, 'responder'),
  };
  const of = (side: Side): AuthDecision => {
    const { facts } = state;
    const lacking = auth[side] === null ? lackingAuth(messages, side) : null;
    return decideAuth(
      { ...facts, lacking, isSuccessor: rekeying !== null },
      side,
      works ? state.keys : null,
      auth[side],
      groups,
      survivors,
    );
  };
  const decisions = { initiator: of('initiator'), responder: of('responder') };
  return { state, messages, auth, decisions, works };
}

/** Under keys that belong together what the sender wrote is shown, however odd it is. */
function openedBy({ derived }: State, keys: KeysV2, { message }: ExchangeMessage): OpenedV2 {
  const opened = openV2(keys, message);
  return opened.kind === 'noise' && derived
    ? { kind: 'opened', plaintext: opened.plaintext, verified: true }
    : opened;
}

function sessionOf(exchange: Exchange, keys: KeysV2): SessionKeys {
  const { id, initiatorCookie, responderCookie } = exchange;
  const { skEi, skEr, skAi, skAr, suite } = keys;
  return {
    version: 2,
    exchange: id,
    initiatorCookie,
    responderCookie,
    skEi,
    skEr,
    skAi,
    skAr,
    encryption: tableEncryptionName(suite.encryption),
    integrity: tableIntegrityName(suite.integrity),
  };
}

function solve(
  exchange: Exchange,
  rekeying: Rekeying | null,
  material: readonly KeyMaterial[],
): State {
  const own = factsV2(exchange);
  const facts = rekeying === null ? own : { ...own, ...keyFactsOf(rekeying) };
  const bound = material.flatMap((one) => {
    const kind = binding(one, exchange);
    return kind === 'other' ? [] : [{ material: one, bound: kind === 'bound' }];
  });
  const keyed = bound.filter(
    (one): one is BoundMaterial<KeyMaterial & { kind: 'ikev2' }> => one.material.kind === 'ikev2',
  );
  const privates = bound.filter(
    (one): one is BoundMaterial<KeyMaterial & { kind: 'dh-private' }> =>
      one.material.kind === 'dh-private',
  );
  const shared = sharedSecrets(facts, keyed, privates);
  const given = keyed.flatMap((one) => givenKeysV2(facts, one));
  const derived = shared
    .map((secret) =>
      rekeying === null ? derivedKeysV2(facts, secret) : rekeyedKeys(facts, rekeying, secret),
    )
    .filter((keys) => keys !== null);
  const keys = facts.unsupported ? null : chooseKeys(exchange, [...derived, ...given]);
  return {
    facts,
    keys,
    derived: keys !== null && derived.includes(keys),
    hadKeys: keyed.some((one) => one.bound) || shared.some((one) => one.bound),
  };
}

const keyFactsOf = ({ group, publicI, publicR, nonceI, nonceR }: Rekeying): Partial<FactsV2> => ({
  ...{ group, publicI, publicR, nonceI, nonceR },
});

const TARGETS = 4;

/** The keys that open the most, judged by the first messages of the SA; derived ones win a tie, they hold SK_p too. */
function chooseKeys(exchange: Exchange, list: readonly KeysV2[]): KeysV2 | null {
  const targets = exchange.messages
    .filter((entry) => entry.encrypted && sealedPayload(entry.message) !== null)
    .slice(0, TARGETS);
  let best: KeysV2 | null = null;
  let most = -1;
  for (const keys of list) {
    const score = targets.reduce((sum, entry) => sum + scoreOf(openV2(keys, entry.message)), 0);
    if (score > most) [best, most] = [keys, score];
  }
  return best;
}

function scoreOf(opened: OpenedV2): number {
  if (opened.kind === 'opened') return opened.verified ? 4 : 2;
  if (opened.kind === 'noise') return 1;
  return opened.kind === 'integrity' && opened.plausible ? 1 : 0;
}

function readEntry(
  exchange: Exchange,
  state: State,
  entry: ExchangeMessage,
  at: number,
  opened: readonly (OpenedV2 | null)[],
  works: boolean,
): ExchangeMessage {
  const own = opened[at] ?? null;
  if (own === null || state.keys === null) {
    return { ...entry, decryption: unopened(exchange, state, entry) };
  }
  if (own.kind !== 'opened') return { ...entry, decryption: failed(state, own, entry, works) };
  const sealed = sealedPayload(entry.message);
  const decryption: Decryption = {
    kind: 'decrypted',
    by: state.keys.by,
    keyOf: null,
    verified: own.verified,
    check: own.verified ? 'ICV' : null,
    firstBlockLost: false,
    plaintext: own.plaintext,
  };
  if (sealed?.content.kind !== 'encrypted-fragment') {
    const first = sealed?.content.kind === 'encrypted' ? sealed.content.firstPayload : 0;
    return { ...entry, decryption, ...withInner(entry, own.plaintext, first) };
  }
  const joined = entry.partOf === null ? joinFragments(exchange, entry, opened) : null;
  if (joined === null) return { ...entry, decryption };
  return {
    ...entry,
    decryption: { ...decryption, plaintext: joined.plaintext },
    ...withInner(entry, joined.plaintext, joined.firstType),
  };
}

/** Payloads before SK stay, those inside take its place. */
function withInner(
  entry: ExchangeMessage,
  plaintext: Uint8Array,
  firstType: number,
): { readonly payloads: readonly Payload[]; readonly anomalies: readonly Anomaly[] } {
  const { value, anomalies } = decodePayloads({ bytes: plaintext, offset: 0 }, firstType, 2);
  return {
    payloads: [...entry.message.payloads.slice(0, -1), ...value],
    anomalies: [...entry.anomalies, ...anomalies],
  };
}

/** RFC 7383 §2.6: the plaintexts of all fragments in order; the first names the type of the first payload. */
function joinFragments(
  exchange: Exchange,
  entry: ExchangeMessage,
  opened: readonly (OpenedV2 | null)[],
): { readonly plaintext: Uint8Array; readonly firstType: number } | null {
  const parts = new Map<number, Uint8Array>();
  let firstType = 0;
  let total = 0;
  for (const [at, other] of exchange.messages.entries()) {
    const one = opened[at];
    const { header } = other.message;
    if (one?.kind !== 'opened' || header.messageId !== entry.message.header.messageId) continue;
    if (header.flags !== entry.message.header.flags) continue;
    const content = sealedPayload(other.message)?.content;
    if (content?.kind !== 'encrypted-fragment') continue;
    // A path that needs smaller fragments makes the sender start again with a larger total.
    if (content.total < total) continue;
    if (content.total > total) parts.clear();
    ({ total } = content);
    if (content.fragment === 1) firstType = content.firstPayload;
    parts.set(content.fragment, one.plaintext);
  }
  const ordered: Uint8Array[] = [];
  for (let number = 1; number <= total; number += 1) {
    const part = parts.get(number);
    if (part === undefined) return null;
    ordered.push(part);
  }
  return total === 0 ? null : { plaintext: concat(...ordered), firstType };
}

function unopened(exchange: Exchange, state: State, entry: ExchangeMessage): Decryption {
  const { facts } = state;
  if (facts.unsupported) {
    return opaque(
      'unsupported-cipher',
      'The algorithms that the peers agreed on are not available in this runtime.',
    );
  }
  if (entry.message.header.length > entry.message.pdu.bytes.length) {
    return opaque(
      'truncated',
      `The capture holds ${entry.message.pdu.bytes.length} of ${entry.message.header.length} octets of this message.`,
    );
  }
  if (state.hadKeys && exchange.startedBefore && facts.nonceI === null) {
    return opaque(
      'exchange-incomplete',
      'g^ir is given, but the capture does not show how this SA came about: the nonces of its IKE_SA_INIT, or, where it is the successor of a rekeyed SA, the CREATE_CHILD_SA of that one, decrypted. SK_ei and SK_er would open it.',
    );
  }
  if (state.hadKeys && (facts.nonceI === null || facts.nonceR === null)) {
    return opaque(
      'exchange-incomplete',
      'g^ir is given, but the capture lacks a nonce of IKE_SA_INIT. SK_ei and SK_er would open it.',
    );
  }
  return opaque(
    'no-key-material',
    'No key material was given for this SA. A PSK opens nothing in IKEv2: g^ir, a Diffie-Hellman private value or SK_ei and SK_er (a Wireshark table, a charon log at ike = 4) would.',
  );
}

function failed(
  state: State,
  own: Exclude<OpenedV2, { kind: 'opened' }>,
  entry: ExchangeMessage,
  works: boolean,
): Decryption {
  const by = state.keys?.by ?? '';
  switch (own.kind) {
    case 'truncated': {
      const { header, pdu } = entry.message;
      return opaque(
        'truncated',
        `The message is not whole: its lengths say more or less than the ${pdu.bytes.length} octets that the capture holds (header: ${header.length}).`,
      );
    }
    case 'no-key':
      return opaque(
        'no-key-material',
        `The key of this direction is not in ${by}, or has not the length that the suite needs.`,
      );
    case 'unsupported':
      return opaque('unsupported-cipher', 'The cipher is not available in this runtime.');
    case 'noise':
      return opaque(
        'wrong-key',
        `The integrity check value fits, but the plaintext is noise under ${by}: SK_a is right and SK_e is wrong.`,
      );
    case 'integrity':
      if (state.facts.hasMoreKeyExchanges && works) {
        return opaque(
          'wrong-key',
          'The peers agreed on additional key exchanges (RFC 9370), after which the keys are others than those given.',
        );
      }
      return own.plausible || works
        ? opaque(
            'integrity-check-failed',
            'The integrity check value does not fit although the key is right: the message was changed on the way or in the capture.',
          )
        : opaque(
            'wrong-key',
            `The integrity check value does not fit and the plaintext is noise under ${by}: the key is wrong.`,
          );
  }
}

function sentAuth(messages: readonly ExchangeMessage[], side: Side): SentAuth | null {
  const direction = side === 'initiator' ? 'i2r' : 'r2i';
  for (const entry of messages) {
    if (!entry.encrypted || entry.direction !== direction || entry.step !== 'AUTH') continue;
    const found = authIn(entry.payloads, entry.message.frame, side);
    if (found !== null) return found;
  }
  return null;
}

/** A message whose AUTH a candidate made is verified by more than its ICV. */
function marked(
  entry: ExchangeMessage,
  auth: Readonly<Record<Side, SentAuth | null>>,
  decisions: Readonly<Record<Side, AuthDecision>>,
): ExchangeMessage {
  const { decryption } = entry;
  if (decryption?.kind !== 'decrypted') return entry;
  const side = (['initiator', 'responder'] as const).find(
    (one) => auth[one]?.frame === entry.message.frame && decisions[one].verified !== null,
  );
  return side === undefined ? entry : { ...entry, decryption: { ...decryption, check: 'AUTH' } };
}
