import type { CipherName, GroupNumber, HashName } from './algorithms.ts';
import type { Cookies, Phase1Keys } from './ikev1.ts';
import type { DebugLog } from './ios/debug-log.ts';
import type { Tap } from './capture.ts';
import { hex } from './octets.ts';
import type { Seeded } from './seeded.ts';
import type { Router } from './topology.ts';

/** A router in one attempt: its screen and the numbers that its debugs show for this SA. */
export type Side = {
  readonly router: Router;
  readonly log: DebugLog;
  readonly role: 'I' | 'R';
  readonly detail: boolean;
  /** Addresses of the peer structure and of the SA in the router's memory. */
  readonly pointer: string;
  readonly sa: string;
  readonly connection: number;
};

export type Encounter = {
  readonly tap: Tap;
  readonly seeded: Seeded;
  readonly initiator: Side;
  readonly responder: Side;
};

const memory = (router: Router, seeded: Seeded): string =>
  router.release === 'ios-xe-17'
    ? `7F${hex(seeded.octets(5)).toUpperCase()}`
    : `F${hex(seeded.octets(4)).toUpperCase().slice(1)}`;

export const side = (
  log: DebugLog,
  role: 'I' | 'R',
  seeded: Seeded,
  options: { readonly detail: boolean; readonly connection?: number },
): Side => ({
  router: log.router,
  log,
  role,
  detail: options.detail,
  pointer: memory(log.router, seeded),
  sa: memory(log.router, seeded),
  connection: options.connection ?? log.router.connectionId,
});

/** Between a router and the tap 0.15 to 0.4 ms, and as much again to the peer. */
export const transmit = (encounter: Encounter, from: Side, data: Uint8Array): number => {
  const to = from === encounter.initiator ? encounter.responder : encounter.initiator;
  const seenAt = from.log.now() + 150 + encounter.seeded.below(250);
  encounter.tap.udp(seenAt, from.router, to.router, 500, 500, data);
  const arrival = seenAt + 150 + encounter.seeded.below(250);
  to.log.waitUntil(arrival);
  return arrival;
};

/** Key material of one IKE SA, as a lab takes it from the other end or from a simulator. */
export type LabKeys = {
  readonly initiatorCookie: string;
  readonly responderCookie: string;
  readonly mode: 'main';
  readonly dhGroup: GroupNumber;
  readonly sharedSecret: string;
  /** Null where signatures stand in its place. */
  readonly psk?: { readonly initiator: string; readonly responder: string } | null;
  readonly iv: string;
  readonly initiator?: LabSide;
  readonly responder?: LabSide;
  readonly encryptionKey: string;
};

export type LabSide = {
  readonly psk?: string | null;
  readonly skeyid: string;
  readonly skeyid_d: string;
  readonly skeyid_a: string;
  readonly skeyid_e: string;
  readonly encryptionKey: string;
};

export const labSide = (keys: Phase1Keys, psk: string | null | undefined): LabSide => ({
  ...(psk === undefined ? {} : { psk }),
  skeyid: hex(keys.skeyid),
  skeyid_d: hex(keys.skeyidD),
  skeyid_a: hex(keys.skeyidA),
  skeyid_e: hex(keys.skeyidE),
  encryptionKey: hex(keys.cipherKey),
});

/** What later exchanges need of a phase 1 SA. */
export type Phase1Sa = {
  readonly cookies: Cookies;
  readonly hash: HashName;
  readonly encryption: CipherName;
  readonly keys: Phase1Keys;
  readonly lastBlock: Uint8Array;
};

/** g^xy and nothing that tells which candidate belongs to whom. */
export const withoutKeyValues = (keys: LabKeys): Omit<LabKeys, 'encryptionKey'> => ({
  initiatorCookie: keys.initiatorCookie,
  responderCookie: keys.responderCookie,
  mode: keys.mode,
  dhGroup: keys.dhGroup,
  sharedSecret: keys.sharedSecret,
  iv: keys.iv,
});
