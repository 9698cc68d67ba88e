import { drawDhPair, sharedSecret } from './algorithms.ts';
import type { Encounter, Side } from './encounter.ts';
import { transmit } from './encounter.ts';
import {
  childKeyMaterial,
  ciscoVendors,
  clearMessage2,
  deriveIkev2Keys,
  espProposal,
  greSelector,
  ikeProposal,
  natDetection2,
  notify2,
  sealedMessage,
  sharedKeyAuth,
} from './ikev2.ts';
import type { Ikev2Keys, Spis } from './ikev2.ts';
import {
  building,
  dhPublic,
  dhSecret,
  espProposalLine,
  established,
  keyringSearch,
  ownAuthentication,
  peerAuthentication,
  policySearch,
  proposalLine,
  receivedPacket,
  say2,
  sayAll,
  sendingPacket,
} from './ios/ikev2-lines.ts';
import type { PacketLine } from './ios/ikev2-lines.ts';
import { saRequest } from './ios/phase1-lines.ts';
import { exchangeType, payload } from './isakmp.ts';
import { concat, equal, hex, ipv4, u32, u8 } from './octets.ts';
import type { EspPair } from './quick-mode.ts';
import { matchProfile, profileNamed } from './topology.ts';
import type { Router } from './topology.ts';

export type Ikev2Up = {
  readonly spis: Spis;
  readonly keys: Ikev2Keys;
  readonly shared: Uint8Array;
  readonly psk: { readonly initiator: string; readonly responder: string };
  readonly child: EspPair;
  readonly responderProfile: string;
  readonly responderKeyring: string;
};

/** Keyring and value that a profile of this router holds for its peer. */
const keyOf = (router: Router, profile: string): { keyring: string; key: string } => {
  const keyring = profileNamed(router, profile).keyrings[0]!;
  return { keyring, key: router.keyrings.find(({ name }) => name === keyring)!.entries[0]!.key };
};

const peerBlock = (side: Side): string => (side.router.hostname === 'R1' ? 'R2' : 'R1');

const natNames = 'NOTIFY(NAT_DETECTION_SOURCE_IP) NOTIFY(NAT_DETECTION_DESTINATION_IP)';
const childNames = 'NOTIFY(SET_WINDOW_SIZE) NOTIFY(ESP_TFC_NO_SUPPORT) NOTIFY(NON_FIRST_FRAGS)';

const childNotifies = [notify2(16_385, u32(5)), notify2(16_394), notify2(16_395)];

