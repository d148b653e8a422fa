import { cpus } from 'node:os';

/**
 * @typedef {object} Engine
 * @property {string} name - `V8 11.3, x64`
 * @property {string} processor
 * @property {boolean} hasSimd
 * @property {boolean} hasRelaxedSimd
 */

// () -> v128, by an instruction or two of the extension: i8x16.splat, i8x16.popcnt; i8x16.relaxed_swizzle
const TYPE = [1, 5, 1, 0x60, 0, 1, 0x7b];
const SPLAT = [0x41, 0, 0xfd, 15];
const simd = wasmModule([...SPLAT, 0xfd, 98]);
const relaxedSimd = wasmModule([...SPLAT, ...SPLAT, 0xfd, 0x80, 2]);

/** @returns {Engine} of this process */
export function readEngine() {
  return {
    name: `V8 ${process.versions.v8}, ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    hasSimd: WebAssembly.validate(simd),
    hasRelaxedSimd: WebAssembly.validate(relaxedSimd),
  };
}

/**
 * A module of one function.
 *
 * @param {readonly number[]} instructions
 */
function wasmModule(instructions) {
  const body = [0, ...instructions, 11]; // no locals … end
  const code = [10, body.length + 2, 1, body.length, ...body];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...TYPE, 3, 2, 1, 0, ...code]);
}
