/** Blanks that have a sign. */
const SIGNS: Readonly<Record<string, string>> = { ' ': '␣', '\n': '⏎', '\t': '⇥' };

/** What nobody sees: control characters, and other blanks, joiners or a byte order mark where these are all there is. */
const UNSEEN = /\p{Cc}|^[\p{Cf}\p{Z}]+$/gu;

/** A token as it is seen: blanks and line breaks as signs, what has none by its number, a mark that goes over a letter over a ring. */
export const visible = (text: string): string =>
  text
    .replace(/^\p{M}/u, '◌$&')
    .replaceAll(/[ \n\t]/g, (blank) => SIGNS[blank])
    .replaceAll(UNSEEN, (found) => Array.from(found, numbered).join(''));

const numbered = (character: string): string =>
  `<U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}>`;

/** A number with few digits, as wide as it needs: `-0.123`, `1.2e-5`. */
export function number(value: number): string {
  if (value === 0 || Number.isNaN(value)) return Number.isNaN(value) ? '–' : '0';
  const size = Math.abs(value);
  return size >= 0.001 && size < 10_000
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(2);
}
