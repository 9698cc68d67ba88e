import { packetFinder } from '../../correlate/steps.ts';
import type { LogEvent, LogNegotiation } from '../../model/log.ts';

/** One line of narration: what the router did, and where its log says so. */
export type Note = {
  readonly line: number;
  readonly time: string | null;
  readonly text: string;
  readonly weight: 'plain' | 'trouble' | 'good';
  /** The same thing happened so often; `lastLine` is where it did last. */
  readonly times: number;
  readonly lastLine: number;
};

export type Said = { readonly text: string; readonly weight?: Note['weight'] };
export type Told = Said | null;

/** What is told of an attempt while its events go by. */
export class Story {
  readonly notes: Note[] = [];
  readonly negotiation: LogNegotiation;
  authenticated = false;
  offer: string[] = [];
  check = '';
  /** A line said over which attribute the offer at hand fails. */
  isRefused = false;
  /** Lines of the detailed key search, told in one note. */
  search: string[] = [];
  searchLine = 0;
  searchTime: string | null = null;
  /** A timer ran out just now: the packet that follows is the same again. */
  repeating = false;

  /** The packet that an event tells of, with what it was. */
  readonly packetOf: ReturnType<typeof packetFinder>;

  constructor(negotiation: LogNegotiation) {
    this.negotiation = negotiation;
    this.packetOf = packetFinder(negotiation);
  }

  add(event: LogEvent, told: Told): void {
    if (!told) return;
    this.put(event.line, event.time?.written ?? null, told);
  }

  put(line: number, time: string | null, told: Said): void {
    const last = this.notes.at(-1);
    if (
      last &&
      last.text !== told.text &&
      this.repeating &&
      last.weight === 'trouble' &&
      told.text.startsWith('sends ')
    ) {
      // The repetition itself, said already.
      this.repeating = false;
      return;
    }
    this.repeating = told.text.includes('repeats its last message');
    if (last?.text === told.text) {
      this.notes[this.notes.length - 1] = { ...last, times: last.times + 1, lastLine: line };
      return;
    }
    this.notes.push({
      line,
      time,
      text: told.text,
      weight: told.weight ?? 'plain',
      times: 1,
      lastLine: line,
    });
  }

  /** The key search ends: everything it printed becomes one sentence. */
  endSearch(): void {
    if (this.search.length === 0) return;
    this.put(this.searchLine, this.searchTime, { text: this.search.join(', ') });
    this.search = [];
  }
}

/** What is said of a message; null where it is not worth a line. */
export type Teller = (story: Story, event: LogEvent) => Told;
