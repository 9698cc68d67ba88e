/** What stands in sentences for a name of the configuration. */

/** The keyring of this name; `default` is what IOS calls the keys outside any. */
export const keyringText = (name: string): string =>
  name === 'default' ? 'the global keys' : `keyring ${name}`;

/** The routing table of a front-door VRF. */
export const tableText = (vrf: string | null): string =>
  vrf === null ? 'the global table' : `VRF ${vrf}`;
