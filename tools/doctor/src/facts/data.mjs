import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Data
 * @property {string | undefined} folder - `LLM101_DATA_DIR`
 * @property {boolean} isFolder - whether there is one of that name
 * @property {readonly string[]} missing - files for the tests of whole runs that aren't beside the repository
 */

const SHARED = ['names.txt', 'reference/lecture05-torch.json'];

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Data}
 */
export function readData(root, environment) {
  const folder = environment['LLM101_DATA_DIR'] || undefined;
  return {
    folder,
    isFolder: folder !== undefined && existsSync(folder) && statSync(folder).isDirectory(),
    missing: SHARED.filter((file) => !existsSync(join(root, '..', 'shared', file))),
  };
}
