import { drawDhPair, sharedSecret } from './algorithms.ts';
import type { Encounter, LabKeys, Side } from './encounter.ts';
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
  identityBlock,
  initiatorVendors,
  natVendors,
  ownIdentity,
  peerExchange,
  policyCheck,
  processing,
  received,
  responderVendors,
  sending,
  step,
} from './ios/phase1-lines.ts';
import { exchangeType, identityBody, payload, vendorIds } from './isakmp.ts';
import type { Payload } from './isakmp.ts';
import { openInitiator, openResponder, scanProfiles } from './main-mode.ts';
import { concat, equal, hex, u8, utf8 } from './octets.ts';
import type { RsaKey } from './rsa.ts';
import { signIkeHash } from './rsa.ts';
import { matchProfile, profileNamed } from './topology.ts';
import type { Router } from './topology.ts';
import { derName } from './x509.ts';

/** A certificate that the initiator enrolled, by the trust-point that it came from. */
export type Enrolled = {
  readonly trustPoint: string;
  readonly subject: string;
  readonly certificate: Uint8Array;
  readonly key: RsaKey;
};

export type SignaturePlan = {
  readonly requestedProfile: string;
  readonly enrolled: readonly Enrolled[];
};

export type SignatureMainMode = {
  readonly mm5: Encrypted;
  readonly secret: LabKeys;
  readonly answered: string;
  readonly required: readonly string[];
};

type TrustPoints = NonNullable<Router['trustPoints']>;

/** Certificate requests that a router sends: of its profile when that is known and names some, else of all. */
const requestedIssuers = (router: Router, profile: string | null): TrustPoints => {
  const all = router.trustPoints ?? [];
  const limited = profile === null ? undefined : profileNamed(router, profile).trustPoints;
  return limited === undefined ? all : all.filter(({ name }) => limited.includes(name));
};

const requests = (side: Side, issuers: TrustPoints): readonly Payload[] =>
  issuers.map(({ issuer }) => {
    side.log.say('certReqConstruct', { issuer: `cn=${issuer}` });
    return payload('certReq', u8(4), derName([{ kind: 'cn', value: issuer }]));
  });

/** The receiver takes the first request for which it has a trust-point. */
const readRequests = (side: Side, issuers: TrustPoints): string => {
  const { say } = side.log;
  for (const { issuer } of issuers) {
    say('processing', { what: 'CERT_REQ', node: 0 });
    say('certReqType');
    say('certReqFor', { issuer: `cn=${issuer}` });
    const own = side.router.trustPoints?.find((one) => one.issuer === issuer);
    if (own !== undefined) say('choosingTrustPoint', { trustPoint: own.name });
  }
  const first = side.router.trustPoints?.find((one) => one.issuer === issuers[0]?.issuer);
  if (first === undefined) throw new Error('no trust-point fits the first request');
  return first.name;
};

