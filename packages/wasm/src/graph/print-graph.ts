import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import type { TensorType } from '../kernels/tensor-type.js';
import type { Graph, GraphNode, Value } from './graph.js';

/** How many numbers of a constant are shown. */
const SHOWN = 4;

/** `float32[32,27]`; a scalar is `float32`. */
export function printType({ dtype, shape }: TensorType): string {
  return shape.length === 0 ? dtype : `${dtype}[${shape.join()}]`;
}

/** Attributes as one line, without those that are undefined: `{axis: 0, keepDims: true}`. */
export function printAttrs(attrs: NamedAttrMap): string {
  const parts = Object.entries(attrs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${printAttr(value)}`);
  return parts.length === 0 ? '' : `{${parts.join(', ')}}`;
}

function printAttr(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printAttr).join()}]`;
  if (ArrayBuffer.isView(value)) return printAttr(Array.from(value as Float32Array));
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Gives each value a name, numbered in order of appearance: `a0` an input, `%3` what a node gives, a variable its own. */
function namer(): (value: Value) => string {
  const numbers = new Map<number, number>();
  return (value) => {
    const { source } = value;
    if (source.kind === 'input') return `a${source.index}`;
    if (source.kind === 'variable') return `@${source.variable.name}`;
    if (source.kind !== 'node') return printConstant(source.values);
    const number = numbers.get(value.id) ?? numbers.size;
    numbers.set(value.id, number);
    return `%${number}`;
  };
}

function printConstant(values: ArrayLike<number>): string {
  const shown = Array.from({ length: Math.min(values.length, SHOWN) }, (_, i) =>
    String(Number(values[i].toPrecision(7))),
  );
  const list = shown.join() + (values.length > SHOWN ? ',…' : '');
  return values.length === 1 ? list : `[${list}]`;
}

/**
 * A graph as text: its inputs, one line a node, what the variables become and what is returned.
 *
 * ```
 * (a0: int32[4,2])
 * %0: float32[4,2,3] = GatherV2 x=@w indices=a0 {axis: 0, batchDims: 0}
 * return %0
 * ```
 */
export function printGraph({ inputs, nodes, assignments, results }: Graph): string {
  const name = namer();
  const line = (node: GraphNode): string => {
    const given = node.inputs.map((value, i) => {
      const label = node.names?.[i];
      return label === undefined ? name(value) : `${label}=${name(value)}`;
    });
    const outputs = node.outputs.map((value) => `${name(value)}: ${printType(value)}`);
    const words = [node.kernel, ...given, printAttrs(node.attrs)].filter((word) => word !== '');
    return `${outputs.join(', ')} = ${words.join(' ')}`;
  };
  return [
    `(${inputs.map((value) => `${name(value)}: ${printType(value)}`).join(', ')})`,
    ...nodes.map(line),
    ...assignments.map(({ variable, value }) => `@${variable.name} <- ${name(value)}`),
    `return ${results.map(name).join(', ')}`.trimEnd(),
  ].join('\n');
}
