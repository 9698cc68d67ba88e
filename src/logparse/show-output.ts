import type { LogDocument } from '../model/log.ts';

/** True if the text holds output of show commands and nothing that a router logged by itself. */
export function isOnlyShow({ events, negotiations }: LogDocument): boolean {
  return (
    negotiations.length === 0 &&
    events.some(({ message }) => message.startsWith('show-')) &&
    events.every(({ message }) => message.startsWith('show-') || message === 'command')
  );
}
