import type { GraphNode, Value } from '@llm101/wasm/recording';
import type { Dispatch, FillTable, Operand } from './dispatch.js';
import { groupsOf } from './dispatch.js';
import { PRELUDE, withCalled, type FunctionName } from './functions.js';
import { elementOf, expressionType, isSplat, literal } from './types.js';

/** What kernels need to know of the graph that they are of. */
export interface KernelContext {
  /** The value whose memory a value lies in. */
  readonly rootOf: (value: Value) => Value;
  /** What names a value's memory: values of one key lie in the same place. */
  readonly keyOf: (root: Value) => string;
  /** The number of the buffer that a variable's value lies in; undefined for what the step makes. */
  readonly slabOf: (root: Value) => number | undefined;
  /** What isn't in memory, by its id: each element is computed where it is read. */
  readonly inlined: ReadonlyMap<number, Inlined>;
  /** Memory for the kernels of one node. */
  readonly scratch: (size: number) => Value;
}

/** A node whose elements are computed where they are read. */
export interface Inlined {
  readonly node: GraphNode;
  readonly compute: Pointwise;
}

/** What is asked of a node that computes each element by itself. */
export interface PointwiseCall {
  readonly node: GraphNode;
  readonly kernel: Kernel;
  /** The number of the output. */
  readonly output: number;
  /** The name of the element's place. */
  readonly index: string;
  /** Gives an expression a name, so that it is computed once. */
  readonly line: (expression: string) => string;
}

/** An expression of an element of an output. */
export type Pointwise = (call: PointwiseCall) => string;

/** How a kernel runs. */
export interface KernelShape {
  /** Invocations of a group. */
  readonly size: number | readonly [x: number, y: number];
  /** How many groups, or along which dimensions. */
  readonly groups: number | readonly [x: number, y: number, z: number];
}

/**
 * Builds the WGSL of a kernel: arrays get their bindings as they are named, and the elements of inlined values are functions. Names are
 * numbered as they come, so that kernels of equal work have equal code and share a pipeline.
 *
 * Within the body `group` is the number of the group, where groups have one dimension, `groups` its place along three, and `local` the number of
 * the invocation in the group.
 */
export class Kernel {
  readonly context: KernelContext;
  readonly #name: string;
  readonly #operands: { readonly key: string; readonly type: string; readonly operand: Operand }[] =
    [];
  readonly #inlined = new Map<number, string>();
  readonly #used = new Set<FunctionName>();
  readonly #declared: string[] = [];

  constructor(context: KernelContext, name: string) {
    this.context = context;
    this.#name = name;
  }

  /** The name of the array that a value lies in. It must be in memory. */
  array(value: Value): string {
    const root = this.context.rootOf(value);
    if (this.context.inlined.has(root.id))
      throw new Error(`${this.#name}: an inlined value has no array`);
    return this.#bind(this.context.keyOf(root), elementOf(root), { kind: 'value', value: root });
  }

  /** The name of an array for this node's kernels alone. */
  scratch(value: Value): string {
    return this.#bind(`scratch ${value.id}`, elementOf(value), { kind: 'scratch', value });
  }

  /** The name of an array of so many whole numbers. */
  table(length: number, fill: FillTable): string {
    return this.#bind(`table ${this.#operands.length}`, 'u32', { kind: 'table', length, fill });
  }

  /** The name of the array that all of what the step makes lies in. */
  arena(): string {
    return this.#bind('arena', 'f32', { kind: 'arena' });
  }

  /** The name of the array that a variable lies in, with others. */
  slab(of: Value): string {
    const root = this.context.rootOf(of);
    return this.#bind(`slab ${this.context.slabOf(root)}`, 'f32', { kind: 'slab', of: root });
  }

  /** The name of the array that a value lies in, with others. */
  whole(value: Value): string {
    return this.context.slabOf(this.context.rootOf(value)) === undefined
      ? this.arena()
      : this.slab(value);
  }

