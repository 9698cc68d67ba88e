import type { JSX } from 'preact';
import { zoneOffset, type CaseSettings } from '../../intake/case.ts';
import type { Evidence } from './evidence.ts';

export type SettingsProps = {
  readonly evidence: Evidence;
  /** Addresses to choose from. */
  readonly peers: readonly string[];
  readonly onChange: (change: (now: Evidence) => Evidence) => void;
};

/** The options of the command line that change what is analysed. */
export function Settings({ evidence, peers, onChange }: SettingsProps): JSX.Element {
  const { settings } = evidence;
  const set = (change: Partial<CaseSettings>): void =>
    onChange((now) => ({ ...now, settings: { ...now.settings, ...change } }));
  const count = [settings.peer, settings.since, settings.until, settings.tz, settings.year].filter(
    (value) => value !== null,
  ).length;
  return (
    <details class="settings">
      <summary>Filter and clock {count > 0 && <span class="tag note">{count} set</span>}</summary>
      <Field
        label="Only with this peer"
        value={settings.peer ?? ''}
        hint="192.0.2.1"
        list="peers"
        read={(text) => ({ peer: text === '' ? null : text })}
        set={set}
      />
      <datalist id="peers">
        {peers.map((peer) => (
          <option key={peer} value={peer} />
        ))}
      </datalist>
      <Field
        label="From (UTC)"
        value={timeText(settings.since)}
        hint="2026-01-31T13:45:00Z"
        read={(text) => readTime(text, (since) => ({ since }))}
        set={set}
      />
      <Field
        label="Until (UTC)"
        value={timeText(settings.until)}
        hint="2026-01-31T14:00:00Z"
        read={(text) => readTime(text, (until) => ({ until }))}
        set={set}
      />
      <Field
        label="Zone of stamps without UTC or offset"
        value={settings.tz ?? ''}
        hint="+02:00"
        read={(text) => (text === '' ? { tz: null } : zoneOffset.test(text) ? { tz: text } : null)}
        set={set}
      />
      <Field
        label="Year of stamps that name none"
        value={settings.year === null ? '' : String(settings.year)}
        hint="2026"
        read={(text) =>
          text === ''
            ? { year: null }
            : /^(?:19|20)\d\d$/.test(text)
              ? { year: Number(text) }
              : null
        }
        set={set}
      />
      <Field
        label="Further UDP ports of IKE"
        value={settings.ports.join(' ')}
        hint="10500 14500"
        read={readPorts}
        set={set}
      />
    </details>
  );
}

type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly list?: string;
  /** Null: not a value of this kind. */
  readonly read: (text: string) => Partial<CaseSettings> | null;
  readonly set: (change: Partial<CaseSettings>) => void;
};

function Field({ label, value, hint, list, read, set }: FieldProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="text"
        defaultValue={value}
        placeholder={hint}
        autocomplete="off"
        {...(list === undefined ? {} : { list })}
        onChange={({ currentTarget }) => {
          const change = read(currentTarget.value.trim());
          currentTarget.setCustomValidity(change === null ? `Write it as ${hint}` : '');
          currentTarget.reportValidity();
          if (change !== null) set(change);
        }}
      />
    </label>
  );
}

function timeText(ms: number | null): string {
  return ms === null ? '' : new Date(ms).toISOString().replace('.000Z', 'Z');
}

function readTime(
  text: string,
  make: (ms: number | null) => Partial<CaseSettings>,
): Partial<CaseSettings> | null {
  if (text === '') return make(null);
  const ms = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : make(ms);
}

function readPorts(text: string): Partial<CaseSettings> | null {
  const ports = text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map(Number);
  const isFine = ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536);
  return isFine ? { ports } : null;
}
