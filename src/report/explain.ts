import { rules } from '../diagnose/rules/index.ts';
import type { Rule } from '../diagnose/rule.ts';
import type { Palette } from './palette.ts';
import { paragraph } from './text/wrap.ts';

/** What the catalogue of findings says of one of them. */
export type RuleRecord = Pick<
  Rule,
  | 'id'
  | 'title'
  | 'severity'
  | 'needs'
  | 'means'
  | 'recognised'
  | 'fix'
  | 'supersedes'
  | 'references'
>;

/** Every finding in alphabetical order. */
export const catalogue: readonly RuleRecord[] = rules
  .map(({ id, title, severity, needs, means, recognised, fix, supersedes, references }) => ({
    id,
    title,
    severity,
    needs,
    means,
    recognised,
    fix,
    supersedes,
    references,
  }))
  .sort((a, b) => (a.id < b.id ? -1 : 1));

/** The ids nearest to what was typed, for a mistyped one. */
export function similarIds(typed: string): readonly string[] {
  const words = typed.toLowerCase().split(/[^a-z0-9]+/);
  return catalogue
    .map(({ id }) => ({
      id,
      hits: words.filter((word) => word !== '' && id.includes(word)).length,
    }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits)
    .slice(0, 3)
    .map(({ id }) => id);
}

/** One line a finding. */
export function explainAll(columns: number, palette: Palette): string {
  const width = Math.max(...catalogue.map(({ id }) => id.length)) + 2;
  const lines = catalogue.map((rule) => {
    const paint = palette[rule.severity];
    const lead = rule.id.padEnd(width);
    return paragraph(rule.title, columns, ' '.repeat(width), lead).replace(rule.id, paint(rule.id));
  });
  return `${lines.join('\n')}\n`;
}

/** All that is known of one finding. */
export function explainOne(rule: RuleRecord, columns: number, palette: Palette): string {
  const section = (title: string, text: string): string =>
    `${palette.strong(title)}\n${paragraph(text, columns, '  ')}\n`;
  const list = (title: string, items: readonly string[]): string =>
    items.length === 0
      ? ''
      : `${palette.strong(title)}\n${items.map((item) => paragraph(item, columns, '    ', '  - ')).join('\n')}\n`;
  return [
    `${palette[rule.severity](rule.id)}  ${rule.severity}\n${paragraph(rule.title, columns)}\n`,
    section('What it means', rule.means),
    section('How it is recognised', rule.recognised),
    section('How it is fixed', rule.fix),
    section('Evidence it can use', `any of: ${rule.needs.join(', ')}`),
    list('Explains away', rule.supersedes),
    list('References', rule.references),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
