import { ciphers } from './algorithms.ts';
import type { Encounter, LabKeys, Phase1Sa, Side } from './encounter.ts';
import { labSide, transmit } from './encounter.ts';
import {
  derivePhase1Keys,
  encryptedMessage,
  notifyBody,
  openMessage,
  phase1Hash,
} from './ikev1.ts';
import type { Encrypted } from './ikev1.ts';
import {
  complete,
  globalKeySearch,
  identityBlock,
  insertPeer,
  ownIdentity,
  peerExchange,
  processing,
  profileKeySearch,
  received,
  sending,
  step,
} from './ios/phase1-lines.ts';
import { addressIdentity, exchangeType, payload } from './isakmp.ts';
import { concat, equal, hex, utf8 } from './octets.ts';
import { matchProfile, profileNamed } from './topology.ts';
import type { Lookup } from './topology.ts';
import { openMainMode } from './opening.ts';

export type MainModePlan = {
  /** Profile that the debug says was requested; null prints `(NULL)`. */
  readonly requestedProfile: string | null;
  /** The request comes from an IPsec profile that names it: then the initiator never matches the identity. */
  readonly bound: boolean;
  /** The responder prints its candidates once more at MM5 instead of one line. */
  readonly candidatesAtMm5?: boolean;
};

export type MainMode = {
  readonly outcome: 'up' | 'keyring-refused' | 'undecryptable';
  readonly sa: Phase1Sa;
  readonly secret: LabKeys;
  /** The first message 5, and the bytes that the responder saw after its own decryption. */
  readonly mm5: Encrypted;
  readonly mm4: Uint8Array;
  readonly mm5Opened: Uint8Array;
  readonly responderKeys: { readonly mm3: string; readonly mm5: string | null };
  readonly initiatorKeyring: string;
  readonly mm5Profile: string | null;
};

const keyOf = (lookup: Lookup): string => lookup.chosen!.entry.key;

/** One main mode with pre-shared keys from the traffic that triggers it to the last message that is sent. */
export const runMainMode = (encounter: Encounter, plan: MainModePlan): MainMode => {
  const { initiator, responder } = encounter;
  const { policy } = initiator.router;
  const initiatorSearch = (): Lookup =>
    plan.requestedProfile === null
      ? globalKeySearch(initiator)
      : profileKeySearch(initiator, plan.requestedProfile);

  const found: { mm3?: Lookup; mm4?: Lookup } = {};
  const opening = openMainMode(encounter, {
    requestedProfile: plan.requestedProfile,
    // The last search of each side is the one that counts.
    keySearch: {
      initiator: () => {
        found.mm4 = initiatorSearch();
      },
      responder: () => {
        found.mm3 = globalKeySearch(responder);
      },
    },
    requests: null,
  });
  const { cookies, saBody, pairs, nonces, shared, iv, mm4 } = opening;
  const atMm3 = found.mm3!;
  const atMm4 = found.mm4!;
  const secrets = { hash: policy.hash, encryption: policy.encryption, cookies, nonces, shared };
  const initiatorKeys = derivePhase1Keys(secrets, utf8(keyOf(atMm4)));
  const responderKeys = derivePhase1Keys(secrets, utf8(keyOf(atMm3)));

  // MM5
  const initiatorId = addressIdentity(initiator.router.address);
  const ends = {
    initiator: { public: pairs.initiator.public, cookie: cookies.initiator },
    responder: { public: pairs.responder.public, cookie: cookies.responder },
  };
  const hashI = phase1Hash(
    policy.hash,
    initiatorKeys.skeyid,
    ends.initiator,
    ends.responder,
    saBody,
    initiatorId,
  );
  const mm5 = encryptedMessage(
    cookies,
    exchangeType.main,
    0,
    [
      payload('id', initiatorId),
      payload('hash', hashI),
      payload('notify', notifyBody(1, 24_578, concat(cookies.initiator, cookies.responder))),
    ],
    policy.encryption,
    initiatorKeys.cipherKey,
    iv,
  );
  initiator.log.say('initialContact');
  ownIdentity(initiator, { kind: 'address', value: initiator.router.address }, 'psk');
  sending(initiator, 'MM_KEY_EXCH');
  transmit(encounter, initiator, mm5.octets);
  complete(initiator, 'IKE_I_MM4', 'IKE_I_MM5');
  received(responder, 'MM_KEY_EXCH');

  const mm5Opened = openMessage(mm5.octets, policy.encryption, responderKeys.cipherKey, iv);
  const secret: LabKeys = {
    initiatorCookie: hex(cookies.initiator),
    responderCookie: hex(cookies.responder),
    mode: 'main',
    dhGroup: policy.group,
    sharedSecret: hex(shared),
    psk: { initiator: keyOf(atMm4), responder: keyOf(atMm3) },
    iv: hex(iv),
    initiator: labSide(initiatorKeys, keyOf(atMm4)),
    responder: labSide(responderKeys, keyOf(atMm3)),
    encryptionKey: hex(initiatorKeys.cipherKey),
  };
  const result = (
    outcome: MainMode['outcome'],
    lastBlock: Uint8Array,
    atMm5: string | null,
    mm5Profile: string | null,
  ): MainMode => ({
    outcome,
    sa: {
      cookies,
      hash: policy.hash,
      encryption: policy.encryption,
      keys: initiatorKeys,
      lastBlock,
    },
    secret,
    mm5,
    mm4,
    mm5Opened,
    responderKeys: { mm3: atMm3.chosen!.keyring, mm5: atMm5 },
    initiatorKeyring: atMm4.chosen!.keyring,
    mm5Profile,
  });

  if (keyOf(atMm3) !== keyOf(atMm4)) {
    refuseGarbage(responder, mm5Opened);
    return result('undecryptable', mm5.lastBlock, null, null);
  }

  // The responder reads what the initiator wrote: type, reserved octet and identity.
  if (!equal(mm5Opened.slice(4, 12), initiatorId)) throw new Error('message 5 did not open');
  peerExchange(responder, 'IKE_R_MM4', 'IKE_R_MM5');
  responder.log.say('processing', { what: 'ID', node: 0 });
  const claimed = { kind: 'address', value: initiator.router.address } as const;
  identityBlock(responder, claimed, 8);
  const profile = matchProfile(responder.router, claimed);
  let atMm5: string | null = null;
  if (profile === null) responder.log.say('peerMatchesNone', {}, 0);
  else {
    responder.log.say('peerMatches', { profile }, 0);
    if (plan.candidatesAtMm5 === true) responder.log.setConnection(0);
    atMm5 = profileKeySearch(responder, profile, plan.candidatesAtMm5).chosen!.keyring;
    responder.log.setConnection(responder.connection);
    if (!profileNamed(responder.router, profile).keyrings.includes(atMm3.chosen!.keyring)) {
      responder.log.say('keyNotInProfile');
      responder.log.say('fsmError');
      processing(responder, 'IKE_R_MM5');
      return result('keyring-refused', mm5.lastBlock, atMm5, profile);
    }
  }
  authenticateInitiator(responder);

  // MM6
  const responderId = addressIdentity(responder.router.address);
  const hashR = phase1Hash(
    policy.hash,
    responderKeys.skeyid,
    ends.responder,
    ends.initiator,
    saBody,
    responderId,
  );
  const mm6 = encryptedMessage(
    cookies,
    exchangeType.main,
    0,
    [payload('id', responderId), payload('hash', hashR)],
    policy.encryption,
    responderKeys.cipherKey,
    mm5.lastBlock,
  );
  ownIdentity(responder, { kind: 'address', value: responder.router.address }, 'psk');
  sending(responder, 'MM_KEY_EXCH');
  transmit(encounter, responder, mm6.octets);
  complete(responder, 'IKE_R_MM5', 'IKE_P1_COMPLETE');
  step(responder, 'INTERNAL', 'PHASE1_COMPLETE', 'IKE_P1_COMPLETE', 'IKE_P1_COMPLETE');
  finishInitiator(initiator, plan);
  return result('up', mm6.octets.slice(-ciphers[policy.encryption].block), atMm5, profile);
};

