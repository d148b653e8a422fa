/** `10,000`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Four digits after the point, as the lecture's progress bar has them; a dash where there is no value. */
export function loss(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(4);
}

/** A setting as it is written in config.json. */
export function setting(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
}
