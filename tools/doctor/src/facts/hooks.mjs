import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.mjs';

/**
 * @typedef {object} Hooks
 * @property {boolean} isCheckout - whether this is a git checkout at all
 * @property {string} path - git's `core.hooksPath`; empty when it isn't set
 * @property {boolean} isInstalled - whether the hook that runs before a commit is there
 */

/**
 * @param {string} root
 * @returns {Hooks}
 */
export function readHooks(root) {
  return {
    isCheckout: existsSync(join(root, '.git')),
    path: run('git', ['config', '--get', 'core.hooksPath'], root) ?? '',
    isInstalled: existsSync(join(root, '.husky', '_', 'pre-commit')),
  };
}
