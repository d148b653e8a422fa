import { FLOPS_PER_PASS, peakModule } from '../peak/peak-module.mjs';

const PASSES = 100_000;

/** Operations of one step. */
export const PEAK_FLOPS = PASSES * FLOPS_PER_PASS;

/**
 * Not a model: multiplications and additions, nothing else, four lanes at a time.
 *
 * @returns {Promise<import('../serve.mjs').Runner>}
 */
export async function start() {
  const relaxed = peakModule({ isRelaxed: true });
  const isRelaxed = WebAssembly.validate(relaxed);
  const bytes = isRelaxed ? relaxed : peakModule({ isRelaxed });
  const { instance } = await WebAssembly.instantiate(bytes);
  const run = /** @type {(passes: number, factor: number, addend: number) => number} */ (
    instance.exports['run']
  );
  return {
    what: `128-bit ${isRelaxed ? 'fused multiply-add' : 'multiply and add'} in WebAssembly, Node ${process.versions.node}`,
    step: () => {
      run(PASSES, 0.5, 1); // converges to 2: no overflow, no denormals
    },
  };
}
