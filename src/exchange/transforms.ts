import { Phase1 } from '../isakmp/registry/phase1.ts';
import type { NegotiatedTransform } from '../model/exchange.ts';
import type { Attribute, Payload, PayloadContent, ProposalV2 } from '../model/isakmp.ts';

const ISAKMP = 1;
const SECONDS = 1;
const KILOBYTES = 2;
const KEY_LENGTH_V2 = 14;

const nothing: NegotiatedTransform = {
  encryption: null,
  keyLength: null,
  hash: null,
  prf: null,
  group: null,
  authentication: null,
  lifeSeconds: null,
  lifeKilobytes: null,
};

/**
 * The phase 1 (IKE SA) transforms of the SA payload of a message, in order. An IKEv2 proposal offers sets of
 * algorithms; it counts as one, by the first of each set.
 */
export function ikeTransforms(payloads: readonly Payload[]): readonly NegotiatedTransform[] {
  for (const { content } of payloads) {
    if (content.kind === 'sa-v1' || content.kind === 'sa-v2') return transformsOf(content);
  }
  return NONE;
}

type Proposals = Extract<PayloadContent, { kind: 'sa-v1' | 'sa-v2' }>;

/** Messages that offer the same share the content (see isakmp/shared-bodies.ts), and so their transforms. */
const known = new WeakMap<Proposals, readonly NegotiatedTransform[]>();

function transformsOf(content: Proposals): readonly NegotiatedTransform[] {
  const before = known.get(content);
  if (before !== undefined) return before;
  const transforms =
    content.kind === 'sa-v1'
      ? content.proposals
          .filter(({ protocol }) => protocol === ISAKMP)
          .flatMap((proposal) =>
            proposal.transforms.map(({ attributes }) => fromPhase1(attributes)),
          )
      : content.proposals.filter(({ protocol }) => protocol === ISAKMP).map(fromProposal);
  known.set(content, transforms);
  return transforms;
}

const NONE: readonly NegotiatedTransform[] = [];

function fromPhase1(attributes: readonly Attribute[]): NegotiatedTransform {
  const { lifeSeconds, lifeKilobytes } = lifetimes(
    attributes,
    Phase1.lifeType,
    Phase1.lifeDuration,
  );
  return {
    encryption: valueOf(attributes, Phase1.encryption),
    keyLength: valueOf(attributes, Phase1.keyLength),
    hash: valueOf(attributes, Phase1.hash),
    prf: valueOf(attributes, Phase1.prf),
    group: valueOf(attributes, Phase1.group),
    authentication: valueOf(attributes, Phase1.authentication),
    lifeSeconds,
    lifeKilobytes,
  };
}

function valueOf(attributes: readonly Attribute[], type: number): number | null {
  for (const attribute of attributes) if (attribute.type === type) return attribute.value;
  return null;
}

/** RFC 2407 §4.5, RFC 2409 Appendix A: each life type is followed by the duration that it counts. */
export function lifetimes(
  attributes: readonly Attribute[],
  lifeType: number,
  lifeDuration: number,
): { readonly lifeSeconds: number | null; readonly lifeKilobytes: number | null } {
  let unit = SECONDS;
  let lifeSeconds: number | null = null;
  let lifeKilobytes: number | null = null;
  for (const { type, value } of attributes) {
    if (type === lifeType && value !== null) unit = value;
    if (type !== lifeDuration) continue;
    if (unit === SECONDS) lifeSeconds ??= value;
    if (unit === KILOBYTES) lifeKilobytes ??= value;
  }
  return { lifeSeconds, lifeKilobytes };
}

function fromProposal(proposal: ProposalV2): NegotiatedTransform {
  const first = (type: number): ProposalV2['transforms'][number] | undefined =>
    proposal.transforms.find((transform) => transform.type === type);
  const encryption = first(1);
  return {
    ...nothing,
    encryption: encryption?.id ?? null,
    keyLength: encryption?.attributes.find(({ type }) => type === KEY_LENGTH_V2)?.value ?? null,
    prf: first(2)?.id ?? null,
    hash: first(3)?.id ?? null,
    group: first(4)?.id ?? null,
  };
}
