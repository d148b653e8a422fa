import type { GraphNode } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
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
  UNSEEN,
} from './attention-tiles.js';

/**
 * Causal attention. A group has a block of queries of one head, and goes through the keys and values that they see; the softmax is mended as
 * larger scores come.
 *
 * Source: Dao et al. (2022), "FlashAttention", https://arxiv.org/abs/2205.14135
 */
export function attention(node: GraphNode, context: KernelContext): Dispatch[] {
  const [y, sums] = node.outputs;
  const sizes = sizesOf(node);
  const { B, T, heads, kvHeads, d } = sizes;
  if (B * T === 0) return [];
  const kernel = new Kernel(context, node.kernel);
  const tiles = new Tiles(kernel, sizes, B * heads);
  const { own, other, shared } = tiles;
  const parts = partsOf(node, node.inputs);
  for (const name of ['query', 'key', 'value'] as const) tiles.reader(name, parts[name]);
  declareFirstSeen(kernel, node, T);
  kernel.use('exp_', 'log_');
  const dropping = droppingOf(node, kernel);
  const columns = Array.from({ length: other / shared }, (_, k) => k);
  const at = (k: number): string => `weights_[row * ${other + 1}u + part + ${k * shared}u]`;
  const place = `(matrix * ${T}u + own0 + row) * ${T}u + other0 + part`;
  const dropped = (k: number): string =>
    dropping === undefined ? `p${k}` : `p${k} * ${dropping.factor(`${place} + ${k * shared}u`)}`;
  const to = { value: y, row: heads * d, skip: 0 };
  const body = `let matrix = group % ${B * heads}u;
let own0 = (${tiles.blocks - 1}u - group / ${B * heads}u) * ${own}u;
let b = matrix / ${heads}u;
let head = matrix % ${heads}u;
${tiles.start('query', parts.query, 'head')}
${tiles.start('key', parts.key, `head / ${heads / kvHeads}u`)}
${tiles.start('value', parts.value, `head / ${heads / kvHeads}u`)}
${dropping?.key ?? ''}
${tiles.places()}
let row = local / ${shared}u;
let part = local % ${shared}u;
${tiles.is.map((i) => `let first${i} = first_seen(b, own0 + y + ${i * SIDE}u);`).join('\n')}
if (local < ${own}u) { rows_[local] = f32(first_seen(b, own0 + local)); }
${leastOfRows(kernel, own)}
var most = ${UNSEEN};
var total = 0.0f;
${tiles.sums('sum')}
for (var other0 = least / ${other}u * ${other}u; other0 < min(own0 + ${own}u, ${T}u); other0 += ${other}u) {
${tiles.products('s', 'query', 'key')}
${tiles.each((i, j) => `${tiles.weight(i, j)} = select(${UNSEEN}, s${i}_${j} * ${float(1 / Math.sqrt(d))}, other >= first${i} && other <= own);`)}
workgroupBarrier();
var high = most;
${columns.map((k) => `let s${k} = ${at(k)};\nhigh = max(high, s${k});`).join('\n')}
tile_[local] = vec4(high);
workgroupBarrier();
${Array.from({ length: shared }, (_, k) => `high = max(high, tile_[row * ${shared}u + ${k}u].x);`).join('\n')}
let decay = exp_(most - high);
total *= decay;
most = high;
if (part == 0u) { rows_[row] = decay; }
${columns
  .map(
    (k) => `let p${k} = select(exp_(s${k} - high), 0.0f, s${k} == ${UNSEEN});
total += p${k};
${at(k)} = select(${dropped(k)}, ${UNSEEN}, s${k} == ${UNSEEN});`,
  )
  .join('\n')}
workgroupBarrier();
${tiles.scale('sum')}
${tiles.add('sum', 'value')}
}
tile_[local] = vec4(total);
workgroupBarrier();
if (part == 0u) {
total = ${Array.from({ length: shared }, (_, k) => `tile_[local + ${k}u].x`).join(' + ')};
rows_[row] = total;
if (own0 + row < ${T}u) { ${kernel.store(sums, `(b * ${T}u + own0 + row) * ${heads}u + head`, 'most + log_(total)')} }
}
workgroupBarrier();
${tiles.store('sum', to, tiles.startOf(to, 'head'), (sum, row) => `${sum} / rows_[${row}]`)}`;
  return [kernel.dispatch(body, { size: SIZE, groups: tiles.blocks * B * heads })];
}
