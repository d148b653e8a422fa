import {
  backend_util,
  broadcastTo,
  einsum,
  Einsum,
  reshape,
  type GradConfig,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { sizeOf, type NumericType } from '../kernels/tensor-type.js';
import type { Typed } from './own-op.js';

/** Runs or records one of the kernels that an einsum is made of, and returns its output. */
export type Emit<T> = (call: {
  readonly kernel: 'Transpose' | 'Sum' | 'Multiply' | 'BatchMatMul' | 'Reshape';
  readonly names: readonly string[];
  readonly inputs: readonly T[];
  readonly attrs: Readonly<Record<string, unknown>>;
  /** The output's. */
  readonly shape: readonly number[];
  readonly dtype: NumericType;
}) => T;

/** A tensor and a letter for each of its axes. */
interface Labelled<T> {
  readonly tensor: T;
  readonly labels: string;
}

/**
 * `tf.einsum` of one tensor or two as sums, a product and transpositions: what one tensor alone has and the output lacks is summed
 * first; the rest is a product of matrices, one for each place along the axes that both and the output have.
 *
 * @param emit - called for each kernel in turn; what it returns is read by later ones
 * @throws Error when the equation and the shapes don't fit, as tfjs has it
 * @throws TypeError when the tensors aren't all float32 or all int32
 */
export function emitEinsum<T extends Typed>(
  equation: string,
  tensors: readonly T[],
  emit: Emit<T>,
): T {
  const { terms, output } = parse(equation, tensors);
  const steps = new Steps(emit, sizesOf(terms, tensors), typeOf(tensors));
  const [a, b] = terms.map((labels, i): Labelled<T> => {
    const others = output + terms.filter((_, j) => j !== i).join('');
    return steps.sum({ tensor: tensors[i], labels }, keep(labels, others));
  });
  return steps.transpose(terms.length === 1 ? a : product(steps, [a, b], output), output).tensor;
}

/** The product of two, in an order of its own. */
function product<T extends Typed>(
  steps: Steps<T>,
  [a, b]: readonly [Labelled<T>, Labelled<T>],
  output: string,
): Labelled<T> {
  const shared = keep(a.labels, b.labels);
  const [batch, inner] = [keep(shared, output), drop(shared, output)];
  const [rows, columns] = [drop(a.labels, b.labels), drop(b.labels, a.labels)];
  if (rows === '' && columns === '') {
    const values = steps.multiply(
      steps.transpose(a, batch + inner),
      steps.transpose(b, batch + inner),
    );
    return steps.sum(values, batch);
  }
  return steps.matMul(a, b, { batch, inner, rows, columns });
}

/** The gradients of `tf.einsum`: that of one tensor is an einsum of the output's and the other, repeated along what was summed. */
export const einsumGradient: GradConfig = {
  kernelName: Einsum,
  saveAllInputs: true,
  gradFunc(dys, tensors, attrs) {
    const [dy] = [dys].flat();
    const { terms, output } = parse(attrs['equation'] as string, tensors);
    const gradients = terms.map((labels, i) => (): Tensor => {
      const others = terms.filter((_, j) => j !== i);
      const known = keep(labels, output + others.join(''));
      const factors = [dy, ...tensors.filter((_, j) => j !== i)];
      const sum = einsum(`${[output, ...others].join()}->${known}`, ...factors); // bounded: two at most
      const { shape } = tensors[i];
      const places = letters(labels).map((label, axis) =>
        known.includes(label) ? shape[axis] : 1,
      );
      return broadcastTo(reshape(sum, places), shape);
    });
    return Object.fromEntries(gradients.entries());
  },
};

const letters = (labels: string): string[] => Array.from(labels);
const keep = (labels: string, of: string): string =>
  letters(labels)
    .filter((label) => of.includes(label))
    .join('');
const drop = (labels: string, of: string): string =>
  letters(labels)
    .filter((label) => !of.includes(label))
    .join('');

function parse(
  equation: string,
  tensors: readonly Typed[],
): { readonly terms: readonly string[]; readonly output: string } {
  // tfjs' own messages.
  const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
  const shaped = tensors.map(({ shape }) => ({ shape: [...shape] }) as Tensor);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, shaped);
  const [input, output] = equation.replaceAll(/\s/g, '').split('->');
  const terms = input.split(',');
  if (terms.some((labels, i) => labels.length !== tensors[i].shape.length)) {
    throw new RangeError(
      `einsum: '${equation}' must have a letter for each axis; got tensors of [${tensors.map(({ shape }) => shape.join()).join('], [')}]`,
    );
  }
  if (new Set(output).size !== output.length) {
    throw new RangeError(`einsum: a letter must occur once behind the arrow; got '${equation}'`);
  }
  return { terms, output };
}

