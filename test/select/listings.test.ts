import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { ConfigModel } from '../../src/model/config.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { joinListings } from '../../src/select/listings.ts';
import { predict } from '../../src/select/predict.ts';
import type { PredictOptions } from '../../src/select/predict.ts';

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
  return predictedFrom(read);
}

function predictedFrom(
  read: readonly ConfigModel[],
  options: Pick<PredictOptions, 'initiator' | 'responder'> = {},
): Prediction {
  const { models, hostnames, inFiles } = joinListings(read);
  return inFiles(predict(models, { ...options, hostnames, listings: read }));
}

const ways = ({ directions }: Prediction): readonly string[] =>
  directions.map((each) => `${each.initiator!} > ${each.responder!}: ${each.outcome}`);

const UNREAD = 'access-list 101 permit tcp object-group N1 eq 80 any\n';

const UP = ['R1 > R2: up', 'R2 > R1: up'];

describe('several listings of one router', () => {
  it.each([
    ['the same twice', [whole(), whole()]],
    ['the same with what changes by itself', [whole(), `! Last change by someone\n${whole()}`]],
    ['the same in other letters of the name', [whole(), whole().replace('R1', 'r1')]],
    [
      'the same with an entry that is not read, some lines further down',
      [whole('kiwi', UNREAD), `! Last change by someone\n${whole('kiwi', UNREAD)}`],
    ],
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
    ['another entry that is not read', whole('kiwi', UNREAD), 'up'],
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
    ['the same of another release', [running(whole()), running(whole()).replace('15.4', '12.3')]],
    [
      'a part of another release',
      [running(whole()), named(`version 12.3\n${CRYPTO(FAR, 'kiwi')}`)],
    ],
  ])('are not joined: %s', (_, texts) => {
    expect(predicted(...texts).routers.map(({ name }) => name)).toEqual([
      'R1 (listing 1)',
      'R1 (listing 2)',
    ]);
  });

  it('are told apart by the release that decides what is built in', () => {
    const bare = whole().replace(/^crypto isakmp policy(?:.*\n){4}/m, '');
    const R2OldPolicy = R2.replace('group 14', 'group 5');
    const [now, then] = ['15.4', '12.3'].map((release) => running(bare).replace('15.4', release));
    expect(ways(predicted(now!, then!, R2OldPolicy)).slice(0, 2)).toEqual([
      'R1 (listing 1) > R2: up',
      'R1 (listing 2) > R2: fails',
    ]);
  });

  it('do not face each other', () => {
    const { directions, routers } = predicted(running(whole()), running(whole('plum')));
    expect([directions, routers.length]).toEqual([[], 2]);
  });

  it('are asked for by the name that they show, or each by its own', () => {
    const read = [whole(), whole('plum'), R2].flatMap((text, at) =>
      parseConfigs(text, `i${String(at + 1)}`),
    );
    const told = predictedFrom(read, { initiator: 'R1' });
    expect(ways(told)).toEqual(['R1 (listing 1) > R2: up', 'R1 (listing 2) > R2: fails']);
    expect(told.selections.map(({ router }) => router)).toEqual([
      'R1 (listing 1)',
      'R1 (listing 2)',
    ]);
    expect(ways(predictedFrom(read, { responder: 'R1 (listing 2)' }))).toEqual([
      'R2 > R1 (listing 2): fails',
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

describe('routers of one name that call each other', () => {
  const namesake = R2.replace('R2', 'R1');

  it.each([
    ['names that differ in case alone', [whole(), R2.replace('R2', 'r1')], ['R1', 'r1']],
    ['one name', [whole(), namesake], ['R1 (router 1)', 'R1 (router 2)']],
    ['one of them twice', [whole(), namesake, whole()], ['R1 (router 1)', 'R1 (router 2)']],
    [
      'one of them before a change and after it',
      [whole(), namesake, whole('plum')],
      ['R1 (router 1, listing 1)', 'R1 (router 1, listing 2)', 'R1 (router 2)'],
    ],
    [
      'one of them in parts',
      [named(CRYPTO(FAR, 'kiwi')), namesake, named(NETWORK(OWN, 1, 2))],
      ['R1 (router 1)', 'R1 (router 2)'],
    ],
  ])('are several: %s', (_, texts, names) => {
    const { routers, directions } = predicted(...texts);
    expect(routers.map(({ name }) => name)).toEqual(names);
    expect(directions).toHaveLength(2 * (names.length - 1));
  });
});
