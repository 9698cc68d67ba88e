import { interpret } from '../iosconfig/interpret.ts';
import type { AccessList, ConfigModel } from '../model/config.ts';
import { unreadEntries } from './access-list.ts';

/** What two listings say, whatever the lines and files are in which they say it. */

/** Where it stands, and what is worked out from the rest. */
const NOT_SAID: ReadonlySet<string> = new Set<keyof ConfigModel | 'line'>([
  'line',
  'input',
  'hostname',
  'version',
  'lines',
  'lineStates',
  'definitions',
  'uses',
  'anomalies',
  'masterKeys',
  'openedKeys',
]);

const said = (value: object): string =>
  JSON.stringify(value, (key, each: unknown) => {
    if (NOT_SAID.has(key)) return undefined;
    return each instanceof Map ? [...each] : each;
  });

/** The words of lines that are not modelled, wherever they stand. */
type Worded = Omit<ConfigModel, 'accessLists'> & {
  readonly accessLists: readonly (Omit<AccessList, 'unread'> & {
    readonly unread: readonly string[];
  })[];
};

function worded(model: ConfigModel): Worded {
  return {
    ...model,
    accessLists: model.accessLists.map((list) => ({
      ...list,
      unread: unreadEntries(model, list).map((line) => (model.lines[line - 1] ?? '').trim()),
    })),
  };
}

/** Releases differ in what they bring without being told, and a part need not tell its release. */
function ofOneRelease(one: ConfigModel, other: ConfigModel): boolean {
  return one.version === null || other.version === null || one.version === other.version;
}

/** Order counts: keyrings are searched in theirs. */
export function saysTheSame(one: ConfigModel, other: ConfigModel): boolean {
  return ofOneRelease(one, other) && said(worded(one)) === said(worded(other));
}

type Said = Readonly<Record<string, unknown>>;

const read = (value: object): Said => JSON.parse(said(value)) as Said;

const readModel = (model: ConfigModel): Said => read(worded(model));

const SILENT: Said = readModel(interpret('', [], []));

/** Whether all that the one says stands in the other as well. */
export function saysNothingElse(one: ConfigModel, other: ConfigModel): boolean {
  if (!ofOneRelease(one, other)) return false;
  const held = readModel(other);
  return Object.entries(readModel(one)).every(
    ([key, value]) =>
      JSON.stringify(value) === JSON.stringify(SILENT[key]) || within(value, held[key] ?? null),
  );
}

/** What is null, false or empty was not said. */
function within(one: unknown, other: unknown): boolean {
  if (one === null || one === false) return true;
  if (Array.isArray(one)) return Array.isArray(other) && areIn(one, other);
  if (typeof one !== 'object') return one === other;
  if (typeof other !== 'object' || other === null) return false;
  const held = new Map(Object.entries(other));
  return Object.entries(one).every(([key, value]) => within(value, held.get(key) ?? null));
}

function areIn(some: readonly unknown[], all: readonly unknown[]): boolean {
  const equal = new Set(all.map((one) => JSON.stringify(one)));
  return some.every(
    (one) => equal.has(JSON.stringify(one)) || all.some((other) => within(one, other)),
  );
}

/**
 * Whether two parts can be of one listing: whichever is typed after the other, the same comes out, and what both define
 * is whole in one of them.
 */
export function completeEachOther(
  one: ConfigModel,
  other: ConfigModel,
  typedAfter: (first: ConfigModel, then: ConfigModel) => ConfigModel,
): boolean {
  if (!ofOneRelease(one, other)) return false;
  const first = readModel(typedAfter(one, other));
  const second = readModel(typedAfter(other, one));
  return within(first, second) && within(second, first) && !clash(worded(one), worded(other));
}

/** Blocks, which a listing shows whole or not at all; the parts of an interface may come by different commands. */
const BLOCKS = [
  'policies',
  'keyrings',
  'profiles',
  'transformSets',
  'ipsecProfiles',
  'cryptoMaps',
  'dynamicMaps',
  'accessLists',
  'ikev2Proposals',
  'ikev2Policies',
  'ikev2Keyrings',
  'ikev2Profiles',
] as const satisfies readonly (keyof ConfigModel)[];

function clash(one: Worded, other: Worded): boolean {
  return BLOCKS.some((kind) => {
    const held = new Map(other[kind].map((block) => [nameIn(block), block]));
    return one[kind].some((block) => {
      const same = held.get(nameIn(block));
      // Global keys stand one to a line.
      if (same === undefined || nameIn(block) === 'default') return false;
      const [mine, theirs] = [read(block), read(same)];
      return !within(mine, theirs) && !within(theirs, mine);
    });
  });
}

function nameIn(block: { readonly name: string } | { readonly priority: number }): string {
  return 'name' in block ? block.name : String(block.priority);
}
