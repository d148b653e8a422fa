import { posix } from 'node:path';

const REPOSITORY = 'https://github.com/llm101/llm101-ts';
const FIGURE = /\.(svg|png)$/;

/**
 * What a link to a path of the repository becomes.
 *
 * @typedef {{ kind: 'page', path: string } | { kind: 'figure' } | { kind: 'address', address: string }
 *   | { kind: 'nowhere' }} Place
 */

/**
 * @typedef {object} Facts
 * @property {(path: string) => boolean} isFile
 * @property {(path: string) => boolean} isFolder
 * @property {(path: string) => boolean} isPage - whether a file is one of the site's pages
 */

/**
 * A folder is the page that its README became, pictures come along, and what isn't on the site is on GitHub.
 *
 * @param {string} path - from the repository's root; not a page itself
 * @param {Facts} facts
 * @returns {Place}
 */
export function whereTo(path, { isFile, isFolder, isPage }) {
  if (isFile(path)) {
    if (FIGURE.test(path)) return { kind: 'figure' };
    return { kind: 'address', address: addressOf(path) };
  }
  if (path.startsWith('..') || !isFolder(path)) return { kind: 'nowhere' };
  const readme = posix.join(path, 'README.md');
  if (isFile(readme) && isPage(readme)) return { kind: 'page', path: readme };
  return { kind: 'address', address: `${REPOSITORY}/tree/main/${path}` };
}

/**
 * @param {string} path - of a file, from the repository's root
 * @returns {string} where GitHub shows it
 */
export function addressOf(path) {
  return `${REPOSITORY}/blob/main/${path}`;
}
