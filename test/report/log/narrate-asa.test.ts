import { expect, it } from 'vitest';
import { parseLog } from '../../../src/logparse/parse.ts';
import { createLogText } from '../../../src/report/log/text.ts';
import { makePalette } from '../../../src/report/palette.ts';
import { writtenLog } from '../../support/written-log.ts';

const told = (...lines: readonly string[]): string =>
  writtenLog([{ path: 'fw1.log', document: parseLog(lines.join('\n'), 'i1') }], (logs) =>
    createLogText(logs, makePalette(false), { unmatched: true, isPart: false }),
  );
const decode = (how: string, payloads: string): string =>
  `[IKEv1]: IP = 192.0.2.7, IKE_DECODE ${how} Message (msgid=0) with payloads : HDR + ${payloads} + NONE (0) total length : 148`;
const who = 'Group = 192.0.2.7, IP = 192.0.2.7, ';

it('numbers the messages of an ASA as those of IOS, and names one that goes out again', () => {
  const text = told(
    decode('RECEIVED', 'SA (1) + VENDOR (13)'),
    decode('SENDING', 'SA (1)'),
    decode('RESENDING', 'SA (1)'),
  );
  expect(text).toMatch(/responder: \? <- 192\.0\.2\.7, main mode$/m);
  expect(text).toMatch(/^ +1 +receives MM1 \(SA, VENDOR\)$/m);
  expect(text).toMatch(/^ +2 +sends MM2 \(SA\)$/m);
  expect(text).toMatch(/^ +3 +has no answer, repeats MM2 \(SA\)$/m);
});

it('claims no main mode, and no id, where nothing was seen of them', () => {
  const text = told(
    `%ASA-3-713902: ${who}QM FSM error (P2 struct &0xcc19ed48, mess id 0x8c5c1d6a)!`,
    `%ASA-5-713259: ${who}Session is being torn down. Reason: crypto map policy not found`,
  );
  expect(text).toMatch(/responder: \? <- 192\.0\.2\.7, IKEv1$/m);
  expect(text).toMatch(/^ +1 +quick mode failed$/m);
  expect(text).toMatch(/^ +2 +ends the session: crypto map policy not found$/m);
});

it('tells the packets of IKEv2, and that the connection is up', () => {
  const spis = 'InitSPI=0xdfa3b583a4369958 RespSPI=0x27c943c13fd94665 MID=00000001';
  const text = told(
    `IKEv2-PLAT-4: SENT PKT [IKE_AUTH] [203.0.113.8]:500->[192.0.2.5]:500 ${spis}`,
    `IKEv2-PLAT-4: RECV PKT [IKE_AUTH] [192.0.2.5]:500->[203.0.113.8]:500 ${spis}`,
    'IKEv2-PLAT-3: CONNECTION STATUS: UP... peer: 192.0.2.5:500, phase1_id: 192.0.2.5',
  );
  expect(text).toMatch(/^ +1 +sends IKE_AUTH to 192\.0\.2\.5$/m);
  expect(text).toMatch(/^ +2 +receives IKE_AUTH from 192\.0\.2\.5$/m);
  expect(text).toMatch(/^ +3 +the connection with 192\.0\.2\.5 is up$/m);
});

it('does not say of a reason that it told that the log does not show it', () => {
  const aborted =
    '%ASA-4-750003: Local:203.0.113.8:500 Remote:192.0.2.5:500 Username:192.0.2.5 IKEv2 Negotiation aborted due to ERROR: ';
  const text = told(`${aborted}Detected unsupported ID type`);
  expect(text).toMatch(/^ +1 +gives the negotiation up: Detected unsupported ID type$/m);
  expect(text).toMatch(
    /it failed, and the log shows no more of why than is told above.*\(lines 1\)$/m,
  );
});
