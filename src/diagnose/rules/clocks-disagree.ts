import { eventOnLine } from '../../correlate/log-lines.ts';
import type { AttemptSide } from '../../model/incident.ts';
import type { LogTime } from '../../model/log.ts';
import type { ClockStep, RouterRecord } from '../../model/report.ts';
import { isFixedZone, zoneMinutes } from '../../correlate/wall-clock.ts';
import { duration, reasonOf } from '../clock-words.ts';
import type { ClockReason, ClockReference } from '../clock-words.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';

/** Two clocks this far apart mislead whoever reads two logs side by side. */
const NOTABLE_MS = 2000;

const STAMPS = '"service timestamps debug datetime msec localtime show-timezone year"';
const WITH_NTP = `Synchronise with NTP; use ${STAMPS}.`;

export const clocksDisagree: Rule = {
  id: 'clocks-disagree',
  title: 'Clocks disagree',
  severity: 'note',
  needs: ['log'],
  means:
    'The clock of a router is off against the capture or the other router, or was set while the log was written. Times in this report are corrected; times in the logs are not.',
  recognised:
    'Messages that both sides have lie apart by the same amount; where that amount changes from one line to the next, the clock was set there. Of two logs without a capture their own lines tell whose clock it was (one goes back, the mark of the stamps changes, a silence would be too long); where they do not, both are named. Quarters of an hour are told as a time zone that may differ, if there is such a zone and the stamps name neither UTC nor a distance from it.',
  fix: 'Synchronise the routers with NTP and log milliseconds with zone and year.',
  references: [REFERENCES.ike],
  supersedes: [],
  check: (file) =>
    file.incident.routers.flatMap((router): readonly Claim[] => {
      const side = sideOf(router, file);
      if (side?.log == null) return [];
      const name = router.name ?? router.addresses[0] ?? 'a router';
      const { offsetMs, steps = [] } = router.clock;
      const apart =
        offsetMs === null || Math.abs(offsetMs) < NOTABLE_MS
          ? []
          : [apartClaim(name, router, offsetMs, side, file)];
      return [
        ...apart,
        ...steps.map((step, index) => stepClaim(name, router, index, step, side, file)),
      ];
    }),
};

function sideOf(router: RouterRecord, file: CaseFile): AttemptSide | undefined {
  return file.incident.attempts
    .flatMap(({ initiator, responder }) => [initiator, responder])
    .find(
      (side) =>
        side.log !== null && router.inputs.includes(side.log.input) && side.router === router.name,
    );
}

/** Captures count in UTC; what --tz told of stamps, and the clock of another router, may be in any zone. */
function referenceOf({ incident }: CaseFile, { log }: AttemptSide): ClockReference {
  const isAssumed = incident.evidence.options.tz !== undefined && !isZoned(log?.firstTime ?? null);
  const hasCapture = incident.attempts.some(({ exchange }) => exchange !== null);
  return hasCapture && !isAssumed ? 'utc' : 'unknown';
}

const isZoned = (time: LogTime | null): boolean => time?.zone != null && isFixedZone(time.zone);

/** A stamp as it was read: where --tz is given, letters tell no zone. */
const asRead = (time: LogTime | null, { incident }: CaseFile): LogTime | null =>
  time === null || incident.evidence.options.tz === undefined || isZoned(time)
    ? time
    : { ...time, zone: null };

const direction = (offsetMs: number): string => (offsetMs > 0 ? 'ahead' : 'behind');

function apartClaim(
  name: string,
  router: RouterRecord,
  offsetMs: number,
  side: AttemptSide,
  file: CaseFile,
): Claim {
  const { basis, steps = [] } = router.clock;
  const log = side.log!;
  const time = asRead(log.firstTime, file);
  const reason = reasonOf(offsetMs, time, referenceOf(file, side));
  const until = steps[0] === undefined ? '' : `, until line ${steps[0].line}`;
  const title = `${titleOf(name, offsetMs, reason)}${until}`;
  const told = `${sentenceOf(name, offsetMs, reason)} (${basis})${until}.${because(reason, offsetMs, time)}`;
  return {
    attempt: null,
    key: name,
    title,
    explanation: told,
    summary: told,
    evidence: [
      {
        input: log.input,
        line: log.firstLine,
        text: `${name}: first line of the attempt`,
        basis: 'inferred',
        decisive: true,
      },
    ],
    remedies: [{ text: remedyFor(reason), verified: false }],
    settle: [],
  };
}

function titleOf(name: string, offsetMs: number, reason: ClockReason): string {
  const plain = sentenceOf(name, offsetMs, reason);
  if (reason.kind !== 'zone') return plain;
  return Math.abs(reason.restMs) < NOTABLE_MS
    ? `${plain}, probably another time zone`
    : `${plain}: probably another time zone, and ${duration(reason.restMs)} off`;
}

