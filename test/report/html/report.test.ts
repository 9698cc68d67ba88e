import { describe, expect, it } from 'vitest';

import { renderHtml } from '../../../src/report/html/report.ts';
import type { AnalysisReport } from '../../../src/model/report.ts';
import { HIDDEN, HOSTILE } from '../../support/hostile.ts';
import { largeReport, mapTexts, referenceReport } from '../../support/report.ts';

const page = renderHtml(referenceReport());

type Tag = { readonly name: string; readonly attributes: ReadonlyMap<string, string> };

/** Every tag of the page; throws on anything that is no well-formed tag of ours. */
function tags(html: string): readonly Tag[] {
  const body = html.replace(/<style>[^<]*<\/style>/, '').replace('<!doctype html>', '');
  return [...body.matchAll(/<[^>]*>?/g)].map(([text]) => {
    const match = /^<(\/?[a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)\s*\/?>$/.exec(
      text.replace(/\s+/g, ' ').replace(' >', '>'),
    );
    if (match === null) throw new Error(`not a tag: ${text}`);
    const attributes = [...match[2]!.matchAll(/ ([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"]*)")?/g)];
    return {
      name: match[1]!,
      attributes: new Map(attributes.map(([, name, value]) => [name!, value ?? ''])),
    };
  });
}

const shape = (html: string): readonly string[] =>
  [
    ...new Set(
      tags(html).map(({ name, attributes }) => `${name} ${[...attributes.keys()].join(' ')}`),
    ),
  ].sort();

describe('the page', () => {
  it('allows nothing to be fetched or run', () => {
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;">`,
    );
    const names = new Set(tags(page).map(({ name }) => name));
    for (const name of ['script', 'img', 'link', 'iframe', 'object', 'form', 'base']) {
      expect(names).not.toContain(name);
    }
    expect(page).not.toMatch(/url\((?!#)|@import|https?:/);
  });

  it('has no handler, and no link that leads out of it', () => {
    for (const { attributes } of tags(page)) {
      for (const [name, value] of attributes) {
        expect(name).not.toMatch(/^on|^style$|^src$/);
        if (name === 'href') expect(value).toMatch(/^#/);
      }
    }
  });

  it('has ids that are unique, and a target for every link', () => {
    const ids = tags(page).flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = tags(page).flatMap(({ attributes }) => attributes.get('href')?.slice(1) ?? []);
    expect(targets.length).toBeGreaterThan(50);
    for (const target of targets) expect(ids).toContain(target);
    const labels = tags(page).flatMap(
      ({ attributes }) => attributes.get('aria-labelledby')?.split(' ') ?? [],
    );
    for (const label of labels) expect(ids).toContain(label);
  });

  it('closes every tag that it opens', () => {
    const open: string[] = [];
    const VOID = new Set(['meta', 'input', 'wbr']);
    const body = page.replace(/<style>[^<]*<\/style>/, '').replace('<!doctype html>', '');
    for (const [text, close, name] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (!VOID.has(name!) && !text.endsWith('/>')) open.push(name!);
    }
    expect(open).toEqual([]);
  });

  it('shows verdict, ladder, decisions, evidence, inputs and what was not understood', () => {
    for (const text of [
      'R1 verified MM5 with another keyring than the one it used',
      'diverges here',
      'decrypted: g^xy with PSK &lt;key#1&gt;',
      'Key not found in keyrings of profile , aborting exchange',
      'rule KV-PROFILE',
      'no pre-shared-key address 192.168.0.2',
      '1'.repeat(64),
      'FSM action returned error: 2',
      'ID_IPV4_ADDR (1)',
      'The last packet is cut short.',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('is the same for the same report', () => {
    expect(renderHtml(referenceReport())).toBe(page);
  });
});

describe('hostile text', () => {
  const expected = new Set([...shape(page), 'wbr ']);

  it.each(Object.entries(HOSTILE))('is text and nothing else: %s', (_, text) => {
    const hostile = renderHtml(mapTexts(referenceReport(), () => text));
    for (const tag of shape(hostile)) expect(expected).toContain(tag);
    expect(hostile.replaceAll('\t', '')).not.toMatch(HIDDEN);
    expect(hostile.match(/<style>/g)).toHaveLength(1);
  });

  it('does not reach ids or the style sheet', () => {
    const ids = (html: string): readonly string[] =>
      tags(html).flatMap(({ attributes }) => attributes.get('id') ?? []);
    const style = (html: string): string => /<style>[^<]*<\/style>/.exec(html)![0];
    const named = JSON.parse(
      JSON.stringify(referenceReport())
        .replaceAll('"n1"', '"n1{}*{x:url(http://a)}"')
        .replaceAll('"i1"', '"i1\\"><b>"'),
    ) as AnalysisReport;
    const hostile = renderHtml(named);
    expect(ids(hostile)).toEqual(ids(page));
    expect(style(hostile)).toBe(style(page));
  });
});

describe('without this or that', () => {
  it('is a page even when nothing was read', () => {
    const base = referenceReport();
    const empty = renderHtml({
      ...base,
      inputs: [],
      routers: [],
      negotiations: [],
      findings: [],
      verdict: { finding: null, negotiation: null, summary: 'The inputs hold no IKE.' },
      excerpts: {
        frames: [],
        logLines: [],
        configLines: [],
        unmatched: [],
        omitted: { frames: 0, logLines: 0 },
      },
    });
    expect(empty).toContain('No negotiation was found');
    expect(() => tags(empty)).not.toThrow();
  });

  it('links to the file where the line itself was left out', () => {
    const base = referenceReport();
    const bare = renderHtml({ ...base, excerpts: { ...base.excerpts, logLines: [], frames: [] } });
    const ids = new Set(tags(bare).flatMap(({ attributes }) => attributes.get('id') ?? []));
    for (const { attributes } of tags(bare)) {
      const href = attributes.get('href');
      if (href !== undefined) expect(ids).toContain(href.slice(1));
    }
  });
});

it('has a filter for every negotiation of a large incident, and renders it quickly', () => {
  const report = largeReport(30, 2_000);
  const large = renderHtml(report);
  const radios = tags(large).filter(({ attributes }) => attributes.get('type') === 'radio');
  expect(radios).toHaveLength(31);
  for (let number = 1; number <= 30; number += 1) {
    expect(large).toContain(`.side:has(#show-${number}:checked)`);
  }
});
