/** @import { Tree } from '@nx/devkit' */

/**
 * What every generator is told.
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
