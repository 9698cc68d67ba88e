import { quiet, type Context, type Sighting } from './context.ts';
import { matchOnce } from '../matcher.ts';
import { text, type TrackedLine } from './tracked-line.ts';
import { any } from './verdict-rule.ts';

type Handler = (context: Context, seen: Sighting) => void;

/** A packet tells who began, both addresses, and what the peer refuses. */
const packet =
  (direction: 'sent' | 'received'): Handler =>
  (context, seen) => {
    const { fields } = seen;
    const [from, to] =
      direction === 'received'
        ? [text(fields.from), text(fields.to)]
        : [text(fields.to), text(fields.from)];
    // `[From a/To b]` and `[To a/From b]`: the first is always the peer.
    const peer = direction === 'received' ? from : text(fields.from);
    const local = direction === 'received' ? to : text(fields.to);
    context.peer ??= peer ?? null;
    context.setLocal(local, 4);
    const vrf = /:f(\d+)$/.exec(text(fields.vrf) ?? '')?.[1];
    if (vrf !== undefined && vrf !== '0') context.fvrf ??= vrf;
    if (
      fields.direction === 'REQUEST' &&
      (fields.exchange === 'IKE_SA_INIT' || fields.exchange === 'IKE_AUTH')
    ) {
      context.role ??= direction === 'sent' ? 'initiator' : 'responder';
    }
    if (
      fields.direction === 'RESPONSE' &&
      (fields.exchange === 'IKE_SA_INIT' || fields.exchange === 'IKE_AUTH')
    ) {
      context.role ??= direction === 'sent' ? 'responder' : 'initiator';
    }
    const responderSpi = text(fields.responderSpi)?.toLowerCase();
    if (responderSpi !== undefined && !/^0+$/.test(responderSpi))
      context.responderCookie ??= responderSpi;
    context.addPacket({
      line: seen.line,
      time: seen.time,
      direction,
      peer: peer ?? '',
      localPort: typeof fields.toPort === 'number' ? fields.toPort : null,
      peerPort: typeof fields.fromPort === 'number' ? fields.fromPort : null,
      state: String(fields.exchange ?? 'unknown'),
      retransmission: context.retransmitting,
    });
    context.retransmitting = false;
    context.note(`${direction} ${String(fields.exchange ?? '')}`, seen.line);
    if (
      seen.id === 'v2-received' &&
      fields.exchange === 'IKE_AUTH' &&
      fields.direction === 'RESPONSE'
    )
      context.note(isRead(seen) ? 'v2-answer-read' : 'v2-answer-unread', seen.line);
    payloads(context, seen);
    notifications(context, seen, direction === 'sent');
  };

/** The log shows what stands in a message, and not only that it is encrypted. */
const isRead = ({ fields }: Sighting): boolean =>
  (text(fields.payloads)?.split(' ') ?? []).some((payload) => !/^(?:ENCR|SKF?)$/.test(payload));

/** Traffic selectors stand beside the proposals of a child SA alone (RFC 7296 sections 1.2 and 1.3). */
function payloads(context: Context, { fields, line }: Sighting): void {
  const listed = text(fields.payloads)?.split(' ') ?? [];
  if (listed.includes('EAP')) context.note('v2-eap', line);
  if (fields.exchange === 'IKE_SA_INIT') context.proposed = 'ike';
  else if (fields.exchange === 'IKE_AUTH') context.proposed = 'child';
  else if (listed.includes('SA')) context.proposed = listed.includes('TSi') ? 'child' : 'ike';
}

const renewing = (context: Context): boolean =>
  any(context, 'sent CREATE_CHILD_SA', 'received CREATE_CHILD_SA');

/** Proposals are refused: of an SA beneath the IKE SA, or of its successor. Those of IKE_SA_INIT need no mark. */
function refusal(context: Context, { fields, line }: Sighting): void {
  const named = fields.protocol !== undefined || /\b(?:ESP|AH):/.test(String(fields.detail ?? ''));
  if (renewing(context) && context.proposed === 'ike' && !named)
    context.note('rekey refused', line);
  else if (
    named ||
    context.proposed === 'child' ||
    renewing(context) ||
    any(context, 'v2-auth-passed', 'v2-sa-created', 'sent IKE_AUTH', 'received IKE_AUTH')
  )
    context.note('child refused', line);
}

