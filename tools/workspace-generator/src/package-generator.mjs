import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatFiles, generateFiles } from '@nx/devkit';
import { addReference } from './add-reference.mjs';
import { addRow } from './add-row.mjs';
import { checkOptions } from './check-options.mjs';
import { edit } from './edit.mjs';
import { sharedVersion } from './shared-version.mjs';

/** @import { Tree } from '@nx/devkit' */
/** @import { GeneratorOptions } from './check-options.mjs' */

const TEMPLATES = fileURLToPath(new URL('templates/package', import.meta.url));
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
  generateFiles(tree, TEMPLATES, folder, { name, description, version: sharedVersion(tree) });
  edit(tree, 'LICENSE', (text) => text, join(folder, 'LICENSE'));
  edit(tree, 'tsconfig.json', (text) => addReference(text, folder));
  if (tree.exists(TABLE)) edit(tree, TABLE, (text) => addRow(text, name));
  await formatFiles(tree);
  return () => console.log(nextSteps(name));
}

/** @param {string} name */
function nextSteps(name) {
  return `
Next:
  npm install                       links @llm101/${name} and enters it in the lock file
  npx nx test @llm101/${name}
  ${TABLE}  what the package may import, now nothing
`;
}
