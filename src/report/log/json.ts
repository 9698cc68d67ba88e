import { jsonLine, jsonList } from '../json.ts';
import { inputRow, logSchema, negotiationRow, type LogWriter, type ReadLog } from './document.ts';
import { createEventWriter } from './event-json.ts';

/** `ike-autopsy/log@1`, one record a line. */
export function createLogJson(
  logs: readonly ReadLog[],
  tool: { readonly name: string; readonly version: string },
): LogWriter {
  const writers = logs.map(({ document }) => createEventWriter(document.input));
  let separator = '\n';
  return {
    *begin() {
      yield `{\n  "schema": "${logSchema}",\n  "tool": ${jsonLine(tool)},\n`;
      yield* jsonList('inputs', logs.map(inputRow).map(jsonLine), ',\n');
      yield* jsonList('negotiations', negotiations(logs), ',\n');
      yield '  "events": [';
    },
    event: (event, _index, log) => {
      const line = `${separator}    {${writers[log]!(event)}`;
      separator = ',\n';
      return line;
    },
    end: () => [separator === '\n' ? ']\n}\n' : '\n  ]\n}\n'],
  };
}

function* negotiations(logs: readonly ReadLog[]): Generator<string> {
  for (const { document } of logs)
    for (const negotiation of document.negotiations) yield jsonLine(negotiationRow(negotiation));
}
