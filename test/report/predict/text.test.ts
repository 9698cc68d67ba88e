import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../../src/model/selection.ts';
import { makePalette } from '../../../src/report/palette.ts';
import { renderPredictionCsv } from '../../../src/report/predict/csv.ts';
import { predictionDocument, renderPredictionJson } from '../../../src/report/predict/document.ts';
import { renderPredictionText } from '../../../src/report/predict/text.ts';
import { predictionSchema } from '../../../src/report/schema/prediction.ts';
import { predict } from '../../../src/select/predict.ts';
import { sampleConfigs } from '../../support/samples.ts';

const prediction = (name: string): Prediction => predict(sampleConfigs(name));

const text = (of: Prediction, columns = 80): string =>
  renderPredictionText(of, { palette: makePalette(false), columns });

describe('renderPredictionText', () => {
  it('says first which direction comes up, which fails, where and why, then the repair', () => {
    const lines = text(prediction('02-r2-initiates')).split('\n');
    expect(lines[0]).toBe('Directions');
    expect(lines[3]).toMatch(/^R1 to R2 +comes up /);
    expect(lines.find((line) => line.startsWith('R2 to R1'))).toMatch(
      /^R2 to R1 +FAILS +mm5-verify +\S/,
    );
    const at = lines.indexOf('Repairs');
    expect(at).toBeLessThan(12);
    expect(lines.slice(at, at + 9)).toContain('      keyring keyring1');
    expect(lines.slice(at, at + 9).join(' ')).toContain(
      'replayed in both directions: both come up',
    );
  });

  it('fits 80 columns, commands and quoted lines apart', () => {
    for (const line of text(prediction('11-wrong-profile-right-keyring')).split('\n')) {
      if (/^ {4}/.test(line) && !/^ {20}/.test(line)) continue;
      expect(Array.from(line).length, line).toBeLessThanOrEqual(80);
    }
  });

  it('does not say that both roles agree where they do not, or where none was seen', () => {
    const found = prediction('02-r2-initiates');
    const [first] = found.selections;
    const agreed = { ...first!, keyring: 'K' };
    const last = (selections: Prediction['selections']): string =>
      text({ ...found, findings: [], selections })
        .trimEnd()
        .split('\n')
        .at(-1)!;
    expect(last([agreed, { ...agreed, role: 'responder' }])).toMatch(/every router agree/);
    expect(last([agreed, { ...agreed, role: 'responder', keyring: 'L' }])).toBe('None.');
    expect(last([])).toBe('None.');
  });

  it('tells the tunnels of two routers apart where there are several', () => {
    const found = prediction('02-r2-initiates');
    const first = { ...found.directions[0]!, why: '' };
    const directions = [first, { ...first, tunnel: 'Tunnel2' }];
    expect(text({ ...found, directions }, 200)).toMatch(
      /^R1 to R2 \(Tunnel1\) +comes up.*\nR1 to R2 \(Tunnel2\) +comes up/m,
    );
    expect(text({ ...found, directions: [first] }, 200)).toMatch(/^R1 to R2 +comes up/m);
  });

  it('says so when nothing was found', () => {
    expect(text(predict([]))).toMatch(/^No configuration/);
  });
});

describe('the other formats', () => {
  it.each(['02-r2-initiates', '07-default-keyring', '08-ikev2-unaffected', '12-certificates'])(
    '%s fits the schema',
    (name) => {
      const of = prediction(name);
      expect(() => predictionSchema.parse(predictionDocument(of))).not.toThrow();
      expect(JSON.parse(renderPredictionJson(of))).toMatchObject({
        schema: 'ike-autopsy/prediction@1',
      });
    },
  );

  it('has one row a selection, a direction and a finding', () => {
    const of = prediction('02-r2-initiates');
    const csv = renderPredictionCsv(of);
    const rows = (document: string): number =>
      document
        .trimEnd()
        .split('\r\n')
        .filter((line) => line !== '').length - 1;
    expect(rows(csv.selections)).toBe(of.selections.length);
    expect(rows(csv.directions)).toBe(of.directions.length);
    expect(csv.directions).toContain('R2,R1,Tunnel1,fails,mm5-verify,keyring-mismatch-after-mm5');
    expect(csv.findings).toContain('keyring-ambiguous');
  });
});
