/** What of the style of a log was seen. */
export type GenerationHints = {
  iosXe: boolean;
  /** `0:1:SW:1` */
  engineIds: boolean;
  /** `1011` */
  colonIds: boolean;
  /** `0:2` */
  pairIds: boolean;
  /** `0:0`, `0:2210` */
  largePairs: boolean;
  /** Packet lines name ports. */
  ports: boolean;
  ikev2: boolean;
  states: boolean;
  /** ISAKMP profiles are spoken of. */
  profiles: boolean;
  /** A firewall speaks. */
  asa: boolean;
};

/** The release that writes like this; null when nothing tells. */
export function guessGeneration(hints: GenerationHints): string | null {
  if (hints.iosXe) return 'ios-xe';
  if (hints.engineIds) return 'ios-12.4';
  if (hints.pairIds) return hints.ports || hints.states || hints.profiles ? 'ios-12.3' : 'ios-12.2';
  if (hints.largePairs) return 'ios-12.4T';
  if (hints.colonIds) return 'ios-15';
  return hints.asa ? 'asa' : null;
}
