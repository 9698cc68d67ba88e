import type { Teller } from './story.ts';

/** `crypto logging session`: what IOS says of a tunnel as a whole. */
const session: Teller = (_, { fields }) => {
  const id = /\bId: (\S+)/.exec(String(fields.detail ?? ''))?.[1];
  const who = `${String(fields.peer)}${id === undefined ? '' : ` (identity ${id})`}`;
  return fields.status === 'UP'
    ? { text: `the tunnel with ${who} is up`, weight: 'good' }
    : { text: `the tunnel with ${who} is down`, weight: 'trouble' };
};

export const sessionTellers: Readonly<Record<string, Teller>> = {
  'syslog-session': session,
  'syslog-session-ikev2': session,
};
