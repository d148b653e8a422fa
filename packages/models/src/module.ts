import { Variable } from '@tensorflow/tfjs-core';

/**
 * A part of a model: parameters, and smaller modules, as the fields of a class. A field that holds a `Variable` is a
 * parameter; one that holds a module, or an array of them, is a child. Names and order are those of the fields, so
 * `namedParameters` gives PyTorch's names: `embedding.weight`, `layers.0.bias`.
 */
export abstract class Module {
  /** The sub-modules by field name, in the order in which they were made. */
  children(): [name: string, child: Module | readonly Module[]][] {
    return Object.entries(this).filter((entry): entry is [string, Module | Module[]] =>
      isChild(entry[1]),
    );
  }

  /** Every parameter below this module under its path, `linear1.weight`, in the order in which they were made. */
  namedParameters(): Map<string, Variable> {
    return new Map(parametersOf(this, ''));
  }

  /** The parameters in the order of {@link namedParameters}. They live until {@link dispose}. */
  parameters(): Variable[] {
    return [...this.namedParameters().values()];
  }

  /** Frees the parameters. The module can't be used after that. */
  dispose(): void {
    for (const parameter of this.parameters()) parameter.dispose();
  }

  /** What `describe` prints between the parentheses of a module without children. */
  summary(): string {
    return '';
  }
}

function isChild(value: unknown): value is Module | readonly Module[] {
  if (value instanceof Module) return true;
  return Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Module);
}

function* parametersOf(module: object, prefix: string): Generator<[string, Variable]> {
  for (const [field, value] of Object.entries(module)) {
    if (value instanceof Variable) yield [prefix + field, value];
    else if (isChild(value)) yield* parametersOf(value, `${prefix}${field}.`);
  }
}
