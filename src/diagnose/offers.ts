import {
  authenticationMethods,
  encryptionAlgorithms,
  hashAlgorithms,
} from '../isakmp/registry/phase1.ts';
import { groups } from '../isakmp/registry/groups.ts';
import { nameOrNumber } from '../isakmp/registry/table.ts';
import {
  encryptionTransforms,
  integrityTransforms,
  prfTransforms,
} from '../isakmp/registry/v2-transforms.ts';
import type { NegotiatedTransform } from '../model/exchange.ts';
import type { Attempt } from '../model/incident.ts';
import { isWhole, policyChecks, suiteText } from './suites.ts';

const SHOWN = 4;

function offerText(offer: NegotiatedTransform, version: 1 | 2): string {
  const parts: string[] = [];
  const name = (value: number | null, names: ReadonlyMap<number, string>): void => {
    if (value !== null) parts.push(nameOrNumber(names, value));
  };
  name(offer.encryption, version === 1 ? encryptionAlgorithms : encryptionTransforms);
  if (offer.keyLength !== null) parts.push(String(offer.keyLength));
  name(offer.hash, version === 1 ? hashAlgorithms : integrityTransforms);
  if (version === 2) name(offer.prf, prfTransforms);
  name(offer.group, groups);
  if (version === 1) name(offer.authentication, authenticationMethods);
  return parts.join(' ');
}

/** The same by the debug of the responder, in the words of a policy; null where it does not print the offers. */
export function loggedOffer({ responder }: Attempt): string | null {
  const texts = [
    ...new Set(
      policyChecks(responder)
        .filter(({ offer }) => isWhole(offer))
        .map(({ offer }) => suiteText(offer)),
    ),
  ];
  return texts.length === 0 ? null : shown(texts);
}

function shown(texts: readonly string[]): string {
  const more = texts.length - SHOWN;
  return `${texts.slice(0, SHOWN).join('; ')}${more > 0 ? `; and ${String(more)} more` : ''}`;
}

/** What the initiator offered, in words; null without packets. */
export function describeOffer(attempt: Attempt): string | null {
  const offers = attempt.exchange?.offered ?? [];
  if (offers.length === 0) return null;
  return shown(offers.map((offer) => offerText(offer, attempt.version)));
}
