/** The part of des.js that is used; the package brings no types. */
declare module 'des.js' {
  type State = {
    update(data: Uint8Array): number[];
    final(): number[];
  };
  type Options = {
    readonly type: 'decrypt' | 'encrypt';
    readonly key: Uint8Array;
    readonly iv: Uint8Array;
    readonly padding: boolean;
  };
  type Cipher = { create(options: Options): State };
  export const DES: unique symbol;
  export const EDE: unique symbol;
  export const CBC: { instantiate(base: typeof DES | typeof EDE): Cipher };
}