function notifications(context: Context, seen: Sighting, sent: boolean): void {
  const listed = text(seen.fields.notify);
  if (listed === undefined) return;
  for (const type of listed.split(' ')) {
    if (context.notifies.length < 64) context.notifies.push({ type, sent, line: seen.line });
    context.note(`notify ${type}`, seen.line);
    if (type === 'NO_PROPOSAL_CHOSEN') refusal(context, seen);
  }
}

/** Both ends are named; an event trace does so in every line. */
const withEnds =
  (then: Handler): Handler =>
  (context, seen) => {
    const { peer, local, role } = seen.fields;
    context.peer ??= text(peer) ?? null;
    context.setLocal(text(local), 4);
    if (role !== undefined) context.role ??= role === 'I' ? 'initiator' : 'responder';
    then(context, seen);
  };

/** The SPIs of a message that is told octet for octet. */
const spis: Handler = (context, { fields }) => {
  const [own, other] = [fields.ispi, fields.rspi].map((spi) => String(spi).toLowerCase());
  context.initiatorCookie ??= own!;
  if (context.initiatorCookie === own && !/^0+$/.test(other!)) context.responderCookie ??= other!;
};

const handlers: Readonly<Record<string, Handler>> = {
  'v2-received': packet('received'),
  'v2-sent': packet('sent'),
  'v2-building': (context, seen) => {
    payloads(context, seen);
    notifications(context, seen, true);
  },
  'v2-proposal-refused': refusal,
  'v2-proposal-none': refusal,
  'v2-proposal-refusal-sent': refusal,
  'v2-proposal-refused-by-peer': refusal,
  'v2-processing': (context, { fields, line }) => {
    if (/^EAP (?:request|response)$/.test(String(fields.what))) context.note('v2-eap', line);
  },
  'v2-policy-search': (context, { fields }) => context.setLocal(text(fields.local), 3),
  'v2-identity': (context, { fields, line }) => {
    context.peerIdentity ??= { type: String(fields.idType), value: String(fields.identity), line };
  },
  'v2-own-identity': (context, { fields, line }) => {
    context.ownIdentity ??= { type: String(fields.idType), value: String(fields.identity), line };
  },
  'v2-profile-found': (context, { fields, line }) => {
    context.profileMatched ??= { name: String(fields.profile), step: 'auth', line };
  },
  'v2-profile-bound': (context, { fields, line }) => {
    context.saRequestProfile ??= { name: String(fields.profile), line };
  },
  'v2-keyring': (context, { fields, line }) => {
    context.auth ??= 'psk';
    if (context.selections.length < 64)
      context.selections.push({ step: 'auth', keyring: String(fields.keyring), line });
  },
  'v2-peer-block': (context, { fields }) => {
    const last = context.selections.at(-1);
    if (last) last.peerBlock = String(fields.peerBlock ?? fields.peerBlockBare ?? '');
  },
  'v2-key-used': (context) => {
    context.auth ??= 'psk';
  },
  'v2-auth-method': (context, { fields }) => {
    // That a keyring is looked into does not say that its key is used.
    if (context.facts.of('v2-auth-method')?.length !== 1) return;
    context.auth =
      fields.method === 'PSK'
        ? 'psk'
        : fields.method === 'RSA'
          ? 'rsa-sig'
          : String(fields.method).toLowerCase();
  },
  'v2-nat-none': (context) => {
    context.natFound ??= false;
  },
  'v2-nat-found': (context) => {
    context.natFound = true;
  },
  'v2-retransmit': (context) => {
    context.retransmitting = true;
  },
  'v2-trace': (context, { fields, line }) => {
    const spi = text(fields.responderSpi)?.toLowerCase();
    if (spi !== undefined && !/^0+$/.test(spi)) context.responderCookie ??= spi;
    context.role ??= fields.role === 'I' ? 'initiator' : 'responder';
    traced(context, text(fields.state) ?? '', text(fields.event) ?? '', line);
  },
  'v2-event-packet': withEnds((context, seen) => {
    const { peer, peerPort, local, localPort, way } = seen.fields;
    const ends = { from: peer!, fromPort: peerPort!, to: local!, toPort: localPort! };
    const fields = { ...seen.fields, ...ends };
    packet(way === 'Sending' ? 'sent' : 'received')(context, { ...seen, fields });
  }),
  'v2-event-payloads': withEnds(() => undefined),
  'v2-event': withEnds((context, seen) => {
    const same = matchOnce('ikev2', String(seen.fields.what));
    if (!same || same.spec.id === seen.id) return;
    context.note(same.spec.id, seen.line);
    handlers[same.spec.id]?.(context, { ...seen, id: same.spec.id, fields: same.fields });
  }),
  'v2-dump-ends': withEnds(() => undefined),
  'v2-dump-spis': spis,
  'v2-key-by-address': (context, { fields }) => {
    context.peer ??= text(fields.peer) ?? null;
  },
  'v2-ts-refused-by-peer': (context, seen) =>
    notifications(context, { ...seen, fields: { notify: 'TS_UNACCEPTABLE' } }, false),
  'v2-notify-read': (context, seen) => notifications(context, seen, false),
  'v2-auth-missing': (context, { line }) => {
    context.deleteReason ??= { text: 'no IKE_AUTH of the peer', line };
  },
  'v2-deleting': (context, { line }) => {
    context.deleteReason ??= { text: 'Deleting SA', line };
    context.closed = true;
  },
  'v2-delete-sent': (context, { fields, line }) => {
    if (fields.sa === 'IKEv2') context.note('ike delete sent', line);
    for (const [, spi] of String(fields.spis).matchAll(/0x([0-9a-f]{1,8})/gi))
      context.addSpi(Number.parseInt(spi!, 16));
  },
  'v2-delete-queued': (context, { fields, line }) => {
    context.deleteReason ??= { text: String(fields.reason), line };
  },
};

