import type { CaseSettings } from '../intake/case.ts';
import type { InputOptions } from '../intake/input.ts';
import type { InputKind } from '../model/evidence.ts';
import type { InputAnomaly, TreeNode } from '../model/report.ts';
import type { Redaction } from '../redact/rename.ts';

/** What the page and its worker say to one another. Plain values that `postMessage` can carry. */

/** One thing that was pasted, dropped or chosen. */
export type Source = {
  /** Names it in the page; stays when its content changes. */
  readonly key: string;
  /** Counts the changes of its content. */
  readonly revision: number;
  /** How the report calls it. */
  readonly path: string;
  /** The router that the user says it comes from. */
  readonly router: string | null;
  readonly as: InputOptions['as'];
  readonly content: Blob;
};

export type ReportFormat = 'text' | 'json' | 'ndjson' | 'csv' | 'md' | 'html';

/** How a report leaves the page. */
export type SaveOptions = {
  readonly format: ReportFormat;
  readonly showSecrets: boolean;
  readonly redaction: Redaction;
};

export type ToWorker =
  | {
      readonly kind: 'analyze';
      readonly run: number;
      readonly sources: readonly Source[];
      readonly settings: CaseSettings;
    }
  | { readonly kind: 'inspect-frame'; readonly input: string; readonly frame: number }
  | { readonly kind: 'inspect-line'; readonly input: string; readonly line: number }
  | { readonly kind: 'keys' }
  /** Edited listings by index of router; routers that are not named stay as they were read. */
  | { readonly kind: 'what-if'; readonly texts: readonly (string | null)[] }
  /** Types the commands of a suggested repair at the end of the listings. */
  | { readonly kind: 'apply-repair'; readonly repair: number }
  | ({ readonly kind: 'save-report' } & SaveOptions)
  | {
      readonly kind: 'save-case';
      readonly sources: readonly Source[];
      readonly settings: CaseSettings;
    }
  | { readonly kind: 'open-case'; readonly name: string; readonly content: Blob };

/** What one source turned out to be. */
export type Recognition =
  | {
      readonly key: string;
      readonly kind: InputKind;
      /** Input id in the report. */
      readonly input: string;
      readonly routers: readonly string[];
      /** `12 packets, 9 IKE messages`, in words. */
      readonly holds: string;
      readonly anomalies: readonly InputAnomaly[];
      /** Anomalies beyond those listed. */
      readonly more: number;
      /** Lines that no table knows. */
      readonly unknown: number;
    }
  | {
      readonly key: string;
      readonly kind: 'unreadable';
      readonly why: string;
      readonly advice: string;
    };

/** A repair that was replayed in both directions, or in both roles of one router. */
export type SuggestedRepair = {
  readonly router: string | null;
  readonly text: string;
  readonly commands: readonly string[];
  readonly proof: string;
};

/** Markup of a report, by part; see `reportParts`. */
export type ReportView = {
  readonly title: string;
  readonly verdict: string;
  readonly filters: string;
  readonly filterRules: string;
  /** Negotiations in short, then each with its ladder and its decisions. */
  readonly ladder: string;
  readonly findings: string;
  readonly evidence: string;
  readonly inputs: string;
  readonly failures: number;
  readonly warnings: number;
  /** Addresses that can be filtered by. */
  readonly peers: readonly string[];
  readonly repairs: readonly SuggestedRepair[];
};

export type OctetView = {
  /** `Octets of the frame`, `Plaintext` */
  readonly title: string;
  /** Number of the first octet. */
  readonly base: number;
  readonly octets: Uint8Array;
};

export type FrameView = {
  readonly title: string;
  /** Time, addresses, length; one fact each. */
  readonly facts: readonly string[];
  readonly secrecy: { readonly tone: 'good' | 'warning' | 'plain'; readonly text: string };
  readonly tree: readonly TreeNode[];
  /** The first is what the offsets of the tree count in. */
  readonly octets: readonly OctetView[];
  readonly anomalies: readonly InputAnomaly[];
};

export type LineView = {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** `first` and `last` bound the event, or the configuration block. */
  readonly lines: readonly {
    readonly line: number;
    readonly text: string;
    readonly means: string | null;
  }[];
  readonly first: number;
  readonly last: number;
  readonly at: number;
};

export type WhatIfRouter = { readonly name: string; readonly text: string };

export type WhatIfView = {
  readonly routers: readonly WhatIfRouter[];
  readonly repairs: readonly SuggestedRepair[];
  /** Markup: directions before and after, findings that went and came, selections. */
  readonly outcome: string;
  readonly edited: boolean;
  /** One sentence for who cannot see the table. */
  readonly says: string;
};

export type SavedFile = {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
};

export type CaseContent = {
  readonly settings: CaseSettings;
  readonly inputs: readonly {
    readonly path: string;
    readonly router: string | null;
    readonly as: InputOptions['as'];
    readonly content: Uint8Array;
  }[];
};

export type FromWorker =
  | {
      readonly kind: 'progress';
      readonly run: number;
      readonly what: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'recognised'; readonly run: number; readonly recognition: Recognition }
  | {
      readonly kind: 'report';
      readonly run: number;
      readonly view: ReportView;
      readonly ms: number;
    }
  /** Nothing of what was given is evidence. */
  | { readonly kind: 'nothing'; readonly run: number }
  | { readonly kind: 'frame'; readonly view: FrameView }
  | { readonly kind: 'line'; readonly view: LineView }
  | { readonly kind: 'keys'; readonly markup: string }
  | { readonly kind: 'what-if'; readonly view: WhatIfView }
  | { readonly kind: 'saved'; readonly file: SavedFile }
  | { readonly kind: 'case'; readonly name: string; readonly content: CaseContent }
  /** What could not be done, in words; `about` is the kind of the request. */
  | { readonly kind: 'refused'; readonly about: ToWorker['kind']; readonly text: string };
