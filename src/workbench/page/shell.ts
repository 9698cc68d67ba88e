import { html, trusted } from '../../report/html/markup.ts';
import { workbenchStyle } from './style.ts';

export type PageContent = {
  /** The page's program, and `sha256-…` of it in base64 as a Content-Security-Policy names it. */
  readonly script: string;
  readonly scriptHash: string;
  /** The worker's program, gzipped, in base64: the browser reads all of the page's text before it paints. */
  readonly worker: string;
  /** A JSON list of the samples; see `samplesOf`. */
  readonly samples: string;
};

/** Nothing may be fetched, framed or sent; the one script that runs is the page's own. */
export function contentPolicy(scriptHash: string): string {
  return [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The workbench as one file. Text in a script element ends at `</script`, which esbuild and JSON write otherwise. */
export function renderPage({ script, scriptHash, worker, samples }: PageContent): string {
  for (const text of [script, worker, samples])
    if (/<\/script|<!--/i.test(text)) throw new Error('a program would end its own element');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(scriptHash)}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>IKE autopsy · workbench</title>
<link rel="icon" href="data:,">
<style>${trusted(workbenchStyle)}</style>
</head>
<body>
<a class="skip" href="#result">Skip to the result</a>
<div id="app"><div class="bench"><aside class="inputs" aria-label="Evidence"><div class="brandline"><p class="brand">IKE autopsy · workbench</p></div></aside><main class="result" id="result"><section class="welcome"><h1>Why does the tunnel not come up?</h1><noscript><p>The workbench analyses in this page, so it needs JavaScript.</p></noscript></section></main></div></div>
<script type="application/gzip" id="worker">${trusted(worker)}</script>
<script type="application/json" id="samples">${trusted(samples)}</script>
<script>${trusted(script)}</script>
</body>
</html>
`.text;
}
