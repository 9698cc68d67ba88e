import { fromHex } from '../bytes/hex.ts';
import { draft, keep, keepPsk, type Basket, type Draft, type KeyField } from './builder.ts';
import { readDumpRow } from './dump-row.ts';

/** A daemon that prints a label and then octets, on the same line or on the lines that follow. */
type Daemon = {
  readonly source: string;
  /** What the daemon, syslog or a router puts before its own text. */
  readonly prefix: RegExp;
  readonly labels: readonly (readonly [
    pattern: RegExp,
    field: KeyField | 'psk' | 'cookieI' | 'cookieR',
  ])[];
};

/** Octets on the label's own line, or nothing. */
const TAIL = '\\s*((?:0x)?[0-9a-f][0-9a-f ]*)?$';

const label = (text: string): RegExp => new RegExp(`^${text}${TAIL}`, 'i');

/** `=> SK_ei (size 0x20)`; a value that is longer than what the log shows of it says so otherwise. */
const sized = (name: string): RegExp => label(`=> ${name} \\(size 0x[0-9a-f]+\\)`);

/** The label tables. One record a message; the field it names is collected from the dump behind it. */
const daemons: readonly Daemon[] = [
  {
    // ipsec-tools, and RouterOS, whose IKE daemon descends from it.
    source: 'racoon log',
    prefix:
      /^.*?(?:\bDEBUG2?:\s?|\bipsec,\s?debug(?:,\s?packet)?(?:,\s?\w+)*\s?:?(?:\s|$))(?:[0-9a-f.:]+(?:\[\d+\])?\s(?=compute|SKEYID))?/i,
    labels: [
      [label("compute DH's shared\\."), 'sharedSecret'],
      [label('SKEYID computed:'), 'skeyid'],
      [label('SKEYID_d computed:'), 'skeyidD'],
      [label('SKEYID_a computed:'), 'skeyidA'],
      [label('SKEYID_e computed:'), 'skeyidE'],
      [label('final encryption key computed:'), 'encryptionKey'],
      // The label and the dump are two messages: in a file the second's stamp stands behind the first.
      [label('psk:(?: .{0,40}DEBUG2?:)?'), 'psk'],
      // RouterOS, IKEv2.
      [sized('shared secret'), 'sharedSecret'],
      [sized('SK_ai'), 'skAi'],
      [sized('SK_ar'), 'skAr'],
      [sized('SK_ei'), 'skEi'],
      [sized('SK_er'), 'skEr'],
      [sized('SK_pi'), 'skPi'],
      [sized('SK_pr'), 'skPr'],
    ],
  },
  {
    // openswan and libreswan with the debug class `private` or `crypt`.
    source: 'pluto log',
    prefix: /^(?:.*?(?:pluto\[\d+\]:|\d\d:\d\d:\d\d(?:\.\d+)?:))?\s*(?:\|\s|"[^"]*"[^:]*:\s\|\s)/,
    labels: [
      [label('(?:DH )?shared[- ]secret(?: \\(pointer\\))?:'), 'sharedSecret'],
      [label('(?:calculated|computed) (?:DH )?shared[- ]secret:'), 'sharedSecret'],
      [label('skeyid:'), 'skeyid'],
      [label('skeyid_d:'), 'skeyidD'],
      [label('skeyid_a:'), 'skeyidA'],
      [label('skeyid_e:'), 'skeyidE'],
      [label('enc[_ ]key:'), 'encryptionKey'],
      [label('skeyid_pi:|sk_pi:'), 'skPi'],
      [label('sk_pr:'), 'skPr'],
      [label('sk_ai:'), 'skAi'],
      [label('sk_ar:'), 'skAr'],
      [label('sk_ei:'), 'skEi'],
      [label('sk_er:'), 'skEr'],
      [label('ICOOKIE:'), 'cookieI'],
      [label('RCOOKIE:'), 'cookieR'],
    ],
  },
  {
    // OpenBSD isakmpd -D 7=80 and the like.
    source: 'isakmpd log',
    prefix: /^(?:.*?isakmpd\[\d+\]:\s)?(?:\d+\.\d+\s+)?(?:\w{4}\s+\d+\s+)?/,
    labels: [
      [label('ike_phase_1_post_exchange_KE_NONCE: g\\^xy:?'), 'sharedSecret'],
      [label('ike_phase_1_post_exchange_KE_NONCE: SKEYID:?'), 'skeyid'],
      [label('ike_phase_1_post_exchange_KE_NONCE: SKEYID_d:?'), 'skeyidD'],
      [label('ike_phase_1_post_exchange_KE_NONCE: SKEYID_a:?'), 'skeyidA'],
      [label('ike_phase_1_post_exchange_KE_NONCE: SKEYID_e:?'), 'skeyidE'],
    ],
  },
  {
    // vpnc --debug 99 prints everything indented, cookies included.
    source: 'vpnc log',
    prefix: /^\s*/,
    labels: [
      [label('i_cookie:'), 'cookieI'],
      [label('r_cookie:'), 'cookieR'],
      [label('dh_shared_secret:'), 'sharedSecret'],
      [label('skeyid:'), 'skeyid'],
      [label('skeyid_d:'), 'skeyidD'],
      [label('skeyid_a:'), 'skeyidA'],
      [label('skeyid_e:'), 'skeyidE'],
      [label('enc-key:'), 'encryptionKey'],
    ],
  },
];

