/** Interface types as IOS prints them; typed input may shorten them to any prefix. */
const TYPES: readonly string[] = [
  'Ethernet',
  'FastEthernet',
  'GigabitEthernet',
  'TwoGigabitEthernet',
  'FiveGigabitEthernet',
  'TenGigabitEthernet',
  'TwentyFiveGigE',
  'FortyGigabitEthernet',
  'HundredGigE',
  'Tunnel',
  'Loopback',
  'Serial',
  'Vlan',
  'Port-channel',
  'Dialer',
  'Virtual-Template',
  'Virtual-Access',
  'Multilink',
  'Cellular',
  'ATM',
  'BVI',
  'BDI',
  'Async',
  'Null',
  'NVI',
  'Group-Async',
  'POS',
  'Embedded-Service-Engine',
  'AppGigabitEthernet',
];

const SHAPE = /^([A-Za-z][A-Za-z-]*?)\s*(\d[\d/.:]*)$/;

/** True when a text can name an interface: a known type, perhaps shortened, and a number. */
export function isInterfaceName(text: string): boolean {
  const match = SHAPE.exec(text);
  return match !== null && typeOf(match[1]!) !== null;
}

/** One spelling for each interface: `gi0/0`, `Gig 0/0` and `GigabitEthernet0/0` give the same. */
export function interfaceKey(text: string): string {
  const match = SHAPE.exec(text.trim());
  if (match === null) return text.trim().toLowerCase();
  return (typeOf(match[1]!) ?? match[1]!.toLowerCase()) + match[2]!;
}

function typeOf(written: string): string | null {
  const lower = written.toLowerCase();
  const found = TYPES.find((type) => type.toLowerCase().startsWith(lower));
  return found === undefined ? null : found.toLowerCase();
}
