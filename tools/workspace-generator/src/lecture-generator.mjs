import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatFiles, generateFiles, names } from '@nx/devkit';
import { addReference } from './add-reference.mjs';
import { checkOptions } from './check-options.mjs';
import { edit } from './edit.mjs';
import { sharedVersion } from './shared-version.mjs';

/** @import { Tree } from '@nx/devkit' */
/** @import { GeneratorOptions } from './check-options.mjs' */

const TEMPLATES = fileURLToPath(new URL('templates/lecture', import.meta.url));

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
  generateFiles(tree, TEMPLATES, folder, { name, description, className, version });
  edit(tree, 'tsconfig.json', (text) => addReference(text, folder));
  await formatFiles(tree);
  return () => console.log(nextSteps(name));
}

/** @param {string} name */
function nextSteps(name) {
  return `
Next:
  npm install                         links @examples/${name} and enters it in the lock file
  npx nx start @examples/${name}      trains it
  npx nx test @examples/${name}
`;
}
