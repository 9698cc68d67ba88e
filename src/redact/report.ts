import { hash } from '#crypto';

import { fromHex, hex } from '../bytes/hex.ts';
import { shapeOf } from '../logparse/unmatched.ts';
import type { AnalysisReport, InputRecord, TreeNode } from '../model/report.ts';
import { isText } from './octet-text.ts';
import { collectNames, createRenamer, isName, type Redaction, type Renamer } from './rename.ts';
import { rewriteStrings } from './rewrite-strings.ts';

/**
 * The key of all replacements, from the digests of the evidence: the same files give the same replacements, in a report
 * and in the files themselves. A redacted report does not hold the digests.
 */
export function redactionKey(digests: readonly (string | null)[]): Uint8Array {
  const sorted = digests.map((digest) => digest ?? '').toSorted();
  return hash('sha256', new TextEncoder().encode(`ike-autopsy redaction\n${sorted.join('\n')}`));
}

/**
 * The report with addresses, names or both replaced, consistently: what was equal stays equal, and addresses keep what
 * they share. File names go with the names. Digests go with either, since they would confirm a guess.
 */
export function redactReport(report: AnalysisReport, what: Redaction): AnalysisReport {
  if (!what.addresses && !what.names) return report;
  const key = redactionKey(report.inputs.map(({ sha256 }) => sha256));
  const literals = what.names ? fileNames(report.inputs) : new Map<string, string>();
  const renamer = createRenamer(key, what, reportNames(report), literals);
  const frames = report.excerpts.frames.map((frame) => ({
    ...frame,
    tree: frame.tree.map((node) => withhold(node, what)),
  }));
  const unmatched = report.excerpts.unmatched.map((entry) => {
    // A shape has its digits taken out already, and names in it can no longer be told.
    const example = renamer.text(entry.example);
    return example === entry.example ? entry : { ...entry, shape: shapeOf(example) };
  });
  const shown = { ...report, excerpts: { ...report.excerpts, frames, unmatched } };
  const renamed = rewriteStrings(shown, hexRenamer(report, renamer));
  return { ...renamed, inputs: renamed.inputs.map((input) => ({ ...input, sha256: null })) };
}

const WITHHELD = 'withheld';

/**
 * Octets that tell what was replaced: a NAT-D hash is soon reversed by trying every address, and a certificate holds
 * names in ways of its own, as may a vendor id that nobody knows, words for people, and a gateway to turn to.
 */
function withhold(payload: TreeNode, what: Redaction): TreeNode {
  const children = payload.children ?? [];
  const isNat =
    /^NAT-D/i.test(payload.label) ||
    children.some(({ value }) => /NAT_DETECTION/.test(value ?? ''));
  const isCertificate = /^(?:CERT|CR$)/i.test(payload.label);
  const isVendor = payload.label === 'VID' && !children.some(({ label }) => label === 'vendor');
  const isGateway = children.some(({ value }) =>
    /^(?:REDIRECT|UNITY.LOAD.BALANCE)/i.test(value ?? ''),
  );
  const isNotice = /^N$|^NOTIFY/i.test(payload.label);
  const isAll =
    ((isNat || isGateway || holdsAddresses(payload)) && what.addresses) ||
    ((isCertificate || isVendor || isGateway) && what.names);
  if (!isAll && !(isNotice && what.names)) return payload;
  const tells = (value: string): boolean =>
    isAll
      ? (isGateway || isVendor ? /^(?:[0-9a-f]{2}){2,}$/ : /^[0-9a-f]{16,}/).test(value)
      : /^(?:[0-9a-f]{2})+$/.test(value) && isText(fromHex(value) ?? new Uint8Array());
  return {
    ...payload,
    children: children.map((child) =>
      tells(child.value ?? '') ? { ...child, value: WITHHELD } : child,
    ),
  };
}

/** Identities and certificates as payload trees show them; of several alternative names each has a number. */
function treeNames(report: AnalysisReport): readonly string[] {
  return report.excerpts.frames
    .flatMap(({ tree }) => tree)
    .filter((payload) => /^(?:ID|CERT|CR$)/i.test(payload.label) && !holdsAddresses(payload))
    .flatMap(({ children }) => children ?? [])
    .filter(({ label }) => NAMING.has(label.replace(/ \d+$/, '')))
    .flatMap(({ value }) => (value ?? '').replace(/^(?:DNS|email|URI|dirName):/, ''))
    .filter((value) => !value.startsWith('IP:'));
}

