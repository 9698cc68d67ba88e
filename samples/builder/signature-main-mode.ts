import type { Encounter, LabKeys, Side } from './encounter.ts';
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
  identityBlock,
  ownIdentity,
  peerExchange,
  processing,
  received,
  sending,
} from './ios/phase1-lines.ts';
import { exchangeType, identityBody, payload } from './isakmp.ts';
import type { Payload } from './isakmp.ts';
import { concat, equal, hex, u8, utf8 } from './octets.ts';
import type { RsaKey } from './rsa.ts';
import { signIkeHash } from './rsa.ts';
import { matchProfile, profileNamed } from './topology.ts';
import type { Router } from './topology.ts';
import { derName } from './x509.ts';
import { openMainMode } from './opening.ts';

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
  const { initiator, responder } = encounter;
  const { policy } = initiator.router;

  // The responder does not know its profile yet, so it asks for every authority.
  const issuers = {
    initiator: requestedIssuers(initiator.router, plan.requestedProfile),
    responder: requestedIssuers(responder.router, null),
  };
  let answered = '';
  const opening = openMainMode(encounter, {
    requestedProfile: plan.requestedProfile,
    keySearch: null,
    requests: {
      initiator: () => requests(initiator, issuers.initiator),
      responder: () => requests(responder, issuers.responder),
      readByResponder: () => {
        readRequests(responder, issuers.initiator);
      },
      readByInitiator: () => {
        answered = readRequests(initiator, issuers.responder);
      },
    },
  });
  const { cookies, saBody, pairs, nonces, shared, iv } = opening;

  // MM5
  const secrets = { hash: policy.hash, encryption: policy.encryption, cookies, nonces, shared };
  const keys = derivePhase1Keys(secrets, null);
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
