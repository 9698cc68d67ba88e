import { prepareLine, splitLines, withoutNumbers } from './lines.ts';
import { SHOWN_KEYS } from './show-keys.ts';
import { SHOWN_POLICY } from './show-policies.ts';
import { SHOWN_PROFILE } from './show-profiles.ts';

/** Lines that only a Cisco configuration holds, or what `show crypto isakmp key`, `profile` and `policy` print in place of one. */
const TELLING: readonly RegExp[] = [
  /^(?:no )?crypto (?:isakmp (?:policy|profile|key|peer|identity|keepalive|enable|aggressive-mode|client|nat|invalid-spi-recovery|fragmentation|default)|keyring|ipsec (?:transform-set|profile|security-association|nat-transparency|df-bit)|map|dynamic-map|ikev2 (?:proposal|policy|keyring|profile|dpd)|pki (?:trustpoint|certificate)|ca trustpoint) ?/i,
  /^pre-shared-key (?:address|hostname|ipv6|local|remote)\b/i,
  /^(?:match identity (?:address|host|user|group|remote)|self-identity|ca trust-point|set (?:transform-set|isakmp-profile|ikev2-profile|peer|pfs)) ?/i,
  /^tunnel (?:source|destination|mode|protection|vrf) /i,
  /^interface (?:[A-Za-z-]+) ?\d[\d/.:]*(?: |$)/i,
  /^ip address \d+\.\d+\.\d+\.\d+ /i,
  /^keyring \S+$/i,
  SHOWN_KEYS,
  SHOWN_PROFILE,
  SHOWN_POLICY,
  /^(?:encr(?:yption)?|authentication) (?:des|3des|aes|pre-share|rsa-sig|rsa-encr|ecdsa-sig)\b/i,
  /^hostname [\w.-]+$/i,
];

const MOST_LINES = 200_000;

/** How many lines of a text only a configuration holds; 0 when it is none. */
export function scoreConfig(text: string): number {
  let score = 0;
  const lines = withoutNumbers(splitLines(text));
  for (let index = 0; index < lines.length && index < MOST_LINES; index += 1) {
    const raw = lines[index]!;
    if (raw.length > 1000) continue;
    const line = prepareLine(raw, index + 1).text;
    if (line.length > 4 && TELLING.some((pattern) => pattern.test(line))) score += 1;
  }
  return score;
}
