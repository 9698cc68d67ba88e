import { describe, expect, it } from 'vitest';

import { createRenamer } from '../../src/redact/rename.ts';

const key = new TextEncoder().encode('a key');
const both = { addresses: true, names: true };

describe('createRenamer', () => {
  const renamer = createRenamer(key, both, ['R1', 'KR-A', 'KR', 'corp.example', 'keyring']);

  it('replaces names where they stand alone, the longest first', () => {
    const text = renamer.text('R1#R10 KR-A, KR: vpn.corp.example (KR-A)');
    expect(text).toMatch(
      /^name-[a-p]{8}#R10 name-[a-p]{8}, name-[a-p]{8}: vpn\.name-[a-p]{8}\.name-[a-p]{8} \(name-[a-p]{8}\)$/,
    );
    expect(text).not.toMatch(/KR|corp/);
    expect(renamer.text('KR-A')).toBe(renamer.name('KR-A'));
  });

  it('makes of the parts what the whole is made of', () => {
    const parts = createRenamer(key, both, [
      'R1',
      'corp.example',
      'R1.corp.example',
      'cn=R1,o=Works',
      'admin@corp.example',
    ]);
    expect(parts.text('R1.corp.example')).toBe(`${parts.name('R1')}.${parts.name('corp.example')}`);
    expect(parts.text('admin@corp.example')).toBe(
      `${parts.name('admin')}@${parts.name('corp.example')}`,
    );
    expect(parts.text('cn=R1,o=Works')).toBe(`cn=${parts.name('R1')},o=${parts.name('Works')}`);
  });

  it('leaves words of the syntax alone', () => {
    expect(renamer.text('crypto keyring keyring')).toBe('crypto keyring keyring');
  });

  it('replaces addresses wherever they stand', () => {
    const text = renamer.text(
      'from 203.0.113.7:500 to [2001:db8::7]:4500, 203.0.113.7/32, 203.0.113.7.',
    );
    expect(text).not.toMatch(/113\.7(?!\d)|db8::7/);
    const found = text.match(/203\.\d+\.\d+\.\d+/g)!;
    expect(new Set(found).size).toBe(1);
    expect(found).toHaveLength(3);
  });

  it.each([
    ['a full stop', 'from A.'],
    ['a colon', 'A: no key'],
    ['a label', 'dst:A, src:A'],
    ['brackets and a port', '[A]:500'],
    ['a port behind a dot', 'IP A.4500 > A.500: isakmp'],
    ['a zone', 'A%eth0'],
    ['a prefix length', 'A/64'],
    ['other punctuation', '(A) <A> "A" A; A, =A=A'],
  ])('replaces an address that %s touches', (_what, text) => {
    for (const address of ['198.18.7.9', '2001:db8:77::9', '2001:DB8:77:1:2:3:4:5']) {
      const replaced = renamer.addresses!.text(address)!;
      expect(replaced).not.toBe(address);
      expect(renamer.text(text.replaceAll('A', address))).toBe(text.replaceAll('A', replaced));
    }
  });

  it('takes letters of every script for letters', () => {
    const other = createRenamer(key, both, ['Zürcher Werke']);
    expect(other.text('O=Zürcher Werke')).toMatch(/^O=name-[a-p]{8} name-[a-p]{8}$/);
    expect(other.text('Zürcher Werkeö')).toBe('Zürcher Werkeö');
  });

  it('takes a clock, a hardware address and a version for what they are', () => {
    for (const text of [
      '*Jun 19 12:28:44.270: x',
      '00:11:22:33:44:55',
      'Version 15.3(3)M, 1.2.3.4.5',
      '0x1:0x51',
    ]) {
      expect(renamer.text(text)).toBe(text);
    }
  });

  it('does only what it is asked', () => {
    const text = 'R1 203.0.113.7';
    expect(createRenamer(key, { addresses: true, names: false }, ['R1']).text(text)).toMatch(
      /^R1 203\.(?!0\.113\.7$)/,
    );
    expect(createRenamer(key, { addresses: false, names: true }, ['R1']).text(text)).toMatch(
      /^name-\w+ 203\.0\.113\.7$/,
    );
  });
});
