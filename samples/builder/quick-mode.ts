import { ciphers, prf } from './algorithms.ts';
import type { Encounter, Phase1Sa, Side } from './encounter.ts';
import { transmit } from './encounter.ts';
import { deleteBody, encryptedMessage, messageIv, notifyBody, phase2SaBody } from './ikev1.ts';
import type { Encrypted } from './ikev1.ts';
import { received, saRequest, sending, step } from './ios/phase1-lines.ts';
import { acceptOffer, checkOffer, installLines, refuseProxies } from './ios/phase2-lines.ts';
import { chain, exchangeType, identityBody, payload } from './isakmp.ts';
import type { Payload } from './isakmp.ts';
import { concat, ipv4, u32, u8 } from './octets.ts';
import { espIntegrity } from './topology.ts';

/** One direction of an ESP SA pair with its keys. */
export type EspSa = {
  readonly integrity: 'sha1' | 'sha256';
  readonly spi: number;
  readonly encryptionKey: Uint8Array;
  readonly authKey: Uint8Array;
};

/** Towards the responder, and towards the initiator. */
export type EspPair = { readonly toResponder: EspSa; readonly toInitiator: EspSa };

export type QuickMode = EspPair & { readonly messageId: number };

const idle = 'QM_IDLE      ';

/** RFC 2409 section 5.5: KEYMAT = K1 | K2 ..., K1 = prf(SKEYID_d, protocol | SPI | Ni_b | Nr_b). */
const espKeys = (
  sa: Phase1Sa,
  spi: number,
  nonces: Uint8Array,
  integrity: EspSa['integrity'],
): EspSa => {
  const length = 16 + (integrity === 'sha1' ? 20 : 32);
  const seed = concat(u8(3), u32(spi), nonces);
  let block = prf(sa.hash, sa.keys.skeyidD, seed);
  let material = block;
  while (material.length < length) {
    block = prf(sa.hash, sa.keys.skeyidD, block, seed);
    material = concat(material, block);
  }
  return {
    integrity,
    spi,
    encryptionKey: material.slice(0, 16),
    authKey: material.slice(16, length),
  };
};

/** A message whose first payload is a HASH over the message id, `between`, and the payloads that follow. */
const hashed = (
  sa: Phase1Sa,
  exchange: number,
  messageId: number,
  iv: Uint8Array,
  rest: readonly Payload[],
  between: Uint8Array = new Uint8Array(),
): Encrypted => {
  const hash = prf(sa.hash, sa.keys.skeyidA, u32(messageId), between, chain(rest));
  const payloads = [payload('hash', hash), ...rest];
  return encryptedMessage(
    sa.cookies,
    exchange,
    messageId,
    payloads,
    sa.encryption,
    sa.keys.cipherKey,
    iv,
  );
};

/** Informational exchange: each has a message id and so a first IV of its own. */
export const informational = (
  sa: Phase1Sa,
  messageId: number,
  rest: readonly Payload[],
): Uint8Array =>
  hashed(
    sa,
    exchangeType.informational,
    messageId,
    messageIv(sa.hash, sa.encryption, sa.lastBlock, messageId),
    rest,
  ).octets;

const nodeStep = (side: Side, node: number, event: string, from: string, to: string): void => {
  side.log.say('nodeInput', {
    node,
    class: `IKE_MESG_${event.split(' ')[0]!}`,
    event: event.split(' ')[1]!,
  });
  side.log.say('nodeState', { from: `IKE_QM_${from}`, to: `IKE_QM_${to}` });
};

export type QuickModePlan = {
  /** What the responder does with the offer; `profile` is refused as of another ISAKMP profile. */
  readonly answer: 'accept' | 'refuse-profile';
  /** Phase 1 stands since an earlier attempt, and traffic asks again. */
  readonly again?: boolean;
};

