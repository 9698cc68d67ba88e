import { describe, expect, it } from 'vitest';
import { breaksWord } from '../../src/logparse/vocabulary.ts';

describe('where a line was broken', () => {
  it.each([
    ['deleting SA reason "Death by retrans', 'mission P1" state', true],
    ['attempt 1 of 5: re', 'transmit phase 1', true],
    ['reason "Death by', 'retransmission P1" state (I)', false],
    ['attempt 1 of 5: retransmit phase', '1', false],
    ['sending packet to 192.0.2.7', 'my_port 500', false],
    // Of a number or an address any part is one.
    ['sending packet to 192.0', '.2.7 my_port 500', null],
    ['my_port 4', '500 peer_port', null],
    // Names of one network are in no table.
    ['Found ADDRESS key in keyring BRANCH-', 'SOUTH', null],
    ['', '', null],
  ])('%j | %j', (before, after, wanted) => {
    expect(breaksWord(before, after)).toBe(wanted);
  });
});
