import { applyCommands } from '../iosconfig/parse.ts';
import type { ConfigModel } from '../model/config.ts';
import type { Direction, Prediction, Repair, Selection } from '../model/selection.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { dataTable } from '../report/html/table.ts';
import { revealer } from '../select/edit.ts';
import { joinListings } from '../select/listings.ts';
import { predict } from '../select/predict.ts';
import type { SuggestedRepair, WhatIfView } from './protocol.ts';

/** Edited configurations, replayed in both directions. The evidence is not touched. */
export type WhatIf = {
  /** Listings by index of router; null stands for the listing as it was read. */
  replay(texts: readonly (string | null)[]): WhatIfView;
  /** The listings with the commands of a suggested repair typed after them. */
  withRepair(index: number): readonly (string | null)[];
  readonly repairs: readonly SuggestedRepair[];
};

export function createWhatIf(given: readonly ConfigModel[]): WhatIf {
  const { models, hostnames } = joinListings(given);
  const before = predict(models, { hostnames });
  const listings = models.map(listingOf);
  const repairs = before.repairs.map(suggested);
  const reveal = revealer(models);
  return {
    repairs,
    withRepair: (index) => {
      const repair = before.repairs[index];
      if (repair === undefined) return models.map(() => null);
      const typed = commandsByRouter(repair, models);
      return models.map((_, router) => {
        const commands = typed.get(router) ?? [];
        // `!` leaves whatever block the listing ended in.
        return commands.length === 0
          ? null
          : [listings[router]!.trimEnd(), '!', ...commands.map(reveal), '!', ''].join('\n');
      });
    },
    replay: (texts) => {
      const edited = models.map((model, router) => {
        const text = texts[router];
        return text === null || text === undefined || text === listings[router]
          ? model
          : applyCommands({ ...model, lines: text.split(/\r\n|\n|\r/) }, []);
      });
      const isEdited = edited.some((model, router) => model !== models[router]);
      const after = isEdited ? predict(edited, { hostnames }) : before;
      return {
        routers: models.map((model, router) => ({
          name: model.hostname ?? `router ${router + 1}`,
          text: texts[router] ?? listings[router]!,
        })),
        repairs,
        outcome: outcomeView(before, after, isEdited).text,
        edited: isEdited,
        says: sentence(after, isEdited),
      };
    },
  };
}

/** The lines of one router; several may share a file, whose other lines are blank here. */
function listingOf(model: ConfigModel): string {
  const lines = [...model.lines];
  while (lines.length > 0 && lines[0]!.trim() === '') lines.shift();
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop();
  return `${lines.map((line) => line.replace(/\r$/, '')).join('\n')}\n`;
}

function suggested({ router, text, commands, proof, sideEffects }: Repair): SuggestedRepair {
  return {
    router,
    text: [text, ...sideEffects].join(' '),
    commands,
    proof,
  };
}

/** A repair of several routers names each before its commands: `! R1`. */
function commandsByRouter(
  repair: Repair,
  models: readonly ConfigModel[],
): ReadonlyMap<number, readonly string[]> {
  const names = models.map(({ hostname }) => hostname);
  const byRouter = new Map<number, string[]>();
  let at = Math.max(0, names.indexOf(repair.router));
  for (const command of repair.commands) {
    const named = /^! (.+)$/.exec(command);
    const router = named === null ? -1 : names.indexOf(named[1]!);
    if (repair.router === null && router >= 0) {
      at = router;
      continue;
    }
    byRouter.set(at, [...(byRouter.get(at) ?? []), command]);
  }
  return byRouter;
}

const outcomeWords = { up: 'comes up', fails: 'fails', unknown: 'not known' } as const;
const outcomeClass = { up: 'agrees', fails: 'diverges', unknown: 'unknown' } as const;

function sentence(prediction: Prediction, isEdited: boolean): string {
  if (prediction.directions.length === 0)
    return 'No two of the routers given are peers, so no direction can be replayed.';
  const told = prediction.directions.map(
    (one) => `${nameOf(one.initiator)} to ${nameOf(one.responder)} ${outcomeWords[one.outcome]}`,
  );
  return `${isEdited ? 'After the edit' : 'As configured'}: ${told.join('; ')}.`;
}

