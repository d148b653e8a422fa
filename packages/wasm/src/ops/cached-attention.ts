import { kernelInstruction } from '../graph/instruction.js';
import { bytesOf, isNumeric, sizeOf } from '../kernels/tensor-type.js';
import { describeTensors, describeValue, isTensor, ownOp } from './own-op.js';

const NAME = 'CachedAttention';
const WRITE = 'WriteRows';

/**
 * `engine().runKernel('CachedAttention', { query, keys, values, positions }, { heads, kvHeads })`: what the newest position of each row,
 * `query` `[B, 1, heads d]`, gathers from the keys and values that are kept, `[B, T, kvHeads d]`: those at 0 to `positions[b, 0]`, int32
 * `[B, 1]`. y `[B, 1, heads d]`; without a gradient. A position below 0 counts as 0, one beyond T - 1 as that.
 */
export const cachedAttention = ownOp({
  kernelName: NAME,
  inputNames: ['query', 'keys', 'values', 'positions'],
  outputs(inputs, { heads, kvHeads }) {
    const { query, keys, values, positions } = inputs;
    const [B, T, width] = keys.shape;
    const areCounts = [heads, kvHeads].every(
      (count) => Number.isInteger(count) && Number(count) > 0,
    );
    const d = width / Number(kvHeads);
    const fits =
      keys.shape.length === 3 &&
      T > 0 &&
      d > 0 &&
      isTensor(query, 'float32', [B, 1, Number(heads) * d]) &&
      [keys, values].every((kept) => isTensor(kept, 'float32', [B, T, width])) &&
      isTensor(positions, 'int32', [B, 1]);
    if (!areCounts || Number(heads) % Number(kvHeads) !== 0 || !Number.isInteger(d) || !fits) {
      throw new RangeError(
        `${NAME}: query must be float32 [B, 1, heads d], keys and values float32 [B, T, kvHeads d], positions int32 [B, 1], kvHeads a ` +
          `divisor of heads; got ${describeTensors(inputs)}, heads ${describeValue(heads)}, kvHeads ${describeValue(kvHeads)}`,
      );
    }
    return [{ shape: query.shape, dtype: 'float32' }];
  },
  lower({ query, keys, values, positions }, node) {
    const [B, T, width] = keys.shape;
    const [heads, kvHeads] = [Number(node.attrs['heads']), Number(node.attrs['kvHeads'])];
    const d = width / kvHeads;
    const sizes = [B, T, heads, kvHeads, d, { scratch: 0 }];
    const args = [query, keys, values, positions, ...node.outputs, ...sizes];
    return kernelInstruction(node, [{ kernel: 'cachedAttention', args }], {
      overwrites: [],
      scratchBytes: (T + d) * 4,
    });
  },
});

/**
 * `engine().runKernel('WriteRows', { x, rows, positions })`: x `[B, T, …]` with the rows `[B, n, …]` of its type at their positions,
 * int32 `[B, n]`; of rows at one position the last counts, and one at a position that x hasn't is left out. In a compiled step that assigns
 * the result to the variable that x is, nothing else of it is written.
 */
export const writeRows = ownOp({
  kernelName: WRITE,
  inputNames: ['x', 'rows', 'positions'],
  outputs(inputs) {
    const { x, rows, positions } = inputs;
    const [B, , ...rest] = x.shape;
    const [, n] = rows.shape;
    const { dtype } = x;
    const fits =
      x.shape.length > 1 &&
      rows.dtype === dtype &&
      rows.shape.join() === [B, n, ...rest].join() &&
      isTensor(positions, 'int32', [B, n]);
    if (!fits || !isNumeric(dtype)) {
      throw new RangeError(
        `${WRITE}: x must be [B, T, ...], rows [B, n, ...] of its type, positions int32 [B, n]; got ${describeTensors(inputs)}`,
      );
    }
    return [{ shape: x.shape, dtype }];
  },
  lower({ x, rows, positions }, node) {
    const [out] = node.outputs;
    const [B, T] = x.shape;
    const [, n] = rows.shape;
    const bytes = sizeOf(rows) === 0 ? 0 : bytesOf(rows) / B / n;
    const steps = [
      { kernel: 'copy', args: [x, out, bytesOf(x)] },
      { kernel: 'writeRows', args: [rows, positions, out, B, n, T, bytes] },
    ] as const;
    return kernelInstruction(node, steps, { overwrites: [x] });
  },
});
