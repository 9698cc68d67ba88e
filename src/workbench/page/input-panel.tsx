import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { INPUT_KIND } from '../../report/labels.ts';
import { visibleText } from '../../report/safe-text.ts';
import type { Recognition } from '../protocol.ts';
import {
  addBox,
  changeBox,
  changeFile,
  removeSource,
  type Evidence,
  type GivenFile,
  type PasteBox,
} from './evidence.ts';
import type { Sample } from './samples.ts';
import { Settings } from './settings.tsx';

export type InputPanelProps = {
  readonly evidence: Evidence;
  readonly recognised: ReadonlyMap<string, Recognition>;
  readonly samples: readonly Sample[];
  readonly peers: readonly string[];
  /** Of the verdict, when there is one. */
  readonly title: string | null;
  /** Another one when all the evidence is another. */
  readonly generation: number;
  readonly onChange: (change: (now: Evidence) => Evidence) => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onSample: (index: number) => void;
  readonly onClear: () => void;
  readonly onSaveCase: () => void;
};

/** Everything that goes in, with what each part was taken for. */
export function InputPanel(props: InputPanelProps): JSX.Element {
  const { evidence, recognised, samples, onChange, onFiles, onSample } = props;
  const isEmpty = evidence.files.length === 0 && evidence.boxes.every(({ text }) => text === '');
  return (
    <aside class="inputs" aria-label="Evidence">
      <div class="brandline">
        <p class="brand">IKE autopsy · workbench</p>
        <p class="tag good" title="The page's own policy forbids every connection">
          offline
        </p>
      </div>
      <label class="drop">
        <input
          type="file"
          multiple
          onChange={({ currentTarget }) => {
            onFiles([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
        <b>Choose files</b> or drop them anywhere
        <span class="faint">captures, debugs, configurations, keys, cases</span>
      </label>
      {evidence.files.length > 0 && (
        <ul class="files" aria-label="Files">
          {evidence.files.map((file) => (
            <FileRow
              key={file.key}
              file={file}
              found={recognised.get(file.key)}
              onChange={onChange}
            />
          ))}
        </ul>
      )}
      {evidence.boxes.map((box, index) => (
        <Box
          key={box.key}
          box={box}
          number={index + 1}
          found={recognised.get(box.key)}
          onChange={onChange}
        />
      ))}
      <button type="button" class="quiet" onClick={() => onChange(addBox)}>
        + another paste box
      </button>
      <KeysField evidence={evidence} found={recognised.get('keys')} onChange={onChange} />
      <Settings key={props.generation} {...props} />
      <details class="samples" open={isEmpty}>
        <summary>Samples to try</summary>
        <ol>
          {samples.map(({ name, about }, index) => (
            <li key={name}>
              <button type="button" class="sample" onClick={() => onSample(index)}>
                <b>{name}</b>
                <span>{about}</span>
              </button>
            </li>
          ))}
        </ol>
      </details>
      <div class="buttons">
        <button type="button" disabled={isEmpty} onClick={props.onSaveCase}>
          Save as case file
        </button>
        <button type="button" class="quiet" disabled={isEmpty} onClick={props.onClear}>
          Clear everything
        </button>
      </div>
      {props.title !== null && (
        <a class="jump" href="#result">
          {visibleText(props.title)}
        </a>
      )}
    </aside>
  );
}

type Change = InputPanelProps['onChange'];

function FileRow(props: {
  readonly file: GivenFile;
  readonly found: Recognition | undefined;
  readonly onChange: Change;
}): JSX.Element {
  const { file, found, onChange } = props;
  const { key, path, content, router } = file;
  const isNameless =
    found !== undefined &&
    (found.kind === 'ios-debug' || found.kind === 'ios-config') &&
    (router !== null || found.routers.length === 0);
  return (
    <li>
      <div class="row">
        <b class="path">{visibleText(path)}</b>
        <span class="faint">{sizeText(content.size)}</span>
        <RemoveButton name={path} onClick={() => onChange((now) => removeSource(now, key))} />
      </div>
      <Recognised found={found} />
      {isNameless && (
        <label class="router">
          <span>Router</span>
          <input
            type="text"
            value={router ?? ''}
            placeholder="the file names none"
            autocomplete="off"
            spellcheck={false}
            onChange={({ currentTarget }) => {
              const name = currentTarget.value.trim();
              onChange((now) => changeFile(now, key, { router: name === '' ? null : name }));
            }}
          />
        </label>
      )}
      {found?.kind === 'unreadable' && file.as === 'evidence' && (
        <div class="buttons">
          <button
            type="button"
            onClick={() => onChange((now) => changeFile(now, key, { as: 'psk-list' }))}
          >
            Read as candidate keys
          </button>
        </div>
      )}
    </li>
  );
}

function Box(props: {
  readonly box: PasteBox;
  readonly number: number;
  readonly found: Recognition | undefined;
  readonly onChange: Change;
}): JSX.Element {
  const { box, number, found, onChange } = props;
  const { key } = box;
  return (
    <section class="paste" aria-label={`Paste box ${number}`}>
      <div class="row">
        <label class="router">
          <span>Router</span>
          <input
            type="text"
            value={box.router}
            placeholder={
              found !== undefined && found.kind !== 'unreadable'
                ? (found.routers[0] ?? 'unnamed')
                : 'named by the paste'
            }
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) =>
              onChange((now) => changeBox(now, key, { router: currentTarget.value }))
            }
          />
        </label>
        <RemoveButton
          name={`paste box ${number}`}
          onClick={() => onChange((now) => removeSource(now, key))}
        />
      </div>
      <textarea
        aria-label={`Debug or configuration, box ${number}`}
        placeholder="Paste a debug or a configuration"
        value={box.text}
        rows={box.text === '' ? 3 : 8}
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) =>
          onChange((now) => changeBox(now, key, { text: currentTarget.value }))
        }
      />
      <Recognised found={box.text.trim() === '' ? undefined : found} />
    </section>
  );
}

