import { hasCommand, prepareLine, type PreparedLine } from './lines.ts';

/** Begins the entry of one profile in `show crypto isakmp profile`. */
export const SHOWN_PROFILE: RegExp = /^(?:ISAKMP|IKEv1) PROFILE (\S+)$/i;
const CONFIGURED = /^crypto isakmp profile \S/i;
const MOST_ROWS = 200;

/** Rows of an entry, and the command that prints each; empty where none does. */
const ROWS: readonly (readonly [
  RegExp,
  (first: string, second: string, third?: string) => string,
])[] = [
  [
    /^ip-address (\S+) (\S+)(?: \[fvrf: (\S+)\])?$/i,
    (address, mask, vrf = '') => `match identity address ${address} ${mask} ${vrf}`.trim(),
  ],
  [/^(?:fqdn|host) (\S+)$/i, (name) => `match identity host ${name}`],
  [/^(?:user-fqdn|user) (\S+)$/i, (name) => `match identity user ${name}`],
  [/^group (\S+)$/i, (name) => `match identity group ${name}`],
  [/^Identity presented is: ip-address$/i, () => 'self-identity address'],
  [/^Identity presented is: fqdn$/i, () => 'self-identity fqdn'],
  [/^keyring\(s\): (?!<none>)(.+)$/i, (names) => `keyring ${names}`],
  [/^trustpoint\(s\): (?!<all>)(.+)$/i, (names) => `ca trust-point ${names}`],
  [/^VRF ?: (\S+)$/i, (name) => `vrf ${name}`],
  [
    /^(?:Ref Count = \d+|Identities matched are:|Certificate maps matched are:|Identity presented is: .+|keyring\(s\): <none>|trustpoint\(s\): <all>)?$/i,
    () => '',
  ],
];

/**
 * Rewrites the listing of `show crypto isakmp profile` to the configuration that prints it, each row under its own line
 * number, so that it can stand in for profiles that the paste does not hold. With profiles in the paste it adds nothing.
 * Lines from `typed` on were typed afterwards and do not count as such.
 */
export function expandProfiles(
  lines: readonly PreparedLine[],
  typed: number,
): readonly PreparedLine[] {
  if (!lines.some(({ text }) => SHOWN_PROFILE.test(text))) return lines;
  const configured = hasCommand(lines, CONFIGURED, typed);
  const out: PreparedLine[] = [];
  let left = 0;
  let isMaps = false;
  for (const line of lines) {
    const name = SHOWN_PROFILE.exec(line.text)?.[1];
    if (name !== undefined) {
      if (!configured) out.push({ ...line, indent: 0, text: `crypto isakmp profile ${name}` });
      left = MOST_ROWS;
      isMaps = false;
      continue;
    }
    const command = left > 0 && line.prompt === null ? commandOf(line.text, isMaps) : null;
    if (command === null) {
      left = 0;
      out.push(line);
      continue;
    }
    left -= 1;
    if (/^Certificate maps/i.test(line.text)) isMaps = true;
    else if (/: /.test(line.text)) isMaps = false;
    if (command !== '' && !configured) out.push({ ...line, indent: 1, text: command });
  }
  return out;
}

/** True for a row of an entry; the name of a certificate map may stand there by itself. */
export const isProfileRow = (text: string): boolean => commandOf(text, true) !== null;

/** Null for what is no row. `isMaps`: the names of certificate maps may stand here, each by itself. */
function commandOf(text: string, isMaps: boolean): string | null {
  for (const [pattern, print] of ROWS) {
    const found = pattern.exec(text);
    if (found !== null) return print(found[1] ?? '', found[2] ?? '', found[3]);
  }
  return isMaps && /^\S{1,64}$/.test(text) ? `match certificate ${text}` : null;
}

/** True for a row of the listing that calls something by its name: what it names is configured, and not shown there. */
export function isShownName(raw: string): boolean {
  // A command that calls something by its name has two words, and the name of a certificate map stands alone.
  return /^(?:(?:keyring|trustpoint)\(s\): |\S+$)/i.test(prepareLine(raw, 1).text);
}
