import { ok, problem } from '../finding.mjs';

/** @import { Finding } from '../finding.mjs' */
/** @import { Engine } from '../facts/engine.mjs' */

/**
 * @param {Engine} engine
 * @returns {Finding[]}
 */
export function checkEngine({ name, processor, hasSimd, hasRelaxedSimd }) {
  const where = `${name}, ${processor}`;
  if (!hasSimd) {
    return [problem('simd', `${where}: no SIMD in WebAssembly`, 'use a processor that has SSE4.1')];
  }
  const relaxed = hasRelaxedSimd
    ? 'relaxed SIMD too'
    : 'no relaxed SIMD: Node 22 and later have it';
  return [ok('simd', `${where}: SIMD; ${relaxed}`)];
}
