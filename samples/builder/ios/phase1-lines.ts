import type { Policy } from '../ikev1.ts';
import type { Side } from '../encounter.ts';
import { hashWord, searchAllKeyrings, searchProfile } from '../topology.ts';
import type { Identity, Lookup } from '../topology.ts';

const say = (side: Side): Side['log']['say'] => side.log.say;

export const input = (side: Side, cls: string, event: string): void =>
  say(side)('input', { class: `IKE_MESG_${cls}`, event: `IKE_${event}` });

export const state = (side: Side, from: string, to: string): void =>
  say(side)('state', { from, to });

export const step = (side: Side, cls: string, event: string, from: string, to: string): void => {
  input(side, cls, event);
  state(side, from, to);
};

export const peerExchange = (side: Side, from: string, to: string): void =>
  step(side, 'FROM_PEER', 'MM_EXCH', from, to);
export const processing = (side: Side, at: string): void =>
  step(side, 'INTERNAL', 'PROCESS_MAIN_MODE', at, at);
export const complete = (side: Side, from: string, to: string): void =>
  step(side, 'INTERNAL', 'PROCESS_COMPLETE', from, to);

export const sending = (side: Side, packetState: string): void => {
  say(side)('sending', { peer: side.router.peer.address, role: side.role, state: packetState });
  if (side.router.release !== 'ios-12.4t') say(side)('sendingIke');
};

export const received = (side: Side, packetState: string, role: string = side.role): void =>
  say(side)('received', { peer: side.router.peer.address, role, state: packetState });

const candidateLines = (side: Side, lookup: Lookup): void => {
  const peer = side.router.peer.address;
  if (!lookup.defaultHad) say(side)('notInDefault', { peer });
  lookup.considered.forEach(({ keyring, entry }, i) => {
    say(side)('foundIn', { peer, keyring });
    const final = i === lookup.considered.length - 1;
    say(side)(final ? 'selectingFinal' : 'selectingKey', {
      address: entry.address,
      mask: entry.mask,
    });
  });
};

/** The search over all keyrings; the line about the key found does not say where. */
export const globalKeySearch = (side: Side): Lookup => {
  const lookup = searchAllKeyrings(side.router, side.router.peer.address);
  const peer = side.router.peer.address;
  if (lookup.chosen === null) throw new Error(`${side.router.hostname} has no key for ${peer}`);
  if (side.router.release === 'ios-12.4t')
    say(side)('lookingForKey', { peer, keyring: lookup.chosen.keyring });
  else if (side.detail) candidateLines(side, lookup);
  say(side)('foundPeerKey', { peer });
  return lookup;
};

export const profileKeySearch = (side: Side, profile: string, candidates = false): Lookup => {
  const lookup = searchProfile(side.router, profile, side.router.peer.address);
  if (lookup.chosen === null)
    throw new Error(`${profile} has no key for ${side.router.peer.address}`);
  if (candidates) candidateLines(side, lookup);
  else say(side)('foundAddressKey', { keyring: lookup.chosen.keyring });
  return lookup;
};

const vendorLong = (side: Side, major: number, name: string, paren: boolean): void => {
  say(side)('processingVendor');
  say(side)('vendorMajor', { major });
  say(side)(paren ? 'vendorParen' : 'vendorColon', { name });
};

/** The four NAT traversal offers of MM1, or the one answer of MM2. */
export const natVendors = (side: Side, count: 1 | 4): void => {
  vendorLong(side, 69, 'NAT-T RFC 3947', true);
  if (count === 1) return;
  vendorLong(side, 245, 'NAT-T v7', true);
  vendorLong(side, 157, 'NAT-T v3', false);
  vendorLong(side, 123, 'NAT-T v2', false);
};

const encryptionLines: Readonly<Record<Policy['encryption'], readonly string[]>> = {
  '3des': ['encryption 3DES-CBC'],
  aes128: ['encryption AES-CBC', 'keylength of 128'],
  aes256: ['encryption AES-CBC', 'keylength of 256'],
};

export const policyCheck = (side: Side): void => {
  const { policy, release } = side.router;
  say(side)('checking', { priority: policy.priority });
  const attributes = [
    ...encryptionLines[policy.encryption],
    `hash ${hashWord[policy.hash]}`,
    `default group ${policy.group}`,
    policy.authentication === 'pre-share' ? 'auth pre-share' : 'auth RSA sig',
    'life type in seconds',
  ];
  for (const text of attributes) say(side)('attribute', { text });
  say(side)('lifeDuration');
  say(side)('acceptable');
  if (release === 'ios-12.4t') return;
  for (const line of [
    'actualLife',
    'life',
    'fillVpi',
    'fillLife',
    'returningLife',
    'startedTimer',
  ] as const) {
    say(side)(line);
  }
};

