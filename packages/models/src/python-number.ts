/** A number as Python prints it: `1e-05`, where JavaScript writes 0.00001. */
export function pythonNumber(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e16)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
