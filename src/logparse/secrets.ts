/** Commands and tables that hold a key or a password in clear: the value is replaced before anything else sees the text. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(crypto isakmp key (?:[06] )?)(\S+)/gi, '$1<key>'],
  [/\b(pre-shared-key .{0,120}?\bkey (?:[06] )?)(.+)$/gi, '$1<key>'],
  [
    /\b(pre-shared-key(?: local| remote)? (?:[06] )?)(?!address\b|hostname\b|ipv6\b|local\b|remote\b)(\S+)/gi,
    '$1<key>',
  ],
  [
    /\b(?<!Sending save )((?:password|secret|community|key-string|passphrase)(?: \d)? )(\S+)/gi,
    '$1<key>',
  ],
  // Rows of `show crypto isakmp key`, with and without the name of the keyring.
  [
    /^((?!ip-address\b)\S+\s+(?:\d{1,3}\.){3}\d{1,3}\s+(?:\[[\d.\s]{1,20}\]\s+)?)(\S+)$/g,
    '$1<key>',
  ],
  [
    /^((?:\d{1,3}\.){3}\d{1,3}\s{2,40}(?:\[[\d.\s]{1,20}\]\s{1,40})?)(?!(?:\d{1,3}\.){3}\d{1,3}$)(\S+)$/g,
    '$1<key>',
  ],
  [/^([\w-]{1,64}\s{2,40}[A-Za-z][\w-]{0,62}\.[\w.-]{1,128}\s{2,60})(\S+)$/g, '$1<key>'],
];

export function maskSecrets(text: string): string {
  let masked = text;
  for (const [pattern, by] of secrets) masked = masked.replace(pattern, by);
  return masked;
}
