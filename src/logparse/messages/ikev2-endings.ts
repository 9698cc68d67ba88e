import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** What befalls an IKE SA of IKEv2 behind its authentication: helpers that refuse, and how it ends. */
export const ikev2EndingMessages: readonly MessageSpec[] = defineMessages('ikev2', [
  {
    id: 'v2-user-refused',
    pattern: 'AnyConnect EAP - authentication failed',
    means: 'user name and password of the peer are not accepted',
    samples: ['AnyConnect EAP - authentication failed'],
    role: 'responder',
    unconfirmed: true,
  },
  {
    id: 'v2-authorisation-failed',
    pattern: 'AAA authorization request failed[: {reason:text}]',
    means: 'what the peer may do could not be looked up',
    samples: ['AAA authorization request failed: Invalid AAA method list'],
    unconfirmed: true,
  },
  {
    id: 'v2-own-certificate-none',
    pattern:
      '\\[PKI -\\> IKEv2\\] Getting of cert chain for the trustpoint[ {trustpoint:name}] FAILED',
    means: 'the router has no certificate of its own to send',
    samples: ['[PKI -> IKEv2] Getting of cert chain for the trustpoint FAILED'],
    unconfirmed: true,
  },
  {
    id: 'v2-child-not-valid',
    pattern: '\\[IPsec -\\> IKEv2\\] Callback received for the validate proposal - FAILED[.]',
    means: 'the key engine accepts the IPsec SA that is asked for under no policy',
    samples: ['[IPsec -> IKEv2] Callback received for the validate proposal - FAILED.'],
  },
  {
    id: 'v2-child-created',
    pattern: '\\[IPsec -\\> IKEv2\\] Creation of IPsec SA into IPsec database PASSED',
    means: 'the IPsec SA is in place',
    samples: ['[IPsec -> IKEv2] Creation of IPsec SA into IPsec database PASSED'],
  },
  {
    id: 'v2-child-not-created',
    pattern: '\\[IPsec -\\> IKEv2\\] Creation of IPsec SA into IPsec database FAILED',
    means: 'the key engine could not put the IPsec SA in place',
    samples: ['[IPsec -> IKEv2] Creation of IPsec SA into IPsec database FAILED'],
  },
  {
    id: 'v2-liveness',
    pattern: 'Sending DPD/liveness query',
    means: 'the peer is asked whether it is alive',
    samples: ['Sending DPD/liveness query'],
  },
  {
    id: 'v2-delete-received',
    pattern: 'Process delete request from peer',
    means: 'the peer says that an SA is gone',
    samples: ['Process delete request from peer'],
  },
]);