function KeysField(props: {
  readonly evidence: Evidence;
  readonly found: Recognition | undefined;
  readonly onChange: Change;
}): JSX.Element {
  const { evidence, found, onChange } = props;
  const [isShown, setShown] = useState(false);
  return (
    <section class="paste" aria-label="Candidate keys">
      <div class="row">
        <label for="candidate-keys">Candidate keys, one a line</label>
        <button
          type="button"
          class="quiet"
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'}
        </button>
      </div>
      <textarea
        id="candidate-keys"
        class={isShown ? '' : 'masked'}
        value={evidence.keys}
        rows={2}
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => {
          const keys = currentTarget.value;
          onChange((now) => ({ ...now, keys, keysRevision: now.keysRevision + 1 }));
        }}
      />
      <Recognised found={evidence.keys.trim() === '' ? undefined : found} />
    </section>
  );
}

function RemoveButton({
  name,
  onClick,
}: {
  readonly name: string;
  readonly onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="remove"
      aria-label={`Remove ${name}`}
      title="Remove"
      onClick={onClick}
    >
      ×
    </button>
  );
}

function Recognised({ found }: { readonly found: Recognition | undefined }): JSX.Element | null {
  if (found === undefined) return null;
  if (found.kind === 'unreadable')
    return (
      <p class="recognised bad" role="alert">
        Not readable: it {found.why}. Please {found.advice}.
      </p>
    );
  const faults = found.anomalies.length + found.more;
  return (
    <div class="recognised">
      <span class="tag note">{INPUT_KIND[found.kind]}</span>{' '}
      {found.routers.length > 0 && <b>{visibleText(found.routers.join(', '))}</b>}{' '}
      <span class="faint">{found.holds}</span>
      {found.unknown > 0 && <span class="warn"> · {found.unknown} lines not understood</span>}
      {faults > 0 && (
        <details>
          <summary class="warn">
            {faults} {faults === 1 ? 'thing is' : 'things are'} wrong in it
          </summary>
          <ul class="plain">
            {found.anomalies.map(({ text, line, frame }, index) => (
              <li key={index}>
                {line !== undefined && `line ${line}: `}
                {frame !== undefined && `frame ${frame}: `}
                {visibleText(text)}
              </li>
            ))}
            {found.more > 0 && <li>and {found.more} more: see Inputs</li>}
          </ul>
        </details>
      )}
    </div>
  );
}

function sizeText(octets: number): string {
  if (octets < 1024) return `${octets} octets`;
  if (octets < 1 << 20) return `${(octets / 1024).toFixed(1)} KiB`;
  return `${(octets / (1 << 20)).toFixed(1)} MiB`;
}
