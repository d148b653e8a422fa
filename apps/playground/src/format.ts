import { t } from './strings/index.js';

/** `8,299`; `8 299` where a comma would be taken for a decimal point. */
export const whole = (value: number): string =>
  value.toLocaleString('en-US').replaceAll(',', t.thousands);

/** A loss with the digits that are shown of it: `2.4206`. */
export function loss(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  return value < 1e5 ? value.toFixed(4) : value.toExponential(2); // as of a run that diverges
}

/** `12.3 MB` */
export function bytes(value: number): string {
  if (value < 1e6) return `${(value / 1e3).toFixed(0)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
}

/** `3 s`, `2 min 10 s`, `1 h 5 min` */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min ${rounded % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A learning rate: `0.0031`. */
export const rate = (value: number): string =>
  Number.isNaN(value) ? '–' : String(Number(value.toPrecision(3)));

/** `41.2%` */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** A text of others as far as there is room for it. */
export const short = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}…`;
