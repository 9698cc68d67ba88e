// Stands in for string-width in the bundle, where only the help text is measured: it is plain ASCII, and setting up
// the segmentation of graphemes would cost every start some fifteen milliseconds.
// eslint-disable-next-line no-restricted-exports -- cliui asks for the default export
export default function helpWidth(text) {
  return text.length;
}
