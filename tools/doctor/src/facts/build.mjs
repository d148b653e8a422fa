import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from '../run.mjs';

/**
 * @typedef {object} Build
 * @property {readonly string[]} missing - files that a package.json leads to and that aren't there
 * @property {readonly string[] | undefined} stale - folders with other sources than those that were compiled;
 *   `undefined` when there is no compiler to ask
 */

const WORKSPACES = ['packages', 'apps'];
const COMPILER = 'node_modules/typescript/bin/tsc';

/**
 * @param {string} root
 * @returns {Build}
 */
export function readBuild(root) {
  const folders = WORKSPACES.flatMap((kind) =>
    existsSync(join(root, kind))
      ? readdirSync(join(root, kind)).map((name) => `${kind}/${name}`)
      : [],
  ).filter((folder) => existsSync(join(root, folder, 'package.json')));
  return {
    missing: folders.flatMap((folder) =>
      builtFiles(join(root, folder))
        .map((file) => join(folder, file))
        .filter((file) => !existsSync(join(root, file))),
    ),
    stale: existsSync(join(root, COMPILER)) ? staleProjects(root) : undefined,
  };
}

/**
 * @param {string} folder - a package's
 * @returns {string[]} what its package.json leads to in `dist`: `./dist/index.js`
 */
function builtFiles(folder) {
  const { exports, imports, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = JSON.stringify([exports, imports, bin]);
  return [...new Set(text.match(/\.\/dist\/[^"]+/g))];
}

/**
 * Asks the compiler, which compares contents where times differ.
 *
 * @param {string} root
 * @returns {string[]}
 */
function staleProjects(root) {
  const output = run(process.execPath, [COMPILER, '-b', '--dry'], root) ?? '';
  return [...output.matchAll(/would build project '(.*?)[\\/]tsconfig\.json'/g)].map(([, path]) =>
    relative(root, path),
  );
}
