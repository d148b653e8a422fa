/** @import { Tree } from '@nx/devkit' */

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
