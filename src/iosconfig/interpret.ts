import type { ConfigModel, LineState } from '../model/config.ts';
import { buildTable, findCommand } from './command.ts';
import type { Block, BlockKind, CommandTable, Match } from './command.ts';
import {
  ikev2Globals,
  ikev2KeyringCommands,
  ikev2PeerCommands,
  ikev2PolicyCommands,
  ikev2ProfileCommands,
  ikev2ProposalCommands,
} from './commands/ikev2.ts';
import {
  ipsecGlobals,
  ipsecProfileCommands,
  mapEntryCommands,
  transformSetCommands,
} from './commands/ipsec.ts';
import {
  aggressivePeerCommands,
  clientGroupCommands,
  isakmpGlobals,
  keyringCommands,
  policyCommands,
} from './commands/isakmp.ts';
import { profileCommands } from './commands/isakmp-profile.ts';
import { accessListCommands } from './commands/access-lists.ts';
import {
  NUMBERED_MEMBER,
  objectGroupCommands,
  objectGroupGlobals,
} from './commands/object-groups.ts';
import { interfaceCommands, networkGlobals } from './commands/interfaces.ts';
import { certificateMapCommands, otherGlobals, trustpointCommands } from './commands/other.ts';
import { emptyDraft, finish } from './draft.ts';
import type { ConfigDraft } from './draft.ts';
import type { PreparedLine } from './lines.ts';
import { definitionsOf, usesOf } from './names.ts';
import { withTornKeys } from './torn-keys.ts';

const TABLES: Readonly<Record<BlockKind, CommandTable>> = {
  global: buildTable([
    ...isakmpGlobals,
    ...ipsecGlobals,
    ...networkGlobals,
    ...ikev2Globals,
    ...objectGroupGlobals,
    ...otherGlobals,
  ]),
  keyring: buildTable(keyringCommands),
  policy: buildTable(policyCommands),
  'isakmp-profile': buildTable(profileCommands),
  'aggressive-peer': buildTable(aggressivePeerCommands),
  'client-group': buildTable(clientGroupCommands),
  'transform-set': buildTable(transformSetCommands),
  'ipsec-profile': buildTable(ipsecProfileCommands),
  'map-entry': buildTable(mapEntryCommands),
  interface: buildTable(interfaceCommands),
  'access-list': buildTable(accessListCommands),
  'object-group': buildTable(objectGroupCommands),
  trustpoint: buildTable(trustpointCommands),
  'certificate-map': buildTable(certificateMapCommands),
  'certificate-chain': buildTable([]),
  'ikev2-proposal': buildTable(ikev2ProposalCommands),
  'ikev2-policy': buildTable(ikev2PolicyCommands),
  'ikev2-keyring': buildTable(ikev2KeyringCommands),
  'ikev2-peer': buildTable(ikev2PeerCommands),
  'ikev2-profile': buildTable(ikev2ProfileCommands),
  foreign: buildTable([]),
};

/** Whether a line could be a global command; used to tell configurations from prose. */
export function isGlobalCommand(tokens: readonly string[]): boolean {
  return findCommand(TABLES.global, tokens)?.exact === true;
}

type Reader = {
  readonly draft: ConfigDraft;
  /** All lines of the text. */
  readonly raw: readonly string[];
  block: Block | null;
  /** The block that `!` ended: web copies put it inside of blocks. */
  ended: Block | null;
  /** Sub-commands of the open or ended block are indented, so a line at the margin leaves it. */
  indented: boolean;
};

/**
 * One router's lines, in order, to its model. Lines work as if they were typed: a block opened again is continued,
 * a key entered again is replaced, `no` removes. Never throws; what cannot be read is a state and perhaps an anomaly.
 */
export function interpret(
  input: string,
  lines: readonly PreparedLine[],
  raw: readonly string[],
): ConfigModel {
  const reader: Reader = {
    draft: emptyDraft(input),
    raw,
    block: null,
    ended: null,
    indented: false,
  };
  const states: LineState[] = raw.map(() => 'irrelevant');
  for (const line of lines) states[line.line - 1] = readLine(reader, line);
  const model = { ...finish(reader.draft), lineStates: states, lines: raw };
  return withTornKeys({ ...model, definitions: definitionsOf(model), uses: usesOf(model) });
}

function readLine(reader: Reader, line: PreparedLine): LineState {
  if (line.text === '') return 'irrelevant';
  if (reader.block?.kind === 'certificate-chain') return chainLine(reader, reader.block, line);
  if (line.text.startsWith('!')) {
    // Blocks within a block (`address-family` of a VRF) are separated as well.
    const within = reader.block?.kind === 'foreign' && line.indent > 0;
    return within ? 'irrelevant' : separator(reader);
  }
  const tokens = line.text.split(' ');
  if (tokens.length === 1 && /^(exit|end|quit)$/i.test(line.text)) {
    leave(reader);
    return 'irrelevant';
  }
  const no = tokens[0]!.toLowerCase() === 'no' || tokens[0]!.toLowerCase() === 'default';
  const words = no && tokens.length > 1 ? tokens.slice(1) : tokens;
  for (const candidate of candidates(reader, words, line.indent)) {
    const state = run(reader, candidate, no, line);
    if (state !== false) return state;
  }
  if (reader.block?.kind === 'foreign' && line.indent > 0) return 'irrelevant';
  if (decides(reader.block, line, reader.raw)) {
    const text = 'the line cannot be read, and keys or match statements may be missing for it';
    reader.draft.anomalies.push({ line: line.line, code: 'line-unread', text });
  }
  return 'unknown';
}

