/** Follows the lines that are no messages: of a command in several lines only all together show the secret. */
export type BrokenLines = {
  readonly isOpen: boolean;
  /** The next line as it may be shown. */
  next(line: string): string;
  /** A message comes between. */
  close(): void;
};

/** `quoting` is the message before, if it may quote a command whose rest comes now. */
export function hideBroken(broken: BrokenLines, quoting: string | null, text: string): string {
  if (!broken.isOpen && quoting !== null) broken.next(quoting);
  return broken.next(text);
}
