import { describe, expect, it } from 'vitest';
import { stopPoint } from '../../src/exchange/stop.ts';
import { mainModeUp, sent, wire } from '../support/incident.ts';

describe('stopPoint', () => {
  it('sees an answer that the file has before what it answers', () => {
    const messages = [
      ...mainModeUp.filter(({ step }) => !step.startsWith('QM')),
      sent('QM1', '>', 300, { messageId: 7 }),
      sent('QM3', '>', 400, { messageId: 7 }),
      sent('QM2', '<', 350, { messageId: 7 }),
    ];
    expect(stopPoint(wire(messages))).toMatchObject({ lastStep: 'QM3', expected: null });
    const other = messages.map((one) => (one.step === 'QM3' ? { ...one, messageId: 9 } : one));
    expect(stopPoint(wire(other))).toMatchObject({ lastStep: 'QM2', silent: 'initiator' });
  });

  it('sees it under IKEv2 by the message id', () => {
    const messages = [
      sent('SA_INIT', '>', 0),
      sent('SA_INIT', '<', 10),
      sent('AUTH', '<', 40, { messageId: 1 }),
      sent('AUTH', '>', 30, { messageId: 1 }),
    ];
    expect(stopPoint(wire(messages, { version: 2 }))).toMatchObject({ expected: null });
  });
});
