import { readdirSync } from 'node:fs';

/**
 * Paths that begin as a word does, folders with a slash at their end.
 *
 * @param word - what is written so far: `ru`, `runs/fi`
 */
export function pathsLike(word: string): string[] {
  const folder = word.slice(0, word.lastIndexOf('/') + 1);
  const begun = word.slice(folder.length);
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(begun) && (begun !== '' || !name.startsWith('.')))
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .sort();
  } catch {
    return []; // there is no such folder, or it can't be read
  }
}
