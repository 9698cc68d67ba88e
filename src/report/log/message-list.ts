import { describeMessages, type MessageDescription } from '../../logparse/messages/describe.ts';

const titles: Readonly<Record<MessageDescription['family'], string>> = {
  isakmp: '`debug crypto isakmp`',
  ipsec: '`debug crypto ipsec`',
  bare: 'Crypto maps, engines and the terminal',
  syslog: 'Syslog',
  ikev2: '`debug crypto ikev2`',
  asa: 'ASA `debug crypto ikev1`',
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** docs/log-messages.md: every message that is understood, from the table. */
export function messageList(): string {
  const messages = describeMessages();
  const out = [
    '# Messages of routers',
    '',
    'Every message that `ike-autopsy log` understands. Generated from the message table by `scripts/log-messages.ts`; do not edit.',
    'Messages marked * were composed from general knowledge of the product, their wording may differ.',
    '',
  ];
  for (const [family, title] of Object.entries(titles)) {
    out.push(
      `## ${title}`,
      '',
      '| Id | Looks like | Means | Side | Release |',
      '| --- | --- | --- | --- | --- |',
    );
    for (const message of messages.filter((each) => each.family === family)) {
      const mark = message.unconfirmed ? ' *' : '';
      const role = message.role === 'both' || message.role === null ? '' : message.role;
      out.push(
        `| \`${message.id}\`${mark} | \`${cell(message.sample)}\` | ${cell(message.means)} | ${role} | ${message.release ?? ''} |`,
      );
    }
    out.push('');
  }
  return out.join('\n');
}
