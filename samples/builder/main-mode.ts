import { ciphers, drawDhPair, sharedSecret } from './algorithms.ts';
import type { Encounter, LabKeys, Phase1Sa, Side } from './encounter.ts';
import { labSide, transmit } from './encounter.ts';
import {
  clearMessage,
  derivePhase1Keys,
  encryptedMessage,
  firstIv,
  natDetection,
  natTraversalOffers,
  notifyBody,
  openMessage,
  phase1Hash,
  phase1SaBody,
} from './ikev1.ts';
import type { Encrypted } from './ikev1.ts';
import {
  complete,
  globalKeySearch,
  identityBlock,
  initiatorVendors,
  insertPeer,
  insertSa,
  natVendors,
  ownIdentity,
  peerExchange,
  policyCheck,
  processing,
  profileKeySearch,
  received,
  responderVendors,
  saRequest,
  sending,
  step,
} from './ios/phase1-lines.ts';
import { addressIdentity, exchangeType, payload, vendorIds } from './isakmp.ts';
import { concat, equal, hex, utf8 } from './octets.ts';
import { matchProfile, profileNamed } from './topology.ts';
import type { Lookup } from './topology.ts';

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
  const { initiator, responder, seeded } = encounter;
  const { policy } = initiator.router;
  const initiatorSearch = (): Lookup =>
    plan.requestedProfile === null
      ? globalKeySearch(initiator)
      : profileKeySearch(initiator, plan.requestedProfile);

  // MM1
  const saBody = phase1SaBody(policy);
  const cookies = { initiator: seeded.octets(8), responder: new Uint8Array(8) };
  openInitiator(initiator, plan.requestedProfile, seeded.word());
  initiatorSearch();
  for (const name of ['rfc3947', '07', '03', '02']) initiator.log.say('natOffer', { name });
  step(initiator, 'FROM_IPSEC', 'SA_REQ_MM', 'IKE_READY', 'IKE_I_MM1');
  initiator.log.say('beginMain');
  sending(initiator, 'MM_NO_STATE');
  transmit(
    encounter,
    initiator,
    clearMessage(cookies, exchangeType.main, [payload('sa', saBody), ...natTraversalOffers]),
  );
  openResponder(responder, seeded.word());
  peerExchange(responder, 'IKE_READY', 'IKE_R_MM1');
  responder.log.say('processing', { what: 'SA', node: 0 });
  natVendors(responder, 4);
  globalKeySearch(responder);
  responder.log.say('localKeyFound');
  scanProfiles(responder);
  policyCheck(responder);
  natVendors(responder, 4);
  processing(responder, 'IKE_R_MM1');

  // MM2
  cookies.responder.set(seeded.octets(8));
  responder.log.say('natOffer', { name: 'rfc3947' });
  sending(responder, 'MM_SA_SETUP');
  transmit(
    encounter,
    responder,
    clearMessage(cookies, exchangeType.main, [
      payload('sa', saBody),
      payload('vid', vendorIds.rfc3947),
    ]),
  );
  complete(responder, 'IKE_R_MM1', 'IKE_R_MM2');
  received(initiator, 'MM_NO_STATE');
  peerExchange(initiator, 'IKE_I_MM1', 'IKE_I_MM2');
  initiator.log.say('processing', { what: 'SA', node: 0 });
  natVendors(initiator, 1);
  initiatorSearch();
  initiator.log.say('localKeyFound');
  if (plan.requestedProfile === null) scanProfiles(initiator);
  else initiator.log.say('xauthProfile', { profile: plan.requestedProfile });
  policyCheck(initiator);
  natVendors(initiator, 1);
  processing(initiator, 'IKE_I_MM2');

  // MM3
  const pairs = {
    initiator: drawDhPair(policy.group, seeded),
    responder: drawDhPair(policy.group, seeded),
  };
  const nonces = { initiator: seeded.octets(20), responder: seeded.octets(20) };
  const boxId = seeded.octets(16);
  sending(initiator, 'MM_SA_SETUP');
  transmit(
    encounter,
    initiator,
    clearMessage(cookies, exchangeType.main, [
      payload('ke', pairs.initiator.public),
      payload('nonce', nonces.initiator),
      payload('vid', vendorIds.dpd),
      payload('vid', boxId),
      payload('vid', vendorIds.xauth),
      ...natDetection(policy.hash, cookies, [
        { address: responder.router.address, port: 500 },
        { address: initiator.router.address, port: 500 },
      ]),
    ]),
  );
  complete(initiator, 'IKE_I_MM2', 'IKE_I_MM3');
  received(responder, 'MM_SA_SETUP');
  peerExchange(responder, 'IKE_R_MM2', 'IKE_R_MM3');
  responder.log.say('processing', { what: 'KE', node: 0 });
  responder.log.work(4200);
  responder.log.say('processing', { what: 'NONCE', node: 0 });
  const atMm3 = globalKeySearch(responder);
  responder.log.setConnection(responder.connection);
  if (responder.router.release === 'ios-12.4t') responder.log.work(20);
  responderVendors(responder, seeded.below(250) + 2);
  processing(responder, 'IKE_R_MM3');

  // MM4
  const mm4 = clearMessage(cookies, exchangeType.main, [
    payload('ke', pairs.responder.public),
    payload('nonce', nonces.responder),
    payload('vid', vendorIds.unity),
    payload('vid', vendorIds.dpd),
    payload('vid', boxId.toReversed()),
    ...natDetection(policy.hash, cookies, [
      { address: initiator.router.address, port: 500 },
      { address: responder.router.address, port: 500 },
    ]),
  ]);
  sending(responder, 'MM_KEY_EXCH');
  transmit(encounter, responder, mm4);
  complete(responder, 'IKE_R_MM3', 'IKE_R_MM4');
  received(initiator, 'MM_SA_SETUP');
  peerExchange(initiator, 'IKE_I_MM3', 'IKE_I_MM4');
  initiator.log.say('processing', { what: 'KE', node: 0 });
  initiator.log.work(5100);
  initiator.log.say('processing', { what: 'NONCE', node: 0 });
  const atMm4 = initiatorSearch();
  initiator.log.setConnection(initiator.connection);
  initiatorVendors(initiator);
  processing(initiator, 'IKE_I_MM4');

  // Keys
  const shared = sharedSecret(policy.group, pairs.initiator, pairs.responder.public);
  if (!equal(shared, sharedSecret(policy.group, pairs.responder, pairs.initiator.public))) {
    throw new Error('the two ends disagree about g^xy');
  }
  const secrets = { hash: policy.hash, encryption: policy.encryption, cookies, nonces, shared };
  const initiatorKeys = derivePhase1Keys(secrets, utf8(keyOf(atMm4)));
  const responderKeys = derivePhase1Keys(secrets, utf8(keyOf(atMm3)));
  const iv = firstIv(
    policy.hash,
    policy.encryption,
    pairs.initiator.public,
    pairs.responder.public,
  );

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

