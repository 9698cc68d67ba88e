/** A chain of which certificates are listed by their files: that of the router, if it has one, and of the authority. */
export function chain(name: string, own = true): string {
  return [
    `crypto pki certificate chain ${name}`,
    ...(own ? [` certificate 02 nvram:${name}#2.cer`] : []),
    ` certificate ca 01 nvram:${name}#1CA.cer`,
  ].join('\n');
}
