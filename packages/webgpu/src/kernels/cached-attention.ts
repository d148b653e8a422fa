import { sizeOf, type GraphNode } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { given } from '../pointwise/activations.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import { groupMax, groupSum } from './groups.js';

/** Invocations of a group. */
const SIZE = 64;

/** What the newest position of each row gathers from the keys and values that are kept: a group a head, first over keys, then over channels. */
export function cachedAttention(node: GraphNode, context: KernelContext): Dispatch[] {
  const [query, keys, values, positions] = ['query', 'keys', 'values', 'positions'].map((name) =>
    given(node, name),
  );
  const [heads, kvHeads] = [node.attrs['heads'], node.attrs['kvHeads']].map(Number);
  const [B, T, width] = keys.shape;
  const d = width / kvHeads;
  if (B === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  groupMax(kernel, SIZE);
  groupSum(kernel, SIZE);
  kernel.use('exp_');
  const scores = kernel.scratch(context.scratch(B * heads * T));
  const body = `let b = group / ${heads}u;
let query = group * ${d}u;
let first = b * ${T * width}u + (group % ${heads}u) / ${heads / kvHeads}u * ${d}u;
let count = u32(clamp(${kernel.at(positions, 'b')}, 0i, ${T - 1}i)) + 1u;
let scores = group * ${T}u;
var most = ${float(-Infinity)};
for (var t = local; t < count; t += ${SIZE}u) {
var score = 0.0f;
for (var c = 0u; c < ${d}u; c++) { score += ${kernel.at(query, 'query + c')} * ${kernel.at(keys, `first + t * ${width}u + c`)}; }
score *= ${float(1 / Math.sqrt(d))};
${scores}[scores + t] = score;
most = larger(most, score);
}
most = group_max(most, local);
var total = 0.0f;
for (var t = local; t < count; t += ${SIZE}u) {
let p = exp_(${scores}[scores + t] - most);
${scores}[scores + t] = p;
total += p;
}
total = group_sum(total, local);
storageBarrier();
for (var c = local; c < ${d}u; c += ${SIZE}u) {
var sum = 0.0f;
for (var t = 0u; t < count; t++) { sum += ${scores}[scores + t] * ${kernel.at(values, `first + t * ${width}u + c`)}; }
${kernel.store(node.outputs[0], 'query + c', 'sum / total')}
}`;
  return [kernel.dispatch(body, { size: SIZE, groups: B * heads })];
}

/** A tensor with some rows at their positions; of rows at one position the last counts. */
export function writeRows(node: GraphNode, context: KernelContext): Dispatch[] {
  const [x, rows, positions] = ['x', 'rows', 'positions'].map((name) => given(node, name));
  const count = sizeOf(x);
  const [B, T] = x.shape;
  const n = rows.shape[1];
  const width = count / (B * T);
  if (count === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const statements = `let b = i / ${T * width}u;
let t = i32((i / ${width}u) % ${T}u);
var value = ${kernel.at(x, 'i')};
${
  n === 0
    ? ''
    : `for (var k = b * ${n}u; k < (b + 1u) * ${n}u; k++) {
if (${kernel.at(positions, 'k')} == t) { value = ${kernel.at(rows, `k * ${width}u + i % ${width}u`)}; }
}`
}
${kernel.store(node.outputs[0], 'i', 'value')}`;
  return [kernel.each(count, statements)];
}
