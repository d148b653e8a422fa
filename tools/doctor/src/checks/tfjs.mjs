import { ok, problem } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Copy } from '../facts/tfjs.mjs' */

/**
 * One copy of each, and both of one version: two would fight over one global registry.
 *
 * @param {readonly Copy[]} copies
 * @returns {Finding[]}
 */
export function checkTfjs(copies) {
  if (copies.length === 0) return [problem('tfjs', 'not installed', 'npm ci')];
  const twice = copies.filter(({ name }) => copies.filter((copy) => copy.name === name).length > 1);
  if (twice.length > 0) {
    const list = twice.map(({ version, path }) => `${path} (${version})`).join(', ');
    return [problem('tfjs', `several copies: ${list}`, 'give all the same version; npm dedupe')];
  }
  const versions = new Set(copies.map(({ version }) => version));
  const list = copies.map(({ name, version }) => `${name.split('/')[1]} ${version}`).join(', ');
  if (versions.size > 1) return [problem('tfjs', list, 'give both the same version; npm install')];
  return [ok('tfjs', `${list}: one copy each`)];
}
