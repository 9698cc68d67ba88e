import { hex } from '../../bytes/hex.ts';
import { natClaim } from '../../exchange/nat.ts';
import { inferContent } from '../../exchange/infer.ts';
import { ikeTransforms } from '../../exchange/transforms.ts';
import { readCertificate } from '../../isakmp/certificate.ts';
import { readableIdentity } from '../../isakmp/identity.ts';
import { configTypesV1, configTypesV2 } from '../../isakmp/registry/config-attributes.ts';
import { certificateEncodings } from '../../isakmp/registry/identities.ts';
import { payloadTypes } from '../../isakmp/registry/payload-types.ts';
import { protocolsV2, transformsOf } from '../../isakmp/registry/phase2.ts';
import { nameOrNumber } from '../../isakmp/registry/table.ts';
import { encryptionTransforms } from '../../isakmp/registry/v2-transforms.ts';
import { vendorName } from '../../isakmp/registry/vendor-ids.ts';
import type { Exchange, ExchangeMessage } from '../../model/exchange.ts';
import type { Payload, ProposalV1, ProposalV2 } from '../../model/isakmp.ts';
import { safeText, shorten } from '../safe-text.ts';
import { notifyName, transformText } from './names.ts';
import { selectorText } from './payloads.ts';

const ISAKMP = 1;

/** What a message holds, on one line. Text of others is made harmless. */
export function contentText(exchange: Exchange, entry: ExchangeMessage): string {
  if (entry.partOf !== null) return `fragment, complete in frame ${entry.partOf}`;
  const { decryption } = entry;
  if (entry.encrypted && decryption?.kind !== 'decrypted') {
    const inferred = inferContent(exchange, entry);
    const pieces = entry.message.fragmentFrames.length;
    const what = pieces > 1 ? `encrypted, ${pieces} fragments` : 'encrypted';
    return inferred === null ? what : `${what}; inferred: ${inferred}`;
  }
  const text = payloadsText(exchange, entry);
  if (decryption?.kind !== 'decrypted') return text;
  const proof =
    decryption.check === null || !decryption.verified ? 'not verified' : `${decryption.check} fits`;
  return `decrypted (${proof}): ${text}`;
}

function payloadsText(exchange: Exchange, entry: ExchangeMessage): string {
  const parts: string[] = [];
  const vendors: string[] = [];
  let unnamed = 0;
  let natSeen = false;
  for (const payload of entry.payloads) {
    const { content } = payload;
    if (content.kind === 'vendor-id') {
      const vendor = vendorName(content.data.bytes);
      if (vendor === null) unnamed += 1;
      else vendors.push(vendor);
      continue;
    }
    if (isNatHash(payload)) {
      if (!natSeen) parts.push(natText(exchange, entry));
      natSeen = true;
      continue;
    }
    const cut = payload.body.bytes.length + 4 < payload.length;
    parts.push(`${payloadText(exchange.version, payload)}${cut ? ' (cut)' : ''}`);
  }
  if (unnamed > 0) vendors.push(`${unnamed} unknown`);
  if (vendors.length > 0) parts.push(`VID (${vendors.join(', ')})`);
  return parts.length === 0 ? 'no payloads' : safeText(parts.join(', '));
}

function isNatHash({ content }: Payload): boolean {
  return (
    content.kind === 'nat-discovery' ||
    (content.kind === 'notification' &&
      content.doi === null &&
      (content.notifyType === 16388 || content.notifyType === 16389))
  );
}

function natText(exchange: Exchange, entry: ExchangeMessage): string {
  const claim = natClaim(entry.message, entry.payloads, exchange.transform?.hash ?? null);
  const wrong = [
    claim?.sourceFits === false ? 'source' : '',
    claim?.destinationFits === false ? 'destination' : '',
  ].filter((part) => part !== '');
  return wrong.length === 0 ? 'NAT-D (no NAT seen)' : `NAT-D (${wrong.join(' and ')} translated)`;
}

/** One payload in a few words. */
export function payloadText(version: 1 | 2, payload: Payload): string {
  const { content } = payload;
  const name = nameOrNumber(payloadTypes(version), payload.type);
  switch (content.kind) {
    case 'sa-v1':
    case 'sa-v2':
      return `SA (${proposalsText(version, payload)})`;
    case 'key-exchange':
      return content.group === null
        ? `KE (${content.data.bytes.length * 8} bit)`
        : `KE (group ${content.group})`;
    case 'identification':
      return `${name} ${shorten(readableIdentity(content.idType, content.data), 80)}`;
    case 'certificate': {
      const subject = readCertificate(content.data)?.subject;
      return `CERT (${subject ?? nameOrNumber(certificateEncodings, content.encoding)})`;
    }
    case 'notification':
      return `N(${notifyName(version, content.notifyType)})`;
    case 'delete':
      return `D(${nameOrNumber(protocolsV2, content.protocol)} ${content.spis.map(({ bytes }) => hex(bytes)).join(' ')})`;
    case 'configuration':
      return `${name}(${nameOrNumber(version === 1 ? configTypesV1 : configTypesV2, content.configType)})`;
    case 'authentication':
      return 'AUTH';
    case 'traffic-selectors':
      return `${name} ${content.selectors.map(selectorText).join(' ')}`;
    case 'eap':
      return 'EAP';
    case 'encrypted-fragment':
      return `SKF ${content.fragment} of ${content.total}`;
    case 'cisco-fragment':
      return `fragment ${content.number}${content.last ? ', the last' : ''}`;
    case 'unknown':
      return `payload ${name}`;
    case 'certificate-request':
    case 'hash':
    case 'signature':
    case 'nonce':
    case 'vendor-id':
    case 'nat-discovery':
    case 'nat-original-address':
    case 'encrypted':
      return name;
  }
}

function proposalsText(version: 1 | 2, payload: Payload): string {
  const phase1 = ikeTransforms([payload]);
  if (phase1.length === 1) return transformText(version, phase1[0]!);
  if (phase1.length > 1) return `${phase1.length} ${version === 1 ? 'transforms' : 'proposals'}`;
  const { content } = payload;
  if (content.kind !== 'sa-v1' && content.kind !== 'sa-v2') return '';
  return content.kind === 'sa-v1'
    ? content.proposals.map(childV1).join(' | ')
    : content.proposals.map(childV2).join(' | ');
}

function childV1(proposal: ProposalV1): string {
  if (proposal.protocol === ISAKMP) return 'nothing readable';
  const names = transformsOf(proposal.protocol);
  const ids = proposal.transforms.map(({ id }) => nameOrNumber(names, id));
  return `${ids.join(' or ')} SPI ${hex(proposal.spi.bytes)}`;
}

function childV2(proposal: ProposalV2): string {
  const ids = proposal.transforms
    .filter(({ type }) => type === 1)
    .map(({ id }) => nameOrNumber(encryptionTransforms, id));
  return `${ids.join(' or ') || nameOrNumber(protocolsV2, proposal.protocol)} SPI ${hex(proposal.spi.bytes)}`;
}
