import type { EvidencePlace } from './evidence.ts';

export type Severity = 'failure' | 'warning' | 'note';

/** By cryptography or clear octets / a router logged it / a pattern on the wire / by the rules from the configuration. */
export type Confidence = 'proven' | 'observed' | 'inferred' | 'predicted';

export type Evidence = EvidencePlace & { readonly text: string };

export type Remedy = {
  readonly text: string;
  readonly router?: string;
  /** IOS commands, one a line, ready to paste. */
  readonly config?: string;
  /** The change was replayed in both directions and both come up. */
  readonly verified: boolean;
};

export type Finding = {
  /** Names the fault seen. Permanent. */
  readonly id: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly negotiations: readonly string[];
  readonly title: string;
  readonly explanation: string;
  readonly evidence: readonly Evidence[];
  readonly remedies: readonly Remedy[];
  /** Further evidence that would raise the confidence. */
  readonly settle: readonly string[];
  readonly references: readonly string[];
};
