import { isGlobalCommand } from './interpret.ts';
import { readHeading, shownBy } from './headings.ts';
import type { Heading } from './headings.ts';
import { prepareLine } from './lines.ts';
import type { PreparedLine } from './lines.ts';
import { SHOWN_KEYS } from './show-keys.ts';
import { SHOWN_POLICY } from './show-policies.ts';
import { SHOWN_PROFILE } from './show-profiles.ts';

/** The lines of one router, as far as the paste tells routers apart. */
export type Section = {
  /** From a prompt or a heading; a `hostname` line in the listing outweighs it. */
  readonly name: string | null;
  readonly lines: readonly PreparedLine[];
};

type Open = {
  name: string | null;
  /** The name came from a `hostname` line. */
  hostname: string | null;
  lines: PreparedLine[];
  /** Global commands seen. */
  content: number;
  ended: boolean;
  version: boolean;
  interfaceName: string | null;
  /** How far the peer of an IKEv2 keyring is indented whose block is open: its `hostname` names that peer. */
  peerIndent: number | null;
  readonly addresses: Map<string, string>;
  readonly opened: Set<string>;
  /** Where a second listing may have begun: the first block that opened again. */
  repeat: number | null;
  weak: { readonly at: number; readonly heading: Heading } | null;
};

const TECH_HEADER = /^-{4,} ?(show .+?) ?-{4,}$/i;
const LISTING_START =
  /^(?:Building configuration|Current configuration|Using \d+ out of \d+ bytes)/i;
/** What stands in for commands that the paste does not hold. */
const LISTED: readonly RegExp[] = [SHOWN_KEYS, SHOWN_PROFILE, SHOWN_POLICY];
const BLOCK_START = /^crypto (?:keyring|isakmp p\w+|ipsec \S+|map|ikev2 \w+) \S+|^interface \S+/i;

/** Splits a text into the configurations of the routers in it. Lines of other `show` commands are left out. */
export function splitSections(raw: readonly string[]): readonly Section[] {
  const closed: Open[] = [];
  let current = open(null);
  let shown = true;
  let banner: string | null = null;

  const begin = (name: string | null): void => {
    const known = name === null ? undefined : closed.find((each) => nameOf(each) === name);
    if (current.lines.length > 0) closed.push(current);
    current = known ?? open(name);
    if (known !== undefined) closed.splice(closed.indexOf(known), 1);
  };

  raw.forEach((text, index) => {
    const line = prepareLine(text, index + 1);
    if (banner !== null) {
      if (text.includes(banner)) banner = null;
      return;
    }
    if (line.prompt !== null) {
      if (nameOf(current) === null && (current.content === 0 || line.text === '')) {
        current.name = line.prompt;
      } else if (nameOf(current) !== line.prompt) {
        begin(line.prompt);
      }
      if (line.exec) {
        if (line.text !== '') shown = shownBy(line.text) !== 'other';
        current.ended = false;
        return;
      }
      current.lines.push(line);
      current.content += 1;
      return;
    }
    const header = TECH_HEADER.exec(line.text);
    if (header !== null) {
      shown = shownBy(header[1]!) === 'config' && !/startup/i.test(header[1]!);
      return;
    }
    if (LISTED.some((header) => header.test(line.text))) {
      shown = true;
      // Keys, profiles or policies of one router, without any command of it.
      current.content += 1;
    }
    if (!shown || line.text === '') {
      if (shown) current.lines.push(line);
      return;
    }
    if (LISTING_START.test(line.text)) {
      if (current.content > 0 && (current.hostname !== null || current.ended)) begin(null);
      return;
    }
    banner = bannerEnd(line.text, raw, index);
    if (banner !== null) return;
    take(line);
  });
  if (current.lines.length > 0) closed.push(current);
  return merge(closed);

  function take(line: PreparedLine): void {
    const tokens = line.text.split(' ');
    const command = isGlobalCommand(tokens) && !namesPeer(line, tokens);
    watchPeer(line, command);
    if (!command) {
      const heading = readHeading(line.text);
      if (heading !== null) takeHeading(heading);
    } else {
      takeCommand(line, tokens);
    }
    if (/^end$/i.test(line.text)) current.ended = true;
    current.lines.push(line);
    watchAddresses(line, tokens);
  }

  function namesPeer({ indent }: PreparedLine, [first]: readonly string[]): boolean {
    const { peerIndent } = current;
    const within = peerIndent !== null && (peerIndent === 0 || indent >= peerIndent);
    return within && first?.toLowerCase() === 'hostname';
  }

  function watchPeer({ text, indent }: PreparedLine, command: boolean): void {
    if (command || /^(?:!|exit$)/i.test(text)) current.peerIndent = null;
    else if (/^peer \S+$/i.test(text)) current.peerIndent = indent;
  }

  function takeHeading(heading: Heading): void {
    if (current.content === 0) {
      if (heading.name !== null && current.hostname === null) current.name = heading.name;
    } else if (!heading.weak) {
      begin(heading.name);
    } else {
      current.weak = { at: current.lines.length, heading };
    }
  }

  function takeCommand(line: PreparedLine, tokens: readonly string[]): void {
    const first = tokens[0]!.toLowerCase();
    if (first === 'end' || first === 'exit') return;
    const version = first === 'version';
    if (current.ended || (version && current.version)) begin(null);
    current.version ||= version;
    if (first === 'hostname' && tokens.length === 2) {
      const name = tokens[1]!;
      if (current.hostname !== null && current.hostname !== name) begin(null);
      current.hostname = name;
    }
    current.content += 1;
    if (!BLOCK_START.test(line.text)) return;
    const block = line.text.toLowerCase();
    if (current.opened.has(block)) current.repeat ??= current.lines.length;
    current.opened.add(block);
  }

  /** One interface with two primary addresses means that two listings stand in a row. */
  function watchAddresses(line: PreparedLine, tokens: readonly string[]): void {
    if (/^interface /i.test(line.text)) {
      current.interfaceName = tokens.slice(1).join('').toLowerCase();
      return;
    }
    if (current.interfaceName === null || !/^ip address \d/i.test(line.text)) return;
    if (tokens.includes('secondary')) return;
    const held = current.addresses.get(current.interfaceName);
    current.addresses.set(current.interfaceName, tokens[2]!);
    if (held === undefined || held === tokens[2] || current.repeat === null) return;
    if (current.hostname === null) splitAtRepeat();
  }

  function splitAtRepeat(): void {
    const before = current;
    const weak = before.weak !== null && before.weak.at <= before.repeat! ? before.weak : null;
    const at = weak?.at ?? before.repeat!;
    const after = open(weak?.heading.name ?? null);
    after.lines = before.lines.splice(at);
    after.content = after.lines.length;
    after.interfaceName = before.interfaceName;
    for (const { text } of after.lines) {
      if (BLOCK_START.test(text)) after.opened.add(text.toLowerCase());
    }
    closed.push(before);
    current = after;
  }
}

