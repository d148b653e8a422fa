import type { GraphNode, Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { ATTENDED } from '../graph/attended.js';
import { given } from '../pointwise/activations.js';
import { Kernel, type KernelContext } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import {
  declareFirstSeen,
  droppingOf,
  leastOfRows,
  partsOf,
  SIDE,
  SIZE,
  sizesOf,
  Tiles,
  type AttentionSizes,
  type Dropping,
  type Part,
  type Parts,
  UNSEEN,
} from './attention-tiles.js';

/**
 * The gradients of causal attention. A first kernel gathers what there is to know of each query; then one adds up the gradients of a block of
 * queries over keys, and one those of a block of keys and values over queries, of all heads that share them, in their order. A query that sees
 * itself alone has no slope, which is said, as sums of rounded numbers would leave one.
 */
export function attentionGradient(node: GraphNode, context: KernelContext): Dispatch[] {
  const sizes = sizesOf(node);
  const { B, T, heads } = sizes;
  if (B * T === 0) return [];
  const facts = context.scratch(2 * B * heads * T + B * T + 2);
  return [
    gatherFacts(node, context, facts),
    queryGradient(node, opened(node, context, facts, B * heads)),
    // With larger blocks it takes SwiftShader minutes to compile.
    sharedGradient(node, opened(node, context, facts)),
  ];
}

/** Where the facts of queries lie. */
interface Facts {
  /** The logarithm of a query's denominator, and the mean of its slopes, at its head's and its place. */
  readonly sum: (place: string) => string;
  readonly mean: (place: string) => string;
  /** The first position that one sees, at its place in `[B, T]`. */
  readonly first: (place: string) => string;
  /** The key of dropout's mask, in halves. */
  readonly key: readonly [high: string, low: string];
}

function factsAt(array: string, { B, T, heads }: AttentionSizes): Facts {
  const n = B * heads * T;
  return {
    sum: (place) => `${array}[${place}]`,
    mean: (place) => `${array}[${n}u + ${place}]`,
    first: (place) => `${array}[${2 * n}u + ${place}]`,
    key: [`${array}[${2 * n + B * T}u]`, `${array}[${2 * n + B * T + 1}u]`],
  };
}

function gatherFacts(node: GraphNode, context: KernelContext, scratch: Value): Dispatch {
  const sizes = sizesOf(node);
  const { B, T, heads, d } = sizes;
  const [sums, dy, y] = ['sums', 'dy', ATTENDED].map((name) => given(node, name));
  const kernel = new Kernel(context, node.kernel);
  declareFirstSeen(kernel, node, T);
  const facts = factsAt(kernel.scratch(scratch), sizes);
  const dropping = droppingOf(node, kernel);
  const key =
    dropping === undefined
      ? ''
      : `if (i == 0u) {
${dropping.key}
${facts.key[0]} = f32(dropout_key >> 16u);
${facts.key[1]} = f32(dropout_key & 0xffffu);
}`;
  const statements = `let t = i % ${T}u;
let b = i / ${heads * T}u;
let head = (i / ${T}u) % ${heads}u;
let row = (b * ${T}u + t) * ${heads}u + head;
var mean = 0.0f;
for (var c = 0u; c < ${d}u; c++) { mean += ${kernel.at(dy, `row * ${d}u + c`)} * ${kernel.at(y, `row * ${d}u + c`)}; }
${facts.sum('i')} = ${kernel.at(sums, 'row')};
${facts.mean('i')} = mean;
if (head == 0u) { ${facts.first(`b * ${T}u + t`)} = f32(first_seen(b, t)); }
${key}`;
  return kernel.each(B * heads * T, statements);
}

/** A kernel, and what its body is written with. */
interface Opened {
  readonly kernel: Kernel;
  readonly tiles: Tiles;
  readonly sizes: AttentionSizes;
  readonly parts: Parts & { readonly dy: Part };
  readonly facts: Facts;
  readonly dropping: Dropping | undefined;
}

function opened(
  node: GraphNode,
  context: KernelContext,
  scratch: Value,
  matrices?: number,
): Opened {
  const sizes = sizesOf(node);
  const kernel = new Kernel(context, node.kernel);
  const tiles = new Tiles(kernel, sizes, matrices);
  const dy = { value: given(node, 'dy'), row: sizes.heads * sizes.d, skip: 0 };
  const parts = { ...partsOf(node, node.inputs), dy };
  for (const name of ['query', 'key', 'value', 'dy'] as const) tiles.reader(name, parts[name]);
  kernel.use('exp_');
  const facts = factsAt(kernel.scratch(scratch), sizes);
  const key = `(u32(${facts.key[0]}) << 16u) | u32(${facts.key[1]})`;
  return { kernel, tiles, sizes, parts, facts, dropping: droppingOf(node, kernel, key) };
}

function queryGradient(
  node: GraphNode,
  { kernel, tiles, sizes, parts, facts, dropping }: Opened,
): Dispatch {
  const { B, T, heads, kvHeads, d } = sizes;
  const { own, other } = tiles;
  const to = partsOf(node, node.outputs).query;
  const scale = float(1 / Math.sqrt(d));
  const shared = `head / ${heads / kvHeads}u`;
  const factor =
    dropping === undefined ? '' : ` * ${dropping.factor(`(matrix * ${T}u + own) * ${T}u + other`)}`;
  const body = `let matrix = group % ${B * heads}u;
let own0 = (${tiles.blocks - 1}u - group / ${B * heads}u) * ${own}u;
let b = matrix / ${heads}u;
let head = matrix % ${heads}u;
${tiles.start('query', parts.query, 'head')}
${tiles.start('dy', parts.dy, 'head')}
${tiles.start('key', parts.key, shared)}
${tiles.start('value', parts.value, shared)}
${dropping?.key ?? ''}
${tiles.places()}
${tiles.is
  .map(
    (i) => `let t${i} = min(own0 + y + ${i * SIDE}u, ${T - 1}u);
let first${i} = u32(${facts.first(`b * ${T}u + t${i}`)});
let sum${i} = ${facts.sum(`matrix * ${T}u + t${i}`)};
let mean${i} = ${facts.mean(`matrix * ${T}u + t${i}`)};`,
  )
  .join('\n')}
if (local < ${own}u) { rows_[local] = ${facts.first(`b * ${T}u + min(own0 + local, ${T - 1}u)`)}; }
${leastOfRows(kernel, own)}
${tiles.sums('total')}
for (var other0 = least / ${other}u * ${other}u; other0 < min(own0 + ${own}u, ${T}u); other0 += ${other}u) {
${tiles.products('s', 'query', 'key')}
${tiles.products('g', 'dy', 'value')}
${tiles.each(
  (i, j) => `let p = exp_(s${i}_${j} * ${scale} - sum${i});
let slope = p * (g${i}_${j}${factor} - mean${i}) * ${scale};
${tiles.weight(i, j)} = select(${UNSEEN}, slope, other >= first${i} && other <= own && first${i} < own);`,
)}
workgroupBarrier();
${tiles.add('total', 'key')}
}
${tiles.store('total', to, tiles.startOf(to, 'head'), (sum) => sum)}`;
  return kernel.dispatch(body, { size: SIZE, groups: tiles.blocks * B * heads });
}

function sharedGradient(
  node: GraphNode,
  { kernel, tiles, sizes, parts, facts, dropping }: Opened,
): Dispatch {
  const { B, T, heads, kvHeads, d } = sizes;
  const { own, other } = tiles;
  const to = partsOf(node, node.outputs);
  const scale = float(1 / Math.sqrt(d));
  const factor =
    dropping === undefined ? '1.0f' : dropping.factor(`(first_row + other) * ${T}u + own`);
  // Queries of later texts see none of the block.
  const haveStarts = given(node, 'starts').source.kind !== 'constant';
  const passing =
    haveStarts && tiles.blocks > 1
      ? `if (local < ${other}u) { rows_[local] = ${facts.first(`b * ${T}u + min(other0 + local, ${T - 1}u)`)}; }
${leastOfRows(kernel, other)}
if (least >= own0 + ${own}u) { continue; }`
      : '';
  const body = `let matrix = group % ${B * kvHeads}u;
let own0 = (group / ${B * kvHeads}u) * ${own}u;
let b = matrix / ${kvHeads}u;
let kv_head = matrix % ${kvHeads}u;
${tiles.start('key', parts.key, 'kv_head')}
${tiles.start('value', parts.value, 'kv_head')}
${dropping?.key ?? ''}
${tiles.places()}
${tiles.sums('dk')}
${tiles.sums('dv')}
for (var head = kv_head * ${heads / kvHeads}u; head < (kv_head + 1u) * ${heads / kvHeads}u; head++) {
${tiles.start('query', parts.query, 'head')}
${tiles.start('dy', parts.dy, 'head')}
let first_row = (b * ${heads}u + head) * ${T}u;
for (var other0 = own0; other0 < ${T}u; other0 += ${other}u) {
${passing}
${tiles.products('s', 'key', 'query')}
${tiles.products('g', 'value', 'dy')}
${tiles.js
  .map(
    (j) => `let t${j} = min(other0 + x + ${j * SIDE}u, ${T - 1}u);
let first${j} = u32(${facts.first(`b * ${T}u + t${j}`)});
let sum${j} = ${facts.sum(`first_row + t${j}`)};
let mean${j} = ${facts.mean(`first_row + t${j}`)};`,
  )
  .join('\n')}
${tiles.each(
  (i, j) => `let is_seen = other < ${T}u && own >= first${j} && own <= other;
let p = exp_(s${i}_${j} * ${scale} - sum${j});
let factor = ${factor};
${tiles.weight(i, j)} = select(${UNSEEN}, p * factor, is_seen);
g${i}_${j} = select(${UNSEEN}, p * (g${i}_${j} * factor - mean${j}) * ${scale}, is_seen && first${j} < other);`,
)}
workgroupBarrier();
${tiles.add('dv', 'dy')}
${tiles.each((i, j) => `${tiles.weight(i, j)} = g${i}_${j};`)}
workgroupBarrier();
${tiles.add('dk', 'query')}
}
}
${tiles.store('dk', to.key, tiles.startOf(to.key, 'kv_head'), (sum) => sum)}
${tiles.store('dv', to.value, tiles.startOf(to.value, 'kv_head'), (sum) => sum)}`;
  return kernel.dispatch(body, { size: SIZE, groups: tiles.blocks * B * kvHeads });
}
