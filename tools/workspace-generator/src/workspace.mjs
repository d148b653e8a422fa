/** @import { Tree } from '@nx/devkit' */

/**
 * Options of every generator.
 *
 * @typedef {object} GeneratorOptions
 * @property {string} name - in kebab-case, without the scope
 * @property {string} description - a sentence
 */

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * @param {string} where - the generator, for errors
 * @param {Tree} tree
 * @param {GeneratorOptions} options
 * @throws {RangeError} when the name isn't kebab-case or is taken, or the description isn't a line of text
 */
export function checkOptions(where, tree, { name, description }) {
  if (!KEBAB_CASE.test(name)) {
    throw new RangeError(`${where}: name must be kebab-case, like info-theory; got "${name}"`);
  }
  const taken = ['packages', 'apps', 'examples'].find((folder) => tree.exists(`${folder}/${name}`));
  if (taken !== undefined) {
    throw new RangeError(`${where}: ${taken}/${name} exists already; choose another name`);
  }
  if (!/^\S[^\n]*$/.test(description)) {
    throw new RangeError(`${where}: description must be a line of text; give --description "…"`);
  }
}

/**
 * The version that all packages share, as they are released together.
 *
 * @param {Tree} tree
 * @returns {string} `0.0.0` where there is no package yet
 */
export function sharedVersion(tree) {
  const manifests = tree
    .children('packages')
    .map((name) => tree.read(`packages/${name}/package.json`, 'utf8'))
    .filter((text) => text !== null);
  return manifests.length === 0 ? '0.0.0' : JSON.parse(manifests[0]).version;
}

/**
 * Changes a file of the repository, or writes what it becomes elsewhere.
 *
 * @param {Tree} tree
 * @param {string} from
 * @param {(text: string) => string} change
 * @param {string} to
 * @throws {RangeError} when there is no such file
 */
export function edit(tree, from, change, to = from) {
  const text = tree.read(from, 'utf8');
  if (text === null) throw new RangeError(`${from} is missing in the repository's root`);
  tree.write(to, change(text));
}

/**
 * Enters a workspace in the root's tsconfig.json, after the others of its kind. As text, so that nothing else changes.
 *
 * @param {string} text - of tsconfig.json
 * @param {string} folder - of the workspace, `packages/layer-norm`
 * @returns {string}
 * @throws {RangeError} when no workspace of its kind is entered yet
 */
export function addReference(text, folder) {
  const [kind] = folder.split('/');
  const reference = new RegExp(`^ *\\{ "path": "${kind}/[^"]+" \\},?\\n`, 'gm');
  const last = [...text.matchAll(reference)].at(-1);
  if (last === undefined) {
    throw new RangeError(
      `tsconfig.json: no line like { "path": "${kind}/…" } after which to enter ${folder}`,
    );
  }
  const [line] = last;
  const hasComma = line.includes('},');
  const before = hasComma ? line : line.replace('}', '},');
  const added = line.replace(/"[^"]+\/[^"]+"/, `"${folder}"`);
  return text.slice(0, last.index) + before + added + text.slice(last.index + line.length);
}

/**
 * Enters a package in the table of tools/boundaries, after the other packages. It may import nothing yet.
 *
 * @param {string} json - of boundaries.json
 * @param {string} name - of the package
 * @returns {string}
 */
export function addRow(json, name) {
  /** @type {[string, unknown][]} */
  const rows = Object.entries(JSON.parse(json));
  const last = rows.findLastIndex(([folder]) => folder.startsWith('packages/'));
  rows.splice(last + 1, 0, [`packages/${name}`, []]);
  return JSON.stringify(Object.fromEntries(rows), undefined, 2);
}