function open(name: string | null): Open {
  return {
    name,
    hostname: null,
    lines: [],
    content: 0,
    ended: false,
    version: false,
    interfaceName: null,
    peerIndent: null,
    addresses: new Map(),
    opened: new Set(),
    repeat: null,
    weak: null,
  };
}

function nameOf(section: Open): string | null {
  return section.hostname ?? section.name;
}

/** Sections of one name are one router; text around the listings joins the nearest one. */
function merge(sections: readonly Open[]): readonly Section[] {
  const merged: { name: string | null; lines: PreparedLine[]; content: number }[] = [];
  for (const section of sections) {
    const name = nameOf(section);
    const same = merged.find((each) => name !== null && each.name === name);
    const last = merged.at(-1);
    // What stands at the prompt of another router is around the listing of that one.
    const isOther = name !== null && (last?.name ?? name) !== name;
    const isAround = !isOther && (section.content === 0 || last?.content === 0);
    const joins = same ?? (isAround ? last : undefined);
    if (joins === undefined) {
      merged.push({ name, lines: [...section.lines], content: section.content });
      continue;
    }
    joins.lines.push(...section.lines);
    joins.name ??= name;
    joins.content += section.content;
  }
  return merged
    .map(({ name, lines }) => ({ name, lines: lines.sort((a, b) => a.line - b.line) }))
    .sort((a, b) => (a.lines[0]?.line ?? 0) - (b.lines[0]?.line ?? 0));
}

const MOST_BANNER_LINES = 200;

/** The delimiter that ends a banner, when it ends on a later line. */
function bannerEnd(text: string, raw: readonly string[], index: number): string | null {
  const found = /^banner (?:\S+ )?(\^C|\S)(.*)$/i.exec(text);
  if (found === null || found[2]!.includes(found[1]!)) return null;
  const rest = raw.slice(index + 1, index + 1 + MOST_BANNER_LINES);
  return rest.some((line) => line.includes(found[1]!)) ? found[1]! : null;
}
