import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.mjs';

/**
 * @typedef {object} Versions
 * @property {string} node - of this process: `20.19.0`
 * @property {string} leastNode - `20.19`, of `engines`
 * @property {string | undefined} npm
 * @property {string} usedNpm - the one that wrote the lockfile, of `packageManager`
 */

/**
 * @param {string} root
 * @returns {Versions}
 */
export function readVersions(root) {
  const { engines, packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    node: process.versions.node,
    leastNode: engines.node.replace('>=', ''),
    npm: run('npm', ['--version'], root),
    usedNpm: packageManager.replace('npm@', ''),
  };
}
