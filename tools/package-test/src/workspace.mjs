import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What of a package.json is looked at.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} [description]
 * @property {readonly string[]} [keywords]
 * @property {string} [homepage]
 * @property {unknown} [bugs]
 * @property {{ readonly directory?: string }} [repository]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, unknown>} [exports]
 * @property {string | Record<string, string>} [bin]
 * @property {readonly string[]} [workspaces]
 */

/**
 * @typedef {object} Workspace
 * @property {string} folder
 * @property {Manifest} manifest
 */

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * The packages of the repository around `folder`, by name.
 *
 * @param {string} folder - a package's
 * @returns {Map<string, Workspace>}
 * @throws {Error} when no package.json with `workspaces` lies above it
 */
export function findWorkspaces(folder) {
  const root = findRoot(folder);
  const workspaces = (readManifest(root).workspaces ?? [])
    .map((pattern) => join(root, pattern.replace(/\/\*$/, '')))
    .filter((parent) => existsSync(parent))
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
    .filter((path) => existsSync(join(path, 'package.json')))
    .map((path) => ({ folder: path, manifest: readManifest(path) }));
  return new Map(workspaces.map((workspace) => [workspace.manifest.name, workspace]));
}

/**
 * What a manifest lacks for a registry's page: its search and its links.
 *
 * @param {Manifest} manifest
 * @returns {string[]} a sentence each
 */
export function lacksForRegistry({ description, keywords, homepage, bugs, repository }) {
  const directory = repository?.directory;
  const isHome = directory !== undefined && homepage?.includes(`/${directory}#`);
  return [
    ...(description ? [] : ['description must say what the package does']),
    ...(keywords?.length ? [] : ['keywords must have a word that one would search for']),
    ...(directory ? [] : ['repository must have the url and the directory of the package']),
    ...(isHome ? [] : [`homepage must lead to the README in ${directory}; got ${homepage}`]),
    ...(bugs ? [] : ['bugs must be where to report one']),
  ];
}

/**
 * @param {string} folder
 * @returns {string}
 */
function findRoot(folder) {
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    if (existsSync(join(above, 'package.json')) && readManifest(above).workspaces) return above;
  }
  throw new Error(`package-test: ${folder} is in no workspace; run it in a package's folder`);
}

/**
 * These packages and all of the repository that they need, directly or not.
 *
 * @param {ReadonlyMap<string, Workspace>} workspaces
 * @param {readonly string[]} names
 * @returns {Workspace[]} each once
 */
export function withDependencies(workspaces, names) {
  /** @type {Map<string, Workspace>} */
  const found = new Map();
  /** @param {string} name */
  const add = (name) => {
    const workspace = workspaces.get(name);
    if (workspace === undefined || found.has(name)) return;
    found.set(name, workspace);
    const { dependencies, peerDependencies, optionalDependencies } = workspace.manifest;
    const needed = { ...dependencies, ...peerDependencies, ...optionalDependencies };
    for (const dependency of Object.keys(needed)) add(dependency);
  };
  for (const name of names) add(name);
  return [...found.values()];
}
