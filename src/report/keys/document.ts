import { hex } from '../../bytes/hex.ts';
import { keyringsHolding } from '../../exchange/psk-groups.ts';
import type {
  CandidateVerdict,
  Exchange,
  ExchangeMode,
  KeyStatus,
  Side,
} from '../../model/exchange.ts';
import type { CandidatePsk } from '../../model/key-material.ts';

export type CandidateRecord = {
  readonly label: string;
  /** Equal keys have equal tokens. */
  readonly token: string;
  readonly router: string | null;
  readonly keyring: string | null;
  readonly scope: string | null;
  readonly input: string | null;
  readonly line: number | null;
  /** Only where secrets were asked for: the key as text, or `hex:` and digits. */
  readonly psk?: string;
};

/** The key that one side is proven to have used. */
export type ProvenKey = {
  readonly token: string;
  /** Every candidate of that value. */
  readonly labels: readonly string[];
  readonly keyrings: readonly { readonly router: string | null; readonly keyring: string }[];
  /** Which keyring it came from: named, `undecidable from packets`, or null when no keyring is known to hold it. */
  readonly keyring: string | null;
};

export type MatrixRow = {
  readonly side: Side;
  readonly candidate: string;
  readonly token: string;
  readonly verdict: CandidateVerdict['verdict'];
  readonly by: string | null;
  readonly frame: number | null;
  readonly why: string;
};

export type MessageRow = {
  readonly frame: number;
  readonly step: string;
  readonly direction: 'i2r' | 'r2i' | null;
  readonly decrypted: boolean;
  readonly verified: boolean;
  readonly check: string | null;
  readonly keyOf: Side | null;
  readonly firstBlockLost: boolean;
  /** What opened it, or why nothing did. */
  readonly by: string | null;
  readonly reason: string | null;
  readonly why: string | null;
};

export type GarbageRow = {
  readonly frame: number;
  readonly candidate: string;
  readonly reserved: number;
  readonly nextPayload: number;
  readonly payloadLength: number;
  readonly firstOctets: string;
  /** The same octets under the right key. */
  readonly trueOctets: string | null;
};

export type KeysExchange = {
  readonly id: string;
  readonly capture: number;
  readonly version: 1 | 2;
  readonly mode: ExchangeMode;
  readonly initiator: { readonly address: string; readonly port: number; readonly cookie: string };
  readonly responder: { readonly address: string; readonly port: number; readonly cookie: string };
  readonly status: KeyStatus['status'];
  readonly why: string;
  readonly proven: Readonly<Record<Side, ProvenKey | null>>;
  readonly matrix: readonly MatrixRow[];
  readonly messages: readonly MessageRow[];
  readonly garbage: readonly GarbageRow[];
};

/** `ike-autopsy/keys@1`. */
export type KeysDocument = {
  readonly schema: 'ike-autopsy/keys@1';
  readonly candidates: readonly CandidateRecord[];
  readonly exchanges: readonly KeysExchange[];
};

export const UNDECIDABLE = 'undecidable from packets';

/** Which key each side used in each exchange, or exactly why that cannot be known. Holds no key unless `showSecrets`. */
export function keysDocument(
  exchanges: readonly Exchange[],
  candidates: readonly CandidatePsk[],
  options: { readonly showSecrets: boolean } = { showSecrets: false },
): KeysDocument {
  const tokens = tokensOf(candidates);
  return {
    schema: 'ike-autopsy/keys@1',
    candidates: candidates.map((candidate) => ({
      label: candidate.label,
      token: tokens.get(candidate.label) ?? '',
      router: candidate.router,
      keyring: candidate.keyring,
      scope: candidate.scope,
      input: candidate.place?.input ?? null,
      line: candidate.place?.line ?? null,
      ...(options.showSecrets ? { psk: pskText(candidate.secret) } : {}),
    })),
    exchanges: exchanges.map((exchange) => exchangeRecord(exchange, candidates, tokens)),
  };
}

