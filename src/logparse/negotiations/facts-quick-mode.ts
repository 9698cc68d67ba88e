import type { Context, Sighting } from './context.ts';
import { text } from './tracked-line.ts';

type Handler = (context: Context, seen: Sighting) => void;

function inboundProposal(context: Context, seen: Sighting): void {
  const { fields } = seen;
  // Old releases name source and destination, which are read from the side of who answers.
  const isTurned = fields.source !== undefined && context.role === 'initiator';
  const localProxy = text(isTurned ? fields.remoteProxy : fields.localProxy);
  const remoteProxy = text(isTurned ? fields.localProxy : fields.remoteProxy);
  if (localProxy !== undefined && remoteProxy !== undefined)
    context.proxies ??= { local: localProxy, remote: remoteProxy, line: seen.line };
  const { local, remote, destination, source } = fields;
  context.setLocal(text(local), 4);
  if (context.role === 'responder') context.setLocal(text(destination), 3);
  if (context.role === 'initiator') context.setLocal(text(source), 3);
  context.peer ??=
    text(remote) ?? text(context.role === 'responder' ? source : destination) ?? null;
}

const proposalError: Handler = (context, seen) => {
  if (context.proposalErrors.length < 64)
    context.proposalErrors.push({ error: Number(seen.fields.error), line: seen.line });
};

/** What lines tell of quick modes, and of what the key engine says to them. */
export const quickModeHandlers: Readonly<Record<string, Handler>> = {
  'quick-mode-spi': (context, { fields, line }) => {
    if (fields.role === 'Responder') context.note('quick mode accepted', line);
  },
  'quick-mode-begins': (context, { fields }) => {
    context.likelyRole = 'initiator';
    context.addMessageId(fields.messageId);
    if (typeof fields.messageId === 'number') context.quickMode = fields.messageId;
  },
  'node-input': (context, { fields }) => context.addMessageId(fields.messageId),
  'node-new': (context, { fields }) => context.addMessageId(fields.messageId),
  'node-deleted': (context, { fields, line }) => {
    context.addMessageId(fields.messageId);
    const reason = String(fields.reason);
    const isOwn = fields.error === 'TRUE' && fields.messageId === context.quickMode;
    // Whatever the words of the reason; a node may also go because its SA does.
    if ((isOwn && !/^IKE deleted/i.test(reason)) || /err count exceeded/i.test(reason))
      context.note('quick mode given up', line);
  },
  'error-counter': (context, { fields, line }) => {
    const isLast = fields.attempt !== undefined && fields.attempt === fields.limit;
    if (isLast && context.lastSent === 'QM_IDLE' && /phase 2/i.test(String(fields.reason)))
      context.note('quick mode given up', line);
  },
  'quick-mode-expired': (context, { line }) => context.note('quick mode given up', line),
  'ipsec-proposal': inboundProposal,
  'ipsec-sa-request': inboundProposal,
  'ipsec-initialized': (context, { fields }) => context.addSpi(fields.spi),
  'ipsec-sa-created': (context, seen) => {
    context.addSpi(seen.fields.spi);
    inboundProposal(context, seen);
    // One of either direction.
    const created = context.facts.of(seen.id)?.length ?? 0;
    if (context.ikeVersion === 1 && created >= 2) context.note('phase 2 installed', seen.line);
  },
  'ipsec-installed': (context, { fields, line }) => {
    context.addSpi(fields.spi);
    context.note('phase 2 installed', line);
  },
  'ipsec-sas-created': (context, { line }) => context.note('phase 2 installed', line),
  'ipsec-outbound-enabled': (context, { line }) => context.note('phase 2 installed', line),
  'proposal-invalidated': proposalError,
  'proposal-invalidated-old': (context, seen) => {
    if (context.proposalErrors.length < 64)
      context.proposalErrors.push({ error: 0, line: seen.line });
  },
};
