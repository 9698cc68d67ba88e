import { strToU8, zipSync } from 'fflate';
import { manifestName, zoneOffset } from '../intake/case.ts';
import { caseManifest, type CaseEntry } from '../intake/case-file.ts';
import { framesOf, writeSlice } from '../exchange/slice.ts';
import { readWire, type Wire } from '../intake/wire.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import type { AnalysisReport } from '../model/report.ts';
import { toolVersion } from '../model/tool.ts';
import type { Redaction } from '../redact/rename.ts';
import { renderHtml } from '../report/html/report.ts';
import { renderJson } from '../report/json.ts';
import { wiresharkTables } from '../report/keys/tables.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Io } from './io.ts';
import type { SharedOptions } from './options.ts';
import type { ReadInput } from './read-input.ts';
import { loadFile, redactLoaded } from './redacted-files.ts';

export type BundleParts = {
  /** Already redacted as asked. */
  readonly report: AnalysisReport;
  readonly inputs: readonly ReadInput[];
  readonly candidates: readonly CandidatePsk[];
  readonly redaction: Redaction;
  readonly showSecrets: boolean;
  /** What the report was made with. */
  readonly options: SharedOptions;
};

/** A ZIP whose octets depend on its content only. */
const packedAt = new Date(1980, 0, 1);

/** Everything that an incident report needs to travel, in one ZIP: the report, the evidence without its secrets, the IKE packets. */
export async function bundle(parts: BundleParts, io: Io): Promise<Uint8Array> {
  const wire = readWire(
    parts.inputs.map(({ input }) => input),
    parts.candidates,
  );
  const about: string[] = [
    `Incident bundle of ike-autopsy ${toolVersion}`,
    '',
    parts.report.verdict.summary,
    '',
    'report.html    the report as a page: opens from disk, needs no network',
    'report.md      the report for a ticket',
    'report.json    the report for programs; `ike-autopsy render` shows it in other forms',
  ];
  const files: Record<string, Uint8Array> = {
    'report.html': strToU8(renderHtml(parts.report)),
    'report.md': strToU8(renderMarkdown(parts.report)),
    'report.json': strToU8(renderJson(parts.report)),
  };
  const entries: CaseEntry[] = [];
  for (const [name, content, what, router] of await evidence(parts, wire, io)) {
    about.push(`${name.padEnd(13)}  ${what}`);
    if (content === null) continue;
    files[name] = content;
    entries.push({ entry: name, path: name, router, as: 'evidence' });
  }
  if (parts.showSecrets) {
    const tables = wiresharkTables(wire.sessions);
    for (const [name, table] of Object.entries({
      ikev1_decryption_table: tables.ikev1,
      ikev2_decryption_table: tables.ikev2,
    })) {
      if (table === null) continue;
      files[`wireshark/${name}`] = strToU8(table);
      about.push(
        `wireshark/${name}  holds keys: copy it into a Wireshark profile to decrypt ike.pcapng`,
      );
    }
  }
  about.push(...howToUse(parts.options.tz));
  files['README.txt'] = strToU8(`${about.join('\n')}\n`);
  const { peer, since, until, tz, year, ports } = parts.options;
  const zone = tz !== null && zoneOffset.test(tz) ? tz : null;
  // An address that was replaced everywhere else would tell itself here.
  const bounds = { peer: parts.redaction.addresses ? null : peer, since, until };
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  // The manifest comes first: by it a bundle is read again as a case is.
  return zipSync(
    {
      [manifestName]: caseManifest(entries, { ...bounds, tz: zone, year, ports }),
      ...Object.fromEntries(sorted),
    },
    { mtime: packedAt },
  );
}

/** What the receiver can do with a bundle, and what not. */
function howToUse(tz: string | null): readonly string[] {
  const zone = tz === null || zoneOffset.test(tz) ? '' : ` --tz ${tz}`;
  return [
    '',
    `To analyse the evidence in it anew:  ike-autopsy analyze BUNDLE.zip${zone}`,
    'Keys are not in it, so what only they tell is told by the report alone.',
    'report.json was made from the original files, and its digests are theirs: `ike-autopsy verify report.json FILES...`',
    'needs those originals and the keys, and cannot be satisfied by the copies in this bundle.',
  ];
}

type EvidenceEntry = readonly [
  name: string,
  content: Uint8Array | null,
  what: string,
  router: string | null,
];

async function evidence(
  { inputs, candidates, redaction }: BundleParts,
  wire: Wire,
  io: Io,
): Promise<readonly EvidenceEntry[]> {
  const slice = sliceOf(inputs, wire);
  const loaded = [];
  for (const { input, sha256 } of inputs) {
    // Captures are handed over as a slice, however large they are; what else a text with packets says is not in it.
    const isCapture = input.capture !== null && input.text === '';
    const octets = isCapture ? new Uint8Array() : (await loadFile(input.path, io)).octets;
    loaded.push({ path: input.path, octets, sha256, isCapture });
  }
  const known = [...candidates, ...inputs.flatMap(({ input: { keys } }) => keys?.candidates ?? [])];
  const redacted = redactLoaded(loaded, redaction, known, slice);
  const texts = redacted.files
    .filter(({ isCapture }) => !isCapture)
    .map(({ name, content, why, path }): EvidenceEntry => {
      const shown = redaction.names ? name : path;
      const given = inputs.find(({ input }) => input.path === path)?.input.router ?? null;
      const what = why === null ? `${shown} without its secrets` : `left out: ${shown} ${why}`;
      return [`evidence/${name}`, content, what, redaction.names ? null : given];
    });
  return redacted.extra === null
    ? texts
    : [['ike.pcapng', redacted.extra, 'the IKE packets of the captures', null], ...texts];
}

function sliceOf(inputs: readonly ReadInput[], wire: Wire): Uint8Array | null {
  const everything = { exchanges: [], peers: [], since: null, until: null };
  const sources = inputs.flatMap(({ input: { capture, captureIndex } }) => {
    if (capture === null || captureIndex === null) return [];
    const frames = framesOf(wire.exchanges, captureIndex, everything);
    return [
      { decoding: capture, packets: capture.packets.filter(({ frame }) => frames.has(frame)) },
    ];
  });
  if (sources.every(({ packets }) => packets.length === 0)) return null;
  const pieces = [...writeSlice(sources, `ike-autopsy ${toolVersion}`)];
  return new Uint8Array(Buffer.concat(pieces));
}
