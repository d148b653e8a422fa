import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
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

/** Files that nobody who installs a package can use, with what to do. */
const STRAY = [
  { pattern: /(^|\/)\./, kind: 'a hidden file; add "!dist/.*" to "files"' },
  { pattern: /\.tsbuildinfo/, kind: 'a note of the compiler; write it to dist/.tsbuildinfo' },
  { pattern: /(^|\/)(test|tests|__tests__)\//, kind: 'a test; leave its folder out of "files"' },
  { pattern: /\.(test|spec)\.[cm]?[jt]sx?$/, kind: 'a test; move it to test/' },
  {
    pattern: /(^|\/)(node_modules|coverage|runs)\//,
    kind: 'made by a tool; leave it out of "files"',
  },
  {
    pattern: /(^|\/)tsconfig[^/]*\.json$/,
    kind: 'a setting of the compiler; leave it out of "files"',
  },
  { pattern: /\.(log|tgz|tmp|orig|bak)$/, kind: 'left behind; delete it' },
];

const REQUIRED = ['package.json', 'README.md', 'LICENSE'];

/**
 * What is too much in a tarball, and what is missing.
 *
 * @param {readonly string[]} files - paths in the package
 * @returns {string[]} a problem a line
 */
export function strayFiles(files) {
  const stray = files.flatMap((file) => {
    const found = STRAY.find(({ pattern }) => pattern.test(file));
    return found === undefined ? [] : [`${file} is ${found.kind}`];
  });
  const missing = REQUIRED.filter((file) => !files.includes(file)).map(
    (file) => `${file} is missing; add it to the package's folder`,
  );
  return [...stray, ...missing];
}

/**
 * Source maps that lead nowhere: their source isn't published, or it is gone and the build is a leftover.
 *
 * @param {string} folder - the installed package
 * @param {readonly string[]} files - paths in it
 * @returns {string[]} a problem a line
 */
export function staleMaps(folder, files) {
  return files
    .filter((file) => file.endsWith('.map'))
    .flatMap((file) => {
      /** @type {{ sources: string[], sourcesContent?: unknown }} */
      const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      if (sourcesContent !== undefined) return [];
      return sources
        .map((source) => posix.join(posix.dirname(file), source))
        .filter((source) => !files.includes(source))
        .map(
          (source) => `${file} leads to ${source}, which is not in the package; build it afresh`,
        );
    });
}
