import { fragmentSets, missingText } from '../../exchange/ike-fragments.ts';
import { answerBySize, authEnd } from '../../exchange/ike-auth.ts';
import { isOriginal } from '../../exchange/entries.ts';
import { trusted } from '../../exchange/facts.ts';
import { stopPoint } from '../../exchange/stop.ts';
import type { Resend, StopPoint } from '../../exchange/stop.ts';
import { isErrorNotification } from '../../isakmp/registry/notify-types.ts';
import type { Exchange, Step } from '../../model/exchange.ts';
import { notifyName } from './names.ts';

/** What became of an exchange, in one sentence without a period at the end. */
export function exchangeVerdict(exchange: Exchange, stop: StopPoint = stopPoint(exchange)): string {
  const parts = [phaseText(exchange, stop), ...trouble(exchange, stop)];
  const { rekeyedFrom } = exchange;
  if (rekeyedFrom !== null) {
    const [request, response] = rekeyedFrom.frames;
    parts.push(`rekeyed from ${rekeyedFrom.exchange} in frames ${request} and ${response}`);
  } else if (exchange.startedBefore) parts.push('began before the capture');
  return parts.join('; ');
}

const phaseNames: Readonly<Record<Exchange['mode'], string>> = {
  main: 'main mode',
  aggressive: 'aggressive mode',
  base: 'base exchange',
  quick: 'quick mode',
  informational: 'informational',
  ikev2: 'IKE SA',
  unknown: 'exchange',
};

function phaseText(exchange: Exchange, stop: StopPoint): string {
  if (exchange.mode === 'informational') return 'informational exchange on its own';
  const name = phaseNames[exchange.mode];
  if (exchange.completed) return `${name} complete${phase2Text(exchange)}`;
  const isAtEnd = LAST_STEPS.has(stop.lastStep ?? 'OTHER');
  const isAnswered = exchange.messages.some(
    ({ step, direction }) => step === 'AUTH' && direction === 'r2i',
  );
  if (stop.expected !== null || !(isAtEnd || isAnswered)) return `${name} not complete`;
  const end = exchange.version === 2 ? authEnd(exchange.messages) : null;
  if (end?.kind === 'refused' && end.how !== 'size') {
    return `${name} refused by the ${end.by} (${HOW[end.how]} in frame ${end.entry.message.frame})`;
  }
  if (end?.kind === 'open' && end.answer?.decryption?.kind === 'decrypted') {
    return `${name} not complete; AUTH (frame ${end.answer.message.frame}) is not the last word of IKE_AUTH`;
  }
  if (end?.kind === 'not-received') {
    const { message } = end.answer;
    const shows = end.receipt.isPartial
      ? 'is not whole in the capture'
      : 'is followed by its request again';
    return `${name} not complete; AUTH (frame ${message.frame}) ${shows}`;
  }
  const where = isAtEnd ? 'at its last message' : 'authenticated or refused';
  return authRefusal(exchange) ?? `${name} ${where}; nothing that follows shows whether it came up`;
}

const HOW: Readonly<Record<'notification' | 'eap-failure' | 'delete', string>> = {
  notification: 'an error notification',
  'eap-failure': 'EAP-Failure',
  delete: 'it deletes the IKE SA at once',
};

const LAST_STEPS: ReadonlySet<Step> = new Set(['MM6', 'AM3', 'AUTH']);

function authRefusal({ messages }: Exchange): string | null {
  const answer = answerBySize(messages);
  return answer?.refuses === true
    ? `IKE SA not complete; AUTH (frame ${answer.entry.message.frame}) is too small to be more than a refusal (inferred)`
    : null;
}

function phase2Text(exchange: Exchange): string {
  const count = (step: Step): number =>
    trusted(exchange.messages).filter((entry) => entry.step === step && isOriginal(entry)).length;
  if (exchange.version === 2) {
    const children = Math.floor(count('CREATE_CHILD_SA') / 2);
    return children === 0 ? '' : `, ${plural(children, 'CREATE_CHILD_SA exchange')}`;
  }
  const begun = count('QM1');
  const done = Math.min(count('QM3'), begun);
  if (begun === 0) return '';
  return done === begun
    ? `, ${plural(done, 'quick mode')} complete`
    : `, ${done} of ${plural(begun, 'quick mode')} complete`;
}

function trouble(exchange: Exchange, stop: StopPoint): readonly string[] {
  const parts: string[] = [];
  if (stop.expected !== null && stop.lastStep !== null) {
    const last = `${stop.lastStep} (frame ${stop.lastFrame ?? 0})${schedule(stop.resends)}`;
    if (stop.silent !== null) {
      parts.push(`no answer to ${last}: ${stop.silent} silent`);
    } else if (stop.repeating !== null && stop.insteadFrames.length === 0) {
      parts.push(`no answer to ${last}: ${stop.repeating} repeats what it sent before`);
    } else if (stop.insteadFrames.length > 0) {
      parts.push(
        `${last}${stop.resends.length > 0 ? ',' : ''} answered by ${plural(stop.insteadFrames.length, 'informational')} instead of ${stop.expected}`,
      );
    } else parts.push(`nothing follows ${last}`);
  }
  for (const set of fragmentSets(exchange.messages)) {
    if (set.missing !== null) parts.push(`${set.step}: ${missingText(set)}`);
  }
  const errors = exchange.notifications.filter(
    ({ notifyType }) => isErrorNotification(notifyType) && !isOvercome(exchange, notifyType),
  );
  const names = new Set(
    errors.map(
      ({ notifyType, isProtected, direction }) =>
        `${direction === null ? '' : direction === 'i2r' ? 'initiator says ' : 'responder says '}${notifyName(exchange.version, notifyType)}${isProtected ? '' : ' (unprotected)'}`,
    ),
  );
  return [...parts, ...names];
}

const INVALID_KE_PAYLOAD = 17;

/** RFC 7296 §1.2: the initiator began again with the group that the responder wants. */
function isOvercome(exchange: Exchange, notifyType: number): boolean {
  return exchange.version === 2 && notifyType === INVALID_KE_PAYLOAD && exchange.transform !== null;
}

function schedule(resends: readonly Resend[]): string {
  if (resends.length === 0) return '';
  const gaps = resends.flatMap(({ gapMs }) => (gapMs === null ? [] : [gapMs]));
  if (gaps.length < resends.length) return ` sent ${resends.length + 1} times`;
  const shown = gaps.slice(0, 6).map(seconds);
  const more = resends.length > shown.length ? ', …' : '';
  return ` sent ${resends.length + 1} times, ${shown.join(', ')}${more} s apart`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
