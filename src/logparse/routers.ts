import type { LogDocument } from '../model/log.ts';
import type { Context } from './negotiations/context.ts';

export type Speaker = {
  name: string | null;
  basis: string;
  readonly contexts: Context[];
  /** Addresses that are its own. */
  readonly addresses: Set<string>;
  /** Addresses of its peers. */
  readonly peers: Set<string>;
  /** The last attempt with each connection id. */
  readonly connections: Map<number | string, Context>;
};

export type LateLabel = { readonly context: Context; readonly name: string };

function newSpeaker(name: string | null, basis: string): Speaker {
  return {
    name,
    basis,
    contexts: [],
    addresses: new Set(),
    peers: new Set(),
    connections: new Map(),
  };
}

const overlaps = (a: Context, b: Context): boolean =>
  a.firstLine <= b.lastLine && b.firstLine <= a.lastLine;

/** The same router cannot be its own peer, nor use one connection id for two attempts at a time. */
function contradicts(context: Context, speaker: Speaker): boolean {
  if (context.peer !== null && speaker.addresses.has(context.peer)) return true;
  if (context.local !== null && speaker.peers.has(context.local)) return true;
  const other = context.connId === null ? undefined : speaker.connections.get(context.connId);
  return other !== undefined && other.role !== context.role && overlaps(context, other);
}

function join(speaker: Speaker, context: Context): Speaker {
  speaker.contexts.push(context);
  if (context.local !== null) speaker.addresses.add(context.local);
  if (context.peer !== null) speaker.peers.add(context.peer);
  if (context.connId !== null) speaker.connections.set(context.connId, context);
  return speaker;
}

/** Tells the routers of one terminal apart: by prompt where addresses allow it, else by who talks to whom. */
function splitTerminal(
  contexts: readonly Context[],
  lateLabels: readonly LateLabel[],
  labels: readonly string[],
): Speaker[] {
  const speakers: Speaker[] = [];
  let last: Speaker | null = null;
  for (const context of contexts) {
    let label = context.label;
    const named: Speaker | undefined =
      label === null ? undefined : speakers.find((speaker) => speaker.name === label);
    if (named && contradicts(context, named)) label = null;
    const fits = speakers.filter(
      (speaker) =>
        !contradicts(context, speaker) &&
        (label === null || speaker.name === null || speaker.name === label),
    );
    const invalid: boolean = context.label !== null && label === null;
    const chosen: Speaker | undefined =
      (label !== null && named ? named : undefined) ??
      fits.find((speaker) => context.local !== null && speaker.addresses.has(context.local)) ??
      fits.find(
        (speaker) =>
          (label === null || invalid) && context.peer !== null && speaker.peers.has(context.peer),
      ) ??
      (label === null && !invalid ? (last && fits.includes(last) ? last : fits[0]) : undefined);
    if (chosen) {
      if (chosen.name === null && label !== null) {
        chosen.name = label;
        chosen.basis = 'prompt';
      }
      last = join(chosen, context);
      continue;
    }
    last = join(
      newSpeaker(
        label,
        label === null ? 'addresses and role: what one side sends the other receives' : 'prompt',
      ),
      context,
    );
    speakers.push(last);
  }
  for (const { context, name } of lateLabels) {
    const speaker = speakers.find((each) => each.contexts.includes(context));
    if (speaker?.name === null && !speakers.some((each) => each.name === name)) {
      speaker.name = name;
      speaker.basis = 'prompt';
    }
  }
  if (speakers.length === 1 && speakers[0]!.name === null) {
    const only = labels.length === 1 ? labels[0]! : null;
    speakers[0]!.name = only;
    speakers[0]!.basis = only === null ? 'nothing names it' : 'prompt';
  }
  return speakers;
}

/** Every router that speaks in a log. */
export function findSpeakers(
  groups: readonly { readonly sender: string; readonly contexts: readonly Context[] }[],
  lateLabels: readonly LateLabel[],
  labels: readonly string[],
  told: string | null,
): readonly Speaker[] {
  const speakers = groups.flatMap(({ sender, contexts }) => {
    if (contexts.length === 0) return [];
    if (sender === '') return splitTerminal(contexts, lateLabels, labels);
    const speaker = newSpeaker(sender, 'syslog sender');
    for (const context of contexts) {
      if (/^[\d.]+$|^[0-9a-f:]+:[0-9a-f:]*$/i.test(sender)) context.setLocal(sender, 2);
      join(speaker, context);
    }
    return [speaker];
  });
  if (told !== null && speakers.length === 1) {
    speakers[0]!.name = told;
    speakers[0]!.basis = 'as told';
  } else if (told !== null && !speakers.some(({ name }) => name === told)) {
    const unnamed = speakers.filter(({ name }) => name === null);
    if (unnamed.length === 1) {
      unnamed[0]!.name = told;
      unnamed[0]!.basis = 'as told';
    }
  }
  return speakers;
}

export function routerRecords(speakers: readonly Speaker[]): LogDocument['routers'] {
  return speakers.map(({ name, basis, addresses }) => ({
    name,
    basis,
    addresses: [...addresses].sort(),
  }));
}
