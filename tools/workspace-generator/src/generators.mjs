import { formatFiles, generateFiles, names } from '@nx/devkit';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addReference, addRow, checkOptions, edit, sharedVersion } from './workspace.mjs';

/** @import { GeneratorOptions } from './workspace.mjs' */
/** @import { Tree } from '@nx/devkit' */

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));
const TABLE = 'tools/boundaries/boundaries.json';

/**
 * Makes `packages/<name>` with one documented function, its test and a README that runs, and enters it where the
 * repository lists its packages.
 *
 * @param {Tree} tree
 * @param {GeneratorOptions} options
 * @returns {Promise<() => void>} says what is left to do, once the files are written
 * @throws {RangeError} when the name isn't kebab-case or is taken, or the description isn't a line of text
 */
export async function packageGenerator(tree, options) {
  checkOptions('package', tree, options);
  const { name, description } = options;
  const folder = join('packages', name);
  generateFiles(tree, join(TEMPLATES, 'package'), folder, {
    name,
    description,
    version: sharedVersion(tree),
  });
  edit(tree, 'LICENSE', (text) => text, join(folder, 'LICENSE'));
  edit(tree, 'tsconfig.json', (text) => addReference(text, folder));
  if (tree.exists(TABLE)) edit(tree, TABLE, (text) => addRow(text, name));
  await formatFiles(tree);
  return () =>
    console.log(`
Next:
  npm install                       links @llm101/${name} and enters it in the lock file
  npx nx test @llm101/${name}
  ${TABLE}  what the package may import, now nothing
`);
}

/**
 * Makes `examples/<name>`: a small model that trains on names within a minute, its test and its README, entered where the
 * repository lists its workspaces.
 *
 * @param {Tree} tree
 * @param {GeneratorOptions} options
 * @returns {Promise<() => void>} says what is left to do, once the files are written
 * @throws {RangeError} when the name isn't kebab-case or is taken, or the description isn't a line of text
 */
export async function lectureGenerator(tree, options) {
  checkOptions('lecture', tree, options);
  const { name, description } = options;
  const folder = join('examples', name);
  const { className } = names(name);
  const version = sharedVersion(tree);
  generateFiles(tree, join(TEMPLATES, 'lecture'), folder, {
    name,
    description,
    className,
    version,
  });
  edit(tree, 'tsconfig.json', (text) => addReference(text, folder));
  await formatFiles(tree);
  return () =>
    console.log(`
Next:
  npm install                         links @examples/${name} and enters it in the lock file
  npx nx start @examples/${name}      trains it
  npx nx test @examples/${name}
`);
}