/** Tokens in order of the first candidate of each value, by label. */
function tokensOf(candidates: readonly CandidatePsk[]): ReadonlyMap<string, string> {
  const byValue = new Map<string, string>();
  const byLabel = new Map<string, string>();
  for (const { secret, label } of candidates) {
    const value = hex(secret);
    const token = byValue.get(value) ?? `<key#${byValue.size + 1}>`;
    byValue.set(value, token);
    byLabel.set(label, token);
  }
  return byLabel;
}

function pskText(secret: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(secret);
    if (!/[\u0000-\u001f\u007f]/.test(text) && !text.startsWith('hex:')) return text;
  } catch {
    // Not UTF-8: shown as octets below.
  }
  return `hex:${hex(secret)}`;
}

function exchangeRecord(
  exchange: Exchange,
  candidates: readonly CandidatePsk[],
  tokens: ReadonlyMap<string, string>,
): KeysExchange {
  const { keys } = exchange;
  const proven = (label: string | null): ProvenKey | null =>
    label === null ? null : provenKey(label, candidates, tokens);
  return {
    id: exchange.id,
    capture: exchange.capture,
    version: exchange.version,
    mode: exchange.mode,
    initiator: { ...exchange.initiator, cookie: exchange.initiatorCookie },
    responder: { ...exchange.responder, cookie: exchange.responderCookie },
    status: keys.status,
    why: keys.why,
    proven: { initiator: proven(keys.initiatorPsk), responder: proven(keys.responderPsk) },
    matrix: keys.candidates.map(({ candidate, side, verdict, by, frame, why }) => ({
      side,
      candidate,
      token: tokens.get(candidate) ?? '',
      verdict,
      by,
      frame,
      why,
    })),
    messages: messageRows(exchange),
    garbage: garbageRows(exchange),
  };
}

function provenKey(
  label: string,
  candidates: readonly CandidatePsk[],
  tokens: ReadonlyMap<string, string>,
): ProvenKey {
  const token = tokens.get(label) ?? '';
  const { keyrings, decidable } = keyringsHolding(label, candidates);
  return {
    token,
    labels: [...new Set(candidates.map((one) => one.label))].filter(
      (other) => tokens.get(other) === token,
    ),
    keyrings,
    keyring: keyrings.length === 0 ? null : decidable ? keyrings[0]!.keyring : UNDECIDABLE,
  };
}

function messageRows(exchange: Exchange): readonly MessageRow[] {
  return exchange.messages.flatMap((entry): readonly MessageRow[] => {
    const { decryption } = entry;
    if (decryption === null) return [];
    const opened = decryption.kind === 'decrypted' ? decryption : null;
    const closed = decryption.kind === 'opaque' ? decryption : null;
    return [
      {
        frame: entry.message.frame,
        step: entry.step,
        direction: entry.direction,
        decrypted: opened !== null,
        verified: opened?.verified ?? false,
        check: opened?.check ?? null,
        keyOf: opened?.keyOf ?? null,
        firstBlockLost: opened?.firstBlockLost ?? false,
        by: opened?.by ?? null,
        reason: closed?.reason ?? null,
        why: closed?.why ?? null,
      },
    ];
  });
}

function garbageRows(exchange: Exchange): readonly GarbageRow[] {
  return exchange.garbage.map((reading) => {
    const truth = exchange.messages.find(
      (entry) => entry.message.frame === reading.frame,
    )?.decryption;
    return {
      frame: reading.frame,
      candidate: reading.candidate,
      reserved: reading.reserved,
      nextPayload: reading.nextPayload,
      payloadLength: reading.payloadLength,
      firstOctets: hex(reading.firstOctets),
      trueOctets:
        truth?.kind === 'decrypted'
          ? hex(truth.plaintext.subarray(0, reading.firstOctets.length))
          : null,
    };
  });
}
