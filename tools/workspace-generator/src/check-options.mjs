/** @import { Tree } from '@nx/devkit' */
/** @import { PackageOptions } from './package-generator.mjs' */

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * @param {Tree} tree
 * @param {PackageOptions} options
 * @throws {RangeError} when the name isn't kebab-case or is taken, or the description isn't a line of text
 */
export function checkOptions(tree, { name, description }) {
  if (!KEBAB_CASE.test(name)) {
    throw new RangeError(`package: name must be kebab-case, like info-theory; got "${name}"`);
  }
  const taken = ['packages', 'apps'].find((folder) => tree.exists(`${folder}/${name}`));
  if (taken !== undefined) {
    throw new RangeError(`package: ${taken}/${name} exists already; choose another name`);
  }
  if (!/^\S[^\n]*$/.test(description)) {
    throw new RangeError('package: description must be a line of text; give --description "…"');
  }
}
