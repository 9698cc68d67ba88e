import { asaMessageId, asaStage, isPastOffer } from './asa-packet.ts';
import type { Context } from './context.ts';
import { ownerIkev2 } from './owner-ikev2.ts';
import { latest, type Stream } from './stream.ts';
import { text, wentBack, type TrackedLine } from './tracked-line.ts';

/** What may still come of an attempt that is over. */
const afterwards: ReadonlySet<string> = new Set([
  'asa-peer-not-listed',
  'asa-peer-entry-none',
  'asa-delete-without-spi',
  'asa-header-invalid',
  'asa-notify-in-clear',
  'asa-notify',
  'asa-information-failed',
  'asa-duplicate',
  'asa-ipsec-deleted',
  'asa-aaa-refused',
]);

/** The end of an attempt is told in several ways, in each of them once. */
const endings: ReadonlySet<string> = new Set([
  'asa-given-up',
  'asa-quick-given-up',
  'asa-torn-down',
  'asa-disconnected',
  'asa-terminated',
]);

/** A session is over, so an IKE SA stood: what was lost with it may be told behind these. */
const sessionEndings = ['asa-torn-down', 'asa-disconnected', 'asa-terminated'];

/** The line begins another attempt with the peer of this one. */
function startsAnother(context: Context, line: TrackedLine): boolean {
  const { id, fields } = line;
  if (line.spec.general || afterwards.has(id)) return false;
  if (id === 'asa-packet') {
    const stage = asaStage(fields);
    if (asaMessageId(fields.messageId) !== 0 || (stage !== 'offer' && stage !== 'aggressive'))
      return false;
    if (context.closed || isPastOffer(context) || context.has('phase 1 implied')) return true;
    return fields.how === 'SENDING' && context.has(`asa sent ${stage}`);
  }
  if (endings.has(id)) return context.closed && context.has(id);
  if (id === 'asa-contact-lost')
    return context.closed && (context.has(id) || !sessionEndings.some((end) => context.has(end)));
  if (context.closed) return true;
  if (id === 'asa-initiates') return true;
  // Phase 1 is complete once for each IKE SA: this is its successor.
  if (id === 'asa-phase1') return context.has(id);
  // A responder looks it up as well, in the midst of its attempt.
  if (id === 'asa-v2-group-search') return context.has(id) && context.role !== 'responder';
  return (
    (id === 'asa-v2-asked' || id === 'asa-v2-init-received') &&
    (context.begun || context.packetCount > 0 || context.has(id))
  );
}

/** IKEv1 and IKEv2 with one peer are two things; that an IPsec SA or a session went may be told of either. */
function mayOwn(context: Context, { id, fields: { peer } }: TrackedLine): boolean {
  if (id.startsWith('asa-ipsec-') || id === 'asa-disconnected') return context.peer === peer;
  return (
    context.ikeVersion === (id.startsWith('asa-v2-') ? 2 : 1) &&
    (context.peer === peer || context.peer === null)
  );
}

/** Web and TLS clients have sessions as well. */
const usesIke = ({ fields }: TrackedLine): boolean =>
  /LAN-to-LAN|IPsec|IKE/i.test(String(fields.sessionType));

/** A packet of IKEv2 is of the attempt with its SPI, or of the one that was prepared for its peer. */
function ofPacket(stream: Stream, line: TrackedLine): Context | null {
  const { current } = stream;
  const { how, from, to } = line.fields;
  const isPrepared =
    current?.ikeVersion === 2 &&
    !current.closed &&
    current.initiatorCookie === null &&
    current.peer === (how === 'RECV' ? from : to);
  return ownerIkev2(stream, line) ?? (isPrepared ? current : null);
}

/** The line names no peer: it is about the offers of the attempt at hand, or of one whose peer a later line names. */
function ofOffers({ current }: Stream, line: TrackedLine): Context | null {
  const isOpen =
    current?.ikeVersion === 1 &&
    !current.closed &&
    !wentBack(current, line) &&
    !isPastOffer(current) &&
    (line.fields.phase === 2 || !(current.has('asa-phase1') || current.has('phase 1 implied')));
  return isOpen ? current : null;
}

/** The attempt that a line of an ASA belongs to; null for a new one, undefined where it is of none. */
export function ownerAsa(stream: Stream, line: TrackedLine): Context | null | undefined {
  const { current } = stream;
  const peer = text(line.fields.peer);
  if (line.id === 'asa-v2-packet') return ofPacket(stream, line);
  // Packets come that begin nothing, and users log in to other things than IKE.
  if (line.id === 'asa-received-on') return undefined;
  if (line.id === 'asa-aaa-refused')
    return latest(stream, (each) => each.peer === peer && mayOwn(each, line)) ?? undefined;
  if (line.id === 'asa-attribute-differs') return ofOffers(stream, line);
  if (peer === undefined) {
    // The platform says what it finds before the protocol says what came of it.
    if (line.connId !== null || line.id === 'asa-peer-id-refused') return ownerIkev2(stream, line);
    const isAtHand = current?.ikeVersion === 2 || line.id === 'asa-certificate-unknown';
    return isAtHand && current?.closed !== true ? (current ?? undefined) : undefined;
  }
  const known =
    current && mayOwn(current, line)
      ? current
      : latest(stream, (each) => each.peer === peer && mayOwn(each, line));
  if (known === null && line.id === 'asa-disconnected' && !usesIke(line)) return undefined;
  return known === null || wentBack(known, line) || startsAnother(known, line) ? null : known;
}
