import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogNegotiation } from '../../src/model/log.ts';
import { factsOf, listsOf, messagesOf, mixed, type LogMessage } from '../support/log-mix.ts';
import { createRandom } from '../support/random.ts';

const folder = new URL('../fixtures/logparse/', import.meta.url);
const logs = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const document = parseLog(text, 'log0');
    return { name: name.slice(0, 2), document, messages: messagesOf(text, document) };
  })
  .filter(
    ({ document: { negotiations } }) =>
      negotiations.length === 1 && negotiations[0]!.ikeVersion === 1,
  );

/** What is told of `got` though the log of the attempt alone, `wanted`, does not say it. */
function foreign(got: LogNegotiation, wanted: LogNegotiation): readonly string[] {
  const known = factsOf(wanted);
  const single = Object.entries(factsOf(got))
    .filter(([name, value]) => value !== null && value !== known[name])
    .map(([name, value]) => `${name}: ${String(value)}, not ${String(known[name])}`);
  const lists = listsOf(wanted);
  const several = Object.entries(listsOf(got)).flatMap(([name, values]) =>
    values
      .filter((value) => !lists[name]!.includes(value))
      .map((value) => `${name}: ${String(value)}`),
  );
  return [...single, ...several];
}

function problems(one: readonly LogMessage[], other: readonly LogMessage[], seed: number): unknown {
  const mix = mixed([one, other], createRandom(seed), seed % 2 === 0);
  const document = parseLog(mix.text, 'log0');
  const wanted = mix.alone.map((log) => parseLog(log, 'log0').negotiations);
  const found = document.negotiations.map((negotiation) => {
    const sources = negotiation.events.map((event) => mix.sourceOf(document.events[event]!.line));
    const source = 2 * sources.filter((each) => each === 1).length > sources.length ? 1 : 0;
    return { source, foreign: foreign(negotiation, wanted[source]![0]!) };
  });
  return found.sort((a, b) => a.source - b.source);
}

const untold = [
  { source: 0, foreign: [] },
  { source: 1, foreign: [] },
];

describe('the lines of two attempts of IKEv1 in turns', () => {
  const pairs = logs.flatMap((one, i) => logs.slice(i + 1).map((other) => ({ one, other })));

  it.each(pairs)(
    '$one.name and $other.name: neither is told what the other is',
    ({ one, other }) => {
      for (const seed of [1, 2, 3, 4])
        expect(problems(one.messages, other.messages, seed), `seed ${seed}`).toEqual(untold);
    },
  );
});
