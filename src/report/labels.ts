import type { EvidencePlace } from '../model/evidence.ts';
import type { Confidence, Finding, Severity } from '../model/finding.ts';
import type { AnalysisReport, Decision, InputRecord, Negotiation } from '../model/report.ts';

/** Words that every reporter shares. */

export const CONFIDENCE_MEANS: Readonly<Record<Confidence, string>> = {
  proven: 'by cryptography or octets in clear',
  observed: 'a router logged it',
  inferred: 'a pattern on the wire',
  predicted: 'by the rules, from the configuration',
};

export const SEVERITY_ORDER: readonly Severity[] = ['failure', 'warning', 'note'];

export const DECISION_WHAT: Readonly<Record<Decision['what'], string>> = {
  keyring: 'keyring',
  profile: 'profile',
  verification: 'verification',
  'phase2-profile': 'phase 2 profile',
};

/** What the two phases of an attempt set up: IKEv2 knows no phases (RFC 7296 §1.2). */
export const phaseNames = (ikeVersion: 1 | 2): readonly [string, string] =>
  ikeVersion === 2 ? ['IKE SA', 'child SA'] : ['phase 1', 'phase 2'];

/** The same above a column of several attempts. */
export const phaseHeaders = (
  of: readonly { readonly ikeVersion: 1 | 2 }[],
): readonly [string, string] => phaseNames(of.every((n) => n.ikeVersion === 2) ? 2 : 1);

export const INPUT_KIND: Readonly<Record<InputRecord['kind'], string>> = {
  capture: 'capture',
  'ios-debug': 'debug log',
  'ios-config': 'configuration',
  'ios-show': 'show output',
  'key-material': 'key material',
};

const MODE: Readonly<Record<Negotiation['exchange'], string>> = {
  main: 'IKEv1 main mode',
  aggressive: 'IKEv1 aggressive mode',
  ikev2: 'IKEv2',
};

type PhaseOneSeen = Pick<Negotiation, 'exchange' | 'statePath' | 'packetStates'>;

/** Main mode is what is assumed where no line tells another: whether something of it was seen. */
export const seesMainMode = ({ statePath, packetStates }: PhaseOneSeen): boolean =>
  statePath.some((state) => /_MM\d/.test(state)) ||
  packetStates.some((state) => /^MM_/.test(state));

export const modeLabel = (
  negotiation: PhaseOneSeen & Pick<Negotiation, 'frames' | 'assumed'>,
): string =>
  negotiation.assumed?.includes('ikeVersion') === true
    ? 'IKE'
    : negotiation.exchange !== 'main' || negotiation.frames.length > 0 || seesMainMode(negotiation)
      ? MODE[negotiation.exchange]
      : 'IKEv1';

/** Only a part was asked for, and nothing is in it. */
export const noneLeft = (what: 'exchange' | 'negotiation of this file'): string =>
  `No ${what} is left. Without --peer, --since and --until all are told.`;

/** `sa-request` is a moment, the rest are messages and are written as such. */
export function stepLabel(step: string): string {
  return step === 'sa-request' ? 'SA request' : step.toUpperCase();
}

/** `router`, or what else tells one end from the other. */
export function sideName(negotiation: Negotiation): string {
  return negotiation.router ?? negotiation.localAddress ?? negotiation.role;
}

/** `R1 initiator`; a router that nothing names goes by its role alone. */
export const namedRole = (negotiation: Negotiation): string => {
  const name = sideName(negotiation);
  const role = roleText(negotiation);
  return name === role || role === '' ? name : `${name} ${role}`;
};

/** Nothing where no line tells it. */
export const roleText = ({ role, assumed }: Negotiation): string =>
  assumed?.includes('role') === true ? '' : role;

/** Findings by severity, in the order of the report within one. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return SEVERITY_ORDER.flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
}

/** The finding that the verdict names. */
export function primaryFinding(report: AnalysisReport): Finding | null {
  const named = report.findings.filter(({ id }) => id === report.verdict.finding);
  const { negotiation } = report.verdict;
  return (
    named.find(({ negotiations }) => negotiation !== null && negotiations.includes(negotiation)) ??
    named[0] ??
    null
  );
}

export type PlaceWriter = (place: EvidencePlace) => string;

