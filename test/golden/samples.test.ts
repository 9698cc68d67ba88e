import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goldensOf, readmeWith } from '../support/goldens.ts';
import { sampleNames } from '../support/samples.ts';

// Renewed with `npm run goldens`, after which the difference is read before it is committed.
describe.each(sampleNames)('%s', (sample) => {
  it.each([...goldensOf(sample)])('%s', (path, content) => {
    expect(content).toBe(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
  });
});

it('README leads with the real diagnosis', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(readmeWith(readme));
});