export const runQuickMode = (
  encounter: Encounter,
  sa: Phase1Sa,
  plan: QuickModePlan,
): QuickMode | null => {
  const { initiator, responder, seeded } = encounter;
  const messageId = seeded.word();
  const nonces = { initiator: seeded.octets(20), responder: seeded.octets(20) };
  const integrity = espIntegrity(initiator.router);
  const spis = { initiator: seeded.word(), responder: seeded.word() };
  const node = { node: messageId };
  const identities = [initiator.router.address, responder.router.address].map((address) =>
    payload('id', identityBody(1, 47, 0, ipv4(address))),
  );
  const say1 = initiator.log.say;
  const sayR = responder.log.say;

  // QM1
  if (plan.again === true) askAgain(initiator);
  const qm1 = hashed(
    sa,
    exchangeType.quick,
    messageId,
    messageIv(sa.hash, sa.encryption, sa.lastBlock, messageId),
    [
      payload('sa', phase2SaBody({ encryption: 'aes128', integrity, spi: spis.initiator })),
      payload('nonce', nonces.initiator),
      ...identities,
    ],
  );
  say1('beginQuick', node);
  say1('gotSpi', { role: 'Initiator' });
  sending(initiator, idle);
  transmit(encounter, initiator, qm1.octets);
  nodeStep(initiator, messageId, 'INTERNAL IKE_INIT_QM', 'READY', 'I_QM1');
  if (plan.again !== true) {
    step(initiator, 'INTERNAL', 'PHASE1_COMPLETE', 'IKE_P1_COMPLETE', 'IKE_P1_COMPLETE');
  }
  received(responder, idle);
  sayR('setNode', node);
  sayR('processing', { what: 'HASH', ...node });
  sayR('processing', { what: 'SA', ...node });
  checkOffer(responder);
  if (plan.answer === 'refuse-profile') {
    refuse(encounter, sa, messageId);
    return null;
  }
  acceptOffer(responder);
  for (const what of ['NONCE', 'ID', 'ID']) sayR('processing', { what, ...node });
  sayR('gotSpi', { role: 'Responder' });

  // QM2
  const newer = responder.router.release !== 'ios-12.4t';
  nodeStep(responder, messageId, 'FROM_PEER IKE_QM_EXCH', 'READY', 'SPI_STARVE');
  const installed = { inbound: spis.responder, outbound: spis.initiator };
  if (newer) {
    nodeStep(responder, messageId, 'INTERNAL IKE_GOT_SPI', 'SPI_STARVE', 'IPSEC_INSTALL_AWAIT');
  }
  installLines(responder, installed, seeded.below(300) + 20);
  const qm2 = hashed(
    sa,
    exchangeType.quick,
    messageId,
    qm1.lastBlock,
    [
      payload('sa', phase2SaBody({ encryption: 'aes128', integrity, spi: spis.responder })),
      payload('nonce', nonces.responder),
      ...identities,
    ],
    nonces.initiator,
  );
  sending(responder, idle);
  transmit(encounter, responder, qm2.octets);
  if (newer) {
    nodeStep(responder, messageId, 'FROM_IPSEC IPSEC_INSTALL_DONE', 'IPSEC_INSTALL_AWAIT', 'R_QM2');
  } else {
    nodeStep(responder, messageId, 'INTERNAL IKE_GOT_SPI', 'SPI_STARVE', 'R_QM2');
  }
  received(initiator, idle);
  for (const what of ['HASH', 'SA']) say1('processing', { what, ...node });
  checkOffer(initiator);
  say1('proxyMatch', { local: initiator.router.address, remote: initiator.router.peer.address });
  for (const what of ['NONCE', 'ID', 'ID']) say1('processing', { what, ...node });
  if (newer) {
    nodeStep(initiator, messageId, 'FROM_PEER IKE_QM_EXCH', 'I_QM1', 'IPSEC_INSTALL_AWAIT');
  }
  installLines(
    initiator,
    { inbound: spis.initiator, outbound: spis.responder },
    seeded.below(300) + 20,
  );

  // QM3: HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b)
  const both = concat(nonces.initiator, nonces.responder);
  const hash3 = prf(sa.hash, sa.keys.skeyidA, u8(0), u32(messageId), both);
  const qm3 = encryptedMessage(
    sa.cookies,
    exchangeType.quick,
    messageId,
    [payload('hash', hash3)],
    sa.encryption,
    sa.keys.cipherKey,
    qm2.octets.slice(-ciphers[sa.encryption].block),
  );
  sending(initiator, idle);
  transmit(encounter, initiator, qm3.octets);
  const done = { ...node, error: 'FALSE' };
  say1('deletingNode', { ...done, reason: 'No Error' });
  if (newer) {
    nodeStep(
      initiator,
      messageId,
      'FROM_IPSEC IPSEC_INSTALL_DONE',
      'IPSEC_INSTALL_AWAIT',
      'PHASE2_COMPLETE',
    );
  } else {
    nodeStep(initiator, messageId, 'FROM_PEER IKE_QM_EXCH', 'I_QM1', 'PHASE2_COMPLETE');
  }
  received(responder, idle);
  sayR('deletingNode', { ...done, reason: 'QM done (await)' });
  nodeStep(responder, messageId, 'FROM_PEER IKE_QM_EXCH', 'R_QM2', 'PHASE2_COMPLETE');
  sayR('queueEvent');
  sayR('enableOutbound');
  return {
    messageId,
    toResponder: espKeys(sa, spis.responder, both, integrity),
    toInitiator: espKeys(sa, spis.initiator, both, integrity),
  };
};

