import { isOriginal } from '../../exchange/facts.ts';
import { stopPoint } from '../../exchange/stop.ts';
import type { Resend } from '../../exchange/stop.ts';
import { isErrorNotification } from '../../isakmp/registry/notify-types.ts';
import type { Exchange, Step } from '../../model/exchange.ts';
import { notifyName } from './names.ts';

/** What became of an exchange, in one sentence without a period at the end. */
export function exchangeVerdict(exchange: Exchange): string {
  const parts = [phaseText(exchange), ...trouble(exchange)];
  if (exchange.startedBefore) parts.push('began before the capture');
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

function phaseText(exchange: Exchange): string {
  if (exchange.mode === 'informational') return 'informational exchange on its own';
  const name = phaseNames[exchange.mode];
  if (exchange.completed) return `${name} complete${phase2Text(exchange)}`;
  const stop = stopPoint(exchange);
  const finished =
    stop.expected === null &&
    (stop.lastStep === 'MM6' || stop.lastStep === 'AM3' || stop.lastStep === 'AUTH');
  return finished
    ? `${name} at its last message; nothing that follows shows whether it came up`
    : `${name} not complete`;
}

function phase2Text(exchange: Exchange): string {
  const count = (step: Step): number =>
    exchange.messages.filter((entry) => entry.step === step && isOriginal(entry)).length;
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

function trouble(exchange: Exchange): readonly string[] {
  const stop = stopPoint(exchange);
  const parts: string[] = [];
  if (stop.expected !== null && stop.lastStep !== null) {
    const sent =
      stop.resends.length === 0
        ? ''
        : `, sent ${stop.resends.length + 1} times${schedule(stop.resends)}`;
    const last = `${stop.lastStep} (frame ${stop.lastFrame ?? 0}${sent})`;
    if (stop.silent !== null) parts.push(`${stop.silent} silent after ${last}`);
    else if (stop.insteadFrames.length > 0) {
      parts.push(
        `${last} answered by ${plural(stop.insteadFrames.length, 'informational')} instead of ${stop.expected}`,
      );
    } else parts.push(`nothing follows ${last}`);
  }
  const errors = exchange.notifications.filter(({ notifyType }) => isErrorNotification(notifyType));
  const names = new Set(
    errors.map(
      ({ notifyType, isProtected, direction }) =>
        `${direction === null ? '' : direction === 'i2r' ? 'initiator says ' : 'responder says '}${notifyName(exchange.version, notifyType)}${isProtected ? '' : ' (unprotected)'}`,
    ),
  );
  return [...parts, ...names];
}

function schedule(resends: readonly Resend[]): string {
  const shown = resends.slice(0, 6).map(({ gapMs }) => seconds(gapMs));
  return ` after ${shown.join(', ')}${resends.length > shown.length ? ', …' : ''} s`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
