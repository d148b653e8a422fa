import {
  BatchMatMul,
  broadcast_util,
  Cast,
  cumprod,
  cumsum,
  Cumsum,
  Equal,
  Greater,
  GreaterEqual,
  IsFinite,
  IsInf,
  IsNan,
  Less,
  LessEqual,
  Maximum,
  Minimum,
  MirrorPad,
  mul,
  NotEqual,
  Prod,
  reshape,
  SplitV,
  SquaredDifference,
  sum,
  tensor1d,
  Tile,
  transpose,
  Unpack,
  unsortedSegmentSum,
  util,
  zeros,
  type GradConfig,
  type Tensor,
} from '@tensorflow/tfjs-core';

const theOnly = (dys: Tensor | Tensor[]): Tensor => [dys].flat()[0];

/** `tf.cumsum`: the sums from the other end. tfjs' own transposes them where the axis isn't the last. */
const cumsumGradient: GradConfig = {
  kernelName: Cumsum,
  gradFunc(dys, _, { axis, exclusive, reverse }) {
    const dy = theOnly(dys);
    return { x: () => cumsum(dy, Number(axis), exclusive === true, reverse !== true) };
  },
};

/**
 * `tf.prod`: for each factor the product of those before it and those after it, which is right where some are 0. tfjs' own calls
 * methods that `tfjs-core` alone doesn't have.
 */
const prodGradient: GradConfig = {
  kernelName: Prod,
  inputsToSave: ['x'],
  gradFunc(dys, [x], { axis }) {
    const reduced = util.parseAxisParam(axis as number | number[], x.shape);
    return { x: () => slopesOfProduct(x, theOnly(dys), reduced) };
  },
};

function slopesOfProduct(x: Tensor, dy: Tensor, reduced: readonly number[]): Tensor {
  const kept = x.shape.map((_, i) => i).filter((i) => !reduced.includes(i));
  const order = [...kept, ...reduced]; // the factors of a product side by side
  const n = reduced.reduce((product, i) => product * x.shape[i], 1);
  const factors = transpose(x, order);
  const rows = reshape(factors, [dy.size, n]);
  const others = mul(cumprod(rows, 1, true), cumprod(rows, 1, true, true));
  const along = mul(reshape(dy, [dy.size, 1]), others);
  const back = x.shape.map((_, i) => order.indexOf(i));
  return transpose(reshape(along, factors.shape), back);
}

/** `tf.cast`: nothing goes from float32 through a whole number or a bool, which are steps. tfjs lets all through. */
const castGradient: GradConfig = {
  kernelName: Cast,
  inputsToSave: ['x'],
  gradFunc(dys, [x], { dtype }) {
    const isStep = x.dtype === 'float32' && dtype !== 'float32';
    return { x: () => (isStep ? zeros(x.shape) : theOnly(dys).clone()) };
  },
};

/** `tf.mirrorPad`: what was copied gets the slopes of its copies too, which tfjs leaves out. */
const mirrorPadGradient: GradConfig = {
  kernelName: MirrorPad,
  inputsToSave: ['x'],
  gradFunc(dys, [x], { paddings: pairs, mode }) {
    const paddings = pairs as readonly (readonly [number, number])[];
    const edge = mode === 'reflect' ? 0 : 1; // how often the outermost value is copied
    const derivative = (): Tensor =>
      paddings.reduce<Tensor>((dy, [before, after], axis) => {
        if (before + after === 0) return dy;
        const n = x.shape[axis];
        const places = Int32Array.from({ length: before + n + after }, (_, i) => {
          const place = i < before ? before - i - edge : i - before;
          return place < n ? place : 2 * n - 2 + edge - place;
        });
        const swap = x.shape.map((_, i) => (i === 0 ? axis : i === axis ? 0 : i));
        const first = transpose(dy, swap);
        return transpose(unsortedSegmentSum(first, tensor1d(places, 'int32'), n), swap);
      }, theOnly(dys));
    return { x: derivative };
  },
};

/** Gradients that tfjs leaves in the shape of the output, where an input has been broadcast: an error. */
const broadcasting = [Maximum, Minimum, SquaredDifference, BatchMatMul];

function summedToInput(usual: GradConfig): GradConfig {
  return {
    ...usual,
    gradFunc(dys, saved, attrs) {
      const slopes = Object.entries(usual.gradFunc(dys, saved, attrs));
      const inputs = usual.inputsToSave ?? [];
      return Object.fromEntries(
        slopes.map(([name, slope]) => [name, () => summed(slope(), saved[inputs.indexOf(name)])]),
      );
    },
  };
}

function summed(slope: Tensor, { shape }: Tensor): Tensor {
  if (util.arraysEqual(slope.shape, shape)) return slope;
  return reshape(sum(slope, broadcast_util.getReductionAxes(shape, slope.shape)), shape);
}

/** Of one piece, tfjs hands over its slope alone where these expect a list. */
const listed = [Unpack, SplitV];

const ofList = (usual: GradConfig): GradConfig => ({
  ...usual,
  gradFunc: (dys, saved, attrs) => usual.gradFunc([dys].flat(), saved, attrs),
});

/** Kernels that compare numbers: the result is a step, so that the inputs have gradients of 0. */
const comparing: readonly (readonly [kernel: string, ...inputs: string[]])[] = [
  ...[Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual].map(
    (name) => [name, 'a', 'b'] as const,
  ),
  ...[IsNan, IsInf, IsFinite].map((name) => [name, 'x'] as const),
];

const comparisonGradients = comparing.map(([kernelName, ...inputs]): GradConfig => ({
  kernelName,
  inputsToSave: inputs,
  gradFunc: (_, saved) =>
    Object.fromEntries(inputs.map((name, i) => [name, () => zeros(saved[i].shape)])),
}));

/**
 * `tf.tile` and `tf.broadcastTo`: the sum over the copies, an axis at a time. tfjs' own slices each copy off and adds it, minutes of
 * work for some hundred thousand, and has none above rank 4.
 */
const tileGradient: GradConfig = {
  kernelName: Tile,
  inputsToSave: ['x'],
  gradFunc(dys, [x], { reps }) {
    const slope = (): Tensor =>
      (reps as readonly number[]).reduce<Tensor>((dy, copies, axis) => {
        if (copies === 1) return dy;
        const before = util.sizeFromShape(dy.shape.slice(0, axis));
        const shape = [...dy.shape.slice(0, axis), ...x.shape.slice(axis, axis + 1)];
        const after = dy.shape.slice(axis + 1);
        const blocks = [before, copies, x.shape[axis] * util.sizeFromShape(after)];
        return reshape(sum(reshape(dy, blocks), 1), [...shape, ...after]);
      }, theOnly(dys));
    return { x: () => slope().clone() };
  },
};

/** Gradients in place of tfjs-core's own, which are wrong or end in an error, or that it lacks. */
export const mendedGradients = (usual: (kernelName: string) => GradConfig): GradConfig[] => [
  cumsumGradient,
  prodGradient,
  castGradient,
  mirrorPadGradient,
  tileGradient,
  ...broadcasting.map((name) => summedToInput(usual(name))),
  ...listed.map((name) => ofList(usual(name))),
  ...comparisonGradients,
];
