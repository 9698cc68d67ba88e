import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { noSettings } from '../../src/intake/case.ts';
import { renderJson } from '../../src/report/json.ts';
import type { FromWorker, Source, ToWorker } from '../../src/workbench/protocol.ts';
import { createSession } from '../../src/workbench/session.ts';
import { readSample, sampleNames } from '../support/samples.ts';

type Kind = FromWorker['kind'];
type Of<K extends Kind> = Extract<FromWorker, { readonly kind: K }>;

/** A session and everything that it said. */
function started(): {
  readonly said: FromWorker[];
  readonly ask: (request: ToWorker) => Promise<FromWorker>;
  readonly last: <K extends Kind>(kind: K) => Of<K>;
} {
  const said: FromWorker[] = [];
  const session = createSession(
    (message) => said.push(message),
    () => 0,
  );
  return {
    said,
    ask: async (request) => {
      await session.receive(request);
      return said.at(-1)!;
    },
    last: (kind) => {
      const found = said.findLast((message) => message.kind === kind);
      if (found === undefined) throw new Error(`it said no ${kind}`);
      return found as Of<typeof kind>;
    },
  };
}

const source = (path: string, content: string | Uint8Array, revision = 0): Source => ({
  key: path,
  revision,
  path,
  router: null,
  as: 'evidence',
  content: new Blob([content]),
});

const sampleSources = (name: string): readonly Source[] =>
  readSample(name).map(({ path, content }) => source(path, content));

const analysis = (sources: readonly Source[], run = 1): ToWorker => ({
  kind: 'analyze',
  run,
  sources,
  settings: noSettings,
});

const plain = { addresses: false, names: false };

async function savedJson(session: ReturnType<typeof started>): Promise<string> {
  await session.ask({ kind: 'save-report', format: 'json', showSecrets: false, redaction: plain });
  return new TextDecoder().decode(session.last('saved').file.content);
}

describe('a session', () => {
  it.each(sampleNames)('reports of %s what the library reports', async (name) => {
    const session = started();
    await session.ask(analysis(sampleSources(name)));
    expect(await savedJson(session)).toBe(renderJson(analyze(readSample(name))));
  });

  it('tells what each input is as it is read, before the report', async () => {
    const session = started();
    await session.ask(
      analysis([...sampleSources('02-r2-initiates'), source('photo', 'no evidence')]),
    );
    const kinds = session.said.filter(({ kind }) => kind === 'recognised' || kind === 'report');
    expect(kinds.at(-1)!.kind).toBe('report');
    const told = session.said.flatMap((message) =>
      message.kind === 'recognised' ? [message.recognition] : [],
    );
    expect(told.map(({ kind }) => kind)).toEqual([
      'capture',
      'key-material',
      'ios-config',
      'ios-debug',
      'ios-config',
      'ios-debug',
      'unreadable',
    ]);
    expect(told[0]).toMatchObject({ holds: '12 packets, 10 IKE messages' });
    expect(told[3]).toMatchObject({ routers: ['R1'] });
  });

  it('reads again only what changed', async () => {
    const session = started();
    const sources = sampleSources('02-r2-initiates');
    await session.ask(analysis(sources));
    const before = session.said.filter(({ kind }) => kind === 'progress').length;
    const last = sources.at(-1)!;
    const changed = { ...last, revision: 1 };
    await session.ask(analysis([...sources.slice(0, -1), changed], 2));
    expect(session.said.filter(({ kind }) => kind === 'progress').length).toBe(before + 1);
  });

  it('reads a file in slices of bounded size, one after the other', async () => {
    const [capture] = sampleSources('02-r2-initiates');
    const content = new Blob(['no evidence\n'.repeat(800_000)]);
    let [slices, largest, open, mostOpen] = [0, 0, 0, 0];
    const slice = content.slice.bind(content);
    content.slice = (from, to) => {
      const piece = slice(from, to);
      const read = piece.arrayBuffer.bind(piece);
      piece.arrayBuffer = async () => {
        mostOpen = Math.max(mostOpen, (open += 1));
        const octets = await read();
        [slices, largest, open] = [slices + 1, Math.max(largest, octets.byteLength), open - 1];
        return octets;
      };
      return piece;
    };
    await started().ask(analysis([capture!, { ...source('log', ''), content }]));
    expect({ slices, largest, mostOpen }).toEqual({ slices: 3, largest: 4 << 20, mostOpen: 1 });
  });

  it('drops a run for which a newer one has come', async () => {
    const session = started();
    const sources = sampleSources('02-r2-initiates');
    await Promise.all([session.ask(analysis(sources, 1)), session.ask(analysis(sources, 2))]);
    const reports = session.said.filter((message) => message.kind === 'report');
    expect(reports).toMatchObject([{ run: 2 }]);
  });

  it('leaves what is no evidence out of the report, and says when nothing is left', async () => {
    const session = started();
    await session.ask(analysis([source('empty', ''), ...sampleSources('02-r2-initiates')]));
    expect(await savedJson(session)).toBe(renderJson(analyze(readSample('02-r2-initiates'))));
    expect(await session.ask(analysis([source('empty', '')], 2))).toEqual({
      kind: 'nothing',
      run: 2,
    });
    expect(await session.ask({ kind: 'keys' })).toMatchObject({ kind: 'refused', about: 'keys' });
  });
});

