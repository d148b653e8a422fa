import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { TrainingListener } from '../training-event.js';

/** Settings of {@link metricsFile}. */
export interface MetricsFileOptions {
  /** The step after which a run goes on: lines of later steps are dropped. Unless given, the file is written anew. */
  readonly resumedAt?: number | undefined;
}

/**
 * A listener that writes each log event as a line of JSON. A line is on its way to the disk before the next step
 * begins, so a run that is cut short keeps what was logged. An existing file is written anew, but for a resumed run.
 *
 * @param path - the file, `metrics.jsonl` by custom
 * @throws Error when the file can't be written: at once, or from the run when the disk is full
 */
export function metricsFile(
  path: string,
  { resumedAt }: MetricsFileOptions = {},
): TrainingListener {
  writeFileSync(path, resumedAt === undefined ? '' : linesUntil(resumedAt, path));
  return (event) => {
    if (event.type === 'log') appendFileSync(path, `${JSON.stringify(event.metrics)}\n`);
  };
}

/** The whole lines of steps up to this one. */
function linesUntil(step: number, path: string): string {
  const lines = readIfThere(path).split('\n').slice(0, -1); // after the last line break: nothing, or half a line
  const kept = lines.filter((line) => (JSON.parse(line) as { readonly step: number }).step <= step);
  return kept.map((line) => `${line}\n`).join('');
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
