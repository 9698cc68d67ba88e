import { isAddress } from './address.ts';
import { hasCommand, type PreparedLine } from './lines.ts';

/** Begins the table of `show crypto isakmp key`: its columns. */
export const SHOWN_KEYS: RegExp = /^Keyring\s+Hostname\/Address\s+Preshared Key/i;
const CONFIGURED = /^(?:crypto (?:keyring|isakmp key)|pre-shared-key) /i;

/**
 * Rewrites the table of `show crypto isakmp key` to the configuration that prints it, each row under its own line
 * number, so that it can stand in for keyrings that the paste does not hold. With keyrings in the paste it adds nothing.
 * Lines from `typed` on were typed afterwards and do not count as such.
 */
export function expandKeyTable(
  lines: readonly PreparedLine[],
  typed: number,
): readonly PreparedLine[] {
  if (!lines.some(({ text }) => SHOWN_KEYS.test(text))) return lines;
  const configured = hasCommand(lines, CONFIGURED, typed);
  const out: PreparedLine[] = [];
  let inside = false;
  let keyring = 'default';
  for (const line of lines) {
    if (SHOWN_KEYS.test(line.text)) {
      inside = true;
      continue;
    }
    const row = inside ? readRow(line.text) : null;
    if (row === null) {
      inside &&= line.text === '';
      out.push(line);
      continue;
    }
    keyring = row.keyring ?? keyring;
    if (!configured) out.push(...asCommands(line, keyring, row));
  }
  return out;
}

type Row = {
  readonly keyring: string | null;
  readonly target: string;
  readonly mask: string | null;
  readonly secret: string;
};

/** `[KEYRING] ADDRESS [MASK] KEY`, the mask in brackets; the keyring is not repeated on the rows after its first. */
export function readRow(text: string): Row | null {
  const found = /^(.*?)(?: ?\[ ?([\d.]+) ?\])? (\S+)$/.exec(text);
  if (found === null) return null;
  const names = found[1]!.split(' ').filter((word) => word !== '');
  const target = names.at(-1);
  if (target === undefined || names.length > 2) return null;
  if (names.length === 1 && !isAddress(target.split('/')[0]!) && !target.includes('.')) return null;
  const keyring = names.length === 2 ? names[0]! : null;
  return { keyring, target, mask: found[2] ?? null, secret: found[3]! };
}

function asCommands(line: PreparedLine, keyring: string, row: Row): readonly PreparedLine[] {
  const [bare = '', prefix] = row.target.split('/');
  const kind = !isAddress(bare) ? 'hostname' : bare.includes(':') ? 'address ipv6' : 'address';
  // Newer releases print the mask behind a slash.
  const isMask = prefix?.includes('.') === true;
  const mask = isMask ? prefix : row.mask;
  const target = `${kind} ${isMask ? bare : row.target}${mask === null ? '' : ` ${mask}`}`;
  const text = (command: string): PreparedLine => ({ ...line, indent: 0, text: command });
  if (keyring === 'default') return [text(`crypto isakmp key 0 ${row.secret} ${target}`)];
  return [text(`crypto keyring ${keyring}`), text(`pre-shared-key ${target} key 0 ${row.secret}`)];
}
