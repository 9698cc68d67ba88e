import { stringify } from '../json.ts';
import { logDocument, type ReadLog } from './document.ts';

export function renderLogJson(
  logs: readonly ReadLog[],
  tool: { readonly name: string; readonly version: string },
): string {
  return stringify(logDocument(logs, tool));
}
