import type { DebugLog } from './ios/debug-log.ts';

/** The commands with which an engineer begins. */
export const startDebugging = (
  log: DebugLog,
  options: { detail: boolean; ipsec: boolean; ikev2?: boolean },
): void => {
  const prompt = `${log.router.hostname}#`;
  if (options.ikev2 === true)
    log.screen(`${prompt}debug crypto ikev2`, 'IKEv2 default debugging is on');
  else log.screen(`${prompt}debug crypto isakmp`, 'Crypto ISAKMP debugging is on');
  if (options.detail)
    log.screen(`${prompt}debug crypto isakmp detail`, 'Crypto ISAKMP internals debugging is on');
  if (options.ipsec) log.screen(`${prompt}debug crypto ipsec`, 'Crypto IPSEC debugging is on');
};

export const startPing = (log: DebugLog, repeat: number): void => {
  const { router } = log;
  const target = router.peer.lanNetwork.replace(/0$/, '1');
  log.screen(
    `${router.hostname}#ping ${target} source lo0 repeat ${repeat}`,
    'Type escape sequence to abort.',
    `Sending ${repeat}, 100-byte ICMP Echos to ${target}, timeout is 2 seconds:`,
    `Packet sent with a source address of ${router.lan.address} `,
  );
};

export const endPing = (log: DebugLog, marks: string): void => {
  const good = marks.replaceAll('.', '').length;
  const share = Math.round((100 * good) / marks.length);
  const times = good === 0 ? '' : ', round-trip min/avg/max = 1/1/2 ms';
  log.screen(
    marks,
    `Success rate is ${share} percent (${good}/${marks.length})${times}`,
    `${log.router.hostname}#`,
  );
};

export const stopDebugging = (log: DebugLog): void =>
  log.screen(
    `${log.router.hostname}#undebug all`,
    'All possible debugging has been turned off',
    `${log.router.hostname}#`,
  );
