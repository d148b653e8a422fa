import { ok } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Python } from '../facts/python.mjs' */

/** Compared with in the benchmark, and the source of figures; nothing else needs them. */
const WANTED = ['torch', 'jax'];

/**
 * @param {Python} python
 * @returns {Finding[]} never more than a remark
 */
export function checkPython({ program, version, packages }) {
  if (version === undefined) {
    return [ok('python', `no ${program}; only comparisons with PyTorch and JAX want one`)];
  }
  const list = WANTED.map((name) => (packages[name] ? `${name} ${packages[name]}` : `no ${name}`));
  return [ok('python', `${version}, ${list.join(', ')}; only the benchmark asks (LLM101_PYTHON)`)];
}
