import { expect, it } from 'vitest';
import { childExchanges } from '../../src/diagnose/child-exchanges.ts';
import { sent, wire, type Sent } from '../support/incident.ts';

/** A response of the initiator, or a request of the responder, says so by its flags. */
const RESPONSE = 0x20;
const asks = (way: '>' | '<', messageId: number, more: Partial<Sent> = {}): Sent =>
  sent('CREATE_CHILD_SA', way, messageId, { messageId, flags: 0, ...more });
const answers = (way: '>' | '<', messageId: number, more: Partial<Sent> = {}): Sent =>
  asks(way, messageId, { flags: RESPONSE, ...more });

it.each<[string, readonly Sent[], readonly string[]]>([
  [
    'in the order of the requests',
    [asks('>', 1), answers('<', 1), asks('>', 2), answers('<', 2)],
    ['1 2', '3 4'],
  ],
  [
    'by the end that asks, where both use one number',
    [asks('>', 1), asks('<', 1), answers('>', 1), answers('<', 1)],
    ['1 4', '2 3'],
  ],
  ['by the first answer', [asks('>', 1), answers('<', 1), answers('<', 1)], ['1 2']],
  [
    'without what is sent again',
    [asks('>', 1), asks('>', 1, { retransmits: 1 }), answers('<', 1)],
    ['1 3'],
  ],
  ['without what is not answered', [asks('>', 1), answers('>', 1), answers('<', 2)], []],
  [
    'of its step alone',
    [
      sent('INFORMATIONAL', '>', 1, { messageId: 1 }),
      sent('INFORMATIONAL', '<', 2, { messageId: 1 }),
    ],
    [],
  ],
])('a request is paired with its answer %s', (_, messages, expected) => {
  const pairs = childExchanges(wire(messages, { version: 2 }).messages);
  const frames = pairs.map(
    ({ request, response }) => `${request.message.frame} ${response.message.frame}`,
  );
  expect(frames).toEqual(expected);
});
