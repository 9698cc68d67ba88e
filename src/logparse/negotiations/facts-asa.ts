import type { Fields } from '../matcher.ts';
import { ikev2Aborted } from './aborted-ikev2.ts';
import { asaMessageId, asaStage, asaState, isNoticeInClear } from './asa-packet.ts';
import type { Context, Sighting } from './context.ts';
import { aggressive } from './keyring-search.ts';
import { refusedMessage } from './refused-message.ts';
import { text } from './tracked-line.ts';

type Handler = (context: Context, seen: Sighting) => void;

function side({ side: written }: Fields, context: Context): void {
  if (written === 'Initiator') context.role ??= 'initiator';
  else if (written === 'Responder') context.role ??= 'responder';
}

/** Only an authenticated SA does what the line tells. */
function phase1Implied(context: Context, line: number): void {
  context.begun = true;
  context.note('phase 1 implied', line);
}

function packet(context: Context, seen: Sighting): void {
  const { fields, line, time } = seen;
  const stage = asaStage(fields);
  const direction = fields.how === 'RECEIVED' ? 'received' : 'sent';
  const fact = `asa ${direction} ${stage}`;
  const id = asaMessageId(fields.messageId);
  const again =
    fields.how === 'RESENDING' ||
    (direction === 'received' && id === 0 && stage !== 'notice' && context.has(fact));
  if ((stage === 'offer' || stage === 'aggressive') && fields.how !== 'RESENDING') {
    if (context.packetCount === 0)
      context.role ??= direction === 'sent' ? 'initiator' : 'responder';
  }
  if (stage === 'aggressive') aggressive(context);
  const state = asaState(context, stage, direction, context.role);
  context.addMessageId(id);
  context.addPacket({
    line,
    time,
    direction,
    peer: context.peer ?? '',
    localPort: null,
    peerPort: null,
    state,
    retransmission: again,
    ...(direction === 'received' && isNoticeInClear(fields) && { notification: true as const }),
  });
  if (direction === 'sent' && again && id === 0) context.note('retransmitting-phase-1', line);
  // A notification says nothing of how far the exchange has come.
  if (stage === 'notice') return;
  context.note(fact, line);
  context.note(`${direction} ${state}`, line);
}

/** `No proposal chosen (14)` as `NO_PROPOSAL_CHOSEN`. */
const notifyName = (written: string): string => written.trim().toUpperCase().replace(/\s+/g, '_');

/** RFC 2408 section 3.1 */
const saPayload = 1;
const noProposalChosen = 14;
const invalidIdInformation = 18;
const invalidHashInformation = 23;

function notify(context: Context, { fields, line }: Sighting): void {
  if (context.notifies.length < 64)
    context.notifies.push({ type: notifyName(String(fields.notify)), sent: false, line });
  // These come encrypted, and are about the quick mode then.
  if (fields.number === noProposalChosen) phase1Implied(context, line);
  if (fields.number === invalidIdInformation) {
    phase1Implied(context, line);
    context.note('asa-proxy-refused-there', line);
  }
  if (fields.number === invalidHashInformation) context.note('asa-hash-refused-there', line);
}

/** Reasons to end a session that only one has whose phase 1 is complete. */
const endsSession =
  /^(?:crypto map policy|phase 2|idle timeout|user requested|administrator re|sa expired|max|lost service)/i;

function ended(context: Context, { fields, line }: Sighting): void {
  const reason = String(fields.reason ?? '');
  context.deleteReason ??= { text: reason, line };
  context.closed = true;
  if (endsSession.test(reason)) phase1Implied(context, line);
  if (/^crypto map policy not found/i.test(reason)) context.note('asa-map-none', line);
  if (/^phase 2/i.test(reason)) context.note('asa-quick-failed', line);
  if (/^lost service/i.test(reason)) context.note('asa-service-lost', line);
}

const quickModeFacts = [
  'quick-mode-begins',
  'asa-quick-failed',
  'asa-quick-given-up',
  'asa-proxy-refused',
  'asa-proxy-refused-there',
  'asa-map-none',
  'asa-transform-refused',
];

/** Networks are named of a connection that had its phase 2, unless a quick mode is told of that came to nothing. */
function terminated(context: Context, seen: Sighting): void {
  const { remoteProxy, localProxy } = seen.fields;
  if ([remoteProxy, localProxy].every((proxy) => /^[\d.:a-f]+$/i.test(String(proxy)))) {
    phase1Implied(context, seen.line);
    if (!quickModeFacts.some((fact) => context.has(fact)))
      context.note('phase 2 installed', seen.line);
  }
  ended(context, seen);
}

/** A session that lasted, or over which traffic went, stood. */
function stood(context: Context, { fields, line }: Sighting): void {
  if (/[1-9]/.test(String(fields.duration))) phase1Implied(context, line);
  if (Number(fields.sent) + Number(fields.received) > 0) {
    phase1Implied(context, line);
    context.note('phase 2 installed', line);
  }
}

