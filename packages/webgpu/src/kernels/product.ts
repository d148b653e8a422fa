import { inputNamed, sizeOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { activate, slope } from '../pointwise/activations.js';
import { fusedActivation } from '../pointwise/rectifiers.js';
import { broadcastAxes, placeOf } from '../wgsl/indices.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import { factorsOf, sizesOf, type Sizes } from './factors.js';
import { tiles } from './product-tiles.js';

/** Multiplications up to which invocations that share nothing take no longer than those that wait for each other. */
const FEW = 2 ** 18;

/** The least depth of a part of a product that is split. */
const DEEP = 1024;

/** Groups from which on a GPU is busy. */
const MANY = 512;

/**
 * A product of matrices, one or a batch, each factor transposed or not; then the bias and the ending that the node has. Where the result is small
 * and the factors are deep, as those of a weight's gradient, parts of the depth are computed by groups of their own, and a second kernel adds them
 * up in their order.
 */
export function product(node: GraphNode, context: KernelContext): Dispatch[] {
  const sizes = sizesOf(node);
  const { M, N, K, batch } = sizes;
  if (M * N * batch === 0) return [];
  const isNarrow = Math.min(M, N) < 8 && K <= 64; // tiles would be empty for the most part
  if (isNarrow || M * N * K * batch <= FEW)
    return [byElement(node, new Kernel(context, node.kernel), sizes)];
  const parts = node.outputs[0].dtype === 'float32' ? partsOf(sizes) : 1;
  if (parts === 1) {
    const kernel = new Kernel(context, node.kernel);
    const finish = `let i = (matrix * ${M}u + row) * ${N}u + column;\n${endOf(node, kernel)}`;
    return [tiles(node, kernel, { ...sizes, parts, finish })];
  }
  const partial = context.scratch(parts * batch * M * N);
  const first = new Kernel(context, node.kernel);
  const finish = `${first.scratch(partial)}[((matrix * ${parts}u + part) * ${M}u + row) * ${N}u + column] = sum;`;
  return [
    tiles(node, first, { ...sizes, parts, finish }),
    joined(node, new Kernel(context, node.kernel), { ...sizes, parts, partial }),
  ];
}

/** Each element by itself. */
function byElement(node: GraphNode, kernel: Kernel, sizes: Sizes): Dispatch {
  const { M, N, K, batch } = sizes;
  const { type, starts, a, b } = factorsOf(node, kernel, sizes);
  return kernel.each(
    batch * M * N,
    `let column = i % ${N}u;
let row = (i / ${N}u) % ${M}u;
let matrix = i / ${M * N}u;
${starts}
var sum = ${type}();
${K === 0 ? '' : `for (var k = 0u; k < ${K}u; k++) { sum += ${a('row', 'k')} * ${b('k', 'column')}; }`}
${endOf(node, kernel)}`,
  );
}

/** Adds up the parts of each element. */
function joined(
  node: GraphNode,
  kernel: Kernel,
  { M, N, batch, parts, partial }: Sizes & { readonly parts: number; readonly partial: Value },
): Dispatch {
  const array = kernel.scratch(partial);
  return kernel.each(
    batch * M * N,
    `let column = i % ${N}u;
let first = i + i / ${M * N}u * ${(parts - 1) * M * N}u;
var sum = 0.0f;
for (var part = 0u; part < ${parts}u; part++) { sum += ${array}[first + part * ${M * N}u]; }
${endOf(node, kernel)}`,
  );
}

/** What is done with a sum at a place, and where it goes. */
function endOf(node: GraphNode, kernel: Kernel): string {
  const [c] = node.outputs;
  const [bias, alpha] = ['bias', 'preluActivationWeights'].map((name) => {
    const value = inputNamed(node, name);
    if (value === undefined) return undefined;
    const isRow = sizeOf(value) === value.shape.at(-1) && value.shape.at(-1) === c.shape.at(-1);
    const place = isRow ? 'column' : placeOf('i', broadcastAxes(value.shape, c.shape));
    return kernel.at(value, place);
  });
  const sum = bias === undefined ? 'sum' : `(sum + ${bias})`;
  const other = inputNamed(node, 'other');
  const { ending, activation, leakyreluAlpha } = node.attrs;
  if (typeof activation === 'string') {
    const by = alpha ?? float(Number(leakyreluAlpha));
    return `let x = ${sum};\n${kernel.store(c, 'i', fusedActivation(kernel, activation, 'x', by))}`;
  }
  if (typeof ending !== 'string') return kernel.store(c, 'i', sum);
  if (ending === 'add' && other !== undefined) {
    return kernel.store(c, 'i', `${sum} + ${kernel.at(other, 'i')}`);
  }
  if (ending.endsWith('Gradient') && other !== undefined) {
    const by = slope(kernel, ending.slice(0, -'Gradient'.length), sum, 'x');
    return `let x = ${kernel.at(other, 'i')};\n${kernel.store(c, 'i', by)}`;
  }
  const lines = [`let x = ${sum};`];
  const result = node.outputs.at(-1) ?? c;
  if (result !== c) lines.push(kernel.store(c, 'i', 'x'));
  lines.push(kernel.store(result, 'i', activate(kernel, ending, 'x')));
  return lines.join('\n');
}

/** How many parts the depth is cut into: more where a result has too few tiles for a GPU. */
function partsOf({ M, N, K, batch }: Sizes): number {
  const groups = Math.ceil(M / 64) * Math.ceil(N / 64) * batch;
  return Math.max(1, Math.min(Math.ceil(MANY / groups), Math.floor(K / DEEP)));
}
