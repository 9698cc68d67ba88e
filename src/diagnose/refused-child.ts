import { hex } from '../bytes/hex.ts';
import { isRequest } from '../exchange/entries.ts';
import { isErrorNotification } from '../isakmp/registry/notify-types.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { PayloadContent, ProposalV2 } from '../model/isakmp.ts';
import { childExchanges, type ChildExchange } from './child-exchanges.ts';
import { listed, notificationName, otherSide, senderOf } from './facts.ts';

/** What a CREATE_CHILD_SA asks for (RFC 7296 section 1.3): one more child SA, a child SA or the IKE SA in the place of the old one. */
export type Wish = 'child' | 'child-rekey' | 'ike-rekey';

/** A CREATE_CHILD_SA that was opened, and answered by an error. */
export type RefusedChild = {
  readonly wish: Wish;
  readonly notifyType: number;
  /** Name of the error. */
  readonly answer: string;
  /** Either end may ask, whoever began the IKE SA. */
  readonly asker: AttemptSide;
  readonly refuser: AttemptSide;
  readonly request: ExchangeMessage;
  readonly response: ExchangeMessage;
  /** SPI of the child SA to be renewed, as the asker receives under it. */
  readonly spi: string | null;
  /** What was asked for was granted later. */
  readonly isOvercome: boolean;
  /** The algorithms were accepted before, so that the Diffie-Hellman group alone can be meant. */
  readonly isAboutGroup: boolean;
  /** Diffie-Hellman groups of the request; empty without perfect forward secrecy. */
  readonly groups: readonly number[];
};

const REKEY_SA = 16393;
const IKE = 1;
const GROUP = 4;

const contentsOf = ({ payloads }: ExchangeMessage): readonly PayloadContent[] =>
  payloads.map(({ content }) => content);

const proposalsOf = (entry: ExchangeMessage): readonly ProposalV2[] =>
  contentsOf(entry).flatMap((content) => (content.kind === 'sa-v2' ? content.proposals : []));

const renewed = (
  entry: ExchangeMessage,
): Extract<PayloadContent, { kind: 'notification' }> | undefined =>
  contentsOf(entry).find(
    (content) => content.kind === 'notification' && content.notifyType === REKEY_SA,
  ) as Extract<PayloadContent, { kind: 'notification' }> | undefined;

function wishOf(request: ExchangeMessage): Wish {
  if (renewed(request) !== undefined) return 'child-rekey';
  return proposalsOf(request).some(({ protocol }) => protocol === IKE) ? 'ike-rekey' : 'child';
}

/** The networks of a child SA, whichever end names them first. */
const networksOf = (entry: ExchangeMessage): string =>
  contentsOf(entry)
    .flatMap((content) => (content.kind === 'traffic-selectors' ? content.selectors : []))
    .map(({ startAddress, endAddress }) => `${startAddress}-${endAddress}`)
    .sort()
    .join(' ');

const isGranted = ({ response }: ChildExchange): boolean =>
  contentsOf(response).some(({ kind }) => kind === 'sa-v2');

/** Another request for the same, by either end. */
function asksForSame(one: ExchangeMessage, other: ExchangeMessage): boolean {
  const isIke = wishOf(one) === 'ike-rekey';
  return (
    isIke === (wishOf(other) === 'ike-rekey') && (isIke || networksOf(one) === networksOf(other))
  );
}

/** What a transform is, but for the group. */
const algorithmsOf = ({ transforms }: ProposalV2): readonly string[] =>
  transforms
    .filter(({ type }) => type !== GROUP)
    .map(
      ({ type, id, attributes }) =>
        `${type} ${id} ${attributes.map(({ value }) => String(value)).join(' ')}`,
    );

/** A child SA was accepted under the same IKE SA, for the same networks if it is not renewed, whose algorithms the request offers again. */
function wasAccepted(messages: readonly ExchangeMessage[], request: ExchangeMessage): boolean {
  const offered = proposalsOf(request).map(algorithmsOf);
  const isRekey = wishOf(request) === 'child-rekey';
  return messages
    .slice(0, messages.indexOf(request))
    .filter(
      (entry) =>
        (entry.step === 'AUTH' || entry.step === 'CREATE_CHILD_SA') &&
        !isRequest(entry) &&
        (isRekey || networksOf(entry) === networksOf(request)),
    )
    .flatMap((entry) => proposalsOf(entry).filter(({ protocol }) => protocol !== IKE))
    .map(algorithmsOf)
    .some(
      (accepted) =>
        accepted.length > 0 &&
        offered.some((one) => accepted.every((algorithm) => one.includes(algorithm))),
    );
}

