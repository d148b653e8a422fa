// What the optimizers are tried on, and PyTorch's figures for it.
import { readFileSync } from 'node:fs';
import {
  add,
  matMul,
  mean,
  mul,
  slice,
  square,
  sub,
  tanh,
  tensor,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import type { Rank, Scalar, ShapeMap, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import {
  adam,
  adamw,
  averageWeights,
  decayMatrices,
  muon,
  scheduleFreeAdamW,
  sgd,
} from '../src/index.js';
import type { MuonOptions, Optimizer } from '../src/index.js';

export interface Figures {
  readonly losses: readonly number[];
  readonly weight: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly state: Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>;
  readonly norms?: readonly number[];
  /** What weight and bias are evaluated with. */
  readonly evaluated?: readonly [weight: readonly number[], bias: readonly number[]];
}

/** `late`: with a bias that has no gradient at the steps of {@link ABSENT}. */
export const { cases, late, matrices } = JSON.parse(
  readFileSync(new URL('fixtures/optimizers.json', import.meta.url), 'utf8'),
) as {
  readonly cases: Readonly<Record<string, Figures>>;
  readonly late: Readonly<Record<string, Figures>>;
  readonly matrices: Readonly<
    Record<string, { readonly shape: [number, number]; readonly values: readonly number[] }>
  >;
};

export const ABSENT = new Set([0, 1, 2, 6, 7]);

function wave<R extends Rank>(
  shape: ShapeMap[R],
  f: (x: number) => number,
  period: number,
): Variable<R> {
  const size = shape.reduce((a, b) => a * b);
  const values = Float32Array.from({ length: size }, (_, i) => f(i / period));
  return tidy(() => variable(tensor(values, shape)));
}

/** The problem of tools/reference/optimizers.py. */
export function problem() {
  const weight = wave<Rank.R2>([3, 4], Math.sin, 3);
  const bias = wave<Rank.R1>([4], Math.cos, 1);
  const inputs = wave<Rank.R2>([5, 3], Math.cos, 5);
  const targets = wave<Rank.R2>([5, 4], Math.sin, 2);
  const loss = (): Scalar => {
    const y = tanh(add(matMul(inputs, weight), bias)); // [5, 4]
    return mul(mean<Scalar>(square(sub(y, targets))), 4);
  };
  /** Of the weight alone. */
  const lossWithoutBias = (): Scalar => {
    const y = tanh(matMul(inputs, weight)); // [5, 4]
    return mul(mean<Scalar>(square(sub(y, targets))), 4);
  };
  /** Of some rows of the batch. */
  const lossOf = (first: number, rows: number): Scalar => {
    const part = (x: Tensor2D): Tensor2D => slice(x, [first, 0], [rows, -1]);
    const y = tanh(add(matMul(part(inputs), weight), bias)); // [rows, 4]
    return mul(mean<Scalar>(square(sub(y, part(targets)))), 4);
  };
  return { weight, bias, loss, lossWithoutBias, lossOf };
}

export type Make = (parameters: Variable[]) => Optimizer;
const halves = <First, Second>([weight, bias]: Variable[], first: First, second: Second) => [
  { parameters: [weight], ...first },
  { parameters: [bias], ...second },
];
/** Muon for the weight, AdamW for the bias. */
const byMuon = (p: Variable[], { ofBias, ...options }: MuonOptions & { ofBias: object }) =>
  muon(halves(p, {}, { rule: 'adamw' as const, weightDecay: 0.01, ...ofBias }), options);
export const clipNorm = 0.5;
export const makers: Readonly<Record<string, Make>> = {
  sgd: (p) => sgd(p, { learningRate: 0.1 }),
  'sgd, weight decay': (p) => sgd(p, { learningRate: 0.1, weightDecay: 0.2 }),
  momentum: (p) => sgd(p, { learningRate: 0.1, momentum: 0.9 }),
  'momentum, weight decay, decaying rate': (p) =>
    sgd(p, { learningRate: 0.1, momentum: 0.9, weightDecay: 0.2 }),
  'momentum, dampening': (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.3 }),
  Nesterov: (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, nesterov: true }),
  'Nesterov, weight decay': (p) =>
    sgd(p, { learningRate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.1 }),
  Adam: (p) => adam(p, { learningRate: 0.05 }),
  'Adam, weight decay, betas, epsilon': (p) =>
    adam(p, { learningRate: 0.05, betas: [0.8, 0.95], epsilon: 1e-3, weightDecay: 0.2 }),
  'Adam, decaying rate': (p) => adam(p, { learningRate: 0.05 }),
  AdamW: (p) => adamw(p, { learningRate: 0.05 }),
  'AdamW, weight decay': (p) => adamw(p, { learningRate: 0.05, weightDecay: 0.3 }),
  'AdamW, decaying rate': (p) => adamw(p, { learningRate: 0.05, weightDecay: 0.3 }),
  'sgd, clipped': (p) => sgd(p, { learningRate: 0.3, clipNorm }),
  'momentum, clipped': (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, clipNorm }),
  'AdamW, clipped': (p) => adamw(p, { learningRate: 0.05, clipNorm }),
  'sgd, groups': (p) =>
    sgd(halves(p, { weightDecay: 0.2 }, { learningRate: 0.02 }), {
      learningRate: 0.1,
      momentum: 0.9,
    }),
  'AdamW, groups': (p) => adamw(decayMatrices(p, 0.3), { learningRate: 0.05 }),
  'AdamW, groups with rates': (p) =>
    adamw(halves(p, {}, { learningRate: 0.01 }), { learningRate: 0.05 }),
  Muon: (p) => byMuon(p, { learningRate: 0.05, ofBias: {} }),
  'Muon, plain momentum, no decay': (p) =>
    byMuon(p, {
      learningRate: 0.1,
      nesterov: false,
      momentum: 0.8,
      weightDecay: 0,
      ofBias: { learningRate: 0.02 },
    }),
  'Muon, as AdamW, decaying rate': (p) =>
    byMuon(p, {
      learningRate: 0.05,
      adjustRate: 'match-rms-adamw',
      weightDecay: 0.3,
      ofBias: {},
    }),
  'Muon, clipped': (p) => byMuon(p, { learningRate: 0.05, clipNorm, ofBias: {} }),
  'schedule-free': (p) => scheduleFreeAdamW(p, { learningRate: 0.05 }),
  'schedule-free, weight decay, betas, decaying rate': (p) =>
    scheduleFreeAdamW(p, {
      learningRate: 0.05,
      betas: [0.8, 0.95],
      epsilon: 1e-3,
      weightDecay: 0.2,
    }),
  'schedule-free, powers': (p) =>
    scheduleFreeAdamW(p, { learningRate: 0.05, stepPower: 1, ratePower: 0.5 }),
  'AdamW, averaged': (p) => averageWeights(adamw(p, { learningRate: 0.05 }), { decay: 0.8 }),
};
export const DECAYING = new Set([
  'momentum, weight decay, decaying rate',
  'Adam, decaying rate',
  'AdamW, decaying rate',
  'AdamW, groups',
  'AdamW, groups with rates',
  'Muon, as AdamW, decaying rate',
  'schedule-free, weight decay, betas, decaying rate',
]);

/** float32 on both sides, roundings in another order, over 12 steps. */
export const CLOSE = { absolute: 2e-6, relative: 2e-6 };
