import { jointNorm } from '../distribution.js';
import type { TrainingListener } from '../training-event.js';
import { jsonLinesFile } from './json-lines-file.js';
import type { ResumedLogOptions } from './log-file.js';

/**
 * A listener that writes each watch event as a line of JSON: `step`, the joint norms `parameterNorm` and `gradientNorm`,
 * and in `parameters`, by name, the distributions of `values` and `gradient`.
 *
 * @param path - the file, `statistics.jsonl` by custom
 * @throws Error when the file can't be written: at once, or from the listener when the disk is full
 */
export function statisticsFile(path: string, options: ResumedLogOptions = {}): TrainingListener {
  return jsonLinesFile(path, options, (event) => {
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
  });
}
