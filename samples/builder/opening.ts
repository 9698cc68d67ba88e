import { drawDhPair, sharedSecret } from './algorithms.ts';
import type { DhPair } from './algorithms.ts';
import type { Encounter, Side } from './encounter.ts';
import { transmit } from './encounter.ts';
import { clearMessage, firstIv, natDetection, natTraversalOffers, phase1SaBody } from './ikev1.ts';
import type { Cookies } from './ikev1.ts';
import {
  complete,
  initiatorVendors,
  insertSa,
  natVendors,
  peerExchange,
  policyCheck,
  processing,
  received,
  responderVendors,
  saRequest,
  sending,
  step,
} from './ios/phase1-lines.ts';
import { exchangeType, payload, vendorIds } from './isakmp.ts';
import type { Payload } from './isakmp.ts';
import { equal } from './octets.ts';

/** What the authentication method adds to messages 1 to 4, which are otherwise the same for all. */
export type Authentication = {
  readonly requestedProfile: string | null;
  /** Pre-shared keys: the search at messages 1 and 2, and again when the nonce has come. */
  readonly keySearch: { readonly initiator: () => void; readonly responder: () => void } | null;
  /** Certificates: the requests in messages 3 and 4, and how the other end reads them. */
  readonly requests: {
    readonly initiator: () => readonly Payload[];
    readonly responder: () => readonly Payload[];
    readonly readByResponder: () => void;
    readonly readByInitiator: () => void;
  } | null;
};

/** What both ends know after message 4. */
export type Opening = {
  readonly cookies: Cookies;
  readonly saBody: Uint8Array;
  readonly pairs: { readonly initiator: DhPair; readonly responder: DhPair };
  readonly nonces: { readonly initiator: Uint8Array; readonly responder: Uint8Array };
  readonly shared: Uint8Array;
  readonly iv: Uint8Array;
  readonly mm4: Uint8Array;
};

const handleText = (handle: number): string =>
  `8000${(handle & 0xffff).toString(16).toUpperCase().padStart(4, '0')}`;

const createPeer = (side: Side, handle: number, why: string): void => {
  const { log, router } = side;
  log.say('createdPeer', { peer: router.peer.address });
  log.say('newPeer', { pointer: side.pointer, handle: handleText(handle) });
  log.say('lockingPeer', { pointer: side.pointer, why });
  log.say('ports');
};

const openInitiator = (side: Side, requested: string | null, handle: number): void => {
  const { log, router } = side;
  log.setConnection(0);
  saRequest(side);
  if (router.release === 'ios-12.4t') log.say('keMessage');
  log.say('requestProfile', { profile: requested ?? '(NULL)' });
  createPeer(side, handle, 'isakmp_initiator');
  log.say('setNode', { node: 0 });
  insertSa(side);
  log.say('mainMode');
};

const openResponder = (side: Side, handle: number): void => {
  side.log.setConnection(0);
  received(side, 'NEW SA', 'N');
  createPeer(side, handle, 'crypto_isakmp_process_block');
  insertSa(side);
};

/** IOS-XE lists the names of the profiles here. */
const scanProfiles = (side: Side): void => {
  const names = side.router.profiles.map(({ name }) => ` ${name}`).join('');
  side.log.say('xauthScan', { profiles: side.router.release === 'ios-xe-17' ? names : '' });
};

/** Messages 1 and 2: the policy. */
const agreePolicy = (
  encounter: Encounter,
  authentication: Authentication,
): Pick<Opening, 'cookies' | 'saBody'> => {
  const { initiator, responder, seeded } = encounter;
  const { keySearch, requestedProfile } = authentication;
  const saBody = phase1SaBody(initiator.router.policy);
  const cookies = { initiator: seeded.octets(8), responder: new Uint8Array(8) };
  openInitiator(initiator, requestedProfile, seeded.word());
  keySearch?.initiator();
  for (const name of ['rfc3947', '07', '03', '02']) initiator.log.say('natOffer', { name });
  step(initiator, 'FROM_IPSEC', 'SA_REQ_MM', 'IKE_READY', 'IKE_I_MM1');
  initiator.log.say('beginMain');
  sending(initiator, 'MM_NO_STATE');
  const mm1 = [payload('sa', saBody), ...natTraversalOffers];
  transmit(encounter, initiator, clearMessage(cookies, exchangeType.main, mm1));

  openResponder(responder, seeded.word());
  peerExchange(responder, 'IKE_READY', 'IKE_R_MM1');
  responder.log.say('processing', { what: 'SA', node: 0 });
  natVendors(responder, 4);
  if (keySearch !== null) {
    keySearch.responder();
    responder.log.say('localKeyFound');
  }
  scanProfiles(responder);
  policyCheck(responder);
  natVendors(responder, 4);
  processing(responder, 'IKE_R_MM1');
  cookies.responder.set(seeded.octets(8));
  responder.log.say('natOffer', { name: 'rfc3947' });
  sending(responder, 'MM_SA_SETUP');
  const mm2 = [payload('sa', saBody), payload('vid', vendorIds.rfc3947)];
  transmit(encounter, responder, clearMessage(cookies, exchangeType.main, mm2));
  complete(responder, 'IKE_R_MM1', 'IKE_R_MM2');

  received(initiator, 'MM_NO_STATE');
  peerExchange(initiator, 'IKE_I_MM1', 'IKE_I_MM2');
  initiator.log.say('processing', { what: 'SA', node: 0 });
  natVendors(initiator, 1);
  if (keySearch !== null) {
    keySearch.initiator();
    initiator.log.say('localKeyFound');
  }
  if (requestedProfile === null) scanProfiles(initiator);
  else initiator.log.say('xauthProfile', { profile: requestedProfile });
  policyCheck(initiator);
  natVendors(initiator, 1);
  processing(initiator, 'IKE_I_MM2');
  return { cookies, saBody };
};

