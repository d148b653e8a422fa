/** A count, as `10,000`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Four decimals, as in the lecture's progress bar; a dash where there is no value. */
export function loss(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(4);
}

/** A setting as it is written in config.json. */
export function setting(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
}

/** The colour of series `index`: `--c1` … `--c8` of the page's style, repeated. */
export function colour(index: number): string {
  return `var(--c${(index % 8) + 1})`;
}
