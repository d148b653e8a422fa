import { parseJson } from '@llm101/safetensors';
import { jointNorm } from '../watch/distribution.js';
import type { TrainingEvent } from './training-event.js';

/** The logs of a run that have a line of JSON for an event: `metrics.jsonl`, `samples.jsonl`, `statistics.jsonl`. */
export type LogName = 'metrics' | 'samples' | 'statistics';

/**
 * What each log has of an event, if it has a line for it: of a log event its metrics; of samples `step` and `texts`; of a look
 * `step`, the joint norms `parameterNorm` and `gradientNorm`, and in `parameters`, by name, the distributions of `values` and `gradient`.
 */
export const logRows: Readonly<
  Record<LogName, (event: TrainingEvent) => { readonly step: number } | undefined>
> = {
  metrics: (event) => (event.type === 'log' ? event.metrics : undefined),
  samples: (event) =>
    event.type === 'samples' ? { step: event.step, texts: event.texts } : undefined,
  statistics(event) {
    if (event.type !== 'watch') return undefined;
    const { step, parameters } = event;
    return {
      step,
      parameterNorm: jointNorm(parameters.map(({ values }) => values)),
      gradientNorm: jointNorm(parameters.flatMap(({ gradient }) => gradient ?? [])),
      parameters: Object.fromEntries(
        parameters.map(({ name, shape, values, gradient }) => [name, { shape, values, gradient }]),
      ),
    };
  },
};

/** A line of a log. */
export const logLine = (row: object): string => `${JSON.stringify(row)}\n`;

/**
 * The whole lines of a log up to a step: what a run that resumes keeps.
 *
 * @param stepOf - of a line; NaN drops it. Default: the `step` of an object of JSON
 */
export function linesUntil(
  text: string,
  step: number,
  stepOf: (line: string) => number = stepOfRow,
): string {
  const lines = text.split('\n').slice(0, -1); // after the last line break: nothing, or half a line
  return lines
    .filter((line) => stepOf(line) <= step)
    .map((line) => `${line}\n`)
    .join('');
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);

/** NaN, which no resumed run keeps, for a line that holds no object with a step. */
function stepOfRow(line: string): number {
  try {
    const object = parseJson(line);
    return typeof object === 'object' && object !== null && 'step' in object
      ? numberOf(object.step)
      : NaN;
  } catch {
    return NaN;
  }
}
