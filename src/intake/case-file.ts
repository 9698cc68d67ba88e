import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import * as z from 'zod/mini';
import {
  manifestName,
  zoneOffset,
  type CaseFile,
  type CaseInput,
  type CaseSettings,
} from './case.ts';

/**
 * A case: evidence and settings in one file, as the workbench saves it and as `analyze` reads it again.
 * A ZIP archive whose first entry, `ike-autopsy-case.json`, names the others in the order in which they are read.
 */

const mostOctets = 1 << 30;
const mostInputs = 10_000;

/** Milliseconds since 1970, as far as a date can say. */
const instant = z.number().check(z.minimum(-8.64e15), z.maximum(8.64e15));

const settingsSchema = z.object({
  /** Only negotiations with this address. */
  peer: z.nullable(z.string()),
  since: z.nullable(instant),
  until: z.nullable(instant),
  /** `+02:00` */
  tz: z.nullable(z.string().check(z.regex(zoneOffset))),
  year: z.nullable(z.int().check(z.minimum(1900), z.maximum(2099))),
  ports: z.array(z.int().check(z.minimum(1), z.maximum(65535))),
});

const manifestSchema = z.object({
  schema: z.literal('ike-autopsy/case@1'),
  settings: settingsSchema,
  inputs: z
    .array(
      z.object({
        /** The entry of the archive that holds its octets. */
        entry: z.string(),
        path: z.string(),
        router: z.nullable(z.string()),
        as: z.enum(['evidence', 'keys', 'psk-list']),
      }),
    )
    .check(z.maxLength(mostInputs)),
});

export type BrokenCase = {
  readonly kind: 'unreadable';
  readonly why: string;
  readonly advice: string;
};

/** The same case gives the same octets: entries carry one fixed time. */
export function writeCase(inputs: readonly CaseInput[], settings: CaseSettings): Uint8Array {
  const named = inputs.map((input, index) => ({ entry: `inputs/${index + 1}`, input }));
  const listed = named.map(({ entry, input: { path, router, as } }) => ({
    entry,
    path,
    router,
    as,
  }));
  const entries: Zippable = { [manifestName]: caseManifest(listed, settings) };
  for (const { entry, input } of named) entries[entry] = input.content;
  return zipSync(entries, { mtime: new Date(1980, 0, 1) });
}

/** An input as the manifest lists it: `entry` is the one of the archive that holds its octets. */
export type CaseEntry = Omit<CaseInput, 'content'> & { readonly entry: string };

/** The first entry of a case. */
export function caseManifest(entries: readonly CaseEntry[], settings: CaseSettings): Uint8Array {
  const manifest: z.infer<typeof manifestSchema> = {
    schema: 'ike-autopsy/case@1',
    settings: { ...settings, ports: [...settings.ports] },
    inputs: [...entries],
  };
  return strToU8(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** Reads a case whole. What an entry claims to be is checked before room is made for it. */
export function readCase(octets: Uint8Array): CaseFile | BrokenCase {
  let entries: Readonly<Record<string, Uint8Array>>;
  let total = 0;
  try {
    entries = unzipSync(octets, {
      filter: ({ originalSize }) => {
        total += originalSize;
        return total <= mostOctets;
      },
    });
  } catch {
    return broken('is a damaged case file');
  }
  if (total > mostOctets) return broken('is a case of more than 1 GiB');
  const manifest = readManifest(entries[manifestName]);
  if (manifest === null) return broken('is a case file whose list of inputs cannot be read');
  const inputs: CaseInput[] = [];
  for (const { entry, path, router, as } of manifest.inputs) {
    const content = Object.hasOwn(entries, entry) ? entries[entry] : undefined;
    if (content === undefined) return broken(`is a case file that lacks its input ${path}`);
    inputs.push({ path, router, as, content });
  }
  return { kind: 'case', settings: manifest.settings, inputs };
}

function readManifest(octets: Uint8Array | undefined): z.infer<typeof manifestSchema> | null {
  if (octets === undefined) return null;
  try {
    return manifestSchema.parse(JSON.parse(strFromU8(octets)));
  } catch {
    return null;
  }
}

function broken(why: string): BrokenCase {
  return {
    kind: 'unreadable',
    why,
    advice: 'save it again from the workbench, or give the files themselves',
  };
}
