import { frameEnd } from '../bytes/line-frame.ts';

/** Gives the token that stands for a secret: equal secrets get equal tokens. */
export type SecretToken = (secret: string) => string;

/**
 * Where a secret stands in a line of configuration or `show` output. Group 1 is kept, group 2 is the secret.
 * The patterns look at one line each and never nest repetition.
 */
export const SECRETS: readonly RegExp[] = [
  /^(.*\bcry\w*\s+isa\w*\s+key\s+(?:[067]\s+)?)("[^"]*"|\S+)(?=\s+(?:ad\w*|ho\w*)\s)/i,
  /^(.*\bauth\w*\s+(?:local|remote)\s+pre-share\s+key\s+(?:(?:[067]|hex)\s+)?)(\S+)/i,
  /^(.*\bsession-key\s+(?:in|out)\w*\s+esp\s+\d+\s+(?:cipher|authenticator)\s+)(\S+)/i,
  /^(.*\bsession-key\s+(?:in|out)\w*\s+ah\s+\d+\s+)(\S+)/i,
  /^(.*\bcrypto\s+key\s+(?:export|import)\s+\w+\s+\S.*\s)(\S+)\s*$/i,
  /^(group\s+\S+\s+key\s+(?:[067]\s+)?)(\S+)/i,
  /^(.*\bserver-key\s+(?:[067]\s+)?)(\S+)/i,
  /^((?:standby|vrrp|glbp)\s+(?:\d+\s+)?authentication\s+(?:text\s+)?)(?!md5\b)(\S+)/i,
  /^(.*\bpre-sh[a-z-]*\s+(?:ad[a-z]*|ho[a-z]*|ipv6)\s.*?\sk(?:ey?)?\s+(?:[067]\s+)?)(\S+)/i,
  /^((?:no\s+)?pre?-?\s+(?:ad[a-z]*|ho[a-z]*|ipv6)\s.*?\sk(?:ey?)?\s+(?:[067]\s+)?)(\S+)/i,
  /^(.*\bpre-shared-key\s+(?:(?:local|remote)\s+)?(?:(?:[067]|hex)\s+)?)(?!address\s|hostname\s|ipv6\s)(\S+)/i,
  // Shortened only where a command begins: debugs speak of a "pre-shared key" as well.
  /^((?:no\s+)?pre-s[a-z]*(?:-[a-z]*)?\s+(?:(?:local|remote)\s+)?(?:(?:[067]|hex)\s+)?)(?!ad\w*\s|ho\w*\s|ipv6\s|key\s|authentication\s)(\S+)/i,
  /^(.*\baggressive-mode\s+password\s+(?:[067]\s+)?)(\S+)/i,
  /^(.*\bkey\s+config-key\s+password-encrypt(?:ion)?\s+)(\S+)/i,
  // A debug of mode configuration says "Sending save password reply value 0".
  /^(.*\b(?<!Sending save )password\s+(?:\d\s+)?)(?!encryption\b|encrypt\b)(\S+)/i,
  // In prose and debugs `secret` is a word like another: "Computing DH secret key".
  /^((?:.*\b(?:enable|user\w*)\b.*?\s)?\s*secret\s+(?:\d\s+)?)(\S+)/i,
  /^(.*\bsecret\s+\d\s+)(\S+)/i,
  /^(.*\bsnmp-server\s+community\s+)(\S+)/i,
  /^(.*\bsnmp-server\s+host\s+\S+\s+(?:(?:traps|informs)\s+)?(?:version\s+\S+\s+(?:(?:auth|noauth|priv)\s+)?)?)(\S+)/i,
  /^(.*\bnhrp\s+authentication\s+)(\S+)/i,
  // Not in a row of `show crypto isakmp sa detail`: `psk` is a column there, the group and the lifetime stand behind it.
  /^(?!(?:\d{1,10}\s+)?\d{1,3}(?:\.\d{1,3}){3}\s+\d{1,3}(?:\.\d{1,3}){3}\s.{1,80}\spsk\s+\d{1,2}\s+\d{1,2}:\d\d:\d\d\b)(.*\b(?:key-string|wpa-psk\s+(?:ascii|hex)|(?<!wpa-)psk(?!\s+(?:list|cached|is)\b))\s+(?:[067]\s+)?)(\S+)/i,
  /^(.*\b(?:tacacs|radius|tacacs-server|radius-server)\b.*?\skey\s+(?:[067]\s+)?)(\S+)/i,
  /^(.*\bauthentication-key\s+\d+\s+md5\s+)(\S+)/i,
  /^(.*\b(?:message-digest-key)\s+\d+\s+md5\s+(?:[07]\s+)?)(\S+)/i,
  /^(.*\bauthentication\s+(?:text\s+|md5\s+key-string\s+(?:[07]\s+)?))(\S+)/i,
  /^(key\s+(?:[067]\s+)?)(?!chain\b|config-key\b|\d+\s*$)(\S+)\s*$/i,
];

