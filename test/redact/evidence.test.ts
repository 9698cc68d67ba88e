import { describe, expect, it } from 'vitest';

import { analyze, type AnalysisReport, type EvidenceFile } from '../../src/index.ts';
import { createSecretTokens } from '../../src/iosconfig/mask.ts';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { parseAddress } from '../../src/redact/address-map.ts';
import { createEvidenceRedactor } from '../../src/redact/evidence.ts';
import { redactReport } from '../../src/redact/report.ts';
import { secretsOf } from '../../src/iosconfig/secrets.ts';
import { ZERO, clear, payload, phase1Sa } from '../support/isakmp.ts';
import { ethernet, ipv4, udp } from '../support/packets.ts';
import { concat, pcapFile } from '../support/pcap-files.ts';
import { readSample, sampleNames } from '../support/samples.ts';

const what = { addresses: true, names: true };
const isCapture = ({ path }: EvidenceFile): boolean => /^(?:capture|i1)\.pcap/.test(path);
const textOf = ({ content }: EvidenceFile): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content);

/** The evidence of a sample without its keys, redacted as the command would. */
function redact(name: string): {
  readonly before: AnalysisReport;
  readonly files: readonly EvidenceFile[];
} {
  const files = readSample(name).filter(({ path }) => path !== 'keys.json');
  const before = analyze(files);
  const texts = files.filter((file) => !isCapture(file)).map(textOf);
  const configs = texts.flatMap((text, i) => parseConfigs(text, `i${i}`));
  const redactor = createEvidenceRedactor(
    {
      digests: before.inputs.map(({ sha256 }) => sha256),
      texts,
      token: createSecretTokens(secretsOf(configs)),
      hide: (text) => text,
      names: [],
    },
    what,
  );
  return {
    before,
    files: files.map((file, i) => ({
      path: `i${i + 1}${/\.\w+$/.exec(file.path)?.[0] ?? ''}`,
      content: isCapture(file)
        ? redactor.capture(file.content as Uint8Array)!
        : redactor.text(textOf(file)),
    })),
  };
}

/** What differs by nature: digests, and octets that a report withholds. */
function comparable(report: AnalysisReport): unknown {
  const text = JSON.stringify(report, (key: string, value: unknown) =>
    key === 'sha256' || key === 'bytes' || key === 'tree' ? null : value,
  );
  return JSON.parse(text);
}

describe.each(sampleNames)('%s', (name) => {
  const { before, files } = redact(name);

  it('gives the diagnosis that its redacted report gives', () => {
    expect(comparable(analyze(files))).toEqual(comparable(redactReport(before, what)));
  });

  it('holds no address, no name and no key of the original', () => {
    const addresses = new Set(
      before.negotiations.flatMap((n) => [n.localAddress, n.peerAddress]).filter((a) => a !== null),
    );
    const names = new Set([
      ...before.routers.flatMap((router) => router.name ?? []),
      ...before.negotiations.flatMap((n) =>
        n.keyringSelections.flatMap(({ keyring }) => keyring ?? []),
      ),
      ...before.negotiations.flatMap((n) => n.profileMatched?.name ?? []),
    ]);
    names.delete('default');
    expect(addresses.size + names.size).toBeGreaterThan(3);
    for (const file of files) {
      const octets =
        typeof file.content === 'string' ? new TextEncoder().encode(file.content) : file.content;
      const text = new TextDecoder('latin1').decode(octets);
      for (const address of addresses) {
        expect(text).not.toContain(`${address} `);
        expect(text).not.toContain(new TextDecoder('latin1').decode(parseAddress(address)));
      }
      // Two letters occur in any ciphertext.
      const telling = [...names].filter((known) => !isCapture(file) || known.length > 4);
      for (const known of telling)
        expect(text).not.toMatch(new RegExp(`(?<![A-Za-z0-9_])${known}(?![A-Za-z0-9_])`));
      expect(text).not.toMatch(/\bkey (?:address )?(?!<key#)(?:cisco|lab)\w*/i);
    }
  });
});

it('calls a name alike in a capture and in a text', () => {
  const id = concat(Uint8Array.of(2, 17, 1, 244), new TextEncoder().encode('r9.kestrel.example'));
  const opening = clear({ responder: ZERO, exchange: 4 }, phase1Sa(), payload(5, id));
  const frame = { seconds: 1, fraction: 0, bytes: ethernet(ipv4(udp(opening))) };
  const text = 'crypto isakmp profile P9\n   match identity host r9.kestrel.example\n';
  const redactor = createEvidenceRedactor(
    { digests: [], texts: [text], token: createSecretTokens([]), hide: (text) => text, names: [] },
    what,
  );
  const [, called] = /host (\S+)/.exec(redactor.text(text))!;
  const [shown] = analyze([{ path: 'c.pcap', content: redactor.capture(pcapFile([frame]))! }])
    .excerpts.frames;
  expect(called).toMatch(/^name-/);
  expect(JSON.stringify(shown?.tree)).toContain(`"${called!}"`);
});
