import { isObject } from './is-object.js';
import { isWellFormed } from './is-well-formed.js';
import { METADATA_KEY } from './limits.js';
import { record } from './record.js';
import { SafetensorsError } from './safetensors-error.js';
import { show } from './show.js';

/**
 * The header's `__metadata__`, checked.
 *
 * @throws SafetensorsError unless it maps strings to strings
 */
export function parseMetadata(value: unknown): Record<string, string> {
  if (!isObject(value)) {
    throw new SafetensorsError(`${METADATA_KEY} must be an object; got ${show(value)}`);
  }
  return record(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string' || !isWellFormed(key) || !isWellFormed(text)) {
        throw new SafetensorsError(
          `${METADATA_KEY} maps strings to strings; under ${show(key)} it holds ${show(text)}`,
        );
      }
      return [key, text];
    }),
  );
}
