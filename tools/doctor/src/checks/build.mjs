import { few, ok, problem, warning } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Build } from '../facts/build.mjs' */

/**
 * @param {Build} build
 * @returns {Finding[]}
 */
export function checkBuild({ missing, stale }) {
  if (missing.length > 0) return [problem('dist', `missing: ${few(missing)}`, 'npm run build')];
  if (stale === undefined) return [warning('dist', 'there is no compiler to ask', 'npm ci')];
  if (stale.length > 0) {
    return [warning('dist', `older than its sources: ${few(stale)}`, 'npm run build')];
  }
  return [ok('dist', 'built from these sources')];
}
