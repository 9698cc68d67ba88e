import { describe, expect, it } from 'vitest';
import { phaseHeaders, phaseNames } from '../../src/report/labels.ts';

describe('the phases of an attempt', () => {
  it('are none under IKEv2', () => {
    expect(phaseNames(1)).toEqual(['phase 1', 'phase 2']);
    expect(phaseNames(2)).toEqual(['IKE SA', 'child SA']);
  });

  it('are named above a column as soon as one attempt has them', () => {
    expect(phaseHeaders([{ ikeVersion: 2 }, { ikeVersion: 2 }])).toEqual(phaseNames(2));
    expect(phaseHeaders([{ ikeVersion: 2 }, { ikeVersion: 1 }])).toEqual(phaseNames(1));
  });
});
