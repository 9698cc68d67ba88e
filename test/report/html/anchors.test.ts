import { expect, it } from 'vitest';

import { makeAnchors } from '../../../src/report/html/anchors.ts';
import { referenceReport } from '../../support/report.ts';

const anchors = makeAnchors(referenceReport());

it('points to what the page shows', () => {
  expect(anchors.target({ input: 'i1', line: 8 })).toBe('#l-1-8');
  expect(anchors.target({ input: 'i5', frame: 5 })).toBe('#f-5-5');
});

it('points to the file when the page does not show the place', () => {
  expect(anchors.target({ input: 'i1', line: 9999 })).toBe('#input-1');
  expect(anchors.target({ input: 'i6' })).toBe('#input-6');
});

it('links nothing that is nowhere', () => {
  expect(anchors.target({ input: 'x', line: 1 })).toBeNull();
  expect(anchors.link({ input: 'x', line: 1 }).text).toBe('<span class="place">x:1</span>');
});