function nameOf(router: string | null): string {
  return router ?? 'unnamed router';
}

function outcomeView(before: Prediction, after: Prediction, isEdited: boolean): Markup {
  return html`${directionsTable(before, after, isEdited)}
${isEdited && findingsChange(before, after)}
${selectionsTable(after.selections)}`;
}

function keyOf({ initiator, responder, tunnel }: Direction): string {
  return JSON.stringify([initiator, responder, tunnel]);
}

function directionsTable(before: Prediction, after: Prediction, isEdited: boolean): Markup {
  if (after.directions.length === 0)
    return html`<p>No two of the configurations given are peers of one another, so no direction can be replayed. Give both ends.</p>`;
  const old = new Map(before.directions.map((one) => [keyOf(one), one]));
  const outcome = ({ outcome: end, failingStep }: Direction): Markup =>
    html`<span class="v ${outcomeClass[end]}">${outcomeWords[end]}</span>${failingStep !== null && html` <span class="how">at ${failingStep}</span>`}`;
  const rows = after.directions.map((one) => {
    const was = old.get(keyOf(one));
    return html`<tr${one.outcome === 'fails' && html` class="diverges"`}>
<td><b>${nameOf(one.initiator)} → ${nameOf(one.responder)}</b>${one.tunnel !== null && html`<span class="how">${one.tunnel}</span>`}</td>
${isEdited && html`<td>${was === undefined ? 'was not there' : outcome(was)}</td>`}
<td>${outcome(one)}</td><td>${one.why}</td></tr>`;
  });
  const header = isEdited
    ? ['Direction', 'As configured', 'After the edit', 'Why']
    : ['Direction', 'As configured', 'Why'];
  return dataTable('Both directions', header, rows);
}

function findingsChange(before: Prediction, after: Prediction): Markup | null {
  const titles = ({ findings }: Prediction): ReadonlySet<string> =>
    new Set(findings.map(({ severity, title }) => `${severity}: ${title}`));
  const [was, is] = [titles(before), titles(after)];
  const gone = [...was].filter((title) => !is.has(title));
  const come = [...is].filter((title) => !was.has(title));
  if (gone.length === 0 && come.length === 0) return null;
  const list = (name: string, tone: string, items: readonly string[]): Markup | null =>
    items.length === 0
      ? null
      : html`<h4>${name}</h4><ul class="plain">${items.map((item) => html`<li><span class="v ${tone}">${item}</span></li>`)}</ul>`;
  return html`${list('Findings that go', 'agrees', gone)}${list('Findings that come', 'diverges', come)}`;
}

const mostSelections = 60;

function selectionsTable(selections: readonly Selection[]): Markup | null {
  if (selections.length === 0) return null;
  const rows = selections.slice(0, mostSelections).map(
    (one) => html`<tr>
<td><b>${nameOf(one.router)}</b><span class="how">${one.role}</span></td>
<td>${one.peer}${one.tunnel !== null && html`<span class="how">${one.tunnel}</span>`}</td>
<td>${one.keyring ?? 'none'}${one.entry !== null && html`<span class="how">${one.entry}</span>`}</td>
<td>${(one.role === 'initiator' ? one.requestedProfile : one.matchedProfile) ?? 'none'}</td>
<td><span class="v ${one.verification === 'fails' ? 'diverges' : one.verification === 'passes' ? 'agrees' : 'unknown'}">${one.verification}</span></td>
<td>${one.candidates.slice(0, 3).map(({ keyring, lost }) => html`<span class="how">not ${keyring}: ${lost}</span>`)}</td>
</tr>`,
  );
  return html`<details><summary>What each router selects <span class="faint">${selections.length} selections</span></summary>
${dataTable('Selections', ['Router', 'Peer', 'Keyring', 'Profile', 'Verification', 'Why not another'], rows)}
${selections.length > rows.length && html`<p class="faint">${selections.length - rows.length} more are not shown.</p>`}</details>`;
}
