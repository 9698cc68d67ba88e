import type { LogEvent } from '../model/log.ts';
import { meaningOf } from './messages/describe.ts';
import { ofOtherLayer } from './negotiations/asides.ts';

/** What the syslog says of IKE; without a debug beside it nobody knows of which attempt. */
export type Hearsay = {
  readonly message: string;
  /** Null where the message names none. */
  readonly peer: string | null;
  readonly means: string;
  readonly times: number;
  readonly line: number;
  readonly lastLine: number;
};

/** System messages that tell how IKE went. */
const speaking: ReadonlySet<string> = new Set([
  'syslog-bad-message',
  'syslog-mode-failure',
  'syslog-no-sa',
  'syslog-not-encrypted',
  'syslog-not-authenticated',
  'syslog-not-offered',
  'syslog-certificate-bad',
  'syslog-certificate-invalid',
  'syslog-session',
  'syslog-session-ikev2',
  'syslog-ikev2-abort',
  'syslog-setup-failed',
  'syslog-ipsec-setup-failed',
  'syslog-invalid-spi',
  'syslog-aggressive-disabled',
  'syslog-data-plane',
  ...ofOtherLayer,
]);
const most = 64;

/** What a message means in both states, as the one of the two that it names. */
function inState(meaning: string, status: string | number | undefined): string {
  if (status === undefined || !/^(?:UP|DOWN)$/i.test(String(status))) return meaning;
  return meaning.replace(EITHER, /up/i.test(String(status)) ? 'came up' : 'went down');
}
const EITHER = 'came up or went down';

/** Collects what the events of one log say of each peer, and of none, in the order of their first lines. */
export function createHearsay(): {
  readonly take: (event: LogEvent) => void;
  readonly all: () => readonly Hearsay[];
} {
  const found = new Map<string, Hearsay>();
  return {
    take: ({ message, fields, line, lastLine }) => {
      if (!speaking.has(message)) return;
      const peer = fields.peer === undefined ? null : String(fields.peer);
      const { status, reason } = fields;
      const meaning = meaningOf(message) ?? message;
      const sentence = inState(meaning, status);
      // The sentence says the state itself.
      const state = sentence === meaning ? status : undefined;
      const told = [state, reason].filter((part) => part !== undefined).join(': ');
      const said = [told, fields.detail].filter((part) => part !== undefined && part !== '');
      const detail = said.length === 0 ? undefined : said.join(', ');
      const key = `${peer ?? ''} ${message} ${String(status)} ${String(detail)}`;
      const known = found.get(key);
      if (known) {
        found.set(key, { ...known, times: known.times + 1, lastLine });
        return;
      }
      if (found.size >= most) return;
      const means = detail === undefined ? sentence : `${sentence} (${detail})`;
      found.set(key, { message, peer, means, times: 1, line, lastLine });
    },
    all: () => [...found.values()],
  };
}
