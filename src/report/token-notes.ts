import { MASKED_KEY } from '../iosconfig/masked-key.ts';
import type { Finding } from '../model/finding.ts';
import type { LineExcerpt } from '../model/report.ts';

/**
 * Commands to paste with a comment for each token in them: pasted as it stands, the router would take `<key#1>` for the
 * key. The comment names where the key stands in clear.
 */
export function noteTokens(
  finding: Finding,
  configLines: readonly LineExcerpt[],
  pathOf: ReadonlyMap<string, string>,
): Finding {
  const remedies = finding.remedies.map((remedy) => {
    const tokens = new Set(remedy.config?.match(/<key(?:#\d+)?>/g));
    if (remedy.config === undefined || tokens.size === 0) return remedy;
    const notes = [...tokens].map((token) => {
      const held =
        token === MASKED_KEY ? undefined : configLines.find(({ text }) => text.includes(token));
      const where = held && `, as in ${pathOf.get(held.input) ?? held.input} line ${held.line}`;
      return `! In place of ${token} type the key itself${where ?? ''}`;
    });
    return { ...remedy, config: [...notes, remedy.config].join('\n') };
  });
  return { ...finding, remedies };
}