/** Every line with a secret holds one of these words; most lines of a debug hold none. A test holds it to the patterns. */
export const MAY_HOLD_SECRET: RegExp =
  /key|pre?-?\s|pre-s|password|secret|community|snmp-server|nhrp|psk|standby|vrrp|glbp|authentication\s+(?:text|md5)/i;

/** A row of `show crypto isakmp key`: the last column is the key. */
const SHOW_KEY_ROW =
  /^(\s*(?:\S+\s+(?:\([^)]*\)\s+)?)?(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/[\d.]+)?|[0-9a-f:]*:[0-9a-f:/]+|[\w-]+(?:\.[\w-]+)+)\s+(?:\[[\d.\s]+\]\s+)?)(\S+)\s*$/i;

/** Of the router itself, in whatever mode. */
const PROMPT = /^[A-Za-z][\w./-]{0,80}(?:\([^)]{0,60}\))?[#>]\s*/;

/** Where a command begins, behind a prompt as well. */
function commandStart(line: string): number {
  const start = frameEnd(line);
  return start + (PROMPT.exec(line.slice(start))?.[0].length ?? 0);
}

/** The line as it may be shown. */
export function maskSecrets(line: string, token: SecretToken): string {
  if (!MAY_HOLD_SECRET.test(line)) return line;
  const start = commandStart(line);
  const command = line.slice(start);
  for (const pattern of SECRETS) {
    const found = pattern.exec(command);
    if (found !== null) return line.slice(0, start) + replaced(command, found, token);
  }
  return line;
}

const mostMasked = 1 << 10;

/** As `maskSecrets`, for lines by the million: what may hold a secret comes again and again. */
export function createLineMask(token: SecretToken): (line: string) => string {
  const masked = new Map<string, string>();
  return (line) => {
    if (!MAY_HOLD_SECRET.test(line)) return line;
    const known = masked.get(line);
    if (known !== undefined) return known;
    const made = maskSecrets(line, token);
    if (masked.size >= mostMasked) masked.clear();
    masked.set(line, made);
    return made;
  };
}

/** The same for a row of the table that `show crypto isakmp key` prints. */
export function maskKeyRow(line: string, token: SecretToken): string {
  const start = commandStart(line);
  const row = line.slice(start);
  const found = SHOW_KEY_ROW.exec(row);
  return found === null
    ? maskSecrets(line, token)
    : line.slice(0, start) + replaced(row, found, token);
}

function replaced(line: string, found: RegExpExecArray, token: SecretToken): string {
  const before = found[1]!;
  const secret = found[2]!;
  const rest = line.slice(before.length + secret.length);
  // Manual keys come in pairs.
  const second = /^(\s+authenticator\s+)(\S+)/i.exec(rest);
  return `${before}${token(secret)}${second === null ? rest : replaced(rest, second, token)}`;
}

/** Tokens in order of first use: `<key#1>`, `<key#2>`, … */
export function createSecretTokens(known: readonly string[] = []): SecretToken {
  const tokens = new Map<string, string>();
  const token = (secret: string): string => {
    // A token in the input stands for itself, so that redacted evidence stays readable.
    if (/^<key#\d+>$/.test(secret)) return secret;
    const held = tokens.get(secret);
    if (held !== undefined) return held;
    const made = `<key#${String(tokens.size + 1)}>`;
    tokens.set(secret, made);
    return made;
  };
  known.forEach(token);
  return token;
}