/** Cheap test before any pattern runs: every label holds one of these. */
const HINT = /skeyid|shared|encryption key|enc[-_ ]key|sk_[aep][ir]|psk|cookie|g\^xy/i;

const VPNC_PSK = /^\s*shared-key: (.+)$/;

const MOST_DIGITS = 8192;

type Open = {
  readonly daemon: Daemon;
  readonly field: Daemon['labels'][number][1];
  digits: string;
  readonly line: number;
};

export type LabelledReader = {
  take(line: string, number: number): boolean;
  end(): void;
};

export function looksLabelled(text: string): boolean {
  return /compute DH's shared|SKEYID(?:_[dae])? computed:|final encryption key computed|^[ \t]*dh_shared_secret:|ike_phase_1_post_exchange_KE_NONCE: (?:g\^xy|SKEYID)|=> (?:shared secret|SK_[aep][ir]) \(size 0x|\| (?:DH shared-secret|Skeyid(?:_[dae])?):/im.test(
    text,
  );
}

/** Reads labels and the dumps behind them, for all daemons of the table at once. */
export function labelledReader(target: Basket): LabelledReader {
  const drafts = new Map<string, Draft>();
  const cookies = new Map<string, { i: string | null; r: string | null }>();
  let open: Open | null = null;

  const finish = (source: string): void => {
    const done = drafts.get(source);
    if (done === undefined) return;
    drafts.delete(source);
    keep(target, done, source);
  };

  const close = (): void => {
    if (open === null) return;
    const { daemon, field, digits, line } = open;
    open = null;
    const octets = fromHex(digits);
    if (octets === null || octets.length === 0) return;
    if (field === 'psk') {
      keepPsk(target, octets, line);
      return;
    }
    if (field === 'cookieI' || field === 'cookieR') {
      takeCookie(daemon.source, field, digits.toLowerCase());
      return;
    }
    let row = drafts.get(daemon.source);
    // The same value again belongs to the same SA (vpnc prints g^xy twice); another one begins the next.
    const known = row?.values.get(field);
    if (row !== undefined && known !== undefined && !sameOctets(known, octets)) {
      finish(daemon.source);
      row = undefined;
    }
    if (row === undefined) {
      row = draft(line);
      drafts.set(daemon.source, row);
    }
    const pair = cookies.get(daemon.source);
    row.initiatorCookie = pair?.i ?? null;
    row.responderCookie = pair?.r ?? null;
    row.values.set(field, octets);
  };

  const takeCookie = (source: string, field: 'cookieI' | 'cookieR', digits: string): void => {
    if (digits.length !== 16 || /^0*$/.test(digits)) return;
    const pair = cookies.get(source) ?? { i: null, r: null };
    if (field === 'cookieI' && pair.i !== digits) {
      finish(source);
      cookies.set(source, { i: digits, r: null });
    } else if (field === 'cookieR') cookies.set(source, { ...pair, r: digits });
  };

  const head = (line: string, number: number): boolean => {
    for (const daemon of daemons) {
      const prefix = daemon.prefix.exec(line);
      if (prefix === null) continue;
      const rest = line.slice(prefix[0].length).trimEnd();
      for (const [pattern, field] of daemon.labels) {
        const match = pattern.exec(rest);
        if (match === null) continue;
        close();
        open = {
          daemon,
          field,
          digits: (match[1] ?? '').replace(/^0x/i, '').replaceAll(' ', ''),
          line: number,
        };
        return true;
      }
    }
    return false;
  };

  return {
    take: (line, number) => {
      const psk = VPNC_PSK.exec(line);
      if (psk !== null) {
        close();
        keepPsk(target, new TextEncoder().encode(psk[1]), number);
        return true;
      }
      if (line.length < 512 && HINT.test(line) && head(line, number)) return true;
      if (open === null) return false;
      const prefix = open.daemon.prefix.exec(line);
      const rest = prefix === null ? line : line.slice(prefix[0].length);
      if (rest.trim() === '' && open.digits === '') return true;
      const row = readDumpRow(rest) ?? readDumpRow(line);
      if (row === null || open.digits.length + row.digits.length > MOST_DIGITS) {
        close();
        return false;
      }
      open.digits += row.digits;
      return true;
    },
    end: () => {
      close();
      for (const source of [...drafts.keys()]) finish(source);
    },
  };
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at]);
}