/** The key engine's timer fired, phase 1 stands: quick mode alone is tried again. */
const askAgain = (side: Side): void => {
  const ends = { local: side.router.address, remote: side.router.peer.address };
  side.log.say('requestTimer', {
    ...ends,
    count: 1,
    localProxy: ends.local,
    remoteProxy: ends.remote,
  });
  saRequest(side);
  side.log.say('setNode', { node: 0 });
  side.log.say('outstanding', ends);
  side.log.say('sittingIdle');
};

const refuse = (encounter: Encounter, sa: Phase1Sa, quickId: number): void => {
  const { initiator, responder, seeded } = encounter;
  const messageId = seeded.word();
  // IOS prints a number of its own here, which is no SPI of either side.
  const spi = seeded.word();
  refuseProxies(responder);
  responder.log.say('setNode', { node: messageId });
  responder.log.say('sendingNotify', { spi, node: messageId });
  sending(responder, idle);
  transmit(
    encounter,
    responder,
    informational(sa, messageId, [payload('notify', notifyBody(3, 14, u32(spi)))]),
  );
  responder.log.say('purgingNode', { node: messageId });
  responder.log.say('deletingNodeError', { node: quickId, error: 'TRUE', reason: 'QM rejected' });
  nodeStep(responder, quickId, 'FROM_PEER IKE_QM_EXCH', 'READY', 'READY');

  received(initiator, idle);
  const say = initiator.log.say;
  say('setNode', { node: messageId });
  say('processing', { what: 'HASH', node: messageId });
  say('notifyIn', { spi, node: messageId, sa: initiator.sa });
  say('deletingSpi', { spi, node: quickId });
  say('deletingNodeError', { node: quickId, error: 'TRUE', reason: 'Delete Larval' });
  say('deletingNode', { node: messageId, error: 'FALSE', reason: 'Informational (in) state 1' });
  step(initiator, 'FROM_PEER', 'INFO_NOTIFY', 'IKE_P1_COMPLETE', 'IKE_P1_COMPLETE');
};