/** Main mode with RSA signatures up to the message 5 whose certificate the responder refuses. */
export const runSignatureMainMode = (
  encounter: Encounter,
  plan: SignaturePlan,
): SignatureMainMode => {
  const { initiator, responder, seeded } = encounter;
  const { policy } = initiator.router;

  // MM1, MM2
  const saBody = phase1SaBody(policy);
  const cookies = { initiator: seeded.octets(8), responder: new Uint8Array(8) };
  openInitiator(initiator, plan.requestedProfile, seeded.word());
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
  initiator.log.say('xauthProfile', { profile: plan.requestedProfile });
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
  const addresses = [responder.router.address, initiator.router.address].map((address) => ({
    address,
    port: 500,
  }));
  const initiatorIssuers = requestedIssuers(initiator.router, plan.requestedProfile);
  const mm3 = [
    payload('ke', pairs.initiator.public),
    payload('nonce', nonces.initiator),
    ...requests(initiator, initiatorIssuers),
    payload('vid', vendorIds.dpd),
    payload('vid', boxId),
    payload('vid', vendorIds.xauth),
    ...natDetection(policy.hash, cookies, addresses),
  ];
  sending(initiator, 'MM_SA_SETUP');
  transmit(encounter, initiator, clearMessage(cookies, exchangeType.main, mm3));
  complete(initiator, 'IKE_I_MM2', 'IKE_I_MM3');
  received(responder, 'MM_SA_SETUP');
  peerExchange(responder, 'IKE_R_MM2', 'IKE_R_MM3');
  responder.log.say('processing', { what: 'KE', node: 0 });
  responder.log.work(4200);
  responder.log.say('processing', { what: 'NONCE', node: 0 });
  responder.log.setConnection(responder.connection);
  readRequests(responder, initiatorIssuers);
  responderVendors(responder, seeded.below(250) + 2);
  processing(responder, 'IKE_R_MM3');

  // MM4: the responder does not know its profile yet, so it asks for every authority.
  const responderIssuers = requestedIssuers(responder.router, null);
  const mm4 = [
    payload('ke', pairs.responder.public),
    payload('nonce', nonces.responder),
    ...requests(responder, responderIssuers),
    payload('vid', vendorIds.unity),
    payload('vid', vendorIds.dpd),
    payload('vid', boxId.toReversed()),
    ...natDetection(policy.hash, cookies, addresses.toReversed()),
  ];
  sending(responder, 'MM_KEY_EXCH');
  transmit(encounter, responder, clearMessage(cookies, exchangeType.main, mm4));
  complete(responder, 'IKE_R_MM3', 'IKE_R_MM4');
  received(initiator, 'MM_SA_SETUP');
  peerExchange(initiator, 'IKE_I_MM3', 'IKE_I_MM4');
  initiator.log.say('processing', { what: 'KE', node: 0 });
  initiator.log.work(5100);
  initiator.log.say('processing', { what: 'NONCE', node: 0 });
  initiator.log.setConnection(initiator.connection);
  const answered = readRequests(initiator, responderIssuers);
  initiatorVendors(initiator);
  processing(initiator, 'IKE_I_MM4');

  // MM5
  const shared = sharedSecret(policy.group, pairs.initiator, pairs.responder.public);
  const secrets = { hash: policy.hash, encryption: policy.encryption, cookies, nonces, shared };
  const keys = derivePhase1Keys(secrets, null);
  const iv = firstIv(
    policy.hash,
    policy.encryption,
    pairs.initiator.public,
    pairs.responder.public,
  );
  const fqdn = `${initiator.router.hostname}.lab.example`;
  const ownId = identityBody(2, 17, 500, utf8(fqdn));
  const mine = plan.enrolled.find(({ trustPoint }) => trustPoint === answered);
  if (mine === undefined) throw new Error(`nothing is enrolled with ${answered}`);
  const hash = phase1Hash(
    policy.hash,
    keys.skeyid,
    { public: pairs.initiator.public, cookie: cookies.initiator },
    { public: pairs.responder.public, cookie: cookies.responder },
    saBody,
    ownId,
  );
  const mm5 = encryptedMessage(
    cookies,
    exchangeType.main,
    0,
    [
      payload('id', ownId),
      payload('cert', u8(4), mine.certificate),
      payload('sig', signIkeHash(mine.key, hash)),
      payload('notify', notifyBody(1, 24_578, concat(cookies.initiator, cookies.responder))),
    ],
    policy.encryption,
    keys.cipherKey,
    iv,
  );
  const identity = { kind: 'fqdn', value: fqdn } as const;
  initiator.log.say('initialContact');
  ownIdentity(initiator, identity, 'rsa');
  initiator.log.say('certConstruct', { subject: mine.subject });
  initiator.log.say('certKeyPair', { trustPoint: answered });
  initiator.log.work(9000);
  sending(initiator, 'MM_KEY_EXCH');
  transmit(encounter, initiator, mm5.octets);
  complete(initiator, 'IKE_I_MM4', 'IKE_I_MM5');

  // The responder reads the identity, finds the profile, and the certificate is of another authority.
  received(responder, 'MM_KEY_EXCH');
  const opened = openMessage(mm5.octets, policy.encryption, keys.cipherKey, iv);
  if (!equal(opened.slice(4, 4 + ownId.length), ownId)) throw new Error('message 5 did not open');
  peerExchange(responder, 'IKE_R_MM4', 'IKE_R_MM5');
  responder.log.say('processing', { what: 'ID', node: 0 });
  identityBlock(responder, identity, 6);
  const profile = matchProfile(responder.router, identity)!;
  responder.log.say('peerMatches', { profile }, 0);
  responder.log.say('processing', { what: 'CERT', node: 0 });
  responder.log.say('certCached');
  responder.log.say('certNotCached');
  responder.log.say('invalidCert', { peer: responder.router.peer.address });
  responder.log.say('noDn');
  responder.log.say('fsmError');
  responder.log.say('errorCounter', { n: 1, why: 'reset_retransmission' });
  processing(responder, 'IKE_R_MM5');

  return {
    mm5,
    secret: {
      initiatorCookie: hex(cookies.initiator),
      responderCookie: hex(cookies.responder),
      mode: 'main',
      dhGroup: policy.group,
      sharedSecret: hex(shared),
      psk: null,
      iv: hex(iv),
      initiator: labSide(keys, null),
      responder: labSide(keys, null),
      encryptionKey: hex(keys.cipherKey),
    },
    answered,
    required: profileNamed(responder.router, profile).trustPoints ?? [],
  };
};
