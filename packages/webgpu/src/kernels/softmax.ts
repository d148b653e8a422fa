import { sizeOf, type GraphNode } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { given } from '../pointwise/activations.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import { groupMax, groupSum, rowSize } from './groups.js';

/** Statements that find the largest of a row and the sum of `e^(x - largest)`. */
function largestAndSum(
  kernel: Kernel,
  x: (place: string) => string,
  n: number,
  size: number,
): string {
  groupMax(kernel, size);
  groupSum(kernel, size);
  kernel.use('exp_');
  return `var most = ${float(-Infinity)};
for (var k = local; k < ${n}u; k += ${size}u) { most = larger(most, ${x(`first + k`)}); }
most = group_max(most, local);
var total = 0.0f;
for (var k = local; k < ${n}u; k += ${size}u) { total += exp_(${x(`first + k`)} - most); }
total = group_sum(total, local);`;
}

/** Softmax, or its logarithm, over the last axis: a group a row. */
export function softmax(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x] = node.inputs;
  const [out] = node.outputs;
  const isLog = node.kernel === 'LogSoftmax';
  const axis = Number(node.attrs['dim'] ?? node.attrs['axis'] ?? -1);
  if (axis !== -1 && axis !== x.shape.length - 1) {
    throw new Error(
      `compile: WebGPU has no kernel for ${node.kernel} over axis ${axis}; transpose so that it is the last`,
    );
  }
  const n = x.shape.at(-1) ?? 1;
  if (sizeOf(x) === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const size = rowSize(n);
  const at = (place: string): string => kernel.at(x, place);
  const end = isLog
    ? `${at('first + k')} - most - log_total`
    : `exp_(${at('first + k')} - most) / total`;
  if (isLog) kernel.use('log_');
  const body = `let first = group * ${n}u;
${largestAndSum(kernel, at, n, size)}
${isLog ? 'let log_total = log_(total);' : ''}
for (var k = local; k < ${n}u; k += ${size}u) { ${kernel.store(out, 'first + k', end)} }`;
  return [kernel.dispatch(body, { size, groups: sizeOf(x) / n })];
}

/** The loss of each row, and its probabilities. */
export function softmaxCrossEntropy(node: GraphNode, context: KernelContext): Dispatch[] {
  const [logits, targets] = ['logits', 'targets'].map((name) => given(node, name));
  const [losses, probabilities] = node.outputs;
  const [rows, n] = logits.shape;
  if (rows === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const size = rowSize(n);
  const at = (place: string): string => kernel.at(logits, place);
  kernel.use('log_');
  const target = `first + u32(clamp(${kernel.at(targets, 'group')}, 0i, ${n - 1}i))`;
  const body = `let first = group * ${n}u;
${largestAndSum(kernel, at, n, size)}
if (local == 0u) { ${kernel.store(losses, 'group', `log_(total) - (${at(target)} - most)`)} }
for (var k = local; k < ${n}u; k += ${size}u) { ${kernel.store(probabilities, 'first + k', `exp_(${at('first + k')} - most) / total`)} }`;
  return [kernel.dispatch(body, { size, groups: rows })];
}
