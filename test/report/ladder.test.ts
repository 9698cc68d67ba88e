import { describe, expect, it } from 'vitest';

import type { FrameExcerpt, Negotiation, TimelineItem } from '../../src/model/report.ts';
import { groupAttempts } from '../../src/report/attempts.ts';
import { buildLadder, isoMs, type Ladder } from '../../src/report/ladder.ts';
import { initiator, referenceReport, responder } from '../support/report.ts';

function ladderOf(negotiations: readonly Negotiation[], frames?: readonly FrameExcerpt[]): Ladder {
  const base = referenceReport();
  const excerpts = frames === undefined ? base.excerpts : { ...base.excerpts, frames };
  const report = { ...base, negotiations, excerpts };
  return buildLadder(groupAttempts(negotiations)[0]!, report);
}

describe('buildLadder', () => {
  const ladder = ladderOf([responder, initiator]);

  it('has a row for every message, in order, the request before them', () => {
    expect(ladder.rows.map(({ step }) => step)).toEqual([
      'SA request',
      'MM1',
      'MM2',
      'MM3',
      'MM4',
      'MM5',
    ]);
  });

  it('names the lanes', () => {
    expect(ladder.left).toEqual({ name: 'R2', address: '192.168.0.2', logged: true });
    expect(ladder.right).toEqual({ name: 'R1', address: '192.168.0.1', logged: true });
  });

  it('folds retransmissions into the frame that they repeat', () => {
    const mm5 = ladder.rows.at(-1)!;
    expect(mm5.wire?.retransmissions).toEqual([6, 7]);
    expect(mm5.left?.repeats).toBe(1);
    expect(mm5.wire!.lastMs! - mm5.atMs!).toBe(20_000);
  });

  it('puts states, keyrings and profiles where they were chosen', () => {
    const [mm3, mm4, mm5] = ['MM3', 'MM4', 'MM5'].map((step) =>
      ladder.rows.find((row) => row.step === step),
    );
    expect(mm3?.right?.state).toBe('IKE_R_MM3');
    expect(mm3?.right?.notes.map(({ text }) => text)).toEqual(['keyring keyring1']);
    expect(mm4?.left?.notes.map(({ text }) => text)).toEqual(['keyring keyring1']);
    expect(mm5?.right?.notes.map(({ verdict }) => verdict)).toEqual(['agrees', 'diverges']);
  });

  it('marks the divergence where it happens, and nowhere else', () => {
    expect(ladder.rows.filter(({ diverges }) => diverges).map(({ step }) => step)).toEqual(['MM5']);
  });

  it('is drawn from logs alone when there is no capture', () => {
    const logs = ladderOf([responder, initiator], []);
    expect(logs.captured).toBe(false);
    expect(logs.rows.map(({ step }) => step)).toEqual([
      'SA request',
      'MM1',
      'MM2',
      'MM3',
      'MM4',
      'MM5',
    ]);
    expect(logs.rows.every(({ wire }) => wire === null)).toBe(true);
  });

  it('is drawn from the capture alone when there is no log', () => {
    const wire = {
      ...initiator,
      router: null,
      pairedWith: [],
      evidenceLines: [],
      decisions: [],
      timeline: [],
    };
    const seen = ladderOf([wire]);
    expect(seen.rows.map(({ step }) => step)).toEqual(['MM1', 'MM2', 'MM3', 'MM4', 'MM5']);
    expect(seen.left).toEqual({ name: '192.168.0.2', address: '192.168.0.2', logged: false });
    expect(seen.rows.every(({ left, right }) => left === null && right === null)).toBe(true);
  });

  it('tells MM6 from MM4, which a responder sends under the same tag', () => {
    const sent: TimelineItem = {
      ...responder.timeline.find(({ direction }) => direction === 'sent')!,
      line: 99,
      state: 'MM_KEY_EXCH',
    };
    const logOnly = responder.timeline.filter(({ line }) => line !== undefined);
    const stepsOf = (phase1: Negotiation['phase1']): readonly string[] =>
      ladderOf(
        [{ ...responder, phase1, pairedWith: [], timeline: [...logOnly, sent] }],
        [],
      ).rows.map(({ step }) => step);
    const before = ['MM1', 'MM2', 'MM3', 'MM4', 'MM5'];
    expect(stepsOf('complete')).toEqual([...before, 'MM6']);
    // What it says instead of MM6 has the tag alone.
    expect(stepsOf('failed')).toEqual([...before, 'MM_KEY_EXCH']);
  });

  it('puts a notification beside the one that was captured at its time', () => {
    const at = Date.UTC(2024, 5, 19, 12, 29);
    const [mm5] = referenceReport().excerpts.frames.filter(({ step }) => step === 'MM5');
    const frames = [1, 2].map((number): FrameExcerpt => ({
      ...mm5!,
      frame: 60 + number,
      step: 'INFO',
      direction: 'r2i',
      time: new Date(at + number * 4000).toISOString(),
      retransmissionOf: null,
      copyOf: null,
    }));
    const heard = (number: number, more: Partial<TimelineItem>): TimelineItem => ({
      time: null,
      clock: 'R2',
      referenceMs: at + number * 4000 + 20,
      kind: 'packet-received',
      text: 'received packet',
      input: 'i3',
      line: 900 + number,
      direction: 'received',
      state: 'MM_KEY_EXCH',
      ...more,
    });
    const own = (items: readonly TimelineItem[]): Ladder =>
      ladderOf(
        [
          {
            ...initiator,
            router: null,
            pairedWith: [],
            frames: [61, 62],
            timeline: [
              ...frames.map((frame): TimelineItem => ({
                time: frame.time,
                clock: 'capture',
                referenceMs: Date.parse(frame.time ?? ''),
                kind: 'frame',
                text: 'INFO',
                input: frame.input,
                frame: frame.frame,
                step: 'INFO',
              })),
              ...items,
            ],
          },
        ],
        frames,
      );
    const infos = ({ rows }: Ladder): readonly (number | undefined)[] =>
      rows.filter(({ step }) => step === 'INFO').map(({ left }) => left?.place?.line);
    expect(infos(own([heard(2, { step: 'INFO' })]))).toEqual([undefined, 902]);
    expect(infos(own([heard(1, {}), heard(2, {})]))).toEqual([901, 902]);
  });

  it('tells the lines of both routers apart where a timeline holds both', () => {
    const both = [...responder.timeline, ...initiator.timeline];
    const merged = ladderOf([
      { ...responder, timeline: both },
      { ...initiator, timeline: both },
    ]);
    expect(merged.rows).toEqual(ladderOf([responder, initiator]).rows);
  });

  it('tells them apart where one of them has no name', () => {
    const unnamed = initiator.timeline.map((item) => ({ ...item, clock: 'router-2' }));
    const both = [...responder.timeline, ...unnamed];
    const merged = ladderOf([
      { ...responder, timeline: both },
      { ...initiator, router: null, timeline: unnamed },
    ]);
    expect(merged.rows.map(({ step }) => step)).toEqual(
      ladderOf([responder, initiator]).rows.map(({ step }) => step),
    );
  });

  it('joins packets that a log calls QM_IDLE to the quick mode that was captured', () => {
    const { frames } = referenceReport().excerpts;
    const quick = { ...frames[0]!, frame: 20, step: 'QM1', time: '2024-06-19T12:29:10.000Z' };
    const sent: TimelineItem = {
      ...initiator.timeline.find(({ direction }) => direction === 'sent')!,
      time: '2024-06-19T12:29:10.001Z',
      referenceMs: Date.UTC(2024, 5, 19, 12, 29, 10, 1),
      line: 50,
      state: 'QM_IDLE',
    };
    const later = { ...sent, line: 51, referenceMs: sent.referenceMs! + 60_000 };
    const { rows } = ladderOf(
      [
        {
          ...responder,
          frames: [...responder.frames, 20],
          timeline: responder.timeline.filter(({ frame }) => frame === undefined),
        },
        { ...initiator, timeline: [...initiator.timeline, sent, later] },
      ],
      [...frames, quick],
    );
    expect(rows.find(({ step }) => step === 'QM1')?.left?.place).toEqual({ input: 'i2', line: 50 });
    expect(rows.at(-1)?.step).toBe('QM_IDLE');
  });

  it('keeps every state that a router went through at a message', () => {
    const gone = {
      ...responder.timeline[11]!,
      line: 17,
      text: 'New State = IKE_DEST_SA',
      state: 'IKE_DEST_SA',
    };
    const ladders = ladderOf([
      { ...responder, timeline: [...responder.timeline, gone] },
      initiator,
    ]);
    expect(ladders.rows.at(-1)?.right?.state).toBe('IKE_R_MM5 → IKE_DEST_SA');
  });

  it('folds the same packet seen by a second tap', () => {
    const { frames } = referenceReport().excerpts;
    const copy = { ...frames[0]!, frame: 8, copyOf: 1 };
    const negotiation = { ...responder, frames: [...responder.frames, 8] };
    const ladders = ladderOf([negotiation, initiator], [...frames, copy]);
    expect(ladders.rows.find(({ step }) => step === 'MM1')?.wire?.copies).toEqual([8]);
  });

  it('takes frames only of the capture that the negotiation was seen in', () => {
    const { frames } = referenceReport().excerpts;
    const other = frames.map((frame) => ({ ...frame, input: 'i7' }));
    const ladders = ladderOf([responder, initiator], [...frames, ...other]);
    expect(ladders.rows.filter(({ step }) => step === 'MM1')).toHaveLength(1);
  });

  it('shows a line that the failure rests on and that no decision shows', () => {
    const base = referenceReport();
    const finding = base.findings[0]!;
    const evidence = [{ input: 'i1', line: 16, text: 'FSM action returned error: 2' }];
    const report = { ...base, findings: [{ ...finding, evidence }] };
    const { rows } = buildLadder(groupAttempts(report.negotiations)[0]!, report);
    expect(rows.at(-1)?.right?.notes).toContainEqual({
      text: 'FSM action returned error: 2',
      verdict: 'log',
      place: { input: 'i1', line: 16 },
    });
  });
});

describe('isoMs', () => {
  it('reads any number of fraction digits, and nothing else', () => {
    expect(isoMs('2024-06-19T12:28:44.270123456Z')).toBeCloseTo(
      Date.UTC(2024, 5, 19, 12, 28, 44) + 270.123456,
      3,
    );
    expect(isoMs('2024-06-19T12:28:44Z')).toBe(Date.UTC(2024, 5, 19, 12, 28, 44));
    expect(isoMs('Jun 19 12:28:44')).toBeNull();
  });
});
