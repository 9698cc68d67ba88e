import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSecretTokens, maskSecrets } from '../../../src/iosconfig/mask.ts';
import { parseLog } from '../../../src/logparse/parse.ts';
import { createLogCsv } from '../../../src/report/log/csv.ts';
import { eventRow, type LogWriter, type ReadLog } from '../../../src/report/log/document.ts';
import { createLogJson } from '../../../src/report/log/json.ts';
import { maskEvent, maskUnmatched } from '../../../src/report/log/masked.ts';
import { createEventLine } from '../../../src/report/log/ndjson.ts';
import { createLogText } from '../../../src/report/log/text.ts';
import { makePalette } from '../../../src/report/palette.ts';
import { writtenLog } from '../../support/written-log.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../fixtures/logparse/${name}.txt`, import.meta.url), 'utf8');
const asText = (logs: readonly ReadLog[]): LogWriter =>
  createLogText(logs, makePalette(false), { unmatched: true, isPart: false });
const asJson = (logs: readonly ReadLog[]): LogWriter =>
  createLogJson(logs, { name: 'ike-autopsy', version: '0' });
const log = { path: 'edge-a.log', document: parseLog(read('01-keyring-mismatch-after-mm5'), 'i1') };

describe('the narration of a log', () => {
  const text = writtenLog([log], asText);
  it('says where the key came from, with the line', () => {
    expect(text).toMatch(/^ +98 .*takes the key of keyring KR-OLD.*MM3/m);
    expect(text).toMatch(/^ +139 .*selects ISAKMP profile PROF-NEW/m);
    expect(text).toMatch(/^ +141 .*came from KR-OLD/m);
  });
  it('ends with the verdict and the lines it rests on', () => {
    expect(text).toMatch(/keyring-mismatch-after-mm5 at mm5-verify.*lines 98, 139, 140, 141, 143/);
  });
  it('shows no key of a command or a table that was pasted along', () => {
    const pasted =
      'R1(config)#crypto isakmp key Winter-Oak-7 address 192.0.2.7\ncrypto keyring K\n pre-shared-key address 192.0.2.7 key Winter-Oak-7\nkeyring1     192.0.2.7      Winter-Oak-7\n';
    const token = createSecretTokens();
    const mask = (line: string): string => maskSecrets(line, token);
    const read = maskUnmatched(parseLog(pasted, 'i1'), mask);
    const document = { ...read, events: read.events.map((event) => maskEvent(event, mask)) };
    const shown =
      writtenLog([{ path: 'p', document }], asText) + writtenLog([{ path: 'p', document }], asJson);
    expect(shown).not.toContain('Winter-Oak');
    expect(shown).toMatch(/isakmp key <key#1>.*/);
    expect(shown).toContain('<key>');
  });
});

describe('a sentence of the narration', () => {
  const sentences = (...lines: readonly string[]): string =>
    writtenLog([{ path: 'p', document: parseLog(lines.join('\n'), 'i1') }], asText);
  const packet = (state: string, id = 1001): string =>
    `ISAKMP:(${id}): received packet from 192.0.2.7 dport 500 sport 500 Global ${state}`;

  it('tells what the syslog says of peers where no debug tells of an attempt', () => {
    const said =
      '%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.7 failed its sanity check or is malformed';
    expect(sentences(said, said)).toMatch(
      /What the syslog says:\n +1 +192\.0\.2\.7: .*the keys differ.* \(2 times, last on line 2\)/,
    );
    expect(sentences('%SYS-5-CONFIG_I: Configured from console by console')).toContain(
      'No line of this file belongs to an IKE negotiation.',
    );
    expect(sentences(packet('(N) NEW SA', 0), said)).not.toContain('What the syslog says');
  });

  it('asserts no other SA that the log does not show', () => {
    const lines = [
      'ISAKMP:(0): beginning Main Mode exchange',
      'ISAKMP:(1001): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_KEY_EXCH',
      'ISAKMP:(1001):deleting SA reason "Receive initial contact" state (I) MM_KEY_EXCH (peer 192.0.2.7)',
    ];
    expect(sentences(...lines)).toMatch(/whether another SA took the place .* is not in the log/);
    expect(sentences(...lines, packet('(N) NEW SA', 0))).toMatch(/another SA with it took the/);
  });

  it('speaks of no IKE_AUTH where a cookie went back in vain', () => {
    const init = (line: string, more: string): readonly string[] => [
      `IKEv2:(SESSION ID = 7,SA ID = 1):${line}`,
      'Initiator SPI : 1A02030405060708 - Responder SPI : 0000000000000000 Message id: 0',
      `IKEv2 IKE_SA_INIT Exchange ${more}`,
      'Payload contents: ',
    ];
    const sends = 'Sending Packet [To 192.0.2.7:500/From 198.51.100.2:500/VRF i0:f0] ';
    const said = sentences(
      ...init(sends, 'REQUEST '),
      ' SA KE N ',
      ...init('Received Packet [From 192.0.2.7:500/To 198.51.100.2:500/VRF i0:f0] ', 'RESPONSE '),
      ' NOTIFY(COOKIE) ',
      ...init(sends, 'REQUEST '),
      ' NOTIFY(COOKIE) SA KE N ',
      'IKEv2:(SESSION ID = 7,SA ID = 1):Retransmitting packet',
      'IKEv2-ERROR:(SESSION ID = 7,SA ID = 1):: Maximum number of retransmissions reached',
    );
    expect(said).toMatch(/half-open at sa-init-wait: IKE_SA_INIT was answered with a cookie/);
    expect(said).not.toMatch(/IKE_AUTH/);
  });

  it('counts a repetition once, and none where the timer ends the attempt', () => {
    const sent =
      'ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_NO_STATE';
    const due = 'ISAKMP:(0): retransmitting phase 1 MM_NO_STATE...';
    const again = [due, 'ISAKMP:(0): retransmitting phase 1 MM_NO_STATE', sent];
    const text = sentences(sent, ...again, ...again, due);
    expect(text).toMatch(
      /^ +3 .*no answer, repeats its last message \(2 times, last on line 6\)$/m,
    );
  });

  it('takes no informational message for quick mode, though the log begins behind phase 1', () => {
    expect(sentences(packet('(I) QM_IDLE'))).toContain('receives a quick mode or informational');
  });

  it('tells the causes apart that share a verdict of IKEv2', () => {
    const tag = 'IKEv2:(SESSION ID = 3,SA ID = 2):';
    const passed = `${tag}Verification of peer's authenctication data PASSED`;
    const sent = `${tag}Sending authentication failure notify`;
    const read = 'Parse Notify Payload: AUTHENTICATION_FAILED';
    expect(sentences(`${tag}Verification of peer's authentication data FAILED`)).toContain(
      'ikev2-auth-failed at ike-auth-verify: the AUTH payload of the peer does not fit',
    );
    expect(sentences(`${tag}${read}`)).toContain('only the log of the peer shows why');
    expect(sentences(passed, sent)).toContain('the peer was authenticated and then refused');
    expect(sentences(sent)).toContain('authentication was refused, and the log does not show why');
  });

  it('keeps the cause out of what programs read', () => {
    const document = parseLog(
      "IKEv2:(SESSION ID = 3,SA ID = 2):Verification of peer's authentication data FAILED",
      'i1',
    );
    const json = writtenLog([{ path: 'p', document }], asJson);
    expect(JSON.parse(json)).toMatchObject({ negotiations: [{ verdict: 'ikev2-auth-failed' }] });
    expect(json).not.toContain('"cause"');
  });

  it('says of a repeated message that it comes again, under whatever tag', () => {
    const text = sentences(
      packet('(N) NEW SA', 0),
      'ISAKMP:(0): sending packet to 192.0.2.7 my_port 500 peer_port 500 (R) MM_SA_SETUP',
      packet('(R) MM_SA_SETUP', 0),
      'ISAKMP:(0): phase 1 packet is a duplicate of a previous packet.',
    );
    expect(text).toContain('receives MM1 again');
    expect(text).not.toContain('MM3');
  });

  it('tells a notification in clear from the message that did not come', () => {
    const refused = 'ISAKMP:(1001):Notify has no hash. Rejected.';
    const text = sentences(
      'ISAKMP:(1001): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_KEY_EXCH',
      packet('(I) MM_KEY_EXCH'),
      refused,
    );
    expect(text).toContain('receives a notification');
    expect(text).toMatch(/mm5-unanswered at mm6-wait: the peer refused this router/);
  });

  it('says of a tunnel that is up what became of a later quick mode', () => {
    const text = sentences(
      packet('(N) NEW SA', 0),
      'ISAKMP:(1001):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE',
      'ISAKMP:(1001):Old State = IKE_QM_R_QM2  New State = IKE_QM_PHASE2_COMPLETE',
      'ISAKMP:(1001): IPSec policy invalidated proposal with error 1024',
    );
    expect(text).toMatch(/inconclusive: the tunnel is up; a later quick mode was refused/);
  });

  it('tells a notification from MM6, and XAUTH and mode config from phase 1', () => {
    const state = (from: string): string =>
      `ISAKMP:(1001):Old State = ${from}  New State = IKE_P1_COMPLETE`;
    const text = sentences(
      'ISAKMP:(1001): sending packet to 192.0.2.7 my_port 500 peer_port 500 (I) MM_KEY_EXCH',
      packet('(I) MM_KEY_EXCH'),
      state('IKE_I_MM6'),
      packet('(I) MM_KEY_EXCH'),
      state('IKE_XAUTH_SET_SENT'),
      state('IKE_CONFIG_AUTHOR_AAA_AWAIT'),
    );
    expect(text.match(/receives \w+ \w+|phase 1 is complete|\w+(?: config)? is done/g)).toEqual([
      'receives MM6 from',
      'phase 1 is complete',
      'receives an informational',
      'XAUTH is done',
      'mode config is done',
    ]);
  });

  it('does without what stands above the first line', () => {
    expect(sentences('ISAKMP:(0):atts are acceptable. Next payload is 0')).toContain(
      '  an offer: accepted',
    );
  });
});

describe('the documents of a log', () => {
  it('have one row or line an event', () => {
    const { events } = log.document;
    expect(writtenLog([log], createLogCsv).trimEnd().split('\r\n')).toHaveLength(events.length + 1);
    expect(JSON.parse(createEventLine('i1')(events[3]!))).toMatchObject({
      kind: 'event',
      line: events[3]!.line,
      message: events[3]!.message,
    });
    expect(JSON.parse(writtenLog([log], asJson))).toMatchObject({
      schema: 'ike-autopsy/log@1',
      inputs: [{ events: events.length }],
      negotiations: [{ connId: 1023 }],
      events: events.map((event) => eventRow(event, 'i1')),
    });
  });
  it('write what JSON has no letters for', () => {
    const event = {
      ...log.document.events[0]!,
      fields: { quote: 'a"b\\c\u0007\u2028\u009b', none: NaN, big: 1e21, negative: -0.5 },
      text: 'é\n"\u202e',
      connId: '0:"1"',
    };
    const line = createEventLine('i1')(event);
    expect(JSON.parse(line)).toEqual({
      kind: 'event',
      ...eventRow(event, 'i1'),
      fields: { ...event.fields, none: null },
    });
    expect(line).not.toMatch(/[\u0007\u009b\u2028\u202e]/);
  });
  it('are whole without any event', () => {
    expect(JSON.parse(writtenLog([], asJson))).toMatchObject({ negotiations: [], events: [] });
  });
});

describe('how an SA ends, in the narration', () => {
  const told = (...lines: readonly string[]): string =>
    writtenLog([{ path: 'p', document: parseLog(lines.join('\n'), 'i1') }], asText);
  const up = [
    'ISAKMP:(7):SA has been authenticated with 192.0.2.7',
    'ISAKMP:(7):beginning Quick Mode exchange, M-ID of 889293300',
    'ISAKMP:(7):Old State = IKE_QM_I_QM1  New State = IKE_QM_PHASE2_COMPLETE',
  ];
  const asks = 'ISAKMP:(7): processing DELETE payload. message ID = 1042074812';
  const deleted = (reason: string): string =>
    `ISAKMP:(7):deleting SA reason "${reason}" state (I) QM_IDLE       (peer 192.0.2.7)`;

  it('is told once where both lines give no reason', () => {
    const text = told(...up, asks, deleted('No reason'), deleted('No reason'));
    expect(text).toContain('the peer deletes an SA\n');
    expect(text.match(/deletes the SA/g)).toHaveLength(1);
    expect(text).toContain('deletes the SA: no reason given');
  });

  it('is that of another one where this one stays', () => {
    expect(told(...up, asks)).toContain('the peer deletes another SA; this one stays');
  });

  it('names a payload that stands as a number', () => {
    expect(told('ISAKMP (0:1): reserved not zero on payload 5!')).toContain('the ID payload (5)');
  });

  it('says no more of a key than the line does', () => {
    expect(told('ISAKMP:(0):found peer pre-shared key matching 192.0.2.7')).toContain(
      'finds a key for 192.0.2.7; the debug does not say in which keyring',
    );
  });
});