/** IKE_SA_INIT and IKE_AUTH with pre-shared keys, to the child SA. */
export const runIkev2 = (encounter: Encounter, requestedProfile: string): Ikev2Up => {
  const { initiator, responder, seeded } = encounter;
  const spis = { initiator: seeded.octets(8), responder: new Uint8Array(8) };
  const spiTexts = (): readonly [string, string] => [hex(spis.initiator), hex(spis.responder)];
  const ends = [initiator.router.address, responder.router.address] as const;
  const pairs = { initiator: drawDhPair(14, seeded), responder: drawDhPair(14, seeded) };
  const nonces = { initiator: seeded.octets(32), responder: seeded.octets(32) };
  const keBody = (value: Uint8Array): Uint8Array => concat(u8(0), u8(14), u8(0), u8(0), value);
  const own = keyOf(initiator.router, requestedProfile);

  // IKE_SA_INIT request
  saRequest(initiator);
  keyringSearch(initiator, own.keyring, peerBlock(initiator));
  policySearch(initiator);
  dhPublic(initiator);
  sayAll(initiator, [
    ['none', 'IKEv2 initiator - no config data to send in IKE_SA_INIT exch'],
    ['session', 'Generating IKE_SA_INIT message'],
  ]);
  proposalLine(initiator);
  const initRequest = clearMessage2(
    { spis, exchange: exchangeType.saInit, messageId: 0, fromInitiator: true, response: false },
    [
      payload('sa2', ikeProposal()),
      payload('ke2', keBody(pairs.initiator.public)),
      payload('nonce2', nonces.initiator),
      ...ciscoVendors(4),
      ...natDetection2(spis, ends[0], ends[1]),
    ],
  );
  const packet = (
    exchange: PacketLine['exchange'],
    kind: PacketLine['kind'],
    contents: string,
  ): PacketLine => ({
    spis: spiTexts(),
    messageId: exchange === 'IKE_SA_INIT' ? 0 : 1,
    exchange,
    kind,
    contents,
  });
  const first = packet('IKE_SA_INIT', 'REQUEST', `SA KE N VID VID VID VID ${natNames}`);
  sendingPacket(initiator, first);
  transmit(encounter, initiator, initRequest);
  say2(initiator, 'session', 'Insert SA');

  // IKE_SA_INIT response
  receivedPacket(responder, first);
  sayAll(responder, [
    ['session', 'Verify SA init message'],
    ['session', 'Insert SA'],
  ]);
  policySearch(responder);
  say2(responder, 'session', 'Processing IKE_SA_INIT message');
  dhPublic(responder);
  dhSecret(responder);
  spis.responder.set(seeded.octets(8));
  say2(responder, 'session', 'Generating IKE_SA_INIT message');
  proposalLine(responder);
  const initResponse = clearMessage2(
    { spis, exchange: exchangeType.saInit, messageId: 0, fromInitiator: false, response: true },
    [
      payload('sa2', ikeProposal()),
      payload('ke2', keBody(pairs.responder.public)),
      payload('nonce2', nonces.responder),
      ...ciscoVendors(3),
      ...natDetection2(spis, ends[1], ends[0]),
    ],
  );
  const second = packet('IKE_SA_INIT', 'RESPONSE', `SA KE N VID VID VID ${natNames}`);
  sendingPacket(responder, second);
  transmit(encounter, responder, initResponse);
  sayAll(responder, [
    ['session', 'Completed SA init exchange'],
    ['session', 'Starting timer (30 sec) to wait for auth message'],
  ]);
  receivedPacket(initiator, second);
  sayAll(initiator, [
    ['session', 'Processing IKE_SA_INIT message'],
    ['session', 'Verify SA init message'],
    ['session', 'Checking NAT discovery'],
    ['session', 'NAT not found'],
  ]);
  dhSecret(initiator);
  sayAll(initiator, [
    ['session', 'Completed SA init exchange'],
    ['session', 'Check for EAP exchange'],
  ]);

  // Keys: the same on both sides, whatever keyring either of them will use.
  const shared = sharedSecret(14, pairs.initiator, pairs.responder.public);
  if (!equal(shared, sharedSecret(14, pairs.responder, pairs.initiator.public))) {
    throw new Error('the two ends disagree about g^ir');
  }
  const keys = deriveIkev2Keys(nonces, shared, spis);

  // IKE_AUTH request
  ownAuthentication(initiator, own.key.length);
  const idi = concat(u32(0x01000000), ipv4(ends[0]));
  const idr = concat(u32(0x01000000), ipv4(ends[1]));
  const authI = sharedKeyAuth(own.key, initRequest, nonces.responder, keys.pi, idi);
  const childSpis = { initiator: seeded.word(), responder: seeded.word() };
  const selectors = [greSelector('tsi2', ends[0]), greSelector('tsr2', ends[1])];
  const authPayload = (value: Uint8Array): ReturnType<typeof payload> =>
    payload('auth2', u32(0x02000000), value);
  const reason = ciscoVendors(1);
  sayAll(initiator, [
    ['session', 'Generating IKE_AUTH message'],
    ['session', `Constructing IDi payload: '${ends[0]}' of type 'IPv4 address'`],
  ]);
  espProposalLine(initiator);
  const authContents = `VID IDi AUTH SA TSi TSr NOTIFY(INITIAL_CONTACT) ${childNames}`;
  building(initiator, authContents);
  sendingPacket(initiator, packet('IKE_AUTH', 'REQUEST', 'ENCR'));
  const authRequest = sealedMessage(
    { spis, exchange: exchangeType.auth, messageId: 1, fromInitiator: true, response: false },
    [
      ...reason,
      payload('idi2', idi),
      authPayload(authI),
      payload('sa2', espProposal(childSpis.initiator)),
      ...selectors,
      notify2(16_384),
      ...childNotifies,
    ],
    keys.ei,
    keys.ai,
    seeded.octets(16),
  );
  transmit(encounter, initiator, authRequest);

  // The identity chooses the profile, the profile its keyring; only then is a key needed.
  receivedPacket(responder, packet('IKE_AUTH', 'REQUEST', authContents));
  sayAll(responder, [
    ['session', 'Stopping timer to wait for auth message'],
    ['session', 'Checking NAT discovery'],
    ['session', 'NAT not found'],
    ['session', `Searching policy based on peer's identity '${ends[0]}' of type 'IPv4 address'`],
  ]);
  const responderProfile = matchProfile(responder.router, { kind: 'address', value: ends[0] })!;
  const theirs = keyOf(responder.router, responderProfile);
  say2(responder, 'none', `found matching IKEv2 profile '${responderProfile}'`);
  keyringSearch(responder, theirs.keyring, peerBlock(responder));
  policySearch(responder);
  if (!equal(authI, sharedKeyAuth(theirs.key, initRequest, nonces.responder, keys.pi, idi))) {
    throw new Error('the responder cannot verify AUTH');
  }
  peerAuthentication(responder, theirs.key.length);
  say2(responder, 'session', 'Processing INITIAL_CONTACT');
  ownAuthentication(responder, theirs.key.length);
  const authR = sharedKeyAuth(theirs.key, initResponse, nonces.initiator, keys.pr, idr);

  // IKE_AUTH response
  say2(responder, 'session', 'Generating IKE_AUTH message');
  say2(responder, 'session', `Constructing IDr payload: '${ends[1]}' of type 'IPv4 address'`);
  espProposalLine(responder);
  const answerContents = `VID IDr AUTH SA TSi TSr ${childNames}`;
  building(responder, answerContents);
  sendingPacket(responder, packet('IKE_AUTH', 'RESPONSE', 'ENCR'));
  const authResponse = sealedMessage(
    { spis, exchange: exchangeType.auth, messageId: 1, fromInitiator: false, response: true },
    [
      ...reason,
      payload('idr2', idr),
      authPayload(authR),
      payload('sa2', espProposal(childSpis.responder)),
      ...selectors,
      ...childNotifies,
    ],
    keys.er,
    keys.ar,
    seeded.octets(16),
  );
  transmit(encounter, responder, authResponse);
  established(responder);
  receivedPacket(initiator, packet('IKE_AUTH', 'RESPONSE', answerContents));
  sayAll(initiator, [
    ['session', 'Process auth response notify'],
    ['session', `Searching policy based on peer's identity '${ends[1]}' of type 'IPv4 address'`],
  ]);
  policySearch(initiator);
  if (!equal(authR, sharedKeyAuth(own.key, initResponse, nonces.initiator, keys.pr, idr))) {
    throw new Error('the initiator cannot verify AUTH');
  }
  peerAuthentication(initiator, own.key.length);
  established(initiator);

  const [cipherI, authKeyI, cipherR, authKeyR] = childKeyMaterial(
    keys,
    concat(nonces.initiator, nonces.responder),
  );
  const integrity = 'sha256';
  return {
    spis,
    keys,
    shared,
    psk: { initiator: own.key, responder: theirs.key },
    child: {
      toResponder: {
        integrity,
        spi: childSpis.responder,
        encryptionKey: cipherI!,
        authKey: authKeyI!,
      },
      toInitiator: {
        integrity,
        spi: childSpis.initiator,
        encryptionKey: cipherR!,
        authKey: authKeyR!,
      },
    },
    responderProfile,
    responderKeyring: theirs.keyring,
  };
};
