import type { ConfigModel, LineState } from '../model/config.ts';
import { firewallLine } from './firewall.ts';
import { withoutHelp } from './help.ts';
import { interpret } from './interpret.ts';
import { lastListings } from './last-listings.ts';
import { prepareLine, splitLines, withoutNumbers } from './lines.ts';
import type { PreparedLine } from './lines.ts';
import { splitSections } from './sections.ts';
import { expandKeyTable } from './show-keys.ts';
import { expandPolicies } from './show-policies.ts';
import { expandProfiles } from './show-profiles.ts';
import { withOpenedKeys } from './stored-keys.ts';
import { joinWrapped, keepJoined } from './wrapped.ts';

/**
 * One model per router found in a text: `show running-config`, `show tech-support`, fragments with or without
 * indentation and prompts, `show crypto isakmp key`. Texts without any modelled line give no model. Never throws.
 */
export function parseConfigs(text: string, input: string): readonly ConfigModel[] {
  const raw = withoutNumbers(splitLines(text));
  const models = modelsOf(raw, input);
  const isRead = (index: number): boolean =>
    !models.some(({ lineStates }) => lineStates[index] === 'unknown');
  const damaged = new Set(models.flatMap(({ anomalies }) => anomalies.map(({ line }) => line - 1)));
  const whole = joinWrapped(raw, {
    isRead,
    isWhole: (index) => isRead(index) && !damaged.has(index),
  });
  if (whole === null) return models;
  const joined = modelsOf(whole, input);
  // What says nothing when it is put together either was no broken command.
  const says = (index: number): boolean =>
    joined.some(
      ({ lineStates }) => !/^(?:unknown|irrelevant)$/.test(lineStates[index] ?? 'unknown'),
    );
  const kept = keepJoined(raw, whole, says);
  if (kept === whole) return joined.map((model) => withJoined(model, raw));
  return kept === raw ? models : modelsOf(kept, input).map((model) => withJoined(model, raw));
}

function modelsOf(raw: readonly string[], input: string): readonly ConfigModel[] {
  return splitSections(withoutHelp(raw))
    .map((section) => toModel(input, section.name, lastListings(section.lines, raw), raw))
    .filter(
      ({ lineStates, firewallLine: telling }) => telling !== null || lineStates.some(isModelled),
    );
}

/** Tells of each line that was read together with the next one. */
function withJoined(model: ConfigModel, raw: readonly string[]): ConfigModel {
  const joined = model.lines.flatMap((text, index) =>
    text !== '' && text !== raw[index] && model.lineStates[index] !== 'irrelevant'
      ? [
          {
            line: index + 1,
            code: 'line-joined',
            text: 'the line is broken at the width of the paste, and was read together with what follows it',
          },
        ]
      : [],
  );
  return { ...model, anomalies: [...model.anomalies, ...joined] };
}

/**
 * The same router after commands were typed in configuration mode. Line numbers of the listing stay, the commands
 * follow after its last line.
 */
export function applyCommands(model: ConfigModel, commands: readonly string[]): ConfigModel {
  const raw = [...model.lines, ...commands];
  const lines = raw.map((text, index) => prepareLine(text, index + 1));
  const typed = model.lines.length + 1;
  const changed = toModel(model.input, model.hostname, lines, raw, typed);
  return withOpenedKeys({ ...changed, hostname: model.hostname }, model.openedKeys);
}

/** How many lines are in each state, over all routers of a text. */
export function countLineStates(
  models: readonly ConfigModel[],
): Readonly<Record<LineState, number>> {
  const counts: Record<LineState, number> = {
    unknown: 0,
    irrelevant: 0,
    'not-modelled': 0,
    'modelled-with-conditions': 0,
    modelled: 0,
  };
  const length = Math.max(0, ...models.map((model) => model.lineStates.length));
  for (let index = 0; index < length; index += 1) {
    const states = models.map((model) => model.lineStates[index] ?? 'irrelevant');
    counts[states.find((state) => state !== 'irrelevant') ?? 'irrelevant'] += 1;
  }
  return counts;
}

function toModel(
  input: string,
  name: string | null,
  lines: readonly PreparedLine[],
  raw: readonly string[],
  typed = Infinity,
): ConfigModel {
  const own = new Set(lines.map(({ line }) => line));
  const listing = raw.map((text, index) => (own.has(index + 1) ? text : ''));
  const firewall = firewallLine(lines);
  if (firewall !== null) return firewallModel(input, name, lines, firewall, listing);
  const model = interpret(input, expandShown(lines, typed), listing);
  return { ...model, hostname: model.hostname ?? name };
}

/**
 * With the commands that print what show commands listed; lines from `typed` on were typed afterwards. The table of keys
 * comes last: it ends at a command, and a heading might be taken for one of its rows.
 */
const expandShown = (lines: readonly PreparedLine[], typed: number): readonly PreparedLine[] =>
  [expandProfiles, expandPolicies, expandKeyTable].reduce(
    (all, expand) => expand(all, typed),
    lines,
  );

/** Its commands look like those of IOS and mean something else, so all but the name is left alone. */
function firewallModel(
  input: string,
  name: string | null,
  lines: readonly PreparedLine[],
  telling: number,
  listing: readonly string[],
): ConfigModel {
  const model = interpret(
    input,
    lines.filter(({ text }) => /^hostname \S/i.test(text)),
    listing,
  );
  const lineStates = [...model.lineStates];
  for (const { text, line } of lines)
    if (text !== '' && lineStates[line - 1] === 'irrelevant') lineStates[line - 1] = 'not-modelled';
  return { ...model, lineStates, hostname: model.hostname ?? name, firewallLine: telling };
}

function isModelled(state: LineState): boolean {
  return state === 'modelled' || state === 'modelled-with-conditions';
}
