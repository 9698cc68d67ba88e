import { solveExchanges } from '../exchange/decrypt.ts';
import { completedByEsp } from '../exchange/esp-receipt.ts';
import { groupMessages, pairMessages, type PendingExchange } from '../exchange/pair.ts';
import type { Screening } from '../exchange/screening.ts';
import type { Exchange } from '../model/exchange.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import type { CandidatePsk, KeyMaterial } from '../model/key-material.ts';
import type { SessionKeys } from '../model/session-keys.ts';
import { candidatesOfConfigs, withUniqueLabels } from './candidates.ts';
import type { Input } from './input.ts';

/** Everything that captures and key material say, before logs and configurations are joined to it. */
export type Wire = {
  readonly exchanges: readonly Exchange[];
  /** The keys that opened them, for decryption tables. */
  readonly sessions: readonly SessionKeys[];
  readonly candidates: readonly CandidatePsk[];
};

/** What there is to open, and what with. */
export type WireWork = {
  readonly exchanges: readonly Exchange[];
  readonly material: readonly KeyMaterial[];
  readonly candidates: readonly CandidatePsk[];
};

/** Pairs the messages of all captures, merged by time. Nothing is opened yet. */
export function wireWork(inputs: readonly Input[], extra: readonly CandidatePsk[]): WireWork {
  return { exchanges: pairMessages(mergedMessages(inputs)), ...keysOf(inputs, extra) };
}

/** Pairs the messages of all captures, merged by time, and opens what the key material opens. */
export function readWire(
  inputs: readonly Input[],
  extra: readonly CandidatePsk[],
  screening?: Screening,
): Wire {
  const { exchanges, material, candidates } = wireWork(inputs, extra);
  const solved = solveExchanges(exchanges, material, candidates, screening);
  const flows = inputs.flatMap(({ capture }) => capture?.espFlows ?? []);
  return {
    exchanges: solved.map(({ exchange }) => completedByEsp(exchange, flows)),
    sessions: solved.flatMap(({ keys }) => keys ?? []),
    candidates,
  };
}

/** As the exchanges of `readWire`, each to be worked out when wanted; null when there are keys, which are tried on all at once. */
export function readPending(
  inputs: readonly Input[],
  extra: readonly CandidatePsk[],
): readonly PendingExchange[] | null {
  const { material, candidates } = keysOf(inputs, extra);
  return material.length > 0 || candidates.length > 0
    ? null
    : groupMessages(mergedMessages(inputs));
}

function mergedMessages(inputs: readonly Input[]): readonly IkeMessage[] {
  const captures = inputs.flatMap((input) => input.capture ?? []);
  if (captures.length <= 1) return captures[0]?.messages ?? [];
  return captures
    .flatMap(({ messages }) => messages)
    .sort((a, b) =>
      a.timeNs < b.timeNs
        ? -1
        : a.timeNs > b.timeNs
          ? 1
          : a.capture - b.capture || a.frame - b.frame,
    );
}

function keysOf(
  inputs: readonly Input[],
  extra: readonly CandidatePsk[],
): { readonly material: readonly KeyMaterial[]; readonly candidates: readonly CandidatePsk[] } {
  return {
    material: inputs.flatMap((input) => input.keys?.material ?? []),
    // A key that a configuration holds is best named by its keyring, so those come before the ones of key files.
    candidates: withUniqueLabels(
      [
        ...extra,
        ...candidatesOfConfigs(inputs),
        ...inputs.flatMap((input) => input.keys?.candidates ?? []),
      ],
      inputs,
    ),
  };
}
