import type { LoadTextOptions } from './load-from.js';
import { loadText } from './load-text.js';
import { splitWindows, type SplitWindows, type SplitWindowsOptions } from './split-windows.js';

/**
 * Loads a text, as {@link loadText} does, and cuts it into windows, as {@link splitWindows} does.
 *
 * @param source - a name of `dataSets` or a URL
 * @throws DataError, RangeError, TypeError as these two
 */
export async function loadWindows(
  source: string,
  options: SplitWindowsOptions & LoadTextOptions,
): Promise<SplitWindows> {
  const { text } = await loadText(source, options);
  return splitWindows(text, options);
}
