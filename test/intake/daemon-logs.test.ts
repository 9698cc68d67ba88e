import { describe, expect, it } from 'vitest';
import { createInputReader } from '../../src/intake/input.ts';

function read(text: string, as: 'evidence' | 'keys') {
  const reader = createInputReader({
    id: 'i1',
    path: 'peer.log',
    as,
    captureIndex: 0,
    router: null,
    ports: [],
    year: null,
  });
  reader.push(new TextEncoder().encode(text));
  return reader.end();
}

/** The other end's log at its ordinary level, by the name that the anomaly has to give it. */
const logs: Readonly<Record<string, string>> = {
  'charon log':
    'Nov 23 08:10:44 15[IKE] <gw|1> initiating Main Mode IKE_SA gw[1] to 192.0.2.1\nNov 23 08:10:44 15[ENC] <gw|1> generating ID_PROT request 0 [ SA V V ]\n',
  'pluto log':
    'Nov 23 08:23:56.424372: FIPS Mode: NO\nNov 23 08:23:57.101: "far" #1: initiating IKEv1 Main Mode connection\n',
  'racoon or MikroTik log':
    'Nov 23 08:10:44 gw racoon: INFO: respond new phase 1 negotiation: 192.0.2.1[500]<=>192.0.2.2[500]\n',
  'isakmpd log':
    'Nov 23 08:10:44 gw isakmpd[311]: transport_send_messages: giving up on exchange peer\n',
  'vpnc log': 'vpnc version 0.5.3\nS1 init_sockaddr\nS2 make_socket\n',
  'FortiGate debug':
    'ike 0:far:12: initiator: main mode is sending 1st message...\nike 0:far:12: sent IKE msg\n',
};

describe.each(['evidence', 'keys'] as const)('a daemon log that holds no key, as %s', (as) => {
  it.each(Object.entries(logs))('%s', (name, text) => {
    const input = read(text, as);
    expect(input).toMatchObject({
      kind: 'key-material',
      keys: { material: [], candidates: [], anomalies: [{ code: 'log-without-keys' }] },
    });
    expect(JSON.stringify(input)).toContain(`a ${name} without keys`);
  });

  it('keeps what could not be read of its keys', () => {
    const text = '15[IKE] <gw|1> SKEYID_e => 16 bytes @ 0x7f01\n15[IKE] <gw|1> state change\n';
    expect(read(text, as)).toMatchObject({
      kind: 'key-material',
      keys: { anomalies: [{ code: 'key-value-unreadable' }, { code: 'log-without-keys' }] },
    });
  });

  it('does not take any text for one', () => {
    expect(read('Dear Pluto,\nthe tunnel is down again: | please help\n', as)).toMatchObject({
      kind: 'unreadable',
    });
  });
});