/** Decrypted with another key the generic header of the ID payload is noise, and IOS looks at its reserved octet. */
const refuseGarbage = (side: Side, opened: Uint8Array): void => {
  if (opened[1] === 0) throw new Error('the reserved octet came out as zero: take another seed');
  side.log.say('reservedNotZero');
  side.log.say('badMessage', { padded: side.router.peer.address.padEnd(15) });
  side.log.say('errorCounter', { n: 1, why: 'PAYLOAD_MALFORMED' });
};

const authenticateInitiator = (side: Side): void => {
  const { log, router } = side;
  log.say('processing', { what: 'HASH', node: 0 });
  log.say('initialContactIn', { sa: side.sa });
  log.say('authStatus');
  log.say('authenticated', { peer: router.peer.address });
  log.say('authStatus');
  log.say('bringDown', { local: router.address, remote: router.peer.address });
  insertPeer(side);
  if (router.release === 'ios-xe-17') processing(side, 'IKE_R_MM5');
};

const finishInitiator = (side: Side, plan: MainModePlan): void => {
  const { log, router } = side;
  received(side, 'MM_KEY_EXCH');
  log.say('processing', { what: 'ID', node: 0 });
  const claimed = { kind: 'address', value: router.peer.address } as const;
  identityBlock(side, claimed, 8);
  if (!plan.bound) {
    const profile = matchProfile(router, claimed);
    if (profile === null) log.say('peerMatchesNone', {}, 0);
    else {
      log.say('peerMatches', { profile }, 0);
      profileKeySearch(side, profile);
    }
  }
  log.say('processing', { what: 'HASH', node: 0 });
  log.say('authStatus');
  log.say('authenticated', { peer: router.peer.address });
  insertPeer(side);
  peerExchange(side, 'IKE_I_MM5', 'IKE_I_MM6');
  processing(side, 'IKE_I_MM6');
  complete(side, 'IKE_I_MM6', 'IKE_P1_COMPLETE');
};
