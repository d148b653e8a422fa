import { viewNode, type Graph, type GraphNode, type Value } from '../../graph/graph.js';
import { rewrite, type Rewrite, type RewriteContext } from './rewrite.js';

/**
 * Takes transpositions into products: `A Bᵀ` of a transposed B is a product with B, and `(A B)ᵀ` is `Bᵀ Aᵀ`. Each
 * number is still the same sum in the same order.
 */
export function foldTransposes(graph: Graph): Graph {
  return rewrite(graph, (node, context) => {
    if (node.kernel === 'BatchMatMul') return foldInputs(node, context);
    if (node.kernel === 'Transpose') return foldOutput(node, context);
    return undefined;
  });
}

function foldInputs(node: GraphNode, { producerOf }: RewriteContext): Rewrite | undefined {
  const [a, b] = node.inputs.map((value) => transposedFrom(producerOf(value)));
  if (a === undefined && b === undefined) return undefined;
  const { transposeA, transposeB } = node.attrs;
  const attrs = {
    transposeA: transposeA === (a === undefined),
    transposeB: transposeB === (b === undefined),
  };
  return { nodes: [{ ...node, attrs, inputs: [a ?? node.inputs[0], b ?? node.inputs[1]] }] };
}

function foldOutput(node: GraphNode, context: RewriteContext): Rewrite | undefined {
  const product = context.producerOf(node.inputs[0]);
  if (product?.kernel !== 'BatchMatMul' || !context.isReadOnce(node.inputs[0])) return undefined;
  if (transposedFrom(node) === undefined) return undefined;
  const { transposeA, transposeB } = product.attrs;
  const attrs = { transposeA: transposeB !== true, transposeB: transposeA !== true };
  const [a, b] = product.inputs;
  return { nodes: [{ ...product, attrs, inputs: [b, a], outputs: node.outputs }] };
}

/** What a node transposes, when it swaps the last two axes and no other. */
function transposedFrom(node: GraphNode | undefined): Value | undefined {
  if (node?.kernel !== 'Transpose') return undefined;
  const { perm } = node.attrs;
  if (!Array.isArray(perm) || perm.length < 2) return undefined;
  const rank = perm.length;
  const expected = perm.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return expected.every((axis, i) => axis === perm[i]) ? node.inputs[0] : undefined;
}

/** Rows shorter than this aren't worth moving as wholes. */
const LEAST_WIDTH = 16;

/**
 * `[a, b, c]` to `[c, b, a]`, as a convolution's weight goes to and from the layout of its product, becomes the
 * transposition of a matrix and a move of whole rows. Both move four values at a time where a general permutation moves one
 * (64 x 64 x 2: 3 µs instead of 7).
 */
export function splitPermutations(graph: Graph): Graph {
  return rewrite(graph, (node, context) => {
    const { perm } = node.attrs;
    const [x] = node.inputs;
    if (node.kernel !== 'Transpose' || !isReversed(perm) || x.dtype !== 'float32') {
      return undefined;
    }
    const [a, b, c] = x.shape;
    if (b === 1 || a === 1 || c === 1 || Math.max(a, c) < LEAST_WIDTH) return undefined;
    return a >= c ? transposeThenMove(node, context) : moveThenTranspose(node, context);
  });
}

/** Whether a permutation reverses three axes: `[2, 1, 0]`. */
function isReversed(perm: unknown): boolean {
  return Array.isArray(perm) && perm.join() === '2,1,0';
}

function transposeThenMove({ inputs: [x], outputs }: GraphNode, context: RewriteContext): Rewrite {
  const [a, b, c] = x.shape;
  const chain = new Chain(context, x);
  chain.view([a, b * c]).transpose();
  // Row (j, k) of [b, c] goes to row (k, j) of [c, b].
  chain.moveRows(Int32Array.from({ length: b * c }, (_, i) => (i % b) * c + Math.floor(i / b)));
  return chain.end(outputs[0]);
}

function moveThenTranspose({ inputs: [x], outputs }: GraphNode, context: RewriteContext): Rewrite {
  const [a, b, c] = x.shape;
  const chain = new Chain(context, x);
  // Row (i, j) of [a, b] goes to row (j, i) of [b, a].
  chain.view([a * b, c]);
  chain.moveRows(Int32Array.from({ length: a * b }, (_, i) => (i % a) * b + Math.floor(i / a)));
  chain.transpose();
  return chain.end(outputs[0]);
}

/** Nodes that each read the output of the one before, a matrix. */
class Chain {
  readonly #context: RewriteContext;
  readonly #nodes: GraphNode[] = [];
  #last: Value;

  constructor(context: RewriteContext, first: Value) {
    this.#context = context;
    this.#last = first;
  }

  view(shape: readonly number[]): this {
    const to = this.#context.fresh({ shape, dtype: 'float32' });
    this.#nodes.push(viewNode(this.#last, to));
    this.#last = to;
    return this;
  }

  transpose(): this {
    const [rows, columns] = this.#last.shape;
    return this.#add('Transpose', [], { perm: [1, 0] }, [columns, rows]);
  }

  moveRows(from: Int32Array): this {
    const type = { shape: [from.length], dtype: 'int32' } as const;
    const indices = this.#context.fresh(type, { kind: 'constant', values: from });
    return this.#add('GatherV2', [indices], { axis: 0, batchDims: 0 }, this.#last.shape);
  }

  end(output: Value): Rewrite {
    this.#nodes.push(viewNode(this.#last, output));
    return { nodes: this.#nodes };
  }

  #add(
    kernel: string,
    more: readonly Value[],
    attrs: GraphNode['attrs'],
    shape: readonly number[],
  ): this {
    const to = this.#context.fresh({ shape, dtype: 'float32' });
    const names = ['x', 'indices'].slice(0, 1 + more.length);
    this.#nodes.push({ kernel, names, inputs: [this.#last, ...more], attrs, outputs: [to] });
    this.#last = to;
    return this;
  }
}
