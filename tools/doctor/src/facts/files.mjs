import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from '../run.mjs';

/**
 * A file that git knows.
 *
 * @typedef {object} Tracked
 * @property {string} path
 * @property {string} inIndex - its line endings as committed: `lf`, `crlf`, `mixed`, `none`, `-text`
 * @property {string} onDisk - as checked out; empty when it isn't there
 * @property {boolean} hasOtherCase - whether the disk has it under a name of other case
 */

/**
 * @param {string} root
 * @returns {Tracked[] | undefined} `undefined` where this is no git checkout
 */
export function readFiles(root) {
  if (!existsSync(join(root, '.git'))) return undefined;
  const output = run('git', ['ls-files', '--eol', '-z'], root);
  if (output === undefined) return undefined;
  /** @type {Map<string, Set<string>>} */
  const listings = new Map();
  const isListed = (/** @type {string} */ path) => {
    const folder = dirname(path);
    const names = listings.get(folder) ?? new Set(readdirSync(join(root, folder)));
    listings.set(folder, names);
    return names.has(basename(path));
  };
  return output
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [endings, path] = line.split('\t');
      const [, inIndex = '', onDisk = ''] = /^i\/(\S*)\s+w\/(\S*)/.exec(endings) ?? [];
      const hasOtherCase = existsSync(join(root, path)) && !isListed(path);
      return { path, inIndex, onDisk, hasOtherCase };
    });
}
