import { readableIdentity } from '../isakmp/identity.ts';
import {
  encapsulationModes,
  Phase2,
  phase2Authentication,
  protocolsV1,
  transformsOf,
} from '../isakmp/registry/phase2.ts';
import { nameOrNumber } from '../isakmp/registry/table.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { TransformV1 } from '../model/isakmp.ts';

/** What a decrypted QM1 asks for, in words. */
export type QuickModeOffer = {
  readonly transforms: readonly OfferedTransform[];
  /** IDci and IDcr: what the sender protects at its own end and at the other; null where it names none. */
  readonly networks: { readonly own: string; readonly far: string } | null;
};

export type OfferedTransform = {
  /** Algorithms, key length and mode. */
  readonly text: string;
  /** Of perfect forward secrecy. */
  readonly group: number | null;
};

const SHOWN = 4;

/** Null while it is closed. */
export function offerIn(entry: ExchangeMessage): QuickModeOffer | null {
  if (entry.decryption?.kind !== 'decrypted') return null;
  const contents = entry.payloads.map(({ content }) => content);
  const proposals = contents.flatMap((content) =>
    content.kind === 'sa-v1' ? content.proposals : [],
  );
  // RFC 2409 section 5.5: IDci comes before IDcr.
  const [own, far] = contents.flatMap((content) =>
    content.kind === 'identification' ? [readableIdentity(content.idType, content.data)] : [],
  );
  return {
    transforms: proposals.flatMap(({ protocol, transforms }) =>
      transforms.map((transform) => offered(protocol, transform)),
    ),
    networks: own === undefined || far === undefined ? null : { own, far },
  };
}

function offered(protocol: number, { id, attributes }: TransformV1): OfferedTransform {
  const value = (type: number): number | null =>
    attributes.find((attribute) => attribute.type === type)?.value ?? null;
  const [keyLength, authentication, mode] = [
    value(Phase2.keyLength),
    value(Phase2.authentication),
    value(Phase2.encapsulation),
  ];
  const parts = [
    transformsOf(protocol).get(id) ?? `${nameOrNumber(protocolsV1, protocol)} ${String(id)}`,
    ...(keyLength === null ? [] : [String(keyLength)]),
    ...(authentication === null ? [] : [nameOrNumber(phase2Authentication, authentication)]),
    ...(mode === null ? [] : [nameOrNumber(encapsulationModes, mode)]),
  ];
  return { text: parts.join(' '), group: value(Phase2.group) };
}

/** The transforms of an offer in one line, the first few of many. */
export function transformsText({ transforms }: QuickModeOffer): string | null {
  if (transforms.length === 0) return null;
  const texts = transforms.map(({ text, group }) =>
    group === null ? `${text} without perfect forward secrecy` : `${text} group ${String(group)}`,
  );
  const more = texts.length - SHOWN;
  return `${texts.slice(0, SHOWN).join('; ')}${more > 0 ? `; and ${String(more)} more` : ''}`;
}

/** Two offers that agree in a transform and disagree in the group of perfect forward secrecy. */
export function differInGroupAlone(a: QuickModeOffer, b: QuickModeOffer): boolean {
  const pairs = a.transforms.flatMap((one) =>
    b.transforms.flatMap((other) => (one.text === other.text ? [one.group === other.group] : [])),
  );
  return pairs.length > 0 && pairs.every((same) => !same);
}
