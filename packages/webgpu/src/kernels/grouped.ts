import { sizeOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { Dispatch } from '../wgsl/dispatch.js';
import { ADAM_MEMBER } from '../graph/group.js';
import { adamStep } from '../pointwise/updates.js';
import { Kernel, lineWriter, type KernelContext } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import { groupSum } from './groups.js';

/** Invocations of a group, and elements that it goes through. */
const [SIZE, PART] = [256, 1024];

/** A part of a tensor: which one, from where on, and how many elements. */
interface Part {
  readonly member: number;
  readonly from: number;
  readonly count: number;
}

/** Tensors in parts of equal size, but for each one's last. */
function partsOf(values: readonly Value[], length = PART): Part[] {
  return values.flatMap((value, member) => {
    const size = sizeOf(value);
    return Array.from({ length: Math.ceil(size / length) }, (_, i) => ({
      member,
      from: i * length,
      count: Math.min(length, size - i * length),
    }));
  });
}

/** The sum of squares of many tensors: of parts of them first, then of those. */
export function squaresSums(node: GraphNode, context: KernelContext): Dispatch[] {
  const { inputs, outputs } = node;
  const parts = partsOf(inputs, 4 * PART);
  const partial = context.scratch(parts.length);
  const kernel = new Kernel(context, node.kernel);
  groupSum(kernel, SIZE);
  const arena = kernel.arena();
  const table = kernel.table(1 + 2 * parts.length, (placeOf) =>
    Uint32Array.from([
      placeOf(partial),
      ...parts.flatMap(({ member, from, count }) => [placeOf(inputs[member]) + from, count]),
    ]),
  );
  const body = `let start = ${table}[1u + group * 2u];
let count = ${table}[2u + group * 2u];
var total = 0.0f;
for (var k = local; k < count; k += ${SIZE}u) {
let x = ${arena}[start + k];
total += x * x;
}
total = group_sum(total, local);
if (local == 0u) { ${arena}[${table}[0] + group] = total; }`;
  const first = kernel.dispatch(body, { size: SIZE, groups: parts.length });
  const second = new Kernel(context, node.kernel);
  groupSum(second, SIZE);
  const sum = `var total = 0.0f;
for (var k = local; k < ${parts.length}u; k += ${SIZE}u) { total += ${second.scratch(partial)}[k]; }
total = group_sum(total, local);
if (local == 0u) { ${second.store(outputs[0], '0u', 'total')} }`;
  return [first, second.dispatch(sum, { size: SIZE, groups: 1 })];
}

/** Counters that move on, each by the same. */
export function increments(node: GraphNode, context: KernelContext): Dispatch[] {
  const { inputs, attrs } = node;
  const kernel = new Kernel(context, node.kernel);
  const slab = kernel.slab(inputs[0]);
  const table = kernel.table(inputs.length, (placeOf) => Uint32Array.from(inputs, placeOf));
  const body = `if (group * 64u + local < ${inputs.length}u) { ${slab}[${table}[group * 64u + local]] += ${float(Number(attrs['by']))}; }`;
  return [kernel.dispatch(body, { size: 64, groups: Math.ceil(inputs.length / 64) })];
}

/** Steps of Adam of many parameters. */
export function adamUpdates(node: GraphNode, context: KernelContext): Dispatch[] {
  const count = Number(node.attrs['members']);
  const width = ADAM_MEMBER.length;
  const members = Array.from({ length: count }, (_, i) =>
    node.inputs.slice(i * width, (i + 1) * width),
  );
  const [rate, scale]: (Value | undefined)[] = node.inputs.slice(count * width);
  const kernel = new Kernel(context, node.kernel);
  const parts = partsOf(members.map(([parameter]) => parameter));
  const buffers = [0, 1, 2, 3, 4].map((i) => kernel.whole(members[0][i]));
  const shared = [rate, scale].map((value) => value && sharedElement(kernel, value));
  const places = [rate, scale].filter((value) => value !== undefined && !isNumber(value, context));
  const columns = width + 1;
  const table = kernel.table(places.length + columns * parts.length, (placeOf) =>
    Uint32Array.from([
      ...places.map((value) => (value === undefined ? 0 : placeOf(value))),
      ...parts.flatMap(({ member, from, count: n }) => [
        ...members[member].map((value, i) => placeOf(value) + (i === width - 1 ? 0 : from)),
        n,
      ]),
    ]),
  );
  let place = 0;
  const [rateName, scaleName] = shared.map((element) =>
    element === undefined ? undefined : element(() => `${table}[${place++}]`),
  );
  const lines: string[] = [];
  const line = lineWriter(lines);
  const [w, g, first, second, step] = buffers.map((buffer, i) =>
    i === width - 1 ? 'step' : line(`${buffer}[at${i} + k]`),
  );
  const gradient = scaleName === undefined ? g : line(`${g} * scale`);
  const call = { node, kernel, output: 0, index: 'k', line };
  const next = adamStep(call, { w, g: gradient, first, second, rate: 'rate', step }).map(line);
  const stores = [0, 2, 3].map((i, k) => `${buffers[i]}[at${i} + k] = ${next[k]};`);
  const body = `let row = ${places.length}u + group * ${columns}u;
${ADAM_MEMBER.map((_, i) => `let at${i} = ${table}[row + ${i}u];`).join('\n')}
let count = ${table}[row + ${width}u];
let step = ${buffers[width - 1]}[at${width - 1}];
let rate = ${rateName ?? '0.0f'};
${scaleName === undefined ? '' : `let scale = ${scaleName};`}
for (var k = local; k < count; k += ${SIZE}u) {
${[...lines, ...stores].join('\n')}
}`;
  return [kernel.dispatch(body, { size: SIZE, groups: parts.length })];
}

function isNumber(value: Value, { rootOf }: KernelContext): boolean {
  return 'values' in rootOf(value).source;
}

/** A scalar that all share: a number, or read from its buffer at a place that the table has. */
function sharedElement(kernel: Kernel, value: Value): (nextPlace: () => string) => string {
  const { source } = kernel.context.rootOf(value);
  if ('values' in source) return () => float(source.values[0]);
  const buffer = kernel.whole(value);
  return (nextPlace) => `${buffer}[${nextPlace()}]`;
}