function sizesOf(
  terms: readonly string[],
  tensors: readonly Typed[],
): (labels: string) => number[] {
  const sizes = new Map(
    terms.flatMap((labels, i) =>
      letters(labels).map((label, axis) => [label, tensors[i].shape[axis]]),
    ),
  );
  return (labels) => letters(labels).map((label) => sizes.get(label) ?? 1);
}

function typeOf(tensors: readonly Typed[]): NumericType {
  const [{ dtype }] = tensors;
  const isOne = tensors.every((tensor) => tensor.dtype === dtype);
  if (isOne && (dtype === 'float32' || dtype === 'int32')) return dtype;
  throw new TypeError(
    `einsum: the tensors must be all float32 or all int32; got ${tensors.map((tensor) => tensor.dtype).join(' and ')}; cast them`,
  );
}

/** How the letters of two factors enter their product. */
interface Roles {
  readonly batch: string;
  /** What is summed over. */
  readonly inner: string;
  readonly rows: string;
  readonly columns: string;
}

/** Emits kernels on tensors whose axes have letters, and none where a step changes nothing. */
class Steps<T extends Typed> {
  readonly #emit: Emit<T>;
  readonly #sizes: (labels: string) => number[];
  readonly #dtype: NumericType;

  constructor(emit: Emit<T>, sizes: (labels: string) => number[], dtype: NumericType) {
    this.#emit = emit;
    this.#sizes = sizes;
    this.#dtype = dtype;
  }

  /** The sum over all axes but those named. */
  sum({ tensor, labels }: Labelled<T>, kept: string): Labelled<T> {
    if (labels === kept) return { tensor, labels };
    const axis = letters(labels).flatMap((label, i) => (kept.includes(label) ? [] : [i]));
    const attrs = { axis, keepDims: false };
    return this.#call('Sum', { x: tensor }, attrs, keep(labels, kept));
  }

  transpose({ tensor, labels }: Labelled<T>, to: string): Labelled<T> {
    if (labels === to) return { tensor, labels };
    const perm = letters(to).map((label) => labels.indexOf(label));
    return this.#call('Transpose', { x: tensor }, { perm }, to);
  }

  multiply(a: Labelled<T>, b: Labelled<T>): Labelled<T> {
    return this.#call('Multiply', { a: a.tensor, b: b.tensor }, {}, a.labels);
  }

  matMul(a: Labelled<T>, b: Labelled<T>, roles: Roles): Labelled<T> {
    const { batch, inner, rows, columns } = roles;
    const [left, transposeA] = this.#factor(a, [batch, rows, inner]);
    const [right, transposeB] = this.#factor(b, [batch, inner, columns]);
    const [B, M, N] = [batch, rows, columns].map((labels) =>
      sizeOf({ shape: this.#sizes(labels) }),
    );
    const tensor = this.#emit({
      kernel: 'BatchMatMul',
      names: ['a', 'b'],
      inputs: [left, right],
      attrs: { transposeA, transposeB },
      shape: [B, M, N],
      dtype: this.#dtype,
    });
    const labels = batch + rows + columns;
    return { tensor: this.#reshape(tensor, this.#sizes(labels)), labels };
  }

  /** A factor as matrices, and whether they are transposed: as they lie, if they may. */
  #factor(factor: Labelled<T>, [batch, rows, columns]: readonly string[]): [T, boolean] {
    const isTransposed = factor.labels === batch + columns + rows;
    const order = isTransposed ? [batch, columns, rows] : [batch, rows, columns];
    const { tensor } = this.transpose(factor, order.join(''));
    const shape = order.map((labels) => sizeOf({ shape: this.#sizes(labels) }));
    return [this.#reshape(tensor, shape), isTransposed];
  }

  #reshape(tensor: T, shape: readonly number[]): T {
    if (tensor.shape.join() === shape.join() && tensor.shape.length === shape.length) return tensor;
    const attrs = { shape: [...shape] };
    return this.#emit({
      kernel: 'Reshape',
      names: ['x'],
      inputs: [tensor],
      attrs,
      shape,
      dtype: this.#dtype,
    });
  }

  #call(
    kernel: 'Transpose' | 'Sum' | 'Multiply',
    inputs: Readonly<Record<string, T>>,
    attrs: Readonly<Record<string, unknown>>,
    labels: string,
  ): Labelled<T> {
    const tensor = this.#emit({
      kernel,
      names: Object.keys(inputs),
      inputs: Object.values(inputs),
      attrs,
      shape: this.#sizes(labels),
      dtype: this.#dtype,
    });
    return { tensor, labels };
  }
}