/** Several rules ask for them, some for every notification. */
const CACHE = new WeakMap<Attempt, readonly RefusedChild[]>();

/** Every CREATE_CHILD_SA that one end refused, in order, as far as keys open them. */
export function refusedChildren(attempt: Attempt): readonly RefusedChild[] {
  let refused = CACHE.get(attempt);
  if (refused === undefined) {
    refused = readRefused(attempt);
    CACHE.set(attempt, refused);
  }
  return refused;
}

function readRefused(attempt: Attempt): readonly RefusedChild[] {
  if (attempt.version !== 2 || attempt.exchange === null) return [];
  const { messages } = attempt.exchange;
  const pairs = childExchanges(
    messages.filter(({ decryption }) => decryption?.kind === 'decrypted'),
  );
  return pairs.flatMap((pair, at) => {
    const { request, response } = pair;
    const asker = senderOf(attempt, request);
    const error = contentsOf(response).find(
      (content) => content.kind === 'notification' && isErrorNotification(content.notifyType),
    );
    if (error?.kind !== 'notification' || asker === null || isGranted(pair)) return [];
    const wish = wishOf(request);
    const spi = renewed(request)?.spi.bytes ?? null;
    const groups = proposalsOf(request).flatMap(({ transforms }) =>
      transforms.filter(({ type, id }) => type === GROUP && id !== 0).map(({ id }) => id),
    );
    return [
      {
        wish,
        notifyType: error.notifyType,
        answer: notificationName(attempt, error),
        asker,
        refuser: otherSide(attempt, asker),
        request,
        response,
        spi: spi === null || spi.length === 0 ? null : hex(spi),
        isOvercome: pairs
          .slice(at + 1)
          .some((later) => isGranted(later) && asksForSame(request, later.request)),
        isAboutGroup: wish !== 'ike-rekey' && wasAccepted(messages, request),
        groups: [...new Set(groups)],
      },
    ];
  });
}

/** The last that was refused with one of these errors and not granted since. */
export const refusedFor = (
  attempt: Attempt,
  ...types: readonly number[]
): RefusedChild | undefined =>
  refusedChildren(attempt).findLast(
    ({ notifyType, isOvercome }) => types.includes(notifyType) && !isOvercome,
  );

/** `the child SA (SPI 01020304)`, as the object of a sentence. */
export function wished({ wish, spi }: RefusedChild): string {
  if (wish === 'child') return 'one more child SA';
  return wish === 'ike-rekey' ? 'the IKE SA' : `the child SA${spi === null ? '' : ` (SPI ${spi})`}`;
}

/** `R2 refuses to renew the child SA of R1`. */
export const refusalTitle = ({ refuser, asker, wish }: RefusedChild): string =>
  wish === 'child'
    ? `${refuser.label} refuses one more child SA of ${asker.label}`
    : `${refuser.label} refuses to renew the ${wish === 'ike-rekey' ? 'IKE' : 'child'} SA that it has with ${asker.label}`;

/** What was asked for in a tunnel that is up, and what was answered. */
export function refusalIntro(attempt: Attempt, refused: RefusedChild): string {
  const { initiator, responder } = attempt;
  const { asker, refuser, answer, wish } = refused;
  const verb = wish === 'child' ? 'set up' : 'renew';
  return `The tunnel between ${initiator.label} and ${responder.label} is up. ${asker.label} wants to ${verb} ${wished(refused)} (CREATE_CHILD_SA), and ${refuser.label} answers ${answer}.`;
}

/** How long what stands goes on. */
export function standsUntil({ wish }: RefusedChild): string {
  switch (wish) {
    case 'child':
      return 'What stands is not touched; only the traffic of the refused child SA has no way.';
    case 'child-rekey':
      return 'Traffic goes on under the old child SA until its lifetime ends, and stops then unless the rekey succeeds.';
    case 'ike-rekey':
      return 'Traffic goes on until the lifetime of the IKE SA ends; with it the child SAs end, and the tunnel has to be set up anew.';
  }
}

/** `group 14`, `no Diffie-Hellman group`. */
export const groupsAsked = ({ groups }: RefusedChild): string =>
  groups.length === 0 ? 'no Diffie-Hellman group' : `group ${listed(groups.map(String))}`;
