/** A place in an evidence file. Lines and frames count from 1; offsets are octets from the start of the frame or file. */
export type EvidencePlace = {
  /** `InputRecord.id` */
  readonly input: string;
  readonly line?: number;
  readonly frame?: number;
  readonly offset?: number;
};

export type InputKind = 'capture' | 'ios-debug' | 'ios-config' | 'ios-show' | 'key-material';