const readKeyExchange = (side: Side, work: number): void => {
  side.log.say('processing', { what: 'KE', node: 0 });
  side.log.work(work);
  side.log.say('processing', { what: 'NONCE', node: 0 });
};

/** Messages 1 to 4 of main mode: policy, DH values, nonces, NAT detection. */
export const openMainMode = (encounter: Encounter, authentication: Authentication): Opening => {
  const { initiator, responder, seeded } = encounter;
  const { keySearch, requests } = authentication;
  const { policy } = initiator.router;
  const { cookies, saBody } = agreePolicy(encounter, authentication);

  // MM3
  const pairs = {
    initiator: drawDhPair(policy.group, seeded),
    responder: drawDhPair(policy.group, seeded),
  };
  const nonces = { initiator: seeded.octets(20), responder: seeded.octets(20) };
  const boxId = seeded.octets(16);
  const ends = [responder, initiator].map(({ router }) => ({ address: router.address, port: 500 }));
  const mm3 = [
    payload('ke', pairs.initiator.public),
    payload('nonce', nonces.initiator),
    ...(requests?.initiator() ?? []),
    payload('vid', vendorIds.dpd),
    payload('vid', boxId),
    payload('vid', vendorIds.xauth),
    ...natDetection(policy.hash, cookies, ends),
  ];
  sending(initiator, 'MM_SA_SETUP');
  transmit(encounter, initiator, clearMessage(cookies, exchangeType.main, mm3));
  complete(initiator, 'IKE_I_MM2', 'IKE_I_MM3');
  received(responder, 'MM_SA_SETUP');
  peerExchange(responder, 'IKE_R_MM2', 'IKE_R_MM3');
  readKeyExchange(responder, 4200);
  keySearch?.responder();
  // SKEYID exists from here on, and with it the connection id.
  responder.log.setConnection(responder.connection);
  requests?.readByResponder();
  responderVendors(responder, seeded.below(250) + 2);
  processing(responder, 'IKE_R_MM3');

  // MM4
  const mm4 = clearMessage(cookies, exchangeType.main, [
    payload('ke', pairs.responder.public),
    payload('nonce', nonces.responder),
    ...(requests?.responder() ?? []),
    payload('vid', vendorIds.unity),
    payload('vid', vendorIds.dpd),
    payload('vid', boxId.toReversed()),
    ...natDetection(policy.hash, cookies, ends.toReversed()),
  ]);
  sending(responder, 'MM_KEY_EXCH');
  transmit(encounter, responder, mm4);
  complete(responder, 'IKE_R_MM3', 'IKE_R_MM4');
  received(initiator, 'MM_SA_SETUP');
  peerExchange(initiator, 'IKE_I_MM3', 'IKE_I_MM4');
  readKeyExchange(initiator, 5100);
  keySearch?.initiator();
  initiator.log.setConnection(initiator.connection);
  requests?.readByInitiator();
  initiatorVendors(initiator);
  processing(initiator, 'IKE_I_MM4');

  const shared = sharedSecret(policy.group, pairs.initiator, pairs.responder.public);
  if (!equal(shared, sharedSecret(policy.group, pairs.responder, pairs.initiator.public))) {
    throw new Error('the two ends disagree about g^xy');
  }
  const iv = firstIv(
    policy.hash,
    policy.encryption,
    pairs.initiator.public,
    pairs.responder.public,
  );
  return { cookies, saBody, pairs, nonces, shared, iv, mm4 };
};
