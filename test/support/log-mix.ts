import type { LogDocument, LogNegotiation } from '../../src/model/log.ts';

/** One message of a log and the lines below it. */
export type LogMessage = readonly string[];

/** The messages of a log without the stamps in front of them; lines that somebody typed or wrote in between are left out. */
export function messagesOf(text: string, document: LogDocument): readonly LogMessage[] {
  const lines = text.split('\n');
  const messages: string[][] = [];
  let last = 0;
  for (const { message, time, line, lastLine } of document.events) {
    if (message === 'command' || line <= last) continue;
    last = lastLine;
    const [first, ...rest] = lines.slice(line - 1, lastLine).filter((each) => each.trim() !== '');
    const at = time === null ? -1 : first!.indexOf(time.written);
    if (at < 0 && messages.length > 0) messages.at(-1)!.push(first!, ...rest);
    else
      messages.push([
        first!.slice(at + (time?.written.length ?? 0)).replace(/^[ :]+/, ''),
        ...rest,
      ]);
  }
  return messages;
}

export type Mixed = {
  readonly text: string;
  /** Each log with the same stamps, alone. */
  readonly alone: readonly [string, string];
  /** Which of the two logs a line is of, by its number from 1. */
  readonly sourceOf: (line: number) => 0 | 1;
};

/** Two logs in turns of one to three messages each, stamped one after the other. */
export function mixed(
  logs: readonly [readonly LogMessage[], readonly LogMessage[]],
  below: (limit: number) => number,
  isStamped: boolean,
): Mixed {
  const next: [number, number] = [0, 0];
  const all: string[] = [];
  const alone: [string[], string[]] = [[], []];
  const sources: (0 | 1)[] = [];
  let turn: 0 | 1 = below(2) === 0 ? 0 : 1;
  let ms = 0;
  while (next[0] < logs[0].length || next[1] < logs[1].length) {
    for (let run = 1 + below(3); run > 0 && next[turn] < logs[turn].length; run--) {
      const [first, ...rest] = logs[turn][next[turn]++]!;
      ms += below(3);
      const seconds = (ms / 1000).toFixed(3).padStart(6, '0');
      const written = [isStamped ? `*Mar  1 12:00:${seconds}: ${first!}` : first!, ...rest];
      all.push(...written);
      alone[turn].push(...written);
      sources.push(...written.map(() => turn));
    }
    turn = turn === 0 ? 1 : 0;
  }
  return {
    text: all.join('\n'),
    alone: [alone[0].join('\n'), alone[1].join('\n')],
    sourceOf: (line) => sources[line - 1]!,
  };
}

/** What a log says of an attempt that no other log may say of it: null where it says nothing. */
export function factsOf(n: LogNegotiation): Readonly<Record<string, unknown>> {
  return {
    role: n.role,
    ikeVersion: n.ikeVersion,
    local: n.localAddress,
    peer: n.peerAddress,
    connId: /^0(?::0|$)/.test(String(n.connId)) ? null : n.connId,
    cookie: n.initiatorCookie,
    request: n.saRequestProfile?.name ?? null,
    profile: n.profileMatched?.name ?? null,
    peerIdentity: n.peerIdentity?.value ?? null,
    ownIdentity: n.ownIdentity?.value ?? null,
    proxies: n.proxies === null ? null : `${n.proxies.local} ${n.proxies.remote}`,
    policy: n.policyMatched === null ? null : n.policyMatched.priority,
    verdict: n.verdict === 'inconclusive' ? null : n.verdict,
  };
}

/** Facts of which there may be several. */
export function listsOf(n: LogNegotiation): Readonly<Record<string, readonly unknown[]>> {
  return {
    keyrings: n.keyringSelections
      .filter(({ keyring }) => keyring !== null)
      .map(({ step, keyring }) => `${step} ${String(keyring)}`),
    rejections: n.policyRejections.map(({ priority, attribute }) => `${priority} ${attribute}`),
    states: n.statePath,
    messageIds: n.messageIds,
    spis: n.spis,
  };
}
