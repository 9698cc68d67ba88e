import type { KeyFault } from './builder.ts';
import { charonMark } from './charon.ts';

/** A daemon whose log can hold keys: how its log is known, and what makes it write them. */
type DaemonLog = { readonly mark: RegExp; readonly name: string; readonly help: string };

const daemonLogs: readonly DaemonLog[] = [
  {
    mark: charonMark,
    name: 'charon log',
    help: 'they are written with `ike = 4` in the logger',
  },
  {
    // `pluto[12]: | …`, `Nov 23 08:23:56.4: "gw" #1: …`, `… pluto daemon`.
    mark: /\bpluto\[\d+\]: |\bpluto daemon\b|^[^"|\n]{0,80}\d\d:\d\d:\d\d(?:\.\d+)?: (?:\| |"[^"\n]{1,80}"(?:\[\d+\] \S+)? #\d+: )/m,
    name: 'pluto log',
    help: 'openswan writes them with `plutodebug=private`; libreswan keeps them inside NSS, so take them from the other end',
  },
  {
    mark: /\bracoon(?:\[\d+\])?: |\bipsec,(?:info|error|debug)\b/,
    name: 'racoon or MikroTik log',
    help: 'they are written at the level debug2 (`racoon -ddd`), by RouterOS with the topics ipsec,debug,packet',
  },
  {
    mark: /\bisakmpd\[\d+\]: |^\d{6}\.\d{6} [A-Z][a-z]{3} \d+ /m,
    name: 'isakmpd log',
    help: 'they are written with `-D 5=80` and above',
  },
  {
    mark: /^vpnc version |^S\d+(?:\.\d+)* [a-z_]+/m,
    name: 'vpnc log',
    help: 'they are written with `--debug 99`',
  },
  {
    mark: /^ike (?:V=[^:\s]+:)?\d+:/m,
    name: 'FortiGate debug',
    help: 'they are written with `diagnose debug application ike -1`',
  },
];

/** What is amiss with a text that is the log of a known daemon and from which no key came; null for any other text. */
export function keylessLog(text: string): KeyFault | null {
  const found = daemonLogs.find(({ mark }) => mark.test(text));
  if (found === undefined) return null;
  return {
    code: 'log-without-keys',
    line: null,
    text: `a ${found.name} without keys: ${found.help}`,
  };
}
