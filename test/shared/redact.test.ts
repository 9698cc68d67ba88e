import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { analyze, type AnalysisReport } from '../../src/index.ts';
import { createAddressMap, parseAddress } from '../../src/redact/address-map.ts';
import { redactCapture } from '../../src/redact/capture.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(process.env['IKE_AUTOPSY_SHARED'] ?? join(root, '../shared'), 'captures');
const present = existsSync(folder);
if (!present) console.log(`skipped: no captures at ${folder}; set IKE_AUTOPSY_SHARED`);

const files = present
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /capture\.pcap(?:ng)?(?:\.gz)?$/.test(name))
      .sort()
  : [];

function readCapture(name: string): Uint8Array {
  const bytes = readFileSync(join(folder, name));
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

/** What a diagnosis says, but for the addresses. */
const diagnosis = ({ negotiations, findings, inputs }: AnalysisReport): unknown => ({
  negotiations: negotiations.map(({ verdict, phase1, phase2, frames, transform }) => ({
    verdict,
    phase1,
    phase2,
    frames,
    transform,
  })),
  findings: findings.map(({ id, severity, confidence, negotiations: about }) => ({
    id,
    severity,
    confidence,
    about,
  })),
  inputs: inputs.map(({ counts, anomalies }) => ({ counts, anomalies })),
});

describe.skipIf(!present).each(files)('%s', (name) => {
  const key = new TextEncoder().encode('a key');
  const file = readCapture(name);
  const before = analyze([{ path: 'capture', content: file }]);
  const redacted = redactCapture(file, {
    key,
    addresses: createAddressMap(key),
    names: true,
    known: [],
  })!;

  it('is diagnosed as before', () => {
    expect(diagnosis(analyze([{ path: 'capture', content: redacted }]))).toEqual(diagnosis(before));
  });

  it('holds no address of a peer', () => {
    const peers = new Set(before.negotiations.flatMap((n) => [n.localAddress, n.peerAddress]));
    const text = new TextDecoder('latin1').decode(redacted);
    for (const peer of peers) {
      if (peer !== null)
        expect(text).not.toContain(new TextDecoder('latin1').decode(parseAddress(peer)));
    }
  });
});
