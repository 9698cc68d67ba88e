import { describe, expect, it } from 'vitest';
import {
  ENDINGS,
  deletedByPeer,
  deletedByPeerV2,
  endedByPeer,
  isNoReason,
  peerDied,
  peerLost,
} from '../../src/logparse/negotiations/deletion.ts';

describe('a reason for the end of an SA', () => {
  it.each(['Dead Peer Detection', 'DPD failure', 'IKMP_ERR_PEERS_ALIVE_TIMER'])(
    '"%s": the peer is dead',
    (reason) => {
      expect(peerDied(reason)).toBe(true);
      expect(endedByPeer(reason)).toBe(false);
      expect(ENDINGS.peerDead.test(`deleting SA reason "${reason}" state (I) QM_IDLE`)).toBe(true);
    },
  );

  it.each(['peer lost', 'Peer Lost'])('"%s": so does a firewall', (reason) => {
    expect(peerLost(reason)).toBe(true);
    expect([peerDied(reason), endedByPeer(reason)]).toEqual([false, false]);
  });

  it.each(['Peer Terminate', 'peer request'])('"%s": the peer ended it', (reason) => {
    expect(endedByPeer(reason)).toBe(true);
    expect(peerDied(reason)).toBe(false);
    expect(ENDINGS.saDeleted.test(`IKEv2 SA DOWN. Reason: ${reason}`)).toBe(true);
  });

  it.each(['', 'No reason', ' no Error '])(
    '"%s" is none, so that a DELETE before it is',
    (text) => {
      expect(isNoReason(text)).toBe(true);
      expect(deletedByPeer([7], { text, line: 9 })).toBe(true);
      expect(deletedByPeer([], { text, line: 9 })).toBe(false);
    },
  );

  it.each(['Death by retransmission P1', 'gen_ipsec_isakmp_delete but doi isakmp', 'Idle Timeout'])(
    '"%s" is none of these',
    (text) => {
      expect([peerDied(text), endedByPeer(text), isNoReason(text)]).toEqual([false, false, false]);
      expect(deletedByPeer([7], { text, line: 9 })).toBe(false);
    },
  );
});

describe('a DELETE of IKEv2', () => {
  it.each([
    [9, true],
    // The answer to it was printed between the two.
    [22, true],
    [60, false],
    [5, false],
  ])('in line 7 and the end of the SA in line %d: %s', (end, isSo) => {
    expect(deletedByPeerV2([7], [end])).toBe(isSo);
  });
});
