import type { PreparedLine } from './lines.ts';

/** Commands that an ASA, FTD or PIX has and IOS has not, or not in this form. */
const telling: readonly RegExp[] = [
  /^(?:ASA|PIX|NGFW) Version /i,
  /^tunnel-group \S+ (?:type|general-attributes|ipsec-attributes|webvpn-attributes)\b/i,
  /^nameif \S+(?: \S+ security\d+)?$/i,
  /^security-level \d+$/i,
  /^access-list \S+ extended (?:permit|deny) /i,
  /^crypto ikev1 (?:policy \d+|enable \S+|am-disable)/i,
  /^crypto (?:ikev2|isakmp) enable \S+/i,
  /^ikev[12] (?:pre-shared-key|(?:local|remote)-authentication|trust-point) /i,
  /^crypto map \S+ \d+ (?:set|match) /i,
  /^isakmp (?:policy \d+|key \S+ address|enable|identity) /i,
];

/** What IOS alone has: where both stand in one part of a paste, that is read. */
const ofIos: readonly RegExp[] = [
  /^crypto keyring /i,
  /^crypto isakmp profile /i,
  /^pre-shared-key (?:address|hostname) /i,
  /^tunnel protection /i,
  /^crypto map \S+ \d+ ipsec-isakmp$/i,
];

/** The line that shows a listing to be that of a firewall, if at least two kinds of its lines do; else null. */
export function firewallLine(lines: readonly PreparedLine[]): number | null {
  if (lines.some(({ text }) => ofIos.some((pattern) => pattern.test(text)))) return null;
  const seen = new Set<RegExp>();
  let first: number | null = null;
  for (const { text, line } of lines) {
    const found = telling.find((pattern) => pattern.test(text));
    if (found === undefined) continue;
    first ??= line;
    seen.add(found);
    if (seen.size > 1 || found === telling[0]) return first;
  }
  return null;
}