describe('questions about the evidence', () => {
  it('a frame: its tree, and octets in which every offset of the tree lies', async () => {
    const session = started();
    await session.ask(analysis(sampleSources('01-r1-initiates')));
    const report = analyze(readSample('01-r1-initiates'));
    for (const { input, frame, tree, length } of report.excerpts.frames) {
      await session.ask({ kind: 'inspect-frame', input, frame });
      const { view } = session.last('frame');
      expect(view.tree).toEqual(tree);
      const { base, octets } = view.octets[0]!;
      for (const node of tree) {
        expect(node.offset).toBeGreaterThanOrEqual(base);
        expect(node.offset! - base + node.length!).toBeLessThanOrEqual(octets.length);
      }
      expect(view.octets.at(-1)!.octets.length).toBeGreaterThanOrEqual(length);
    }
    expect(report.excerpts.frames.length).toBeGreaterThan(8);
  });

  it('a log line: its event and its neighbours', async () => {
    const session = started();
    await session.ask(analysis(sampleSources('02-r2-initiates')));
    const report = analyze(readSample('02-r2-initiates'));
    const cited = report.findings[0]!.evidence.find(({ line }) => line !== undefined)!;
    await session.ask({ kind: 'inspect-line', input: cited.input, line: cited.line! });
    const { view } = session.last('line');
    expect(view.at).toBe(cited.line);
    expect(view.facts[0]![0]).toBe('Means');
    expect(view.lines.length).toBeGreaterThan(5);
    const numbers = view.lines.map(({ line }) => line);
    expect(numbers).toContain(cited.line);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('a configuration line: its block, with the key as a token', async () => {
    const session = started();
    const config =
      'hostname R1\n!\ncrypto keyring K\n  pre-shared-key address 192.0.2.1 key Marmot-77\n!\nend\n';
    await session.ask(analysis([source('r1.cfg', config)]));
    await session.ask({ kind: 'inspect-line', input: 'i1', line: 4 });
    const { view } = session.last('line');
    expect([view.first, view.last]).toEqual([3, 4]);
    const text = view.lines.map((line) => line.text).join('\n');
    expect(text).toContain('key <key#1>');
    expect(text).not.toContain('Marmot-77');
  });

  it('places that are not there are refused in words', async () => {
    const session = started();
    await session.ask(analysis(sampleSources('02-r2-initiates')));
    for (const request of [
      { kind: 'inspect-frame', input: 'i1', frame: 999 },
      { kind: 'inspect-frame', input: 'i99', frame: 1 },
      { kind: 'inspect-line', input: 'i4', line: 0 },
      { kind: 'inspect-line', input: 'i4', line: 1_000_000 },
      { kind: 'inspect-line', input: 'i99', line: 1 },
    ] as const)
      expect(await session.ask(request)).toMatchObject({ kind: 'refused', about: request.kind });
  });

  it('the candidate matrix holds no key', async () => {
    const session = started();
    const list = { ...source('keys', 'Marmot-77\n'), as: 'psk-list' as const };
    await session.ask(analysis([...sampleSources('03-different-keys'), list]));
    await session.ask({ kind: 'keys' });
    const { markup } = session.last('keys');
    expect(markup).toMatch(/line 1 of keys|keys line 1/);
    expect(markup).not.toContain('Marmot-77');
  });
});

describe('what if', () => {
  it('every suggested repair brings both directions up when its commands are typed', async () => {
    const session = started();
    await session.ask(analysis(sampleSources('02-r2-initiates')));
    const { repairs } = session.last('report').view;
    expect(repairs.length).toBeGreaterThan(0);
    for (const index of repairs.keys()) {
      await session.ask({ kind: 'apply-repair', repair: index });
      const { view } = session.last('what-if');
      expect(view.edited).toBe(true);
      expect(view.says).toBe('After the edit: R1 to R2 comes up; R2 to R1 comes up.');
    }
  });

  it('an edit that changes nothing is none, and one that breaks is told', async () => {
    const session = started();
    await session.ask(analysis(sampleSources('01-r1-initiates')));
    await session.ask({ kind: 'what-if', texts: [] });
    const asRead = session.last('what-if').view;
    expect(asRead.edited).toBe(false);
    await session.ask({ kind: 'what-if', texts: asRead.routers.map(({ text }) => text) });
    expect(session.last('what-if').view).toEqual(asRead);
    const texts = asRead.routers.map(({ text }) => text.replaceAll('Harbour', 'Other'));
    await session.ask({ kind: 'what-if', texts: [texts[0]!, null] });
    expect(session.last('what-if').view.says).not.toBe(asRead.says);
    await session.ask({ kind: 'what-if', texts: ['', ''] });
    expect(session.last('what-if').view.says).toContain('no direction can be replayed');
  });

  it('offers no configuration where none was given', async () => {
    const session = started();
    await session.ask(analysis(sampleSources('02-r2-initiates').slice(0, 1)));
    await session.ask({ kind: 'what-if', texts: [] });
    expect(session.last('what-if').view.routers).toEqual([]);
  });
});

describe('away', () => {
  it('a case gives the same report again', async () => {
    const session = started();
    const sources = sampleSources('11-wrong-profile-right-keyring');
    await session.ask(analysis(sources));
    const before = await savedJson(session);
    await session.ask({ kind: 'save-case', sources, settings: noSettings });
    const { file } = session.last('saved');
    const content = new Blob([file.content]);
    const fresh = started();
    await fresh.ask({ kind: 'open-case', name: file.name, content });
    const { inputs } = fresh.last('case').content;
    await fresh.ask(analysis(inputs.map((input) => source(input.path, input.content))));
    expect(await savedJson(fresh)).toBe(before);
  });

  it.each(['text', 'json', 'ndjson', 'csv', 'md', 'html'] as const)(
    'every format can be saved without addresses and keys: %s',
    async (format) => {
      const session = started();
      await session.ask(analysis(sampleSources('02-r2-initiates')));
      await session.ask({
        kind: 'save-report',
        format,
        showSecrets: false,
        redaction: { addresses: true, names: true },
      });
      const { file } = session.last('saved');
      expect(file.content.length).toBeGreaterThan(200);
      const text = new TextDecoder('latin1').decode(file.content);
      for (const told of ['192.168.0.2', 'Harbour-Lamp-31']) expect(text).not.toContain(told);
    },
  );

  it('what is no case is refused with its name', async () => {
    const session = started();
    const content = new Blob(['PK\u0003\u0004']);
    expect(await session.ask({ kind: 'open-case', name: 'x.zip', content })).toEqual({
      kind: 'refused',
      about: 'open-case',
      text: 'x.zip is no case file.',
    });
  });
});
