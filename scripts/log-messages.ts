import { writeFileSync } from 'node:fs';
import { messageList } from '../src/report/log/message-list.ts';

/** Writes docs/log-messages.md from the message table. */
writeFileSync(new URL('../docs/log-messages.md', import.meta.url), messageList());