export const openInitiator = (side: Side, requested: string | null, handle: number): void => {
  const { log, router } = side;
  log.setConnection(0);
  saRequest(side);
  if (router.release === 'ios-12.4t') log.say('keMessage');
  log.say('requestProfile', { profile: requested ?? '(NULL)' });
  log.say('createdPeer', { peer: router.peer.address });
  log.say('newPeer', { pointer: side.pointer, handle: handleText(handle) });
  log.say('lockingPeer', { pointer: side.pointer, why: 'isakmp_initiator' });
  log.say('ports');
  log.say('setNode', { node: 0 });
  insertSa(side);
  log.say('mainMode');
};

const handleText = (handle: number): string =>
  `8000${(handle & 0xffff).toString(16).toUpperCase().padStart(4, '0')}`;

export const openResponder = (side: Side, handle: number): void => {
  const { log, router } = side;
  log.setConnection(0);
  received(side, 'NEW SA', 'N');
  log.say('createdPeer', { peer: router.peer.address });
  log.say('newPeer', { pointer: side.pointer, handle: handleText(handle) });
  log.say('lockingPeer', { pointer: side.pointer, why: 'crypto_isakmp_process_block' });
  log.say('ports');
  insertSa(side);
};

/** IOS-XE lists the names of the profiles here. */
export const scanProfiles = (side: Side): void => {
  const names = side.router.profiles.map(({ name }) => ` ${name}`).join('');
  side.log.say('xauthScan', { profiles: side.router.release === 'ios-xe-17' ? names : '' });
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
