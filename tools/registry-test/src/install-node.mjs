import { join } from 'node:path';
import { run } from './run.mjs';

/** How npm's packages of Node's binaries name systems. */
const SYSTEM = process.platform === 'win32' ? 'win' : process.platform;

/**
 * Node's binary of a major version, from npm.
 *
 * @param {number} major
 * @param {string} folder - where it goes
 * @returns {Promise<string>} the folder of `node`, for the PATH
 */
export async function installNode(major, folder) {
  const name = `node-${SYSTEM}-${process.arch}`;
  const home = join(folder, `node-${major}`);
  await run(['npm', 'install', '--prefix', home, '--no-audit', '--no-fund', `${name}@${major}`], {
    cwd: folder,
  });
  return join(home, 'node_modules', name, process.platform === 'win32' ? '' : 'bin');
}
