import type { PolicyRejection } from '../../model/log.ts';
import { messageTable } from '../messages/table.ts';
import { ikev2Aborted } from './aborted-ikev2.ts';
import { quiet, type Context, type Sighting } from './context.ts';
import { asaHandlers } from './facts-asa.ts';
import { packetHandlers } from './facts-packet.ts';
import { quickModeHandlers } from './facts-quick-mode.ts';
import {
  addSelection,
  aggressive,
  confirmSearch,
  identifiedAtOnce,
  profileStep,
  resolveSteps,
  withdrawSelection,
} from './keyring-search.ts';
import { isAddress, text } from './tracked-line.ts';

type Handler = (context: Context, seen: Sighting) => void;

const number = (value: string | number | undefined): number =>
  typeof value === 'number' ? value : Number.NaN;

function reject(attribute: PolicyRejection['attribute']): Handler {
  return (context, seen) => {
    if (!context.check || context.rejections.length >= 512) return;
    context.rejections.push({ ...context.check, attribute, line: seen.line });
  };
}

function offer(context: Context): NonNullable<Context['offer']> {
  return (context.offer ??= {
    encryption: null,
    hash: null,
    group: null,
    auth: null,
    lifeSeconds: null,
  });
}

function lifeOf(octets: string): number {
  return octets.split(' ').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

const authOf = (written: string): string =>
  /rsa sig/i.test(written)
    ? 'rsa-sig'
    : /rsa/i.test(written)
      ? 'rsa-encr'
      : /xauth/i.test(written)
        ? 'xauth-psk'
        : /pre-?share/i.test(written)
          ? 'psk'
          : written;

const idTypes: Readonly<Record<number, string>> = {
  1: 'ID_IPV4_ADDR',
  2: 'ID_FQDN',
  3: 'ID_USER_FQDN',
  4: 'ID_IPV4_ADDR_SUBNET',
  5: 'ID_IPV6_ADDR',
  9: 'ID_DER_ASN1_DN',
  11: 'ID_KEY_ID',
};

function identity(context: Context, value: string | undefined, seen: Sighting): void {
  const open = context.idOpen;
  if (!open || value === undefined) return;
  const named = { type: idTypes[open.type] ?? `ID_${String(open.type)}`, value, line: open.line };
  if (open.of === 'peer') {
    context.peerIdentity ??= named;
    // The first lines may be cut off, and a peer without NAT names its own address.
    if (context.peer === null && open.type === 1) context.peer = value;
  } else {
    context.ownIdentity ??= named;
    if (open.type === 1 || open.type === 5) context.setLocal(value, 1);
  }
  if (seen.id !== 'id-payload') context.idOpen = null;
}

/** `(local <ip> remote <ip>)` and its like. */
const addresses: Handler = (context, { fields }) => {
  context.setLocal(text(fields.local), 4);
  if (fields.peer !== undefined) context.peer ??= String(fields.peer);
};

const handlers: Readonly<Record<string, Handler>> = {
  ...asaHandlers,
  ...packetHandlers,
  ...quickModeHandlers,
  'sa-request-profile': (context, { fields, line }) => {
    context.saRequestProfile ??= {
      name: fields.profile === '(NULL)' ? null : String(fields.profile),
      line,
    };
  },
  'peer-found': (context, { fields }) => {
    context.peer ??= String(fields.peer);
  },
  'peer-created': (context, { fields }) => {
    context.peer ??= String(fields.peer);
  },
  'peer-locked': (context, { fields }) => {
    if (fields.by === 'isakmp_initiator') context.role ??= 'initiator';
    else if (fields.by === 'crypto_isakmp_process_block') context.role ??= 'responder';
  },
  'aggressive-not-started': (context) => {
    context.role ??= 'initiator';
  },
  'aggressive-mode-begins': (context) => {
    context.role ??= 'initiator';
    aggressive(context);
  },
  'syslog-aggressive-disabled': aggressive,
  'syslog-ikev2-abort': ikev2Aborted,
  'main-mode-begins': (context) => {
    context.role ??= 'initiator';
  },
  'peer-insert': addresses,
  'peer-existing': addresses,
  'sa-outstanding': addresses,
  'sa-budding': addresses,
  'hub-down': addresses,
  'phase-1-refused': addresses,
  'phase-2-refused': addresses,
  state: (context, { fields, line }) => {
    const from = String(fields.from);
    const to = String(fields.to);
    if (from.startsWith('IKE_QM_') || to.startsWith('IKE_QM_')) {
      context.addState(context.qmStates, from);
      context.addState(context.qmStates, to);
      if (to === 'IKE_QM_PHASE2_COMPLETE') context.note('phase 2 complete', line);
      if (to === 'IKE_QM_SPI_STARVE' && from !== to) context.note('quick mode accepted', line);
      return;
    }
    if (context.role === null) {
      if (from.startsWith('IKE_I_') || to.startsWith('IKE_I_')) context.role = 'initiator';
      else if (from.startsWith('IKE_R_') || to.startsWith('IKE_R_')) context.role = 'responder';
    }
    // IKE_I_AM1, IKE_R_AM2
    if (to.startsWith('_AM', 5) || from.startsWith('_AM', 5)) aggressive(context);
    resolveSteps(context, { state: stepState(from, to) });
    context.addState(context.states, from);
    context.addState(context.states, to);
    if (to === 'IKE_P1_COMPLETE' && from !== to) context.note('phase 1 complete', line);
    if (to === 'IKE_DEST_SA') context.closed = true;
  },
  'policy-check': (context, { fields }) => {
    context.check = { transform: number(fields.transform), priority: number(fields.priority) };
    context.offer = null;
  },
  'offer-encryption': (context, { fields }) => {
    offer(context).encryption = String(fields.encryption);
  },
  'offer-key-length': (context, { fields }) => {
    const open = offer(context);
    open.encryption = `${open.encryption ?? 'AES-CBC'}-${String(fields.keyLength)}`;
  },
  'offer-hash': (context, { fields }) => {
    offer(context).hash = String(fields.hash);
  },
  'offer-group': (context, { fields }) => {
    offer(context).group = number(fields.group);
  },
  'offer-auth': (context, { fields }) => {
    offer(context).auth = authOf(String(fields.auth));
    // What the peer offers last is what it wants, should nothing be accepted.
    context.auth = authOf(String(fields.auth));
  },
  'offer-life': (context, { fields }) => {
    offer(context).lifeSeconds = lifeOf(String(fields.duration));
  },
  'offer-life-basic': (context, { fields }) => {
    offer(context).lifeSeconds = number(fields.seconds);
  },
  'policy-accepted': (context, { line }) => {
    if (context.offer?.auth === 'psk') confirmSearch(context);
    if (!context.check) return;
    const { transform, priority } = context.check;
    context.policyMatched = { transform, priority, line };
    context.accepted = context.offer;
  },
  'policy-refused': (context) => {
    // What follows without a line that says so is held against a policy that nothing names.
    context.check = null;
    context.offer = null;
  },
  'mismatch-encryption': reject('encryption'),
  'mismatch-key-length': reject('key-length'),
  'mismatch-hash': reject('hash'),
  'mismatch-group': reject('dh-group'),
  'mismatch-auth': reject('authentication'),
  'mismatch-preshared': reject('authentication'),
  'mismatch-xauth': reject('authentication'),
  'mismatch-rsa': reject('authentication'),
  'key-in-keyring': (context, { fields, line }) => {
    context.auth ??= 'psk';
    addSelection(context, { keyring: String(fields.keyring), line });
    context.keyed = true;
  },
  'key-of-peer': (context, { fields, line }) => {
    context.auth ??= 'psk';
    const matched = String(fields.peer);
    if (context.peer === null && isAddress(matched)) context.peer = matched;
    addSelection(context, { keyring: null, line });
    context.keyed = true;
  },
  'key-looked-up': (context, { fields, line }) => {
    const keyring = String(fields.keyring);
    const result = text(fields.result);
    // Without a result the next line about a key tells it.
    if (result === undefined) context.searched = { keyring, line };
    else if (!/fail|no|error|unsucc/i.test(result)) addSelection(context, { keyring, line });
  },
  'key-not-in': (context, { fields }) => {
    context.peer ??= String(fields.peer);
    context.detailKeyring = null;
    context.candidates = [];
  },
  'key-candidate': (context, { fields }) => {
    context.peer ??= String(fields.peer);
    context.detailKeyring = String(fields.keyring);
  },
  'key-entry': (context, { fields, line }) => {
    if (context.candidates.length < 64)
      context.candidates.push({
        keyring: context.detailKeyring,
        entry: String(fields.entry),
        line,
      });
  },
  'key-final': (context, { fields, line }) => {
    context.auth ??= 'psk';
    context.candidates = [];
    addSelection(context, { keyring: context.detailKeyring, entry: String(fields.entry), line });
    context.keyed = true;
  },
  'key-none': (context, { fields }) => {
    context.auth ??= 'psk';
    context.peer ??= String(fields.peer);
    withdrawSelection(context);
  },
  'key-found-locally': (context) => {
    context.auth ??= 'psk';
    confirmSearch(context);
  },
  'profile-without-keyring': (context) => {
    context.auth ??= 'psk';
  },
  skeyid: (context) => {
    confirmSearch(context);
    context.keyed = true;
  },
  'profile-matched': (context, { fields, line }) => {
    identifiedAtOnce(context);
    context.profileMatched ??= { name: String(fields.profile), step: profileStep(context), line };
  },
  'profile-none': (context, { line }) => {
    identifiedAtOnce(context);
    context.profileMatched ??= { name: null, step: profileStep(context), line };
  },
  'own-id-type': (context) => {
    context.idOf = 'own';
  },
  'own-id-begins': (context) => {
    context.idOf = 'own';
  },
  'id-payload': (context, seen) => {
    context.idOpen = { of: context.idOf, type: number(seen.fields.idType), line: seen.line };
    identity(context, text(seen.fields.address) ?? text(seen.fields.value), seen);
    context.idOf = 'own';
  },
  'id-address': (context, seen) => identity(context, text(seen.fields.address), seen),
  'id-name': (context, seen) => identity(context, text(seen.fields.value), seen),
  'payload-processing': (context, { fields, line }) => {
    if (fields.payload === 'DELETE') context.note('delete-received', line);
    context.addMessageId(fields.messageId);
    if (fields.payload === 'ID') {
      context.idOf = 'peer';
      identifiedAtOnce(context);
    }
    if (fields.payload === 'SA' && fields.messageId !== undefined)
      context.note(fields.messageId === 0 ? 'phase 1 SA' : 'quick mode SA', line);
    // SKEYID is made from the nonces, so the id of the SA shows up right behind this line.
    if (fields.payload !== 'NONCE') return;
    if (fields.messageId === 0) context.keyed = true;
    // In quick mode it is read once the proposals are: one of them fits.
    else if (fields.messageId !== undefined) context.note('quick mode accepted', line);
  },
  authenticated: (context, { fields }) => {
    context.peer ??= String(fields.peer);
  },
  'nat-none': (context) => {
    context.natFound ??= false;
  },
  'nat-found': (context) => {
    context.natFound = true;
  },
  'nat-my-hash': (context) => {
    context.natFound = true;
  },
  'nat-port-floating': (context) => {
    context.natFound = true;
  },
  'nat-encapsulation': (context) => {
    context.natFound = true;
  },
  'nat-his-hash': (context) => {
    // Without NAT the second address fits, and the line says so.
    if (context.facts.of('nat-his-hash')?.length === 2) context.natFound ??= true;
  },
  'sa-deleting': (context, { fields, line }) => {
    context.deleteReason ??= { text: String(fields.reason ?? ''), line };
    context.peer ??= String(fields.peer);
    if (fields.role === 'I') context.role ??= 'initiator';
    if (fields.role === 'R') context.role ??= 'responder';
    // A refused first message leaves no other line that names the mode.
    if (String(fields.state).startsWith('AG_')) aggressive(context);
  },
  'sa-deleting-short': (context, { fields, line }) => {
    context.deleteReason ??= { text: String(fields.reason ?? ''), line };
  },
};

/** The state that tells at which step a log that begins in the middle stands. */
function stepState(from: string, to: string): string {
  return to === 'IKE_P1_COMPLETE' || to === 'IKE_DEST_SA' ? from : to;
}

/** What each record of the table does, by its position: names would be looked up a million times. */
const handlersByIndex: (Handler | undefined)[] = [];
const isQuiet: boolean[] = [];
for (const { id, index } of messageTable) {
  handlersByIndex[index] = handlers[id];
  isQuiet[index] = quiet.has(id);
}

/** Gives a line of the negotiation to it. `index` is that of the message's record. */
export function record(context: Context, seen: Sighting, index: number): void {
  if (context.firstLine === 0) {
    context.firstLine = seen.line;
    context.firstTime = seen.time;
  }
  if (seen.line > context.lastLine) context.lastLine = seen.line;
  if (seen.time) {
    context.firstTime ??= seen.time;
    context.lastTime = seen.time;
  }
  if (!isQuiet[index]) context.note(seen.id, seen.line);
  handlersByIndex[index]?.(context, seen);
}
