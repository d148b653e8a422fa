import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * A package as it would be published.
 *
 * @typedef {object} Tarball
 * @property {string} path
 * @property {readonly string[]} files - paths in the package
 * @property {number} bytes - packed
 */

/**
 * @param {string} folder - a package
 * @param {string} destination - where the tarball goes
 * @returns {Tarball}
 * @throws {Error} when npm doesn't pack it
 */
export function pack(folder, destination) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const { isSuccess, stdout, output } = runCommand('npm', args, folder);
  if (!isSuccess) throw new Error(`package-test: npm pack failed in ${folder}\n${output}`);
  /** @type {{ filename: string, size: number, files: { path: string }[] }[]} */
  const [{ filename, size, files }] = JSON.parse(stdout);
  return { path: join(destination, filename), files: files.map(({ path }) => path), bytes: size };
}
