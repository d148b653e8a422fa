import { ok, problem, warning } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Data } from '../facts/data.mjs' */

/**
 * @param {Data} data
 * @returns {Finding[]}
 */
export function checkData({ folder, isFolder, missing }) {
  if (folder !== undefined && !isFolder) {
    const found = `LLM101_DATA_DIR must name a folder; there is no ${folder}`;
    return [problem('data', found, 'make it, or unset the variable')];
  }
  const place = folder === undefined ? 'built-in names' : `LLM101_DATA_DIR is ${folder}`;
  if (missing.length === 0) return [ok('data', `${place}; the lecture's in ../shared`)];
  const found = `${place}; no ../shared/${missing.join(', no ../shared/')}`;
  return [warning('data', found, 'put it there; tests of whole runs are skipped without')];
}