/** The shortest ends of paths that still tell them apart: `debug.txt`, or `r1/debug.txt` beside `r2/debug.txt`. */
export function shortPaths(paths: readonly string[]): ReadonlyMap<string, string> {
  const ends = (path: string, depth: number): string => path.split(/[\\/]/).slice(-depth).join('/');
  const short = new Map<string, string>();
  for (let depth = 1; short.size < new Set(paths).size; depth += 1) {
    const counts = new Map<string, number>();
    for (const path of new Set(paths)) {
      counts.set(ends(path, depth), (counts.get(ends(path, depth)) ?? 0) + 1);
    }
    for (const path of paths) {
      const whole = path.split(/[\\/]/).length <= depth;
      if (!short.has(path) && (whole || counts.get(ends(path, depth)) === 1)) {
        short.set(path, whole ? path : ends(path, depth));
      }
    }
  }
  return short;
}

/** `r1.log:143`, `path.pcap frame 5`, `path.pcap frame 5 octet 46`. */
export function placeWriter(report: AnalysisReport, form: 'full' | 'short' = 'full'): PlaceWriter {
  const short = shortPaths(report.inputs.map(({ path }) => path));
  const paths = new Map(
    report.inputs.map(({ id, path }) => [id, form === 'full' ? path : (short.get(path) ?? path)]),
  );
  return (place) => {
    const path = paths.get(place.input) ?? place.input;
    if (place.line !== undefined) return `${path}:${place.line}`;
    if (place.frame === undefined) {
      return place.offset === undefined ? path : `${path} octet ${place.offset}`;
    }
    const octet = place.offset === undefined ? '' : ` octet ${place.offset}`;
    return `${path} frame ${place.frame}${octet}`;
  };
}

/**
 * As short as a narrow table needs it: `log:143`, `config:22`, `frame 5`, since side and column tell the file. Where a
 * router gave several files of one kind, their names.
 */
export function narrowPlaceWriter(report: AnalysisReport): PlaceWriter {
  const short = placeWriter(report, 'short');
  const inputs = new Map(report.inputs.map((input) => [input.id, input]));
  const owner = (id: string): number =>
    report.routers.findIndex((router) => router.inputs.includes(id));
  const alike = ({ id, kind }: InputRecord): number =>
    report.inputs.filter((other) => other.kind === kind && owner(other.id) === owner(id)).length;
  const words: Readonly<Partial<Record<InputRecord['kind'], string>>> = {
    'ios-debug': 'log',
    'ios-config': 'config',
    'ios-show': 'show',
  };
  return (place) => {
    const input = inputs.get(place.input);
    if (input === undefined || alike(input) > 1) return short(place);
    if (place.line !== undefined) return `${words[input.kind] ?? 'line'}:${place.line}`;
    return place.frame === undefined ? short(place) : `frame ${place.frame}`;
  };
}

/** `3des md5 group 2 psk`, in the words of the report. */
export function transformText(negotiation: Negotiation): string | null {
  const { transform } = negotiation;
  if (transform === null) return negotiation.auth;
  const words = [
    transform.encryption,
    transform.hash,
    transform.group === null ? null : `group ${transform.group}`,
    transform.auth ?? negotiation.auth,
  ].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(' · ');
}

/** The clock part of a time as a capture or a router writes it: `12:28:44.270`; the whole text when it has none. */
export function clockText(time: string | null): string {
  if (time === null) return 'no time';
  return /(?:^|[T ])(\d\d:\d\d:\d\d(?:\.\d{1,6})?)/.exec(time)?.[1] ?? time;
}

const fileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** How far the clocks of captures are apart, as far as they hold the same messages. */
export function captureClockTexts(inputs: readonly InputRecord[]): readonly string[] {
  const names = new Map(inputs.map(({ id, path }) => [id, fileName(path)]));
  return inputs.flatMap(({ path, clock }) => {
    if (clock === undefined) return [];
    const { offsetMs, jitterMs } = clock;
    const size = `${(Math.abs(offsetMs) / 1000).toFixed(3)} s`;
    const basis = clock.basis.replace(/\S+(?= holds as well$)/, (id) => names.get(id) ?? id);
    return [
      `capture ${fileName(path)}: its clock is ${size} ${offsetMs < 0 ? 'behind' : 'ahead'}, jitter ${jitterMs} ms, from ${basis}`,
    ];
  });
}

/** First divergences of both sides, told once where they are the same. */
export function divergenceTexts(negotiations: readonly Negotiation[]): readonly string[] {
  const texts = negotiations.flatMap(({ divergence }) =>
    divergence === null ? [] : [`Diverges at ${stepLabel(divergence.step)}: ${divergence.text}`],
  );
  return [...new Set(texts)];
}
