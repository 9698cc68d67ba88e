import { describe, expect, it } from 'vitest';

import {
  captureClockTexts,
  clockText,
  divergenceTexts,
  modeLabel,
  namedRole,
  narrowPlaceWriter,
  placeWriter,
  shortPaths,
  stepLabel,
  transformText,
  phaseHeaders,
  phaseNames,
} from '../../src/report/labels.ts';
import { referenceReport, responder } from '../support/report.ts';

describe('the name of a router with its role', () => {
  it('is the role alone where nothing names the router', () => {
    expect(namedRole({ ...responder, router: null, localAddress: null })).toBe('responder');
    expect(namedRole({ ...responder, router: 'R9' })).toBe('R9 responder');
  });
});

describe('the mode of a negotiation', () => {
  const seen = { exchange: 'main', statePath: [], packetStates: ['QM_IDLE'], frames: [] } as const;
  it('is named where something of it was seen', () => {
    expect(modeLabel(seen)).toBe('IKEv1');
    expect(modeLabel({ ...seen, packetStates: ['MM_SA_SETUP'] })).toBe('IKEv1 main mode');
    expect(modeLabel({ ...seen, statePath: ['IKE_R_MM1'] })).toBe('IKEv1 main mode');
    expect(modeLabel({ ...seen, frames: [3] })).toBe('IKEv1 main mode');
    expect(modeLabel({ ...seen, exchange: 'aggressive' })).toBe('IKEv1 aggressive mode');
  });
});

describe('shortPaths', () => {
  it('keeps as much of a path as tells it from the others', () => {
    const short = shortPaths([
      '/case/r1/debug.txt',
      '/case/r2/debug.txt',
      '/case/path.pcap',
      'a\\b.cfg',
    ]);
    expect([...short.values()].sort()).toEqual([
      'b.cfg',
      'path.pcap',
      'r1/debug.txt',
      'r2/debug.txt',
    ]);
  });

  it('ends for equal paths, for a path that ends another, and for none', () => {
    expect(shortPaths(['a', 'a']).get('a')).toBe('a');
    expect([...shortPaths(['x/a', 'a'])]).toEqual(
      expect.arrayContaining([
        ['a', 'a'],
        ['x/a', 'x/a'],
      ]),
    );
    expect(shortPaths([]).size).toBe(0);
  });
});

describe('placeWriter', () => {
  const place = placeWriter(referenceReport());

  it('writes lines, frames and octets', () => {
    expect(place({ input: 'i1', line: 8 })).toBe('r1-debug.txt:8');
    expect(place({ input: 'i5', frame: 5 })).toBe('path.pcap frame 5');
    expect(place({ input: 'i5', frame: 5, offset: 42 })).toBe('path.pcap frame 5 octet 42');
    expect(place({ input: 'i5', offset: 24 })).toBe('path.pcap octet 24');
    expect(place({ input: 'nowhere' })).toBe('nowhere');
  });
});

describe('narrowPlaceWriter', () => {
  it('names the kind where side and column tell the file', () => {
    const place = narrowPlaceWriter(referenceReport());
    expect(place({ input: 'i1', line: 8 })).toBe('log:8');
    expect(place({ input: 'i3', line: 3 })).toBe('config:3');
    expect(place({ input: 'i5', frame: 5 })).toBe('frame 5');
  });

  it('names the file where a router gave two of a kind', () => {
    const base = referenceReport();
    const second = { ...base.inputs[0]!, id: 'i7', path: 'more.txt' };
    const routers = base.routers.map((router) =>
      router.name === 'R1' ? { ...router, inputs: [...router.inputs, 'i7'] } : router,
    );
    const place = narrowPlaceWriter({ ...base, inputs: [...base.inputs, second], routers });
    expect(place({ input: 'i7', line: 8 })).toBe('more.txt:8');
    expect(place({ input: 'i2', line: 8 })).toBe('log:8');
  });
});

it('tells a divergence once that both sides hold', () => {
  expect(divergenceTexts([responder, responder])).toHaveLength(1);
  expect(divergenceTexts([{ ...responder, divergence: null }])).toEqual([]);
});

it('writes steps, transforms and times', () => {
  expect(stepLabel('sa-request')).toBe('SA request');
  expect(stepLabel('mm5')).toBe('MM5');
  expect(transformText(responder)).toBe('3DES-CBC · MD5 · group 2 · pre-share');
  expect(transformText({ ...responder, transform: null, auth: null })).toBeNull();
  expect(clockText('2024-06-19T12:28:44.270123456Z')).toBe('12:28:44.270123');
  expect(clockText('*Sep  3 14:21:30.119')).toBe('14:21:30.119');
  expect(clockText('uptime 3d')).toBe('uptime 3d');
});

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

describe('captureClockTexts', () => {
  it('names both captures by their files, and is silent where no clock is apart', () => {
    const [input] = referenceReport().inputs;
    const first = { ...input!, id: 'i1', path: '/case/east.pcap' };
    const clock = { jitterMs: 0.2, basis: '5 messages that i1 holds as well' };
    const second = {
      ...first,
      id: 'i2',
      path: '/case/west.pcap',
      clock: { ...clock, offsetMs: 12_300 },
    };
    const third = { ...first, id: 'i3', path: 'south.pcap', clock: { ...clock, offsetMs: -40 } };
    expect(captureClockTexts([first, second, third])).toEqual([
      'capture west.pcap: its clock is 12.300 s ahead, jitter 0.2 ms, from 5 messages that east.pcap holds as well',
      'capture south.pcap: its clock is 0.040 s behind, jitter 0.2 ms, from 5 messages that east.pcap holds as well',
    ]);
    expect(captureClockTexts([first])).toEqual([]);
  });
});
