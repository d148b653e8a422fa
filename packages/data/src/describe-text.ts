import { count } from './count.js';
import type { LoadedText } from './loaded-text.js';

/** One line for a log: `loaded 228,145 characters from names.txt`. */
export function describeText({ characters, name }: LoadedText): string {
  return `loaded ${count(characters)} characters from ${name}`;
}
