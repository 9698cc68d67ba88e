/** A part of a text that is shorter than this is a copy anyway: engines make windows of longer ones alone. */
const shortestWindow = 13;

/** Copies a text out of the larger one that it may be a window on, which would be kept as long as it is. */
export function detach(text: string): string {
  return text.length < shortestWindow ? text : (' ' + text).slice(1);
}
