import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The table's place in the repository. */
export const TABLE_FILE = 'tools/boundaries/boundaries.json';

const TYPES_ONLY = ' (types only)';

/**
 * One arrow: what a package may import.
 *
 * @typedef {object} Arrow
 * @property {string} pattern - a package's name; a `*` at its end stands for any rest
 * @property {boolean} typesOnly - whether `import type` alone is allowed
 */

/**
 * The arrows of each package and application, by folder (`packages/models`), or of all in a folder (`examples/*`).
 *
 * @typedef {ReadonlyMap<string, readonly Arrow[]>} Table
 */

/**
 * @param {string} root - the repository's folder
 * @returns {Table}
 * @throws {TypeError} when the file isn't a JSON object of lists of strings
 */
export function readTable(root) {
  return parseTable(readFileSync(join(root, TABLE_FILE), 'utf8'));
}

/**
 * @param {string} json - folders with the names of what they may import, each perhaps with ` (types only)`
 * @returns {Table}
 * @throws {TypeError} when it isn't a JSON object of lists of strings
 */
export function parseTable(json) {
  /** @type {unknown} */
  const rows = JSON.parse(json);
  if (typeof rows !== 'object' || rows === null || Array.isArray(rows)) {
    throw new TypeError(`${TABLE_FILE}: must be an object of folders`);
  }
  return new Map(Object.entries(rows).map(([folder, names]) => [folder, parseRow(folder, names)]));
}

/**
 * @param {string} folder
 * @param {unknown} names
 * @returns {Arrow[]}
 */
function parseRow(folder, names) {
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new TypeError(`${TABLE_FILE}: ${folder} must have a list of package names`);
  }
  return names.map((name) => ({
    pattern: name.replace(TYPES_ONLY, ''),
    typesOnly: name.endsWith(TYPES_ONLY),
  }));
}

/**
 * The first arrow that leads to the package `name`.
 *
 * @param {readonly Arrow[]} arrows
 * @param {string} name
 * @returns {Arrow | undefined}
 */
export function findArrow(arrows, name) {
  return arrows.find(({ pattern }) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

/**
 * The arrows of a folder: those of its own row, else those of the row for all beside it.
 *
 * @param {Table} table
 * @param {string} folder - `examples/gpt`
 * @returns {readonly Arrow[] | undefined}
 */
export function rowOf(table, folder) {
  return table.get(folder) ?? table.get(rowOfAll(folder));
}

/** @param {string} folder - `examples/gpt`, of which `examples/*` is the row for all */
export function rowOfAll(folder) {
  return folder.replace(/[^/]+$/, '*');
}
