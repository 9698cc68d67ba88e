/** Classes of ASCII by character code: lines are read without making a string of each character. */

export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
export const isBlank = (c: number): boolean => c === 32 || c === 9;
export const isLetter = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);

export function skipBlanks(s: string, at: number, end: number): number {
  while (at < end && isBlank(s.charCodeAt(at))) at++;
  return at;
}