function sentenceOf(name: string, offsetMs: number, reason: ClockReason): string {
  switch (reason.kind) {
    case 'never-set':
      return `The clock of ${name} was never set`;
    case 'other-date':
      return `The clock of ${name} shows another date`;
    case 'zone':
    case 'days':
    case 'off':
      return `The clock of ${name} is ${duration(offsetMs)} ${direction(offsetMs)}`;
  }
}

/** What a distance is more likely than a clock that is wrong. */
function because(reason: ClockReason, offsetMs: number, time: LogTime | null): string {
  const zone = time?.zone ?? null;
  switch (reason.kind) {
    case 'zone': {
      const named = zone === null ? '' : ` ${zoneText(zone)}`;
      const rest =
        Math.abs(reason.restMs) < NOTABLE_MS
          ? ''
          : ` Without it the clock is ${duration(reason.restMs)} ${direction(reason.restMs)}.`;
      return ` A difference of whole hours, or of quarters of one, is more likely a time zone, or summer time, than a clock that is wrong.${rest}${named}`;
    }
    case 'days':
      return ` ${reason.days === 1 ? 'A whole day is' : 'Whole days are'} no time zone: the clock has another date, or this is another attempt that went the same way at the same time of day.`;
    case 'never-set':
      return ` Its stamps count from March 1, where IOS begins when nobody sets the clock, and are marked "*".`;
    case 'other-date':
      return ` Its stamps name no year, so that they tell no more than the distance to the nearest one: ${duration(offsetMs)} ${direction(offsetMs)}.`;
    case 'off':
      return zone !== null && isFixedZone(zone) && Math.abs(offsetMs) >= 1_800_000
        ? ` Its stamps name the zone ${zone}, so that it is the clock, not the zone.`
        : '';
  }
}

function zoneText(zone: string): string {
  const minutes = zoneMinutes(zone);
  return minutes === null
    ? `Its stamps name the zone ${zone}, which tells no distance from UTC here.`
    : `Its stamps name the zone ${zone}, read here as ${minutes === 0 ? 'UTC' : `${duration(minutes * 60_000)} ${direction(minutes)} of UTC`}; the name is one that a router is given, and may mean another one.`;
}

function remedyFor({ kind }: ClockReason): string {
  if (kind === 'zone')
    return `Compare the time zones of both ends; with ${STAMPS} a log names its own, and --tz tells one that it does not name, or that letters such as EST leave open.`;
  return kind === 'days' ? `Compare the dates of both. ${WITH_NTP}` : WITH_NTP;
}

function stepClaim(
  name: string,
  router: RouterRecord,
  index: number,
  step: ClockStep,
  side: AttemptSide,
  file: CaseFile,
): Claim {
  const { offsetMs, steps = [] } = router.clock;
  const before = steps.slice(0, index).reduce((sum, { byMs }) => sum + byMs, offsetMs ?? 0);
  const { kind } = reasonOf(
    before,
    asRead(side.log?.firstTime ?? null, file),
    referenceOf(file, side),
  );
  const isDated = kind !== 'never-set' && kind !== 'other-date';
  const amount = `${step.byMs < 0 ? 'back' : 'forward'} by ${step.isMeasured ? '' : 'about '}${duration(step.byMs)}`;
  const title = `The clock of ${name} is set${isDated ? ` ${amount}` : ''} at line ${step.line}${orText(step)}`;
  const placed =
    offsetMs === null
      ? ''
      : ` Before, it ${isDated ? aheadBy(before) : kind === 'never-set' ? 'was never set' : 'shows another date'}; then it ${aheadBy(before + step.byMs)}. Each side is placed with its own offset.`;
  const isHour = Math.abs(Math.abs(step.byMs) - 3_600_000) < NOTABLE_MS;
  const summer = isHour
    ? ` So it looks where summer time ${step.byMs < 0 ? 'ends' : 'begins'} and the stamps name no zone.`
    : '';
  const lines = step.or
    ? `the messages on both sides of it show that one of the two was set, and no line tells which. Here the lines behind it are placed as if it had been ${name}; line numbers are those of each log.`
    : step.isMeasured
      ? 'the messages on both sides of it show that it was set, for no clock drifts so fast.'
      : 'its lines alone tell so, and time may have passed between them.';
  const told = `${title}: ${lines}${placed}${summer}`;
  const { document } = side;
  const line = document?.input === step.input ? eventOnLine(document, step.line) : null;
  return {
    attempt: null,
    key: `${name} ${step.input} ${step.line}`,
    title,
    explanation: told,
    summary: told,
    evidence: [
      {
        input: step.input,
        line: step.line,
        text: line === null ? `${name}: the first line after it` : line.text,
        basis: 'inferred',
        decisive: true,
      },
    ],
    remedies: [{ text: WITH_NTP, verified: false }],
    settle: [],
  };
}

function orText({ or }: ClockStep): string {
  return or === undefined
    ? ''
    : `, or that of ${or.router ?? 'the other router'} ${or.byMs < 0 ? 'back' : 'forward'} at its line ${or.line}`;
}

const aheadBy = (ms: number): string =>
  Math.abs(ms) < 500 ? 'agrees' : `is ${duration(ms)} ${direction(ms)}`;
