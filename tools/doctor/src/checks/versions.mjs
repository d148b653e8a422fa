import { ok, problem, warning } from '../finding.mjs';
import { isAtLeast } from '../version.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Versions } from '../facts/versions.mjs' */

/** The npm of the oldest Node that is promised. */
const LEAST_NPM = '10';

/**
 * @param {Versions} versions
 * @returns {Finding}
 */
export function checkNode({ node, leastNode }) {
  if (isAtLeast(node, leastNode)) return ok('node', `${node}; ${leastNode} and later will do`);
  return problem('node', `${node}; must be ${leastNode} or later`, 'install it, or `nvm install`');
}

/**
 * @param {Versions} versions
 * @returns {Finding}
 */
export function checkNpm({ npm, usedNpm }) {
  if (npm === undefined) return problem('npm', 'not found', 'install it; it comes with Node');
  if (isAtLeast(npm, LEAST_NPM)) return ok('npm', `${npm}; the lockfile is written by ${usedNpm}`);
  const found = `${npm}; ${LEAST_NPM} and later are tested`;
  return warning('npm', found, `npm install -g npm@${usedNpm}`);
}
