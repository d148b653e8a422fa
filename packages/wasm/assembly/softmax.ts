// Rows of scores as probabilities, in one call: the largest is taken off first, so that nothing overflows.
import { constants } from './constants';
import { exponentials, ln } from './exponentials';
import { exp4 } from './functions';
import { firstLanes, loadPart, storePart, sumOfLanes } from './lanes';
import { BLOCK, LONG, maxOf } from './reductions';

/** `to[i, j] = e^(x[i, j] - max_j) / Σ_j`; `to` may be x. */
export function softmax(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    share(to, exponentials(x, to, n, maxOf(x, n)), n);
    x += bytes;
    to += bytes;
  }
}

/** `to[i, j] = x[i, j] - max_j - ln Σ_j e^(x[i, j] - max_j)`; `to` may be x. */
export function logSoftmax(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    const most = maxOf(x, n);
    lower(x, to, n, most, ln(sumOfExponentials(x, n, most)));
    x += bytes;
    to += bytes;
  }
}

/**
 * The probabilities of each row of logits and `losses[i] = -ln probabilities[i, targets[i]]`. A target out of range
 * has the loss NaN. Either may lie where the logits do.
 */
export function softmaxCrossEntropy(
  logits: usize, targets: usize, losses: usize, probabilities: usize, rows: i32, n: i32,
): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    const most = maxOf(logits, n), target = load<i32>(targets);
    // Read before anything is written, so that a result may lie where the logits do.
    const score: f32 = <u32>target < <u32>n ? load<f32>(logits + (<usize>target << 2)) - most : NaN;
    const sum = exponentials(logits, probabilities, n, most);
    share(probabilities, sum, n);
    store<f32>(losses, ln(sum) - score);
    logits += bytes;
    probabilities += bytes;
    targets += 4;
    losses += 4;
  }
}

/** `to[i, j] = (probabilities[i, j] - [j = targets[i]]) dLosses[i]`; `to` may be the probabilities. */
export function softmaxCrossEntropyGradient(
  probabilities: usize, targets: usize, dLosses: usize, to: usize, rows: i32, n: i32,
): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    const target = load<i32>(targets), by = load<f32>(dLosses);
    const known = <u32>target < <u32>n, offset = <usize>target << 2;
    const ours: f32 = known ? (load<f32>(probabilities + offset) - 1) * by : 0;
    scale(probabilities, to, by, n);
    if (known) store<f32>(to + offset, ours);
    probabilities += bytes;
    to += bytes;
    targets += 4;
    dLosses += 4;
  }
}

/** `Σ_j e^(x[j] - most)`, nothing written. */
function sumOfExponentials(x: usize, n: i32, most: f32): f32 {
  if (n <= LONG) return sumOfBlock(x, n, most);
  let sum: f64 = 0;
  for (; n > 0; n -= BLOCK) {
    sum += <f64>sumOfBlock(x, min(n, BLOCK), most);
    x += BLOCK << 2;
  }
  return <f32>sum;
}

function sumOfBlock(x: usize, n: i32, most: f32): f32 {
  const shift = f32x4.splat(most), k = constants();
  let sums = f32x4.splat(0);
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) sums = f32x4.add(sums, exp4(f32x4.sub(v128.load(x), shift), k));
  const lanes = n & 3;
  if (lanes) {
    const e = exp4(f32x4.sub(loadPart(x, lanes), shift), k);
    sums = f32x4.add(sums, v128.and(e, firstLanes(lanes)));
  }
  return sumOfLanes(sums);
}

/** `x[j] /= sum`. Not by its reciprocal, which would be one more rounding. */
function share(x: usize, sum: f32, n: i32): void {
  const whole = f32x4.splat(sum);
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) v128.store(x, f32x4.div(v128.load(x), whole));
  const lanes = n & 3;
  if (lanes) storePart(x, f32x4.div(loadPart(x, lanes), whole), lanes);
}

function scale(x: usize, to: usize, by: f32, n: i32): void {
  const factor = f32x4.splat(by);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, f32x4.mul(v128.load(x), factor));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, f32x4.mul(loadPart(x, lanes), factor), lanes);
}

/** `to[j] = x[j] - most - rest`, in this order. */
function lower(x: usize, to: usize, n: i32, most: f32, rest: f32): void {
  const a = f32x4.splat(most), b = f32x4.splat(rest);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, f32x4.sub(f32x4.sub(v128.load(x), a), b));
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) storePart(to, f32x4.sub(f32x4.sub(loadPart(x, lanes), a), b), lanes);
}
