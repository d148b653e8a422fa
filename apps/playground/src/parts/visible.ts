/** A token as it is seen: blanks and line breaks as signs. */
export const visible = (text: string): string =>
  text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');

/** A number with few digits, as wide as it needs: `-0.123`, `1.2e-5`. */
export function number(value: number): string {
  if (value === 0 || Number.isNaN(value)) return Number.isNaN(value) ? '–' : '0';
  const size = Math.abs(value);
  return size >= 0.001 && size < 10_000
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(2);
}
