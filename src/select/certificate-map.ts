import type { CertificateMap, ConfigModel } from '../model/config.ts';
import type { Certificate } from './certificates.ts';
import { isFragment } from './policy.ts';

/** What configurations tell of a certificate is its subject at most: of the rest a map may say anything. */
type Fit = 'fits' | 'differs' | 'unknown';

/** A certificate map fits when all rules of one of its sequence numbers do. */
export function fitsCertificateMap(
  model: ConfigModel,
  name: string,
  certificate: Certificate | null,
): Fit {
  const maps = model.certificateMaps.filter((map) => map.name === name && map.rules.length > 0);
  if (maps.length === 0) return isFragment(model) ? 'unknown' : 'differs';
  const fits = maps.map(({ rules }) => {
    const each = rules.map((rule) => fitsRule(rule, certificate));
    return each.find((fit) => fit === 'differs') ?? each.find((fit) => fit === 'unknown') ?? 'fits';
  });
  return fits.find((fit) => fit === 'fits') ?? fits.find((fit) => fit === 'unknown') ?? 'differs';
}

function fitsRule(
  { field, operator, value }: CertificateMap['rules'][number],
  certificate: Certificate | null,
): Fit {
  const held =
    field === 'subject-name'
      ? certificate?.subject
      : field === 'issuer-name'
        ? certificate?.issuer
        : null;
  if (held === undefined || held === null) return 'unknown';
  const text = comparable(held);
  const wanted = comparable(value);
  switch (operator) {
    case 'co':
      return text.includes(wanted) ? 'fits' : 'differs';
    case 'nc':
      return text.includes(wanted) ? 'differs' : 'fits';
    case 'eq':
      return text === wanted ? 'fits' : 'differs';
    case 'ne':
      return text === wanted ? 'differs' : 'fits';
    default:
      return 'unknown';
  }
}

/** The organizational units of a distinguished name, as they are written. */
export function unitsOf(subject: string): readonly string[] {
  return subject.split(/[,+]/).flatMap((part) => {
    const [type = '', ...value] = part.split('=');
    return type.trim().toLowerCase() === 'ou' ? [value.join('=').trim()] : [];
  });
}

/** IOS compares names without regard to case, and prints blanks around the signs that part them: `ou = vpn`. */
function comparable(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/\s*([=,])\s*/g, '$1');
}
