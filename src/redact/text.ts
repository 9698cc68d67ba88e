import { createKeyTable } from '../bytes/key-table.ts';
import { frameEnd } from '../bytes/line-frame.ts';
import { maskProse, maskSecrets, type SecretToken } from '../iosconfig/mask.ts';
import type { HideKeys } from './known-keys.ts';
import { isName, type Renamer } from './rename.ts';

/** A debug or system message, which holds no key but in a command that it quotes; words such as `DH secret key` are no secret. */
const MESSAGE = /(?:^|[:\s])(?:ISAKMP|IPSEC|IKEv2|Crypto mapdb|%[A-Z]\w*-\d-\w+)\b|\[IKEv2/;

/** What cannot be the rest of a message that a terminal broke: a prompt, an empty line, the start of a command. */
const COMMAND =
  /^$|^[\w.()-]+[#>]|^(?:crypto|pre-shared-key|key|username|enable|password|secret|snmp-server|tacacs|radius|ip|interface|hostname|no|!)(?:\s|$)/i;

/**
 * A log or a configuration without secrets, with addresses and names replaced. Lines stay lines, so that a place in
 * the original is the same place in the copy.
 */
export function redactText(
  text: string,
  token: SecretToken,
  renamer: Renamer,
  hide: HideKeys,
): string {
  const table = createKeyTable();
  let inMessage = false;
  const lines = text.split('\n').map((line) => {
    const end = line.endsWith('\r') ? '\r' : '';
    const bare = end === '' ? line : line.slice(0, -1);
    const key = table.keyAt(bare);
    if (key >= 0) {
      const secret = bare.slice(key).trimEnd();
      const rest = bare.slice(key + secret.length);
      return { bare: `${bare.slice(0, key)}${token(secret)}${rest}`, end };
    }
    if (MESSAGE.test(bare)) inMessage = true;
    else if (COMMAND.test(bare.slice(frameEnd(bare)))) inMessage = false;
    return { bare: hide(inMessage ? maskProse(bare, token) : maskSecrets(bare, token)), end };
  });
  joinBroken(lines, renamer);
  return lines.map(({ bare, end }) => renamer.text(bare) + end).join('\n');
}

/** A terminal breaks a line wherever its width ends: an address or a name may stand on both sides of the break. */
function joinBroken(lines: { bare: string; end: string }[], renamer: Renamer): void {
  for (let i = 0; i + 1 < lines.length; i += 1) {
    const tail = /[\w.:-]+$/.exec(lines[i]!.bare)?.[0];
    const head = /^[\w.:-]+/.exec(lines[i + 1]!.bare)?.[0];
    if (tail === undefined || head === undefined) continue;
    const whole = tail + head;
    const replaced = renamer.text(whole);
    if (replaced === whole || !isOne(whole, replaced)) continue;
    if (renamer.text(tail) !== tail || renamer.text(head) !== head) continue;
    lines[i]!.bare = lines[i]!.bare.slice(0, -tail.length) + replaced;
    lines[i + 1]!.bare = lines[i + 1]!.bare.slice(head.length);
  }
}

/** The replacement is of the whole, not of a part that stands on one side only. */
function isOne(whole: string, replaced: string): boolean {
  return /^(?:name-[a-p]{8}[.@-]?)+$/.test(replaced) || (!isName(whole) && !isName(replaced));
}
