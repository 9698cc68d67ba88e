/** A word that names a router rather than something else: it carries a number, or is a usual role. */
const ROUTER = String.raw`(?:[A-Za-z][\w.-]*\d[\w.-]*|(?:hub|spoke|branch|hq|headend|head-end|remote|site|initiator|responder|left|right|east|west)[\w-]*)`;

const NAMED: readonly RegExp[] = [
  new RegExp(
    String.raw`\bconfig(?:uration)?\b(?: \w+)? (?:for|of|on|from) (?:the )?(?:router )?(${ROUTER})\b`,
    'i',
  ),
  new RegExp(
    String.raw`^(?:the )?(?:router )?(${ROUTER})(?:'s|\u2019s)? (?:router )?(?:running[- ])?config(?:uration)?\b`,
    'i',
  ),
];

const LONE = new RegExp(String.raw`^[!#=*\s-]*(?:router )?(${ROUTER})\s*:?[!#=*\s-]*$`, 'i');

export type Heading = {
  readonly name: string | null;
  /** A weak heading may be a remark inside one router's listing. */
  readonly weak: boolean;
};

/** What a line of prose, or a comment, says about the listing that follows; null when it says nothing. */
export function readHeading(text: string): Heading | null {
  if (text.length > 200) return null;
  const comment = text.startsWith('!');
  for (const pattern of NAMED) {
    const found = pattern.exec(text);
    if (found !== null) return { name: found[1]!, weak: comment };
  }
  const lone = LONE.exec(text);
  if (lone !== null) return { name: lone[1]!, weak: comment || !text.endsWith(':') };
  return !comment && /\bconfig(?:uration)?\s*:$/i.test(text) ? { name: null, weak: false } : null;
}

export type ShowKind = 'config' | 'other';

/** What a typed command prints: a configuration, or something that is none. Null when it prints nothing of note. */
export function shownBy(command: string): ShowKind | null {
  const words = command.toLowerCase().split(' ');
  const shows = words[0]!.length >= 2 && ('show'.startsWith(words[0]!) || words[0] === 'more');
  if (words[0] === 'do') return shownBy(words.slice(1).join(' '));
  if (!shows) return null;
  const what = words[1] ?? '';
  const config =
    (what.length >= 2 && 'running-config'.startsWith(what)) ||
    what.startsWith('system:running') ||
    (what.length >= 4 && 'configuration'.startsWith(what)) ||
    (what.length >= 3 && 'startup-config'.startsWith(what)) ||
    what.startsWith('nvram:') ||
    what.startsWith('tech');
  return config ? 'config' : 'other';
}
