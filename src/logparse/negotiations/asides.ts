/** What is left of SAs that are gone, perhaps of before the log begins: no line of these begins an attempt. */
export const housekeeping: ReadonlySet<string> = new Set([
  'sa-purged',
  'node-purged',
  'node-deleted',
  'node-marked',
  'admission-count',
  'peer-reaped',
  'peer-unlocked',
  'peer-unlocked-old',
  'peer-index-missing',
  'delete-notify-ignored',
]);

/** Messages of the syslog that name no peer: they are about what is at hand. */
export const aboutCurrent: ReadonlySet<string> = new Set([
  'syslog-decrypt-failed',
  'syslog-certificate-invalid',
]);

/** Those that name a peer, and yet are of what is built upon IKE, not of the attempt at hand. */
export const ofOtherLayer: ReadonlySet<string> = new Set([
  'syslog-easy-vpn',
  'syslog-group-registers',
  'syslog-group-registered',
  'syslog-group-refused',
  'syslog-dmvpn-socket',
  'syslog-dmvpn-registration',
]);