function proxies(context: Context, { fields, line }: Sighting): void {
  const local = text(fields.localProxy);
  const remote = text(fields.remoteProxy);
  if (local !== undefined && remote !== undefined) context.proxies ??= { local, remote, line };
}

const refusal: Handler = (context, seen) => {
  phase1Implied(context, seen.line);
  proxies(context, seen);
};

/** Phase 1 ends here, and the ASA says so of itself. */
const fails =
  (reason: string): Handler =>
  (context, { line }) => {
    context.begun = true;
    context.deleteReason ??= { text: reason, line };
  };

/** The connection exists, and AAA knows of it. */
export const isUp = ({ status }: Fields): boolean => status === 'UP' || status === 'REGISTERED';

const begins: Handler = (context) => {
  context.begun = true;
};

/** A line of the syslog about IKEv2: its addresses, and what the same text means where IOS prints it. */
const ikev2 =
  (then: Handler): Handler =>
  (context, seen) => {
    const { local, peer } = seen.fields;
    context.ikeVersion = 2;
    context.exchange = 'ikev2';
    context.setLocal(text(local), 4);
    context.peer ??= text(peer) ?? null;
    then(context, seen);
  };

function ikev2Packet(context: Context, { fields, line, time }: Sighting): void {
  const direction = fields.how === 'RECV' ? 'received' : 'sent';
  const [peer, local] =
    direction === 'received' ? [fields.from, fields.to] : [fields.to, fields.from];
  context.setLocal(text(local), 4);
  context.peer ??= text(peer) ?? null;
  context.initiatorCookie ??= text(fields.initiatorSpi)?.toLowerCase() ?? null;
  const responderSpi = text(fields.responderSpi)?.toLowerCase() ?? '';
  const first = /^0*$/.test(responderSpi);
  if (first) context.role ??= direction === 'sent' ? 'initiator' : 'responder';
  else context.responderCookie ??= responderSpi;
  const state = String(fields.exchange);
  const peerPort = direction === 'received' ? fields.fromPort : fields.toPort;
  context.addPacket({
    line,
    time,
    direction,
    peer: text(peer) ?? '',
    localPort: null,
    peerPort: typeof peerPort === 'number' ? peerPort : null,
    state,
    retransmission: false,
  });
  context.note(`${direction} ${state}`, line);
}

/** Why the attempt cannot succeed; another line may tell that it is given up. */
const ikev2Refused = ikev2((context, { fields, line }) => {
  context.begun = true;
  context.note('v2-abort', line);
  const reason = text(fields.reason);
  if (reason !== undefined) context.deleteReason ??= { text: reason, line };
});

const attributeRefused: Handler = (context, { fields, line }) => {
  if (fields.phase === 2) phase1Implied(context, line);
  else context.begun = true;
};

