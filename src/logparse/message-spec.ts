import { compileTemplate, onDemand, type Template } from './template.ts';

/** Who prints a message: the tag in front of it decides where it is looked up. */
export type MessageFamily = 'isakmp' | 'ipsec' | 'ikev2' | 'syslog' | 'bare' | 'asa';

export type MessageRole = 'initiator' | 'responder' | 'both';

/** One message of the router. */
export type MessageRecord = {
  /** Permanent. */
  readonly id: string;
  /** A template, see `template.ts`. */
  readonly pattern: string;
  readonly means: string;
  readonly samples: readonly [string, ...string[]];
  readonly role?: MessageRole;
  /** Which releases print it; absent: all. */
  readonly release?: string;
  /** The wording was never seen in a real trace: what rests on it alone is less sure. */
  readonly unconfirmed?: true;
  /** The lines that belong to it and carry no tag of their own. */
  readonly block?: BlockName;
  /** Printed with id 0 although the SA has one. */
  readonly zeroId?: true;
  /** Stands without a tag. */
  readonly bare?: true;
  /** Stands behind a stamp without a tag. */
  readonly stamped?: true;
  /** Takes what no narrower record of its family fits. */
  readonly general?: true;
  /** The same message as other releases print it: templates as well. */
  readonly forms?: readonly string[];
};

export type BlockName =
  | 'key-engine'
  | 'key-engine-request'
  | 'id-payload'
  | 'notify'
  | 'authenticated'
  | 'proxy-match'
  | 'transforms'
  | 'initial-contact'
  | 'ipsec-sas'
  | 'sa-created'
  | 'config-attributes'
  | 'sa-proxies'
  | 'fingerprint'
  | 'fingerprints'
  | 'ikev2-packet'
  | 'ikev2-proposals';

export type MessageSpec = MessageRecord & {
  readonly family: MessageFamily;
  readonly template: Template;
  /** Position in the whole table. */
  readonly index: number;
  /** One of the other forms of its record. */
  readonly isForm: boolean;
};

let count = 0;

/** `lead` is a template of what stands in front of each of these messages. */
export function defineMessages(
  family: MessageFamily,
  records: readonly MessageRecord[],
  lead = '',
): readonly MessageSpec[] {
  return records.flatMap((record) =>
    [record.pattern, ...(record.forms ?? [])].map((pattern, form) => {
      const template = onDemand(() => compileTemplate(pattern, lead));
      return {
        ...record,
        family,
        get template() {
          return template();
        },
        index: count++,
        isForm: form > 0,
      };
    }),
  );
}
