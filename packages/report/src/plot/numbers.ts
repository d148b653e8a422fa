// Numbers on axes and beside a pointer. The page's script has this file too.

const UNITS = ['', 'k', 'M', 'G', 'T'] as const;

/** A number in few characters: `0.003`, `2.5`, `12k`, `3e-5`; up to six digits. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || !Number.isFinite(value)) return String(value);
  if (size >= 1e15 || size < 1e-3) return value.toExponential(2).replace(/\.?0+e\+?/, 'e');
  const power = size < 1e4 ? 0 : Math.floor(Math.log10(size) / 3);
  return `${Number((value / 1000 ** power).toPrecision(6))}${UNITS[power]}`;
}

/** A value in full: five digits, whole numbers with commas. */
export function exact(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return grouped(value);
  if (size >= 1e9 || (size < 1e-4 && size > 0)) return value.toExponential(3);
  return size >= 1e4 ? grouped(Math.round(value)) : value.toPrecision(5);
}

/** `12,000`, in every language of a reader. */
function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** About how many values stand along an axis. */
const TICKS = 5;

/** Round values from `low` to `high`, some five or as many as are wanted, at steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, wanted = TICKS): number[] {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const over = rough / power;
  // the one nearest on a logarithmic scale: borders at √2, √10 and √50
  const step = (over < 1.42 ? 1 : over < 3.17 ? 2 : over < 7.08 ? 5 : 10) * power;
  if (!(step > 0) || !Number.isFinite(step)) return [low];
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.min(Math.floor(high / step + 1e-9) - first + 1, 2 * wanted + 2);
  return Array.from({ length: Math.max(count, 0) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** The same on a logarithmic scale: powers of ten, with 2 and 5 times them where there is room. */
export function logTicks(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Math.log10(high) - Math.log10(low);
  if (decades < 0.7) return ticks(low, high).filter((value) => value > 0);
  const every = Math.max(1, Math.ceil(decades / 8));
  const digits = decades < 3 ? [1, 2, 5] : [1];
  const found: number[] = [];
  for (let power = from; power <= to; power += every) {
    for (const digit of digits) found.push(Number(`${digit}e${power}`));
  }
  return found.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}
