/** Texts that somebody else could put into a log, an identity, a certificate, a configuration or a file name. */
export const HOSTILE: Readonly<Record<string, string>> = {
  script: `<script>window.pwned=1</script>`,
  image: `<img src=x onerror="window.pwned=1">`,
  attribute: `" onmouseover="window.pwned=1" x="`,
  singleQuote: `' onfocus='window.pwned=1' autofocus='`,
  svg: `</text></svg><svg onload=window.pwned=1>`,
  style: `</style><style>*{display:none}</style>@import url(http://192.0.2.1/x.css);`,
  comment: `--><!-- ]]> <![CDATA[ ?>`,
  entity: `&lt;b&gt; &amp;amp; &#x3c;`,
  title: `</title><base href="http://192.0.2.1/">`,
  link: `javascript:alert(1) [click](javascript:alert(1)) ![x](http://192.0.2.1/p.png) http://192.0.2.1/`,
  colour: `\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b31m \u001bc`,
  overwrite: `all is well\rFAILED\b\b\b\b\u007f`,
  bidi: `abc\u202edcba\u2066x\u2069\u200f\u061c end`,
  invisible: `a\u200bb\ufeffc\u00add\u2028e\u2029f\u{e0041}g`,
  nul: `a\u0000b`,
  surrogate: `a\ud800b`,
  lines: `first\nsecond\r\nthird`,
  formula: `=HYPERLINK("http://192.0.2.1","x")`,
  formulas: `+1+1\t@SUM(A1)\t-2+3`,
  fence: 'x\n```\n# heading\n````\n',
  table: 'a | b || c \\| d',
  markdown: '# h *b* _i_ `c` ~~s~~ <details> > q\n- item\n1. item',
  long: 'A'.repeat(10_000),
  longWords: 'word '.repeat(2_000),
  wide: '鍵'.repeat(3_000),
};

/** Characters that a terminal obeys or that a reader does not see; a line feed is how lines end. */
export const HIDDEN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/u;
