import { hasCommand, type PreparedLine } from './lines.ts';

/** Begins the output of `show crypto isakmp policy`, or one policy in it. */
export const SHOWN_POLICY: RegExp =
  /^(?:Global IKE policy|Protection suite of priority (\d{1,5}))$/i;
const CONFIGURED = /^crypto isakmp policy \d/i;

/** Rows of a policy, and the command that prints each. */
const ROWS: readonly (readonly [RegExp, (value: string) => string])[] = [
  [/^encryption algorithm: DES - /i, () => 'encryption des'],
  [/^encryption algorithm: Three key triple DES$/i, () => 'encryption 3des'],
  [
    /^encryption algorithm: AES - .{1,60}\((\d{3}) bit keys\)\.?$/i,
    (bits) => `encryption aes ${bits}`,
  ],
  [/^hash algorithm: Message Digest 5$/i, () => 'hash md5'],
  [/^hash algorithm: Secure Hash Standard$/i, () => 'hash sha'],
  [/^hash algorithm: Secure Hash Standard 2 \((\d{3}) bit\)$/i, (bits) => `hash sha${bits}`],
  [/^authentication method: Pre-Shared Key$/i, () => 'authentication pre-share'],
  [/^authentication method: Rivest-Shamir-Adleman Signature$/i, () => 'authentication rsa-sig'],
  [/^authentication method: Rivest-Shamir-Adleman Encryption$/i, () => 'authentication rsa-encr'],
  [/^Diffie-Hellman group: #(\d{1,2}) /i, (group) => `group ${group}`],
  [/^lifetime: (\d{1,10}) seconds/i, (seconds) => `lifetime ${seconds}`],
];
/** Encryption, hash, authentication, group and lifetime. */
const ROWS_OF_ONE = 5;
/** Of any policy, and what stands around them: no commands, though some look like one. */
const LISTED =
  /^(?:(?:encryption|hash) algorithm|authentication method|Diffie-Hellman group|lifetime): |^(?:Global|Default) IKE policy$|^(?:Default p|P)rotection suite\b/i;

/**
 * Rewrites the output of `show crypto isakmp policy` to the configuration that prints it, each row under its own line
 * number, so that it can stand in for policies that the paste does not hold. With policies in the paste it adds nothing,
 * nor where one of those shown cannot be read: without it the peer may seem to be refused. The suites that IOS brings of
 * its own are left out. Lines from `typed` on were typed afterwards and do not count as such.
 */
export function expandPolicies(
  lines: readonly PreparedLine[],
  typed: number,
): readonly PreparedLine[] {
  if (!lines.some(({ text }) => SHOWN_POLICY.test(text))) return lines;
  const configured = hasCommand(lines, CONFIGURED, typed);
  return (configured ? null : asCommands(lines)) ?? lines.filter(({ text }) => !LISTED.test(text));
}

/** True for a row of any policy, and for what stands around them. */
export const isPolicyRow = (text: string): boolean => LISTED.test(text);

/** Null where a policy cannot be read in full. */
function asCommands(lines: readonly PreparedLine[]): readonly PreparedLine[] | null {
  const out: PreparedLine[] = [];
  let left = 0;
  for (const line of lines) {
    const priority = SHOWN_POLICY.exec(line.text)?.[1];
    if (left > 0 && line.text !== '') {
      const command = commandOf(line.text);
      if (command === null) return null;
      out.push({ ...line, indent: 1, text: command });
      left -= 1;
    } else if (priority !== undefined) {
      out.push({ ...line, indent: 0, text: `crypto isakmp policy ${priority}` });
      left = ROWS_OF_ONE;
    } else if (!LISTED.test(line.text)) out.push(line);
  }
  return left === 0 ? out : null;
}

function commandOf(text: string): string | null {
  for (const [pattern, print] of ROWS) {
    const found = pattern.exec(text);
    if (found !== null) return print(found[1] ?? '');
  }
  return null;
}
