import { isWellFormed } from './is-well-formed.js';
import { show } from './show.js';

/**
 * @throws TypeError unless each value of `metadata` is a string
 * @throws RangeError when a key or a value isn't Unicode
 */
export function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  for (const [key, text] of Object.entries(metadata)) {
    const where = `writeSafetensors: metadata ${show(key)}`;
    if (typeof text !== 'string') {
      throw new TypeError(
        `${where} must be a string; got ${typeof text}; write it as JSON.stringify(value)`,
      );
    }
    if (!isWellFormed(key) || !isWellFormed(text)) {
      throw new RangeError(`${where} must be Unicode; got half of a surrogate pair`);
    }
  }
}