/** Blocks whose keys and matches decide what a peer is answered. */
const DECIDING: ReadonlySet<BlockKind | undefined> = new Set([
  'keyring',
  'isakmp-profile',
  'ikev2-keyring',
  'ikev2-peer',
  'ikev2-profile',
]);

/** Words of lines that hold keys and matches, one of which may have suffered. */
const OF_KEYS = /\b(?:address|identity|key|keyring)\b|pre-?sh/i;
/** Commands of these blocks that hold neither, and what the router says of a line that it refuses. */
const OTHER_COMMANDS = /^(?:ppk|set|shutdown|virtual-template)\b/i;
const REFUSED = /^\s*\^\s*$|^% (?:Invalid|Incomplete|Ambiguous|Unrecognized)/;

/** Whether a line that was not understood may be one of keys or profiles, or the rest of one. */
function decides(
  block: Block | null,
  { text, line, indent, prompt }: PreparedLine,
  raw: readonly string[],
): boolean {
  if (!/^[A-Za-z0-9]/.test(text) || OTHER_COMMANDS.test(text)) return false;
  if (REFUSED.test(raw[line] ?? '')) return false;
  if (/^cry\S*\s+isa\S*\s+key\s/i.test(text)) return true;
  if (!DECIDING.has(block?.kind)) return false;
  if (/^\S+$/.test(text)) return /\d/.test(text);
  return (
    OF_KEYS.test(text) &&
    (indent > 0 || prompt !== null || /^(?:pre-shared-key|match|keyring)\b/i.test(text))
  );
}

type Candidate = { readonly match: Match; readonly block: Block | null };

/** The rows that fit, most likely first: the open block, its parent, then the global table. */
function candidates(reader: Reader, words: readonly string[], indent: number): Candidate[] {
  const found: Candidate[] = [];
  const atMargin = indent === 0 && reader.indented;
  const global = findCommand(TABLES.global, words);
  let block = reader.block ?? reader.ended;
  while (block !== null) {
    const match = findIn(block, words);
    if (match !== null) found.push({ match, block });
    block = block.kind === 'ikev2-peer' ? { kind: 'ikev2-keyring', of: block.keyring } : null;
  }
  if (global === null) return found;
  const asGlobal = { match: global, block: null };
  if (atMargin && global.exact) return [asGlobal, ...found];
  const exact = found.filter(({ match }) => match.exact);
  const short = found.filter(({ match }) => !match.exact);
  return global.exact ? [...exact, asGlobal, ...short] : [...exact, ...short, asGlobal];
}

function findIn(block: Block, words: readonly string[]): Match | null {
  const table = TABLES[block.kind];
  const [first] = words;
  if (block.kind === 'object-group' && /^\d/.test(first!))
    return findCommand(table, [NUMBERED_MEMBER, ...words]);
  // Entries of a named access list carry a sequence number.
  const numbered = block.kind === 'access-list' && /^\d+$/.test(first!);
  return findCommand(table, numbered ? words.slice(1) : words);
}

function run(
  reader: Reader,
  { match, block }: Candidate,
  no: boolean,
  line: PreparedLine,
): LineState | false {
  const opened: Block[] = [];
  const call = {
    no,
    args: match.args,
    line: line.line,
    draft: reader.draft,
    block,
    open: (made: Block): void => {
      opened.push(made);
    },
    note: (code: string, text: string): void => {
      reader.draft.anomalies.push({ line: line.line, code, text });
    },
  };
  // The table that held the row belongs to the kind of this block.
  const state = match.command.run(call as never);
  if (state === false) return false;
  const last = opened.at(-1);
  if (last !== undefined) {
    const nested = last.kind === 'ikev2-peer';
    reader.block = last;
    reader.indented = nested && reader.indented;
  } else if (block === null) {
    reader.block = null;
    reader.indented = false;
  } else {
    reader.block = block;
    reader.indented ||= line.indent > 0;
  }
  if (reader.block !== null || block === null) reader.ended = null;
  return state;
}

function separator(reader: Reader): LineState {
  leave(reader);
  return 'irrelevant';
}

/** `!` and `exit` leave one level: the peers of an IKEv2 keyring have separators of their own. */
function leave(reader: Reader): void {
  const block = reader.block;
  if (block === null) return;
  if (block.kind === 'ikev2-peer') {
    reader.block = { kind: 'ikev2-keyring', of: block.keyring };
    return;
  }
  reader.ended = block;
  reader.block = null;
}

const HEX_BLOCK = /^(?:[0-9A-F]{2,8}(?: |$))+$/i;

/** Certificates stand in the listing as hex blocks that end in `quit`. */
function chainLine(
  reader: Reader,
  block: Extract<Block, { kind: 'certificate-chain' }>,
  { text, ...line }: PreparedLine,
): LineState {
  if (/^quit$/i.test(text)) return 'not-modelled';
  if (HEX_BLOCK.test(text)) {
    if (block.ofAuthority) block.of.authority += text.replaceAll(' ', '').toUpperCase();
    return 'not-modelled';
  }
  if (/^certificate\b/i.test(text)) {
    block.ofAuthority = /^certificate ca [0-9A-F]/i.test(text);
    if (!block.ofAuthority && /^certificate [0-9A-F]{2,}(?: |$)/i.test(text)) block.of.own = true;
    return 'not-modelled';
  }
  reader.block = null;
  return readLine(reader, { text, ...line });
}
