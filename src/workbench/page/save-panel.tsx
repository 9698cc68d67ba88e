import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ReportFormat, SaveOptions } from '../protocol.ts';

const formats: readonly (readonly [ReportFormat, string, string])[] = [
  ['html', 'HTML', 'one page that opens from disk'],
  ['md', 'Markdown', 'for a ticket'],
  ['text', 'Text', 'as the terminal shows it'],
  ['json', 'JSON', 'the whole analysis, for programs'],
  ['ndjson', 'NDJSON', 'one record a line'],
  ['csv', 'CSV', 'findings, negotiations and timeline, zipped'],
];

export type SavePanelProps = {
  readonly onSave: (options: SaveOptions) => void;
  readonly onSaveCase: () => void;
};

export function SavePanel({ onSave, onSaveCase }: SavePanelProps): JSX.Element {
  const [options, setOptions] = useState<Omit<SaveOptions, 'format'>>({
    showSecrets: false,
    redaction: { addresses: false, names: false },
  });
  const { showSecrets, redaction } = options;
  return (
    <>
      <h2>Save</h2>
      <section class="card" aria-labelledby="save-report">
        <h3 id="save-report">The report</h3>
        <Check
          label="Replace addresses"
          about="What was equal stays equal, and networks stay networks."
          checked={redaction.addresses}
          onChange={(addresses) =>
            setOptions({ ...options, redaction: { ...redaction, addresses } })
          }
        />
        <Check
          label="Replace names"
          about="Routers, keyrings, profiles and files."
          checked={redaction.names}
          onChange={(names) => setOptions({ ...options, redaction: { ...redaction, names } })}
        />
        <Check
          label="Show keys in clear"
          about="Otherwise equal keys show as equal tokens."
          checked={showSecrets}
          onChange={(shown) => setOptions({ ...options, showSecrets: shown })}
        />
        <ul class="formats">
          {formats.map(([format, name, about]) => (
            <li key={format}>
              <button type="button" onClick={() => onSave({ format, ...options })}>
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

function Check(props: {
  readonly label: string;
  readonly about: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}): JSX.Element {
  const { label, about, checked, onChange } = props;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      {label} <span class="faint">{about}</span>
    </label>
  );
}
