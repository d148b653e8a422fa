import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSource } from './parse-source.mjs';

/** @import { Source } from './parse-source.mjs' */

/**
 * What the checks need of a package.json.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string | Record<string, string>>} [exports]
 */

/**
 * A package, application, example or tool of the repository.
 *
 * @typedef {object} Project
 * @property {'packages' | 'apps' | 'examples' | 'tools'} kind
 * @property {string} folder - from the repository's root: `packages/models`
 * @property {Manifest} manifest
 * @property {string} manifestText - as it stands in package.json
 * @property {ReadonlyMap<string, Source>} files - `src` and `bin`, by path from the repository's root
 */

/** @type {readonly Project['kind'][]} */
const KINDS = ['packages', 'apps', 'examples', 'tools'];
const SOURCE = /\.[cm]?[jt]sx?$/;

/**
 * All projects, with their files parsed. Tests aren't read: they may import anything.
 *
 * @param {string} root - the repository's folder
 * @returns {Project[]}
 */
export function readWorkspace(root) {
  return KINDS.flatMap((kind) => {
    if (!existsSync(join(root, kind))) return [];
    return readdirSync(join(root, kind))
      .toSorted()
      .filter((name) => existsSync(join(root, kind, name, 'package.json')))
      .map((name) => readProject(root, kind, `${kind}/${name}`));
  });
}

/**
 * @param {string} root
 * @param {Project['kind']} kind
 * @param {string} folder
 * @returns {Project}
 */
function readProject(root, kind, folder) {
  const manifestText = readFileSync(join(root, folder, 'package.json'), 'utf8');
  const paths = ['src', 'bin'].flatMap((name) => sourceFiles(root, `${folder}/${name}`));
  return {
    kind,
    folder,
    manifest: JSON.parse(manifestText),
    manifestText,
    files: new Map(
      paths.map((path) => [path, parseSource(path, readFileSync(join(root, path), 'utf8'))]),
    ),
  };
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function sourceFiles(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(root, path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}