const noNat = (side: Side): void => {
  say(side)('payloadType', { type: 20 });
  say(side)('hisHash');
  say(side)('payloadType', { type: 20 });
  say(side)('noNat');
};

/** Vendor ids of MM3 as the responder reads them; `major` is whatever lies behind the short XAUTH id. */
export const responderVendors = (side: Side, major: number): void => {
  say(side)('processingVendor');
  say(side)('vendorColon', { name: 'DPD' });
  say(side)('processingVendor');
  say(side)('vendorIos');
  say(side)('processingVendor');
  say(side)('vendorMajor', { major });
  say(side)('vendorColon', { name: 'XAUTH' });
  noNat(side);
};

export const initiatorVendors = (side: Side): void => {
  say(side)('processingVendor');
  say(side)('vendorColon', { name: 'Unity' });
  say(side)('processingVendor');
  say(side)('vendorColon', { name: 'DPD' });
  say(side)('processingVendor');
  say(side)('vendorIos');
  noNat(side);
};

const labels: Readonly<Record<Identity['kind'], { label: string; type: number }>> = {
  address: { label: 'address     ', type: 1 },
  fqdn: { label: 'FQDN name   ', type: 2 },
};

/** The block is the same for the own identity and the peer's. */
export const identityBlock = (side: Side, identity: Identity, next: number): number => {
  const { label, type } = labels[identity.kind];
  const length = identity.kind === 'address' ? 12 : 8 + identity.value.length;
  const fields = { next, type, label, value: identity.value, length };
  if (side.router.release === 'ios-xe-17') {
    say(side)('identityHead', fields);
    say(side)('identityValue', fields);
    say(side)('identityRest', fields);
  } else {
    say(side)('identityPayload', fields);
  }
  return length;
};

export const ownIdentity = (side: Side, identity: Identity, auth: 'psk' | 'rsa'): void => {
  const idType = identity.kind === 'address' ? 'ID_IPV4_ADDR' : 'ID_FQDN';
  const words = auth === 'psk' ? 'pre-shared key' : 'RSA signature';
  if (side.router.release === 'ios-xe-17') {
    say(side)('saIsDoing');
    say(side)('identityKindAlone', { auth: words, idType });
  } else {
    say(side)('identityKind', { auth: words, idType });
  }
  const length = identityBlock(side, identity, auth === 'psk' ? 8 : 6);
  say(side)('totalLength', { length });
};

export const insertPeer = (side: Side): void => {
  const ends = {
    local: side.router.address,
    remote: side.router.peer.address,
    pointer: side.pointer,
  };
  if (side.router.release === 'ios-xe-17') {
    say(side)('insertPeerHead', ends, 0);
    say(side)('insertPeerTail', ends, 0);
  } else {
    say(side)('insertPeer', ends);
  }
};

export const saRequest = (side: Side): void =>
  say(side)('saRequest', {
    local: side.router.address,
    remote: side.router.peer.address,
    localProxy: side.router.address,
    remoteProxy: side.router.peer.address,
    transforms: side.router.transforms,
    keysize: 128,
  });

export const insertSa = (side: Side): void =>
  say(side)(side.router.release === 'ios-12.4t' ? 'insertSaUntagged' : 'insertSa', { sa: side.sa });

/** A router gives a half-open SA up: the tail of every attempt that got no answer. */
export const deathByRetransmission = (
  side: Side,
  packetState: string,
  from: string,
  node: number,
): void => {
  const fields = {
    reason: 'Death by retransmission P1',
    role: side.role,
    state: packetState,
    peer: side.router.peer.address,
  };
  say(side)('noKeepalives');
  say(side)('deletingSa', fields);
  say(side)('deletingSaAgain', fields);
  say(side)('unlockPeer', { pointer: side.pointer });
  say(side)('reapPeer', { peer: side.router.peer.address, pointer: side.pointer });
  say(side)('deletingNode', { node, error: 'FALSE', reason: 'IKE deleted' });
  step(side, 'INTERNAL', 'PHASE1_DEL', from, 'IKE_DEST_SA');
};
