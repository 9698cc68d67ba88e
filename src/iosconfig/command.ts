import type { LineState } from '../model/config.ts';
import type {
  ConfigDraft,
  EntryDraft,
  Ikev2KeyringDraft,
  Ikev2PeerDraft,
  InterfaceDraft,
} from './draft.ts';
import type { Draft } from './draft.ts';
import type * as model from '../model/config.ts';
import type { ObjectGroup, WrittenList } from './object-groups.ts';

/** The block that sub-commands belong to. */
export type Block =
  | { readonly kind: 'keyring'; readonly of: Draft<model.Keyring> }
  | { readonly kind: 'policy'; readonly of: Draft<model.IsakmpPolicy> }
  | { readonly kind: 'isakmp-profile'; readonly of: Draft<model.IsakmpProfile> }
  | { readonly kind: 'aggressive-peer'; readonly of: Draft<model.AggressivePeer> }
  | { readonly kind: 'client-group'; readonly of: Draft<model.ClientGroup> }
  | { readonly kind: 'transform-set'; readonly of: Draft<model.TransformSet> }
  | { readonly kind: 'ipsec-profile'; readonly of: Draft<model.IpsecProfile> }
  | { readonly kind: 'map-entry'; readonly of: EntryDraft }
  | { readonly kind: 'interface'; readonly of: InterfaceDraft }
  | { readonly kind: 'access-list'; readonly of: WrittenList }
  | { readonly kind: 'object-group'; readonly of: ObjectGroup }
  | { readonly kind: 'trustpoint'; readonly of: Draft<model.Trustpoint> }
  | { readonly kind: 'certificate-map'; readonly of: Draft<model.CertificateMap> }
  | { readonly kind: 'ikev2-proposal'; readonly of: Draft<model.Ikev2Proposal> }
  | { readonly kind: 'ikev2-policy'; readonly of: Draft<model.Ikev2Policy> }
  | { readonly kind: 'ikev2-keyring'; readonly of: Ikev2KeyringDraft }
  | {
      readonly kind: 'ikev2-peer';
      readonly of: Ikev2PeerDraft;
      readonly keyring: Ikev2KeyringDraft;
    }
  | { readonly kind: 'ikev2-profile'; readonly of: Draft<model.Ikev2Profile> }
  | {
      readonly kind: 'certificate-chain';
      readonly of: Draft<model.CertificateChain>;
      /** The lines that follow are octets of the certificate of the authority. */
      ofAuthority: boolean;
    }
  | { readonly kind: 'foreign' };

export type BlockKind = Block['kind'] | 'global';

/** One line that matched a row of the command table. */
export type AnyCall = {
  readonly no: boolean;
  /** Tokens after the command words, as written. */
  readonly args: readonly string[];
  readonly line: number;
  readonly draft: ConfigDraft;
  /** The lines that follow belong to this block. */
  readonly open: (block: Block) => void;
  readonly note: (code: string, text: string) => void;
};

/** The same within an open block. */
export type Call<K extends BlockKind> = AnyCall & {
  readonly block: K extends 'global' ? null : Extract<Block, { kind: K }>;
};

/** False: the line is not this command after all. */
export type Outcome = LineState | false;

/** A row of the command table. Words: typed input may shorten each to an unambiguous prefix. */
export type Row<K extends BlockKind> = {
  readonly words: string;
  readonly run: (call: Call<K>) => Outcome;
};

/** A row of any context; the table that holds it says on which block it works. */
export type Command = {
  readonly words: string;
  readonly run: (call: never) => Outcome;
};

/** Types the rows of one context by the block they work on. */
export function commandsOf<K extends BlockKind>(
  _kind: K,
  rows: readonly Row<K>[],
): readonly Command[] {
  return rows;
}

/** Rows that are known and change nothing here. */
export function irrelevant(words: readonly string[]): readonly Command[] {
  return words.map((each) => ({ words: each, run: () => 'irrelevant' as const }));
}

type Node = {
  readonly children: Map<string, Node>;
  /** Every shortened word of two letters or more; null where it fits several. */
  readonly short: Map<string, Node | null>;
  command: Command | null;
};

export type CommandTable = Node;

export function buildTable(commands: readonly Command[]): CommandTable {
  const root = emptyNode();
  for (const command of commands) {
    let node = root;
    for (const word of command.words.split(' ')) {
      let child = node.children.get(word);
      if (child === undefined) {
        child = emptyNode();
        node.children.set(word, child);
        for (let length = 2; length < word.length; length += 1) {
          const part = word.slice(0, length);
          node.short.set(part, node.short.has(part) ? null : child);
        }
      }
      node = child;
    }
    node.command = command;
  }
  return root;
}

function emptyNode(): Node {
  return { children: new Map(), short: new Map(), command: null };
}

export type Match = {
  readonly command: Command;
  readonly args: readonly string[];
  /** No word was shortened. */
  readonly exact: boolean;
};

/** The longest row whose words the tokens spell, each in full or by an unambiguous prefix of two letters or more. */
export function findCommand(table: CommandTable, tokens: readonly string[]): Match | null {
  let node = table;
  let exact = true;
  let best: Match | null = null;
  for (let at = 0; at < tokens.length; at += 1) {
    const step = childOf(node, tokens[at]!.toLowerCase());
    if (step === null) break;
    node = step.node;
    exact &&= step.exact;
    if (node.command !== null) best = { command: node.command, args: tokens.slice(at + 1), exact };
  }
  return best;
}

function childOf(node: Node, word: string): { node: Node; exact: boolean } | null {
  const full = node.children.get(word);
  if (full !== undefined) return { node: full, exact: true };
  const short = node.short.get(word) ?? null;
  return short === null ? null : { node: short, exact: false };
}