/** RFC 3706: R-U-THERE and its answer, each in an informational exchange. */
export const runDpd = (encounter: Encounter, sa: Phase1Sa): void => {
  const { initiator, responder, seeded } = encounter;
  const sequence = seeded.below(0x7fffffff);
  const spi = concat(sa.cookies.initiator, sa.cookies.responder);
  const ask = (from: Side, to: Side, type: number): void => {
    const node = seeded.word();
    const fields = {
      node,
      sequence: sequence.toString(16).toUpperCase(),
      peer: to.router.peer.address,
    };
    const isAsk = type === 36_136;
    from.log.say('setNode', { node });
    from.log.say(isAsk ? 'sendingDpd' : 'sendingDpdAck', { spi: seeded.word(), node });
    sending(from, idle);
    transmit(
      encounter,
      from,
      informational(sa, node, [payload('notify', notifyBody(1, type, spi, u32(sequence)))]),
    );
    from.log.say('purgingNode', { node });
    received(to, idle);
    to.log.say('setNode', { node });
    to.log.say('processing', { what: 'HASH', node });
    to.log.say(isAsk ? 'dpdIn' : 'dpdAckIn', { node, sa: to.sa });
    to.log.say(isAsk ? 'dpdReceived' : 'dpdAckReceived', fields);
    to.log.say('deletingNode', { node, error: 'FALSE', reason: 'Informational (in) state 1' });
    step(to, 'FROM_PEER', 'INFO_NOTIFY', 'IKE_P1_COMPLETE', 'IKE_P1_COMPLETE');
  };
  ask(initiator, responder, 36_136);
  ask(responder, initiator, 36_137);
};

/** `clear crypto session` at the initiator: DELETE of both ESP SAs, then of the IKE SA. */
export const runClear = (encounter: Encounter, sa: Phase1Sa, quick: QuickMode): void => {
  const { initiator, responder, seeded } = encounter;
  const peer = initiator.router.peer.address;
  const send = (rest: readonly Payload[]): number => {
    const node = seeded.word();
    initiator.log.say('setNode', { node });
    sending(initiator, idle);
    transmit(encounter, initiator, informational(sa, node, rest));
    initiator.log.say('purgingNode', { node });
    received(responder, idle);
    responder.log.say('setNode', { node });
    responder.log.say('processing', { what: 'HASH', node });
    responder.log.say('processing', { what: 'DELETE', node });
    return node;
  };
  initiator.log.screen(`${initiator.router.hostname}#clear crypto session`);
  initiator.log.say('deleteNotify', {}, 0);
  const first = send([payload('delete', deleteBody(3, u32(quick.toInitiator.spi)))]);
  responder.log.say('noKeepalives');
  responder.log.say('deletingNode', {
    node: first,
    error: 'FALSE',
    reason: 'Informational (in) state 1',
  });
  responder.log.say('deleteNotify', {}, 0);

  const cookies = concat(sa.cookies.initiator, sa.cookies.responder);
  const fields = { reason: 'No reason', role: 'I', state: idle, peer };
  initiator.log.say('noKeepalives');
  initiator.log.say('deletingSa', fields);
  const second = send([payload('delete', deleteBody(1, cookies))]);
  initiator.log.say('unlockPeer', { pointer: initiator.pointer });
  initiator.log.say('reapPeer', { peer, pointer: initiator.pointer });
  step(initiator, 'INTERNAL', 'PHASE1_DEL', 'IKE_P1_COMPLETE', 'IKE_DEST_SA');
  const theirs = { reason: 'No reason', role: 'R', state: idle, peer: initiator.router.address };
  responder.log.say('noKeepalives');
  responder.log.say('deletingSa', theirs);
  responder.log.say('deletingNode', {
    node: second,
    error: 'FALSE',
    reason: 'Informational (in) state 1',
  });
  responder.log.say('unlockPeer', { pointer: responder.pointer });
  responder.log.say('reapPeer', { peer: initiator.router.address, pointer: responder.pointer });
  step(responder, 'INTERNAL', 'PHASE1_DEL', 'IKE_P1_COMPLETE', 'IKE_DEST_SA');
};
