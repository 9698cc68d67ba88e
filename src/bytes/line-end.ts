/** What ends the lines of a text: LF, as every other reader of the file takes it; CR where there is no LF at all. */
export const lineEnd = (text: string): '\n' | '\r' => (text.includes('\n') ? '\n' : '\r');
