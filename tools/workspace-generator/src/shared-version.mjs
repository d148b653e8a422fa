/** @import { Tree } from '@nx/devkit' */

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
