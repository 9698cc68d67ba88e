import { describe, expect, it } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import {
  candidatesOfConfigs,
  unreadableKeys,
  withUniqueLabels,
} from '../../src/intake/candidates.ts';
import { createInputReader, type Input } from '../../src/intake/input.ts';
import type { CandidatePsk } from '../../src/model/key-material.ts';
import { candidate } from '../support/exchanges.ts';

function read(text: string, path: string, id: string, as: 'evidence' | 'keys' = 'evidence'): Input {
  const reader = createInputReader({
    id,
    path,
    as,
    captureIndex: 0,
    router: null,
    ports: [],
    year: null,
  });
  reader.push(new TextEncoder().encode(text));
  const input = reader.end();
  if (input.kind === 'unreadable') throw new Error(input.why);
  return input;
}

const config = `hostname R7
crypto isakmp key shared-one address 0.0.0.0 0.0.0.0
crypto keyring ring
  pre-shared-key address 192.0.2.7 key host-key
  pre-shared-key address 192.0.2.0 255.255.255.0 key 6 XQZAbUQWEHGg\`hWLcZ
crypto isakmp client configuration group remote
 key group-key
crypto ikev2 keyring two
 peer far
  address 192.0.2.9
  pre-shared-key local hex 00ff10
  pre-shared-key remote 6 XQZAbUQWEHGg
crypto ikev2 profile own
 match identity remote any
 authentication local pre-share key profile-key
`;

describe('candidatesOfConfigs', () => {
  const input = read(config, 'r7.txt', 'i1');

  it('takes every key in clear, under a name that reads well in a sentence', () => {
    const found = candidatesOfConfigs([input]);
    expect(
      found.map(({ label, secret, keyring, scope }) => [label, hex(secret), keyring, scope]),
    ).toEqual([
      [
        'the key in the default keyring of R7 for 0.0.0.0 0.0.0.0',
        hex(new TextEncoder().encode('shared-one')),
        'default',
        '0.0.0.0 0.0.0.0',
      ],
      [
        'the key in ring of R7 for 192.0.2.7',
        hex(new TextEncoder().encode('host-key')),
        'ring',
        '192.0.2.7',
      ],
      ['the key in two of R7 for peer far', '00ff10', 'two', 'peer far'],
      [
        'the key in IKEv2 profile own of R7',
        hex(new TextEncoder().encode('profile-key')),
        null,
        null,
      ],
      [
        'the key in client group remote of R7',
        hex(new TextEncoder().encode('group-key')),
        null,
        null,
      ],
    ]);
  });

  it('tells keys that are stored encrypted, with their line and without their text', () => {
    const found = unreadableKeys(input);
    expect(found.map(({ code, line }) => [code, line])).toEqual([
      ['key-encrypted', 5],
      ['key-encrypted', 12],
    ]);
    expect(found[0]!.text).toMatch(/^the key in ring of R7 for 192\.0\.2\.0 255\.255\.255\.0 is/);
    expect(JSON.stringify(found)).not.toContain('XQZA');
  });

  it('tells keys that were masked, and tries none of them', () => {
    const masked = read(config.replace('shared-one', '<removed>'), 'r7.txt', 'i1');
    expect(unreadableKeys(masked).map(({ code, line }) => [code, line])).toContainEqual([
      'key-masked',
      2,
    ]);
    expect(candidatesOfConfigs([masked])).toHaveLength(candidatesOfConfigs([input]).length - 1);
  });

  it('tells keys that the end of a line breaks, and tries none of them', () => {
    const torn = read(config.replace('host-key', ''), 'r7.txt', 'i1');
    expect(unreadableKeys(torn).map(({ code }) => code)).toContain('key-torn');
    expect(candidatesOfConfigs([torn])).toHaveLength(candidatesOfConfigs([input]).length - 1);
  });
});

describe('names of keys', () => {
  it('calls a key that both sides hold by one name', () => {
    const text = JSON.stringify({
      exchanges: [
        { psk: { initiator: 'one', responder: 'one' } },
        { psk: { initiator: 'one', responder: 'two' } },
      ],
      psks: ['three', { label: 'spare', psk: 'four' }],
    });
    const { keys } = read(text, 'lab/keys.json', 'i1', 'keys');
    expect(keys!.candidates.map(({ label }) => label)).toEqual([
      'the key of exchange 1 in keys.json',
      "the initiator's key of exchange 2 in keys.json",
      "the responder's key of exchange 2 in keys.json",
      'key 1 of the list in keys.json',
      'the key "spare" of keys.json',
    ]);
  });

  it('gives no two values one name', () => {
    const inputs = [
      read('psk: a', 'x/keys.txt', 'i1', 'keys'),
      read('psk: b', 'y/keys.txt', 'i2', 'keys'),
    ];
    const both = inputs.flatMap(({ keys }) => keys!.candidates);
    expect(withUniqueLabels([...both, both[0]!], inputs).map(({ label }) => label)).toEqual([
      'the key in line 1 of keys.txt',
      'the key in line 1 of keys.txt (y/keys.txt line 1)',
      'the key in line 1 of keys.txt',
    ]);
    const equal = ['a', 'b', 'c', 'a'].map((text) => candidate(text, 'same'));
    expect(withUniqueLabels(equal, []).map(({ label }) => label)).toEqual([
      'same',
      'same #2',
      'same #3',
      'same',
    ]);
  });

  it('names a hundred thousand of one label in linear time', () => {
    const many: readonly CandidatePsk[] = Array.from({ length: 100_000 }, (_, at) =>
      candidate(`${at}`, 'same'),
    );
    expect(new Set(withUniqueLabels(many, []).map(({ label }) => label)).size).toBe(100_000);
  });
});

describe('a list of keys that is none', () => {
  const utf16 = Uint8Array.from(Array.from('one\ntwo\n').flatMap((c) => [c.charCodeAt(0), 0]));
  const noise = Uint8Array.from({ length: 400 }, (_, i) => (i * 167 + 13) & 0xff);
  it.each([
    ['empty', new Uint8Array(0), 'is empty', 'name a text file with one key a line'],
    [
      'of notes',
      new TextEncoder().encode('# none\n\n'),
      'lists no key',
      'name a text file with one key a line',
    ],
    ['UTF-16', utf16, 'looks like UTF-16 text without a byte order mark', 'save it as UTF-8'],
    ['binary', noise, 'looks like binary data', 'name a text file with one key a line'],
  ])('%s', (_, octets, why, advice) => {
    const reader = createInputReader({
      id: 'i1',
      path: 'psks',
      captureIndex: 0,
      router: null,
      ports: [],
      year: null,
      as: 'psk-list',
    });
    reader.push(octets);
    expect(reader.end()).toEqual({ kind: 'unreadable', why, advice });
  });
});
