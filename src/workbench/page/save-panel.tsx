import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ReportFormat } from '../protocol.ts';

const formats: readonly (readonly [ReportFormat, string, string])[] = [
  ['html', 'HTML', 'one page that opens from disk'],
  ['md', 'Markdown', 'for a ticket'],
  ['text', 'Text', 'as the terminal shows it'],
  ['json', 'JSON', 'the whole analysis, for programs'],
  ['ndjson', 'NDJSON', 'one record a line'],
  ['csv', 'CSV', 'findings, negotiations and timeline, zipped'],
];

export type SavePanelProps = {
  readonly onSave: (format: ReportFormat, showSecrets: boolean) => void;
  readonly onSaveCase: () => void;
};

export function SavePanel({ onSave, onSaveCase }: SavePanelProps): JSX.Element {
  const [showSecrets, setShowSecrets] = useState(false);
  return (
    <>
      <h2>Save</h2>
      <section class="card" aria-labelledby="save-report">
        <h3 id="save-report">The report</h3>
        <label class="check">
          <input
            type="checkbox"
            checked={showSecrets}
            onChange={({ currentTarget }) => setShowSecrets(currentTarget.checked)}
          />
          Show keys in clear <span class="faint">Otherwise equal keys show as equal tokens.</span>
        </label>
        <ul class="formats">
          {formats.map(([format, name, about]) => (
            <li key={format}>
              <button type="button" onClick={() => onSave(format, showSecrets)}>
                {name}
              </button>
              <span class="faint">{about}</span>
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="save-case">
        <h3 id="save-case">The case</h3>
        <p>
          A case file holds the evidence as it was given, with all its keys, and the settings. It
          opens again in this page and with <code>ike-autopsy analyze incident.ikecase</code>.
        </p>
        <button type="button" onClick={onSaveCase}>
          Save as case file
        </button>
      </section>
    </>
  );
}