/** What the lines of an ASA firewall tell of an attempt, by message. */
export const asaHandlers: Readonly<Record<string, Handler>> = {
  'asa-initiates': (context) => {
    context.role ??= 'initiator';
  },
  'asa-quick-initiates': (context, { line }) => {
    phase1Implied(context, line);
    context.note('quick-mode-begins', line);
  },
  'asa-contact-lost': (context, { line }) => {
    phase1Implied(context, line);
    context.closed = true;
  },
  'asa-method-none': begins,
  'asa-payload-refused': (context, seen) => {
    const { fields, line } = seen;
    fails('a payload is refused')(context, seen);
    if (fields.payload === saPayload && context.has('asa-attribute-refused'))
      context.note('asa-policy-refused', line);
    context.closed = true;
  },
  'asa-attribute-refused': attributeRefused,
  'asa-attribute-differs': (context, seen) => {
    attributeRefused(context, seen);
    context.note('asa-attribute-refused', seen.line);
  },
  'asa-aaa-refused': fails('the user is not authenticated'),
  'asa-certificate-unknown': begins,
  'asa-packet': packet,
  'asa-oakley-accepted': (context, { line }) => context.note('policy-accepted', line),
  'asa-policy-accepted': (context, { line }) => context.note('policy-accepted', line),
  'asa-keys-made': (context, { fields }) => side(fields, context),
  'asa-nat': (context, { fields }) => {
    context.natFound =
      !/\bNOT\b/i.test(String(fields.theirs)) || !/\bNOT\b/i.test(String(fields.ours));
  },
  'asa-identity': (context, { fields, line }) => {
    if (context.has('phase 1 implied') || context.has('asa-phase1')) return;
    context.peerIdentity ??= { type: String(fields.idType), value: String(fields.identity), line };
  },
  'asa-quick-starts': (context, { fields, line }) => {
    context.addMessageId(asaMessageId(fields.messageId));
    side(fields, context);
    phase1Implied(context, line);
    context.note('quick-mode-begins', line);
  },
  'asa-network': (context, { fields, line }) => {
    phase1Implied(context, line);
    const network = `${String(fields.network)}/${String(fields.mask)}/${String(fields.protocol)}/${String(fields.port)}`;
    const open = (context.networks ??= {});
    if (fields.side === 'remote') open.remote = network;
    else if (fields.side === 'local') open.local = network;
    if (open.local !== undefined && open.remote !== undefined)
      context.proxies ??= { local: open.local, remote: open.remote, line };
  },
  'asa-given-up': (context, { fields, line }) => {
    side(fields, context);
    const history = String(fields.history);
    if (/\bAM_/.test(history)) aggressive(context);
    const waited = /[MA]M_WAIT_MSG(\d)/.exec(history)?.[1];
    if (waited !== undefined) {
      context.waitedFor = Number(waited);
      context.note(`asa waited for MM${waited}`, line);
    }
    context.begun = true;
    context.closed = true;
    context.deleteReason ??= { text: 'given up', line };
  },
  'asa-quick-given-up': (context, { fields, line }) => {
    side(fields, context);
    phase1Implied(context, line);
  },
  'asa-quick-failed': (context, { fields, line }) => {
    context.addMessageId(asaMessageId(fields.messageId));
    phase1Implied(context, line);
  },
  'asa-proxy-refused': refusal,
  'asa-map-none': refusal,
  'asa-transform-refused': refusal,
  'asa-policy-refused': begins,
  'asa-psk-mismatch': begins,
  'asa-psk-suspected': begins,
  'asa-phase2': (context, { fields, line }) => {
    context.addMessageId(asaMessageId(fields.messageId));
    phase1Implied(context, line);
  },
  'asa-negotiated': (context, { fields, line }) => {
    side(fields, context);
    context.addSpi(fields.inbound);
    context.addSpi(fields.outbound);
    phase1Implied(context, line);
    context.note('phase 2 installed', line);
  },
  'asa-ipsec-created': (context, { fields, line }) => {
    context.setLocal(text(fields.local), 4);
    context.peer ??= text(fields.peer) ?? null;
    context.addSpi(fields.spi);
    phase1Implied(context, line);
    context.note('phase 2 installed', line);
  },
  'asa-torn-down': ended,
  'asa-disconnected': (context, seen) => {
    if (/IKEv2/i.test(String(seen.fields.sessionType))) {
      context.ikeVersion = 2;
      context.exchange = 'ikev2';
      context.note('v2-auth-passed', seen.line);
    }
    stood(context, seen);
    ended(context, seen);
  },
  'asa-ipsec-deleted': (context, { fields }) => context.setLocal(text(fields.local), 4),
  'asa-terminated': terminated,
  'asa-no-tunnel-group': (context, seen) => {
    fails('no valid tunnel group')(context, seen);
    context.closed = true;
  },
  'asa-no-map-bound': fails('no crypto map bound to the interface'),
  'asa-user-refused': fails('the user is not authenticated'),
  'asa-notify-in-clear': (context, { fields, line }) => {
    context.begun = true;
    const type = String(fields.notify);
    if (context.notifies.length < 64) context.notifies.push({ type, sent: false, line });
    if (type !== 'NO_PROPOSAL_CHOSEN') return;
    context.note('notify-no-hash', line);
    // Without the packets in the log: no message is refused so but the first one.
    const isFirst = context.role === 'initiator' && context.packetCount === 0;
    refusedMessage(context, isFirst ? 'MM_NO_STATE' : context.lastSent, line);
  },
  'asa-notify': notify,
  'asa-v2-aborted': ikev2(ikev2Aborted),
  'asa-v2-up': ikev2((context, { line }) => context.note('v2-sa-created', line)),
  'asa-v2-down': ikev2((context, { fields, line }) => {
    context.closed = true;
    context.deleteReason ??= { text: String(fields.reason), line };
    // What goes down was up.
    context.note('v2-auth-passed', line);
  }),
  'asa-v2-asked': ikev2(() => undefined),
  'asa-v2-init-received': ikev2(begins),
  'asa-v2-map-none': ikev2((context, seen) => {
    proxies(context, seen);
    context.note('v2-auth-passed', seen.line);
    context.note('v2-ts-refused', seen.line);
  }),
  'asa-v2-key-none': ikev2Refused,
  'asa-v2-peer-method-none': ikev2Refused,
  'asa-v2-group-missing': ikev2Refused,
  'asa-v2-certificate-refused': ikev2Refused,
  'asa-v2-failed': ikev2Refused,
  'asa-v2-rejected': ikev2Refused,
  'asa-v2-other': ikev2(() => undefined),
  'asa-v2-status': ikev2((context, { fields, line }) => {
    if (isUp(fields)) context.note('v2-sa-created', line);
    else context.closed = true;
  }),
  'asa-v2-group-search': ikev2(() => undefined),
  'asa-v2-group-none': ikev2Refused,
  'asa-own-method-none': ikev2Refused,
  'asa-start-failed': ikev2((context, { line }) => {
    context.closed = true;
    context.deleteReason ??= { text: 'the tunnel could not be begun', line };
  }),
  'asa-v2-packet': ikev2(ikev2Packet),
  'asa-peer-id-refused': ikev2(begins),
  'asa-line': (context) => {
    // Only the platform of IKEv2 numbers its SAs.
    context.ikeVersion = 2;
    context.exchange = 'ikev2';
  },
};
