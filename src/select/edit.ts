import { applyCommands } from '../iosconfig/parse.ts';
import type { ConfigModel } from '../model/config.ts';
import { tokensFor, writtenSecrets } from '../iosconfig/secrets.ts';
import type { WrittenSecret } from '../iosconfig/secrets.ts';

/** One command in its block. Keys stand as tokens, so that an edit can be shown as it is. */
export type Edit = {
  /** Index of the router. */
  readonly router: number;
  /** The lines that open the block, outermost first; empty for a global command. */
  readonly block: readonly string[];
  readonly command: string;
};

/** The commands of one router as they are typed, each block opened once for the edits that follow one another. */
export function commandsFor(edits: readonly Edit[], router: number): readonly string[] {
  const commands: string[] = [];
  let open: readonly string[] = [];
  for (const edit of edits) {
    if (edit.router !== router) continue;
    if (edit.block.join('\n') !== open.join('\n')) {
      edit.block.forEach((line, depth) => {
        if (open[depth] !== line || depth >= open.length) commands.push(' '.repeat(depth) + line);
      });
      open = edit.block;
    }
    commands.push(' '.repeat(edit.block.length) + edit.command);
  }
  return commands;
}

/** Puts secrets in the place of their tokens. */
export type Reveal = (command: string) => string;

export function revealer(models: readonly ConfigModel[]): Reveal {
  const token = tokensFor(models);
  const written = writtenSecrets(models);
  const byToken = (secrets: readonly WrittenSecret[]): ReadonlyMap<string, string> =>
    new Map(secrets.map(({ secret, form }) => [token(secret, form), secret]));
  const all = byToken(written);
  const inHex = byToken(written.filter(({ form }) => form === 'hex'));
  const inText = byToken(written.filter(({ form }) => form === 'text'));
  // One key may stand as text at one end and in hex at the other.
  return (command) =>
    command.replace(/(\bhex )?(<key#\d+>)/g, (found, prefix: string | undefined, name: string) => {
      const secret = (prefix === undefined ? inText : inHex).get(name) ?? all.get(name);
      return secret === undefined ? found : (prefix ?? '') + secret;
    });
}

/** The routers after the edits. */
export function applyEdits(
  models: readonly ConfigModel[],
  edits: readonly Edit[],
  reveal: Reveal,
): readonly ConfigModel[] {
  return models.map((model, router) => {
    const commands = commandsFor(edits, router);
    if (commands.length === 0) return model;
    // Two opening lines may equal those of the listing; `!` leaves whatever block the listing ended in.
    return applyCommands(model, ['!', '!', ...commands.map(reveal)]);
  });
}
