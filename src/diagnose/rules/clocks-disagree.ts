import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';

/** Two clocks this far apart mislead whoever reads two logs side by side. */
const NOTABLE_MS = 2000;

function duration(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 120) return `${seconds.toFixed(3)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(1)} minutes`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(2)} hours`;
  return `${(seconds / 86_400).toFixed(2)} days`;
}

const STAMPS = '"service timestamps debug datetime msec localtime show-timezone year"';
const HOUR_MS = 3_600_000;
/** Zones lie within fourteen hours of UTC, and so within 26 of one another. */
const MOST_HOURS = 26;
/** Clocks that are kept by NTP are nearer than this. */
const NEAR_MS = 5000;

/** Whole hours by which two clocks differ that agree otherwise; null where they do not agree. */
function hoursApart(offsetMs: number): number | null {
  const hours = Math.round(offsetMs / HOUR_MS);
  const fits = Math.abs(offsetMs - hours * HOUR_MS) < NEAR_MS;
  return fits && hours !== 0 && Math.abs(hours) <= MOST_HOURS ? hours : null;
}

export const clocksDisagree: Rule = {
  id: 'clocks-disagree',
  title: 'Clocks disagree',
  severity: 'note',
  needs: ['log'],
  means:
    'The clock of a router is off against the capture or the other router. Times in this report are corrected; times in the logs are not.',
  recognised:
    'Messages that both sides have lie apart by the same amount. Whole hours are told as a time zone that may differ.',
  fix: 'Synchronise the routers with NTP and log milliseconds with zone and year.',
  references: [REFERENCES.ike],
  supersedes: [],
  check: (file) =>
    file.incident.routers.flatMap((router): readonly Claim[] => {
      const { offsetMs, basis } = router.clock;
      if (offsetMs === null || Math.abs(offsetMs) < NOTABLE_MS) return [];
      const attempt = file.incident.attempts.find((entry) =>
        [entry.initiator, entry.responder].some(
          (side) =>
            side.log !== null &&
            router.inputs.includes(side.log.input) &&
            side.router === router.name,
        ),
      );
      const side = [attempt?.initiator, attempt?.responder].find(
        (entry) => entry?.log != null && entry.router === router.name,
      );
      if (side?.log == null) return [];
      const name = router.name ?? router.addresses[0] ?? 'a router';
      const hours = hoursApart(offsetMs);
      const apart = `${duration(offsetMs)} ${offsetMs > 0 ? 'ahead' : 'behind'}`;
      const zone =
        hours === null
          ? ''
          : ' A difference of whole hours is more likely a time zone, or summer time, than a clock that is wrong.';
      const told = `The clock of ${name} is ${apart} (${basis}).${zone}`;
      return [
        {
          attempt: null,
          key: name,
          title: `The clock of ${name} is ${apart}${hours === null ? '' : ', probably another time zone'}`,
          explanation: told,
          summary: told,
          evidence: [
            {
              input: side.log.input,
              line: side.log.firstLine,
              text: `${name}: first line of the attempt`,
              basis: 'inferred',
              decisive: true,
            },
          ],
          remedies: [
            {
              text:
                hours === null
                  ? `Synchronise with NTP; use ${STAMPS}.`
                  : `Compare the time zones of both ends; with ${STAMPS} a log names its own.`,
              verified: false,
            },
          ],
          settle: [],
        },
      ];
    }),
};
