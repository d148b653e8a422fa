/** Independent sums, so that no multiplication waits for the one before: latency 6-8 cycles, two a cycle. */
const SUMS = 12;
const LANES = 4;

/** Operations of one pass of the loop. */
export const FLOPS_PER_PASS = SUMS * LANES * 2;

const V128 = 0x7b;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const [LOOP, NO_RESULT, BRANCH_IF, END] = [0x03, 0x40, 0x0d, 0x0b];
const [I32_CONST, F32_CONST, SUBTRACT] = [0x41, 0x43, 0x6b];
const SIMD = 0xfd;
const SPLAT = [SIMD, 0x13];
const LANE = [SIMD, 0x1f];
const ADD = [SIMD, 0xe4, 0x01];
const MULTIPLY = [SIMD, 0xe6, 0x01];
const MULTIPLY_ADD = [SIMD, 0x85, 0x02]; // relaxed

/**
 * A WebAssembly module whose export `run(passes: i32, factor: f32, addend: f32): f32` does nothing but multiply and
 * add four lanes at a time: in two instructions, or with relaxed SIMD in one where the processor has it.
 *
 * @param {{ isRelaxed: boolean }} options
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function peakModule({ isRelaxed }) {
  return Uint8Array.from(
    [
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, [1, 0x60, 3, 0x7f, 0x7d, 0x7d, 1, 0x7d]), // (i32, f32, f32) -> f32
      section(3, [1, 0]),
      section(7, [1, 3, ...Buffer.from('run'), 0, 0]),
      section(10, [1, ...sized(body(isRelaxed))]),
    ].flat(),
  );
}

const get = (/** @type {number} */ local) => [LOCAL_GET, local];

/** @param {boolean} isRelaxed */
function body(isRelaxed) {
  const [factor, addend, firstSum] = [3, 4, 5];
  const sums = Array.from({ length: SUMS }, (_, i) => firstSum + i);
  const step = (/** @type {number} */ sum) =>
    isRelaxed
      ? [...get(sum), ...get(factor), ...get(addend), ...MULTIPLY_ADD, LOCAL_SET, sum]
      : [...get(sum), ...get(factor), ...MULTIPLY, ...get(addend), ...ADD, LOCAL_SET, sum];
  return [
    [1, 2 + SUMS, V128],
    [...get(1), ...SPLAT, LOCAL_SET, factor, ...get(2), ...SPLAT, LOCAL_SET, addend],
    // Each starts elsewhere: the compiler would merge equal ones.
    sums.flatMap((sum, i) => [F32_CONST, 0, 0, i + 1, 0x40, ...SPLAT, LOCAL_SET, sum]),
    [LOOP, NO_RESULT, ...sums.flatMap(step)],
    [...get(0), I32_CONST, 1, SUBTRACT, LOCAL_TEE, 0, BRANCH_IF, 0, END], // while (--passes)
    get(firstSum),
    sums.slice(1).flatMap((sum) => [get(sum), ADD].flat()),
    [...LANE, 0, END],
  ].flat();
}

/** @param {readonly number[]} bytes */
const sized = (bytes) => [...leb128(bytes.length), ...bytes];

const section = (/** @type {number} */ id, /** @type {readonly number[]} */ bytes) => [
  id,
  ...sized(bytes),
];

/**
 * @param {number} value
 * @returns {number[]}
 */
function leb128(value) {
  return value < 128 ? [value] : [128 | (value & 127), ...leb128(value >>> 7)];
}

const PASSES = 100_000;

/** Why there are no figures of relaxed SIMD. */
export const NO_RELAXED_SIMD = `Node ${process.versions.node} has no relaxed SIMD`;

export const hasRelaxedSimd = () => WebAssembly.validate(peakModule({ isRelaxed: true }));

/** Operations of one step. */
export const PEAK_FLOPS = PASSES * FLOPS_PER_PASS;

/**
 * Not a model: multiplications and additions, nothing else, four lanes at a time.
 *
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export function plain() {
  return start({ isRelaxed: false });
}

/**
 * The same in one instruction each.
 *
 * @returns {Promise<import('../serve.mjs').Runner>}
 * @throws {Error} where Node has no relaxed SIMD
 */
export function fused() {
  return start({ isRelaxed: true });
}

/**
 * @param {{ isRelaxed: boolean }} options
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
async function start({ isRelaxed }) {
  const bytes = peakModule({ isRelaxed });
  if (!WebAssembly.validate(bytes)) throw new Error(NO_RELAXED_SIMD);
  const { instance } = await WebAssembly.instantiate(bytes);
  const run = /** @type {(passes: number, factor: number, addend: number) => number} */ (
    instance.exports['run']
  );
  return {
    what: `128-bit ${isRelaxed ? 'fused multiply-add' : 'multiply and add'} in WebAssembly`,
    step: () => {
      run(PASSES, 0.5, 1); // converges to 2: no overflow, no denormals
    },
  };
}
