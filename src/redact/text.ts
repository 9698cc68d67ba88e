import { createKeyTable } from '../bytes/key-table.ts';
import { lineEnd } from '../bytes/line-end.ts';
import { brokenSecrets, maskParts } from '../iosconfig/broken-secrets.ts';
import { findHelp } from '../iosconfig/help.ts';
import { maskProse, maskSecrets, type SecretToken } from '../iosconfig/mask.ts';
import type { HideKeys } from './known-keys.ts';
import { isName, type Renamer } from './rename.ts';

/** A debug or system message, which holds no key but in a command that it quotes; words such as `DH secret key` are no secret. */
const MESSAGE = /(?:^|[:\s])(?:ISAKMP|IPSEC|IKEv2|Crypto mapdb|%[A-Z]\w*-\d-\w+)\b|\[IKEv2/;

/** Octets of what may be a key, in a line that is no message: the rest of a dump, say. */
const OCTETS = /(?:[0-9a-f]{2}[ :]?){16}/i;

/** Of a line that names a key, the name stays where it is known what is the key. */
const NAMED_KEY = /^(\s*psk(?:\s+\S[^:=]{0,80}?)?\s*[:=] ?)(.+)$/i;

function keyLine(line: string, token: SecretToken): string {
  const [, name, key] = NAMED_KEY.exec(line) ?? [];
  return name === undefined || key === undefined ? '<key>' : name + token(key);
}

/**
 * A log or a configuration without secrets, with addresses and names replaced. Lines stay lines, so that a place in
 * the original is the same place in the copy. `keyLines` counts the lines that hold key material from 1.
 */
export function redactText(
  text: string,
  token: SecretToken,
  renamer: Renamer,
  hide: HideKeys,
  keyLines: ReadonlySet<number> = new Set(),
): string {
  const table = createKeyTable();
  const cut = lineEnd(text);
  const written = text.split(cut);
  const broken = brokenSecrets(written);
  const { answers } = findHelp(written);
  const lines = written.map((line, index) => {
    const end = line.endsWith('\r') ? '\r' : '';
    const whole = end === '' ? line : line.slice(0, -1);
    const bare = maskParts(whole, broken.get(index) ?? [], token);
    const key = table.keyAt(bare);
    if (key >= 0) {
      const secret = bare.slice(key).trimEnd();
      const rest = bare.slice(key + secret.length);
      return { bare: `${bare.slice(0, key)}${token(secret)}${rest}`, end };
    }
    const isMessage = MESSAGE.test(bare);
    if (keyLines.size > 0 && !isMessage) {
      if (keyLines.has(index + 1)) return { bare: keyLine(bare, token), end };
      if (OCTETS.test(bare)) return { bare: '<key>', end };
    }
    // What follows a message may be the rest of it, or a command as well.
    const isProse = isMessage || answers.has(index);
    return { bare: hide(isProse ? maskProse(bare, token) : maskSecrets(bare, token)), end };
  });
  joinBroken(lines, renamer);
  return lines.map(({ bare, end }) => renamer.text(bare) + end).join(cut);
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
