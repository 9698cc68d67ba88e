import { basket, harvested, type Basket, type Harvest } from './builder.ts';
import { charonReader, looksLikeCharon } from './charon.ts';
import { keyLineReader, looksLikeKeyLines } from './key-lines.ts';
import { labelledReader, looksLabelled } from './labelled.ts';
import { looksLikeSecretsJson, takeSecretsJson } from './secrets-json.ts';
import { looksLikeTable, takeTableRow } from './wireshark.ts';

export type { Harvest };

/** Longer lines hold no key: g^xy of the largest group takes 2,048 digits. */
const LONGEST_LINE = 8192;

/** True for a text that may hold key material of a known kind, judged by content alone. Linear in its length. */
export function looksLikeKeyMaterial(text: string): boolean {
  return (
    looksLikeSecretsJson(text) ||
    looksLikeTable(text) ||
    looksLikeCharon(text) ||
    looksLabelled(text) ||
    looksLikeKeyLines(text)
  );
}

/**
 * Every key and candidate PSK in a text: Wireshark tables, charon, pluto, racoon, isakmpd, vpnc and
 * FortiGate logs, JSON and plain key files, in any mixture. `input` is the id of the evidence file, `path` its name.
 * Never throws; what is recognised but cannot be read is an anomaly with its line.
 */
export function harvestKeys(text: string, input: string, path: string = input): Harvest {
  const target = basket(input, path);
  if (looksLikeSecretsJson(text)) {
    takeSecretsJson(target, text);
    return harvested(target);
  }
  readLines(target, text);
  return harvested(target);
}

/** The numbers of the lines that `harvestKeys` reads as key material, counted from 1: what a copy is not to show. */
export function keyMaterialLines(text: string): ReadonlySet<number> {
  const lines = new Set<number>();
  readLines(basket('', ''), text, (number) => lines.add(number));
  return lines;
}

function readLines(target: Basket, text: string, taken: (line: number) => void = () => {}): void {
  const charon = charonReader(target);
  const labelled = labelledReader(target);
  const keyLines = keyLineReader(target);
  const hasKeyLines = looksLikeKeyLines(text);
  const take = (line: string, number: number): boolean =>
    charon.take(line, number) ||
    takeTableRow(target, line, number) ||
    labelled.take(line, number) ||
    (hasKeyLines && keyLines.take(line, number));
  let number = 0;
  let from = 0;
  while (from <= text.length) {
    number += 1;
    const end = text.indexOf('\n', from);
    const raw = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length + 1 : end + 1;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.length <= LONGEST_LINE && take(line, number)) taken(number);
  }
  charon.end();
  labelled.end();
  keyLines.end();
}