/** What the inner states tell that no line says in words: later releases print little else. */
function traced(context: Context, state: string, event: string, line: number): void {
  if (event === 'EV_RE_XMT') {
    context.retransmitting = true;
    context.note('v2-retransmit', line);
  }
  if (event === 'EV_RE_XMT_EXCEED') context.note('v2-retransmit-limit', line);
  // Both sides are authenticated, and the first child SA is agreed.
  if (state === 'READY' && /^EV_[IR]_OK$/.test(event)) context.note('v2-sa-created', line);
  if (event === 'EV_CERT_FAIL') context.note('v2-certificate-refused', line);
  // The child SAs and the exchanges after them end in states of their own.
  if (event === 'EV_FAIL' && /INIT|AUTH/.test(state)) context.note('v2-trace-failed', line);
}

/** Facts of an IKEv2 line. */
export function recordIkev2(context: Context, seen: TrackedLine): void {
  context.ikeVersion = 2;
  context.exchange = 'ikev2';
  context.initiatorCookie ??= text(seen.fields.initiatorSpi)?.toLowerCase() ?? null;
  if (
    typeof seen.connId === 'string' &&
    (context.connId === null || seen.connId.startsWith('SESSION'))
  )
    context.connId = seen.connId;
  if (context.firstLine === 0) {
    context.firstLine = seen.line;
    context.firstTime = seen.time;
  }
  context.lastLine = Math.max(context.lastLine, seen.line);
  if (seen.time) {
    context.firstTime ??= seen.time;
    context.lastTime = seen.time;
  }
  if (!quiet.has(seen.id)) context.note(seen.id, seen.line);
  handlers[seen.id]?.(context, seen);
  // Either end may ask for a child SA or a new IKE SA: that tells nothing of who began.
  const { role } = seen.spec;
  if (context.role !== null || (role !== 'initiator' && role !== 'responder')) return;
  if (!renewing(context)) context.role = role;
}
