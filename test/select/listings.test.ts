import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { ConfigModel } from '../../src/model/config.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { joinListings } from '../../src/select/listings.ts';
import { predict } from '../../src/select/predict.ts';

const OWN = '192.0.2.1';
const FAR = '192.0.2.2';

const CRYPTO = (far: string, key: string): string => `crypto isakmp policy 10
 encr aes
 authentication pre-share
 group 14
crypto isakmp key ${key} address ${far}
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto map M 10 ipsec-isakmp
 set peer ${far}
 set transform-set TS
 match address 101
`;

const NETWORK = (own: string, from: number, to: number): string => `interface Ethernet0/0
 ip address ${own} 255.255.255.0
 crypto map M
access-list 101 permit ip 10.${String(from)}.0.0 0.0.255.255 10.${String(to)}.0.0 0.0.255.255
`;

const named = (text: string, name = 'R1'): string => `hostname ${name}\n!\n${text}`;
const whole = (key = 'kiwi', more = ''): string =>
  named(`${CRYPTO(FAR, key)}${more}${NETWORK(OWN, 1, 2)}`);
const R2 = named(`${CRYPTO(OWN, 'kiwi')}${NETWORK(FAR, 2, 1)}`, 'R2');
const running = (text: string): string => `version 15.4\n${text}end\n`;

function predicted(...texts: readonly string[]): Prediction {
  const read = texts.flatMap((text, at): readonly ConfigModel[] =>
    parseConfigs(text, `i${String(at + 1)}`),
  );
  const { models, inFiles } = joinListings(read);
  return inFiles(predict(models, { listings: read }));
}

const ways = ({ directions }: Prediction): readonly string[] =>
  directions.map((each) => `${each.initiator!} > ${each.responder!}: ${each.outcome}`);

const UP = ['R1 > R2: up', 'R2 > R1: up'];

describe('several listings of one router', () => {
  it.each([
    ['the same twice', [whole(), whole()]],
    ['the same with what changes by itself', [whole(), `! Last change by someone\n${whole()}`]],
    ['the same in other letters of the name', [whole(), whole().replace('R1', 'r1')]],
    ['a part and the whole', [named(CRYPTO(FAR, 'kiwi')), running(whole())]],
    ['the whole and a part', [running(whole()), named(CRYPTO(FAR, 'kiwi'))]],
    ['the whole, and all of it quoted', [whole(), running(whole())]],
    [
      'lines that a filter showed',
      [whole(), 'R1#show run | include key\ncrypto isakmp key kiwi address 192.0.2.2\n'],
    ],
    ['two parts', [named(CRYPTO(FAR, 'kiwi')), named(NETWORK(OWN, 1, 2))]],
    ['two parts, the other way about', [named(NETWORK(OWN, 1, 2)), named(CRYPTO(FAR, 'kiwi'))]],
    [
      'three parts, and one again',
      [
        named(CRYPTO(FAR, 'kiwi').replace(/^crypto isakmp key.*\n/m, '')),
        'R1#show run | include key\ncrypto isakmp key kiwi address 192.0.2.2\n',
        named(NETWORK(OWN, 1, 2)),
        named(NETWORK(OWN, 1, 2)),
      ],
    ],
  ])('are one: %s', (_, texts) => {
    const prediction = predicted(...texts, R2);
    expect(ways(prediction)).toEqual(UP);
    expect(prediction.selections).toHaveLength(4);
    expect(prediction.routers.map(({ inputs }) => inputs.length)).toEqual([texts.length, 1]);
  });

  it.each([
    ['another key', whole('plum'), 'fails'],
    ['one line more', whole('kiwi', 'crypto isakmp key plum address 192.0.2.9\n'), 'up'],
    ['one peer more', whole().replace(' set peer', ' set peer 192.0.2.9\n set peer'), 'up'],
  ])('are called apart where they differ: %s', (_, after, outcome) => {
    for (const form of [(text: string) => text, running]) {
      expect(ways(predicted(form(whole()), R2, form(after)))).toEqual([
        'R1 (listing 1) > R2: up',
        `R1 (listing 2) > R2: ${outcome}`,
        'R2 > R1 (listing 1): up',
        `R2 > R1 (listing 2): ${outcome}`,
      ]);
    }
  });

  it.each([
    ['a part of another time', [named(CRYPTO(FAR, 'plum')), running(whole())]],
    ['parts that contradict each other', [named(CRYPTO(FAR, 'kiwi')), named(CRYPTO(FAR, 'plum'))]],
    ['routers of one name that call each other', [whole(), R2.replace('R2', 'R1')]],
  ])('are not joined: %s', (_, texts) => {
    expect(predicted(...texts).routers.map(({ name }) => name)).toEqual([
      'R1 (listing 1)',
      'R1 (listing 2)',
    ]);
  });

  it('leave the name alone that every router comes with', () => {
    const factory = [CRYPTO(FAR, 'kiwi'), NETWORK(OWN, 1, 2)].map((text) => named(text, 'Router'));
    expect(predicted(...factory).routers.map(({ name }) => name)).toEqual(['Router', 'Router']);
  });

  it('are quoted by the lines of their own files', () => {
    const second = `${NETWORK(OWN, 1, 2)}crypto keyring K\n  pre-shared-key address 192.0.2.2 key plum\n`;
    const prediction = predicted(named(CRYPTO(FAR, 'kiwi')), named(second), R2);
    const [router] = prediction.routers;
    expect(router!.inputs).toEqual(['i1', 'i2']);
    expect(router!.keyrings.map(({ name, line }) => [name, line])).toEqual([
      ['default', 7],
      ['K', 7],
    ]);
    const evidence = prediction.findings.flatMap((finding) => finding.evidence);
    expect(evidence.map(({ input, line, text }) => [input, line, text])).toContainEqual([
      'i2',
      8,
      'pre-shared-key address 192.0.2.2 key <key#2>',
    ]);
  });
});