  /** The element of a value at an index, an expression of u32: loaded, computed, or a number that all elements are. */
  at(value: Value, index: string): string {
    const root = this.context.rootOf(value);
    const { source } = root;
    if ('values' in source && isSplat(source.values)) return literal(source.values[0], root);
    const producer = this.context.inlined.get(root.id);
    if (producer !== undefined) return `${this.#functionOf(root, producer)}(${index})`;
    const element = `${this.array(root)}[${index}]`;
    return root.dtype === 'bool' ? `(${element} != 0u)` : element;
  }

  /** A statement that writes an element of a value. */
  store(value: Value, index: string, expression: string): string {
    const written = value.dtype === 'bool' ? `select(0u, 1u, ${expression})` : expression;
    return `${this.array(value)}[${index}] = ${written};`;
  }

  /** Makes functions callable. @returns the first one's name */
  use(...names: FunctionName[]): string {
    for (const name of names) this.#used.add(name);
    return names[0];
  }

  /** Adds a declaration of the module, such as memory of the group, once. */
  declare(code: string): void {
    if (!this.#declared.includes(code)) this.#declared.push(code);
  }

  /** The whole. @param body - statements of the entry */
  dispatch(body: string, { size, groups }: KernelShape): Dispatch {
    const [x, y] = typeof size === 'number' ? [size, 1] : size;
    const counts = typeof groups === 'number' ? groupsOf(groups) : groups;
    const bindings = this.#operands.map(
      ({ type, operand }, i) =>
        `@group(0) @binding(${i}) var<storage, ${operand.kind === 'table' ? 'read' : 'read_write'}> b${i}: array<${type}>;`,
    );
    const code = [
      ...bindings,
      PRELUDE,
      ...withCalled(this.#used),
      ...this.#declared,
      `@compute @workgroup_size(${x}, ${y})`,
      'fn main(@builtin(workgroup_id) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {',
      'zero = groups.y >> 31u;',
      ...(typeof groups === 'number'
        ? [
            `let group = groups.x + groups.y * ${counts[0]}u;`,
            ...(counts[1] > 1 ? [`if (group >= ${groups}u) { return; }`] : []),
          ]
        : []),
      body,
      '}',
    ].join('\n');
    return {
      name: this.#name,
      code,
      operands: this.#operands.map(({ operand }) => operand),
      groups: counts,
    };
  }

  /** A kernel whose statements are done once for each `i` below a count. */
  each(count: number, statements: string): Dispatch {
    const size = count < MANY ? 64 : 256;
    const body = `let i = group * ${size}u + local;
if (i < ${count}u) {
${statements}
}`;
    return this.dispatch(body, { size, groups: Math.ceil(count / size) });
  }

  #bind(key: string, type: string, operand: Operand): string {
    const known = this.#operands.findIndex((one) => one.key === key);
    if (known !== -1) return `b${known}`;
    this.#operands.push({ key, type, operand });
    return `b${this.#operands.length - 1}`;
  }

  #functionOf(root: Value, { node, compute }: Inlined): string {
    const known = this.#inlined.get(root.id);
    if (known !== undefined) return known;
    const lines: string[] = [];
    const output = node.outputs.findIndex(({ id }) => id === root.id);
    const line = lineWriter(lines);
    const expression = compute({ node, kernel: this, output, index: 'i', line });
    const name = `v${this.#inlined.size}`; // after those that it calls
    this.#inlined.set(root.id, name);
    this.declare(
      `fn ${name}(i: u32) -> ${expressionType(root)} {\n${lines.join('\n')}\nreturn ${expression};\n}`,
    );
    return name;
  }
}

/** Elements for which groups are larger, as there are enough of them. */
const MANY = 16_384;

/** Writes lines that name expressions, each expression once. */
export function lineWriter(lines: string[]): (expression: string) => string {
  const known = new Map<string, string>();
  return (expression) => {
    const found = known.get(expression);
    if (found !== undefined) return found;
    const name = `t${known.size}`;
    known.set(expression, name);
    lines.push(`let ${name} = ${expression};`);
    return name;
  };
}
