import { add, scalar, tidy, Variable, type Rank } from '@tensorflow/tfjs-core';
import { newVariable } from './new-variable.js';

/**
 * A part of a model: parameters, and smaller modules, as the fields of a class. A field that holds a `Variable` is a
 * parameter, or a buffer where the variable isn't trainable; one that holds a module is a child. An array may hold either, beside
 * other things, such as functions. Names and order are those of the fields, so `namedParameters` gives PyTorch's names:
 * `embedding.weight`, `layers.0.bias`. What stands in two fields, such as a tied layer, has the name of the first. What isn't in a field, or in
 * a `#private` one, isn't seen.
 */
export abstract class Module {
  /** The sub-modules by field name, in the order in which they were made. */
  children(): [name: string, child: Module | readonly Module[]][] {
    return this.fields().flatMap(([name, value]) => childrenIn(name, value));
  }

  /** Every parameter below this module under its path, `linear1.weight`, in the order in which they were made. */
  namedParameters(): Map<string, Variable> {
    return new Map(this.#variables().filter(([, variable]) => variable.trainable));
  }

  /** Every variable that isn't trained but belongs to the state, `norm.running_mean`, in the same order. */
  namedBuffers(): Map<string, Variable> {
    return new Map(this.#variables().filter(([, variable]) => !variable.trainable));
  }

  /** Positions of random layers in their streams: not part of a state dict, but of a run that resumes bit for bit. */
  namedCounters(): Map<string, Variable> {
    const counters = [...this.#leaves()].filter((leaf) => isCounter(leaf));
    return new Map(counters.map(([path, { variable }]) => [path, variable]));
  }

  /** The parameters in the order of {@link namedParameters}. They live until {@link dispose}. */
  parameters(): Variable[] {
    return [...this.namedParameters().values()];
  }

  /** Frees parameters, buffers and counters. The module can't be used after that. */
  dispose(): void {
    for (const [, leaf] of this.#leaves()) leaf.dispose();
  }

  /** What `describe` prints between the parentheses of a module without children. */
  summary(): string {
    return '';
  }

  /** What the module is made of, by name. */
  protected fields(): [name: string, value: unknown][] {
    return Object.entries(this);
  }

  #variables(): [string, Variable][] {
    const seen = new Set<Variable>();
    return [...this.#leaves()].filter((leaf): leaf is Leaf<Variable> => {
      if (!isVariable(leaf) || seen.has(leaf[1])) return false;
      seen.add(leaf[1]);
      return true;
    });
  }

  *#leaves(prefix = ''): Generator<Leaf<Variable> | Leaf<Counter>> {
    for (const [field, value] of this.fields()) yield* Module.#leavesIn(prefix + field, value);
  }

  static *#leavesIn(path: string, value: unknown): Generator<Leaf<Variable> | Leaf<Counter>> {
    if (value instanceof Variable) yield [path, value];
    else if (value instanceof Counter) yield [path, value];
    else if (value instanceof Module) yield* value.#leaves(`${path}.`);
    else if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) yield* Module.#leavesIn(`${path}.${i}`, item);
    }
  }
}

type Leaf<Held> = [path: string, held: Held];

const isVariable = (leaf: Leaf<Variable> | Leaf<Counter>): leaf is Leaf<Variable> =>
  leaf[1] instanceof Variable;

const isCounter = (leaf: Leaf<Variable> | Leaf<Counter>): leaf is Leaf<Counter> =>
  leaf[1] instanceof Counter;

/** The modules in a field: an array of nothing else is a list, and one among other things has its index in its name. */
function childrenIn(
  name: string,
  value: unknown,
): [name: string, child: Module | readonly Module[]][] {
  if (value instanceof Module || isList(value)) return [[name, value]];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, i) => childrenIn(`${name}.${i}`, item));
}

function isList(value: unknown): value is readonly Module[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Module);
}

/**
 * A count of calls in a variable, int32 without axes. A compiled step replays the addition, so it keeps counting where a
 * JavaScript number wouldn't change.
 */
export class Counter {
  /** Holds the count. */
  readonly variable: Variable<Rank.R0>;

  constructor() {
    this.variable = newVariable<Rank.R0>(() => scalar(0, 'int32'), false);
  }

  /** Adds one. */
  advance(): void {
    tidy(() => this.variable.assign(add(this.variable, scalar(1, 'int32'))));
  }

  /** Calls so far. */
  get value(): number {
    return this.variable.dataSync()[0];
  }

  /** Frees the variable. */
  dispose(): void {
    this.variable.dispose();
  }
}

/**
 * The modules of a model as PyTorch's `print(model)` shows them, and below them the number of parameters.
 *
 * @returns several lines, without a line break at the end
 */
export function describe(model: Module): string {
  return `${outline(model)}\nNumber of parameters: ${countParameters(model)}`;
}

function outline(module: Module | readonly Module[]): string {
  const name = module instanceof Module ? module.constructor.name : 'ModuleList';
  const children = module instanceof Module ? module.children() : Object.entries(module);
  if (children.length === 0) return `${name}(${module instanceof Module ? module.summary() : ''})`;
  const lines = children.map(([field, child]) => `(${field}): ${outline(child)}`);
  return `${name}(\n${indent(lines.join('\n'))}\n)`;
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');

/** How many numbers training can change in a model: 10,443 in the lecture's first MLP. */
export function countParameters(model: { parameters(): Variable[] }): number {
  return model.parameters().reduce((sum, { size }) => sum + size, 0);
}

/** A number as Python prints it: `1e-05`, where JavaScript writes 0.00001. */
export function pythonNumber(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e16)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
