import { createColors } from 'picocolors';

type Paint = (text: string) => string;

/** Every colour that a text reporter may use, by what it is for. */
export type Palette = {
  readonly heading: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly failure: Paint;
  readonly warning: Paint;
  readonly note: Paint;
  readonly good: Paint;
  readonly place: Paint;
  readonly initiator: Paint;
  readonly responder: Paint;
};

/** Made once from option, environment and terminal; identity functions when colour is off. */
export function makePalette(colour: boolean): Palette {
  const paint = createColors(colour);
  return {
    heading: (text) => paint.bold(paint.underline(text)),
    strong: paint.bold,
    faint: paint.dim,
    failure: (text) => paint.bold(paint.red(text)),
    warning: paint.yellow,
    note: paint.blue,
    good: paint.green,
    place: paint.cyan,
    initiator: paint.cyan,
    responder: paint.magenta,
  };
}
