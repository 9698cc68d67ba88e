/** Capture files written octet by octet, apart from the reader's own code. */

export type Rec = {
  readonly seconds: number;
  readonly fraction: number;
  readonly bytes: Uint8Array;
  readonly originalLength?: number;
  /** Written instead of the true length. */
  readonly capturedLength?: number;
};

export type PcapOptions = {
  readonly little?: boolean;
  readonly magic?: number;
  readonly minor?: number;
  readonly linkType?: number;
  readonly snapLength?: number;
};

export const magics = { micro: 0xa1b2c3d4, nano: 0xa1b23c4d, modified: 0xa1b2cd34 } as const;

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Fixed fields: `u8`, `u16`, `u32` in the order given. */
export function fields(
  little: boolean,
  ...values: readonly (readonly ['u8' | 'u16' | 'u32', number])[]
): Uint8Array {
  const octets = { u8: 1, u16: 2, u32: 4 };
  const bytes = new Uint8Array(values.reduce((sum, [kind]) => sum + octets[kind], 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [kind, value] of values) {
    if (kind === 'u8') view.setUint8(at, value);
    else if (kind === 'u16') view.setUint16(at, value, little);
    else view.setUint32(at, value >>> 0, little);
    at += octets[kind];
  }
  return bytes;
}

export function pcapHeader(options: PcapOptions = {}): Uint8Array {
  const { little = true, magic = magics.micro, minor = 4 } = options;
  return fields(
    little,
    ['u32', magic],
    ['u16', 2],
    ['u16', minor],
    ['u32', 0],
    ['u32', 0],
    ['u32', options.snapLength ?? 262_144],
    ['u32', options.linkType ?? 1],
  );
}

export function pcapRecord(rec: Rec, options: PcapOptions = {}): Uint8Array {
  const { little = true, magic = magics.micro } = options;
  const head = fields(
    little,
    ['u32', rec.seconds],
    ['u32', rec.fraction],
    ['u32', rec.capturedLength ?? rec.bytes.length],
    ['u32', rec.originalLength ?? rec.bytes.length],
  );
  const extra =
    magic === magics.modified
      ? fields(little, ['u32', 1], ['u16', 0x0800], ['u8', 0], ['u8', 0])
      : new Uint8Array(0);
  return concat(head, extra, rec.bytes);
}

export function pcapFile(records: readonly Rec[], options: PcapOptions = {}): Uint8Array {
  return concat(pcapHeader(options), ...records.map((rec) => pcapRecord(rec, options)));
}

export type Option = readonly [code: number, value: Uint8Array];

const text = new TextEncoder();
export const textOption = (code: number, value: string): Option => [code, text.encode(value)];

function optionOctets(options: readonly Option[], little: boolean): Uint8Array {
  if (options.length === 0) return new Uint8Array(0);
  return concat(
    ...options.map(([code, value]) =>
      concat(
        fields(little, ['u16', code], ['u16', value.length]),
        value,
        new Uint8Array(-value.length & 3),
      ),
    ),
    fields(little, ['u16', 0], ['u16', 0]),
  );
}

export function block(type: number, body: Uint8Array, little = true): Uint8Array {
  const padding = new Uint8Array(-body.length & 3);
  const total = 12 + body.length + padding.length;
  return concat(
    fields(little, ['u32', type], ['u32', total]),
    body,
    padding,
    fields(little, ['u32', total]),
  );
}

export function section(little = true, options: readonly Option[] = []): Uint8Array {
  const fixed = fields(
    little,
    ['u32', 0x1a2b3c4d],
    ['u16', 1],
    ['u16', 0],
    ['u32', 0xffffffff],
    ['u32', 0xffffffff],
  );
  return block(0x0a0d0d0a, concat(fixed, optionOctets(options, little)), little);
}

export function interfaceBlock(
  linkType: number,
  { little = true, snapLength = 0, options = [] as readonly Option[] } = {},
): Uint8Array {
  const fixed = fields(little, ['u16', linkType], ['u16', 0], ['u32', snapLength]);
  return block(1, concat(fixed, optionOctets(options, little)), little);
}

export function enhanced(
  interfaceId: number,
  units: bigint,
  bytes: Uint8Array,
  { little = true, originalLength = bytes.length, options = [] as readonly Option[] } = {},
): Uint8Array {
  const fixed = fields(
    little,
    ['u32', interfaceId],
    ['u32', Number(units >> 32n)],
    ['u32', Number(units & 0xffffffffn)],
    ['u32', bytes.length],
    ['u32', originalLength],
  );
  const padding = new Uint8Array(-bytes.length & 3);
  return block(6, concat(fixed, bytes, padding, optionOctets(options, little)), little);
}
