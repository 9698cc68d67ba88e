import type { LogEvent } from '../../model/log.ts';
import { escapeUnsafe } from '../json.ts';
import { isoTime } from './document.ts';

/** Needs no escape in JSON, and none of what `escapeUnsafe` replaces. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : escapeUnsafe(JSON.stringify(text));
}

/** As JSON has it: what is no number is null. */
const numeral = (value: number): string => (Number.isFinite(value) ? String(value) : 'null');

const orNull = (text: string | null): string => (text === null ? 'null' : quoted(text));

/** Equal stamps are one object. */
function createTimes(): (time: LogEvent['time']) => string {
  let last: LogEvent['time'] = null;
  let json = '"time":null,"written":null,"clock":null';
  return (time) => {
    if (time !== last) {
      last = time;
      json = `"time":${orNull(isoTime(time))},"written":${orNull(time?.written ?? null)},"clock":${orNull(time?.mark ?? null)}`;
    }
    return json;
  };
}

/**
 * Writes the text of `eventRow` as JSON without making the row, and without its opening brace: a long log spends most of
 * its time here. A test holds it to `eventRow`.
 */
export function createEventWriter(input: string): (event: LogEvent) => string {
  const before = `"input":${quoted(input)},"line":`;
  const times = createTimes();
  return ({ line, lastLine, router, time, connId, message, fields, text }) => {
    let named = '';
    for (const name in fields) {
      const value = fields[name]!;
      named += `${named === '' ? '' : ','}"${name}":${typeof value === 'string' ? quoted(value) : numeral(value)}`;
    }
    const id = typeof connId === 'string' ? quoted(connId) : String(connId);
    return `${before}${line},"lastLine":${lastLine},"router":${orNull(router)},${times(time)},"connId":${id},"message":"${message}","fields":{${named}},"text":${quoted(text)}}`;
  };
}
