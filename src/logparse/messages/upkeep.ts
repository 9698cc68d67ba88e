import { defineMessages, type MessageSpec } from '../message-spec.ts';

/** How an SA is kept alive, and what goes down with it. */
export const upkeepMessages: readonly MessageSpec[] = defineMessages('isakmp', [
  {
    id: 'dpd-enabled',
    pattern: 'IKE_DPD is enabled, initializing timers',
    means: 'the peer will be asked whether it lives',
    samples: ['IKE_DPD is enabled, initializing timers'],
  },
  {
    id: 'dpd-sequence',
    pattern: 'seq. no {sequence:hex}',
    means: 'number of the question whether the peer lives',
    samples: ['seq. no 0x5A6F'],
  },
  {
    id: 'quick-mode-expired',
    pattern: 'quick mode timer expired.',
    means: 'quick mode was given up for want of an answer',
    samples: ['quick mode timer expired.'],
    zeroId: true,
  },
  {
    id: 'sa-not-authenticated',
    pattern: 'src {source:ip} dst {destination:ip}, SA is not authenticated',
    means: 'quick mode came before phase 1 was done',
    samples: ['src 192.0.2.7 dst 192.0.2.1, SA is not authenticated'],
  },
  {
    id: 'phase-1-ends',
    pattern: "phase 1 going away; let's be paranoid.",
    forms: [
      "Bring down phase 2's",
      "That phase 1 was the last one of its kind. Taking phase 2's with us.",
    ],
    means: 'the SA goes, and phase 2 with it',
    samples: [
      "phase 1 going away; let's be paranoid.",
      "Bring down phase 2's",
      "That phase 1 was the last one of its kind.  Taking phase 2's with us.",
    ],
  },
  {
    id: 'keepalive-paranoid',
    pattern: 'peer does paranoid keepalives.',
    means: 'keepalives run with this peer',
    samples: ['peer does paranoid keepalives.'],
    unconfirmed: true,
  },
  {
    id: 'initial-contact-received',
    pattern: 'received initial contact, deleting SA',
    means: 'the peer starts afresh, so the older SA goes',
    samples: ['received initial contact, deleting SA'],
    unconfirmed: true,
  },
  {
    id: 'retransmit-nothing',
    pattern: 'no outgoing phase 1 packet to retransmit. {state:state}',
    forms: ['no outgoing phase 2 packet to retransmit. {messageId:id} {state:state}'],
    means: 'the peer repeated its message, and there is no answer to repeat',
    samples: [
      'no outgoing phase 1 packet to retransmit. MM_NO_STATE',
      'no outgoing phase 2 packet to retransmit. 1252915164 QM_IDLE',
    ],
    unconfirmed: true,
  },
  {
    id: 'keepalive-processing',
    pattern: 'processing keep alive: proposal={proposed:name} sec., actual={actual:name} sec.',
    means: 'interval and retry of the keepalives that both sides agree on',
    samples: ['processing keep alive: proposal=30/5 sec., actual=30/5 sec.'],
    unconfirmed: true,
  },
  {
    id: 'admission-count',
    pattern: "Can't decrement IKE Call Admission Control stat {count:name} since it's already 0.",
    means: 'harmless: a count of attempts under way is wrong',
    samples: [
      "Can't decrement IKE Call Admission Control stat incoming_negotiating since it's already 0.",
    ],
    unconfirmed: true,
    zeroId: true,
  },
  {
    id: 'delete-queued',
    pattern: 'Enqueued KEY_MGR_DELETE_SAS for IPSEC SA (SPI:{spi:spi})',
    means: 'the IPsec SA with this SPI is about to be deleted',
    samples: ['Enqueued KEY_MGR_DELETE_SAS for IPSEC SA (SPI:0x1C2D3E4F)'],
    release: '15.2 and later',
  },
  {
    id: 'tunnel-attributes',
    pattern: 'SA has tunnel attributes set.',
    means: 'AAA or the profile gives attributes for aggressive mode',
    samples: ['SA has tunnel attributes set.'],
    zeroId: true,
  },
  {
    id: 'client-not-configured',
    pattern: 'client configuration parameters not set',
    means: 'no mode configuration for this peer',
    samples: ['client configuration parameters not set'],
    zeroId: true,
  },
  {
    id: 'gdoi-begins',
    pattern: 'beginning GDOI exchange, M-ID of {messageId:id}',
    means: 'a group member registers with its key server',
    samples: [
      'beginning GDOI exchange, M-ID of 1234567',
      'beginning GDOI exchange, M-ID of -1357924680',
    ],
  },
]);