/** An identity of an address, of a network or of a range. */
function holdsAddresses({ label, children = [] }: TreeNode): boolean {
  return (
    /^ID/i.test(label) &&
    children.some((child) => child.label === 'idType' && ADDRESS_TYPE.test(child.value ?? ''))
  );
}

const ADDRESS_TYPE = /ADDR|RANGE|SUBNET/i;

const NAMING: ReadonlySet<string> = new Set([
  'value',
  'text',
  'subject',
  'issuer',
  'serialNumber',
  'subjectAltNames',
  'authority',
]);

/** `r1-debug.txt` becomes `i1.txt`; the ending tells nothing. */
function fileNames(inputs: readonly InputRecord[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { id, path } of inputs) {
    const end =
      /\.(?:txt|log|cfg|conf|pcap|pcapng|cap|json|csv|keys)(?:\.gz)?$/i.exec(path)?.[0] ?? '';
    const base = path.split(/[\\/]/).at(-1) ?? path;
    names.set(path, `${id}${end.toLowerCase()}`);
    if (isName(base) && !names.has(base)) names.set(base, `${id}${end.toLowerCase()}`);
  }
  return names;
}

function reportNames(report: AnalysisReport): ReadonlySet<string> {
  const { excerpts, negotiations, routers, findings, inputs } = report;
  const names = new Set(
    collectNames(
      [
        ...[...excerpts.logLines, ...excerpts.configLines].map(({ text }) => text),
        ...excerpts.unmatched.map(({ example }) => example),
        ...negotiations.flatMap(({ timeline }) => timeline.map(({ text }) => text)),
        ...findings.flatMap(({ evidence }) => evidence.map(({ text }) => text)),
      ].flatMap((text) => text.split('\n')),
    ),
  );
  const add = (name: string | null | undefined): void => {
    if (name !== null && name !== undefined && isName(name)) names.add(name);
  };
  for (const name of treeNames(report)) add(name);
  for (const { name } of routers) add(name);
  for (const { router } of inputs) add(router);
  for (const { remedies } of findings) for (const { router } of remedies) add(router);
  for (const negotiation of negotiations) {
    add(negotiation.router);
    add(negotiation.fvrf);
    add(negotiation.saRequestProfile?.name);
    add(negotiation.profileMatched?.name);
    for (const { keyring, peerBlock } of negotiation.keyringSelections) {
      add(keyring);
      add(peerBlock);
    }
    for (const { type, value } of negotiation.keys?.identities ?? []) {
      if (!ADDRESS_TYPE.test(type)) add(value);
    }
    for (const { what, expected, observed } of negotiation.decisions) {
      if (what === 'verification') continue;
      for (const { value } of [expected, observed].filter((side) => side !== undefined)) {
        for (const name of value.split(/, | or | and /)) if (/^[\w.@/-]+$/.test(name)) add(name);
      }
    }
  }
  return names;
}

/** Payload trees show octets too: an address or a name in hexadecimal digits is one all the same. */
function hexRenamer(report: AnalysisReport, renamer: Renamer): (text: string) => string {
  const inner = new Map<string, string>();
  const utf8 = new TextEncoder();
  for (const name of reportNames(report)) {
    const made = renamer.name(name);
    if (made !== name && name.length > 2) inner.set(hex(utf8.encode(name)), hex(utf8.encode(made)));
  }
  // Longest first, so that a name within another does not tear it.
  const pairs = [...inner].sort(([a], [b]) => b.length - a.length);
  return (text) => {
    const named = renamer.text(text);
    if (named !== text) return named;
    const octets = /^[0-9a-f]{8,}$/.test(text) ? fromHex(text) : null;
    if (octets === null) return text;
    if (octets.length === 4 && renamer.addresses !== null)
      return hex(renamer.addresses.octets(octets));
    let out = text;
    for (const [from, to] of pairs) out = out.replaceAll(from, to);
    return out;
  };
}
