import * as tf from '@tensorflow/tfjs-core';
import { values, count } from './values.js';

/** A model as a function, with its parameters, as a user may write it with tfjs' operations. */
export interface Toy {
  readonly parameters: tf.Variable[];
  /** `[B, V]` from `[B, T]`. */
  logits(tokens: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

export const [B, T] = [8, 8];
const [C, H, V] = [4, 12, 11];

/** A small parameter with fixed values. */
function parameter(shape: number[], salt: number, scale = 0.1): tf.Variable {
  return tf.tidy(() => tf.variable(tf.mul(tf.tensor(values(count(shape), salt), shape), scale)));
}

const toy = (parameters: tf.Variable[], logits: Toy['logits']): Toy => ({
  parameters,
  logits,
  dispose: () => tf.dispose(parameters),
});

const linear = (x: tf.Tensor2D, weight: tf.Variable, bias: tf.Variable): tf.Tensor2D =>
  tf.add(tf.matMul(x, weight, false, true), bias);

const rows = (x: tf.Tensor, columns: number): tf.Tensor2D =>
  tf.reshape<tf.Rank.R2>(x, [x.size / columns, columns]);

/** Embedding, hidden layer, ReLU, scores; weights are `[out, in]`. */
export function mlp(): Toy {
  const [table, w1, b1] = [parameter([V, C], 1), parameter([H, T * C], 2), parameter([H], 3)];
  const [w2, b2] = [parameter([V, H], 4), parameter([V], 5)];
  return toy([table, w1, b1, w2, b2], (tokens) => {
    const x = rows(tf.gather<tf.Tensor>(table, tokens), T * C); // [B, T C]
    return linear(tf.relu(linear(x, w1, b1)), w2, b2); // [B, V]
  });
}

/** Convolutions that halve the time axis, as products of unfolded windows; weights are `[out, in, 2]`. */
export function cnn(): Toy {
  const table = parameter([V, C], 1);
  const channels = [C, H, H, H];
  const layers = [0, 1, 2].map((i): [tf.Variable, tf.Variable] => [
    parameter([H, channels[i], 2], 2 + i),
    parameter([H], 12 + i),
  ]);
  const [w, b] = [parameter([V, H], 8), parameter([V], 9)];
  return toy([table, ...layers.flat(), w, b], (tokens) => {
    let x: tf.Tensor = tf.gather<tf.Tensor>(table, tokens); // [B, T, C]
    for (const [weight, bias] of layers) {
      const [out, inputs] = weight.shape;
      const flat = tf.reshape<tf.Rank.R2>(tf.transpose(weight, [0, 2, 1]), [out, 2 * inputs]);
      const y = tf.add(tf.matMul(rows(x, 2 * inputs), flat, false, true), bias);
      x = tf.relu(tf.reshape(y, [B, y.size / B / out, out])); // [B, T / 2, H], …
    }
    return linear(rows(x, H), w, b);
  });
}

const HEADS = 2;
const D = 8; // of the transformer

/** Two pre-norm blocks with causal attention, GELU and dropout; the last position's scores. */
export function transformer(mask: (shape: number[]) => tf.Tensor): Toy {
  const all: tf.Variable[] = [];
  let salt = 1;
  const weight = (...shape: number[]): tf.Variable => {
    all.push(parameter(shape, salt++, 0.2));
    return all[all.length - 1];
  };
  const [table, position] = [weight(V, D), weight(T, D)];
  const blocks = [0, 1].map(() => ({
    norm1: weight(D),
    qkv: weight(3 * D, D),
    out: weight(D, D),
    norm2: weight(D),
    up: weight(4 * D, D),
    upBias: weight(4 * D),
    down: weight(D, 4 * D),
  }));
  const [norm, head] = [weight(D), weight(V, D)];
  const causal = tf.tensor(
    Float32Array.from({ length: T * T }, (_, i) => (i % T > Math.floor(i / T) ? -1e9 : 0)),
    [T, T],
  );
  const made = toy(all, (tokens) => {
    let x: tf.Tensor = tf.add(tf.gather<tf.Tensor>(table, tokens), position); // [B, T, D]
    for (const block of blocks) {
      const attended = attention(layerNorm(x, block.norm1), block.qkv, causal);
      x = tf.add(x, dropout(times(attended, block.out), mask));
      const hidden = gelu(tf.add(times(layerNorm(x, block.norm2), block.up), block.upBias));
      x = tf.add(x, dropout(times(hidden, block.down), mask));
    }
    const last = tf.slice(layerNorm(x, norm), [0, T - 1, 0], [B, 1, D]);
    return tf.matMul(rows(last, D), rows(head, D), false, true);
  });
  return { ...made, dispose: () => tf.dispose([...all, causal]) };
}

function times(x: tf.Tensor, weight: tf.Variable): tf.Tensor {
  const [out, inputs] = weight.shape;
  const y = tf.matMul(rows(x, inputs), rows(weight, inputs), false, true);
  return tf.reshape(y, [...x.shape.slice(0, -1), out]);
}

function layerNorm(x: tf.Tensor, scale: tf.Variable): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), tf.add(scale, 1));
}

const gelu = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));

const dropout = (x: tf.Tensor, mask: (shape: number[]) => tf.Tensor): tf.Tensor =>
  tf.mul(x, mask(x.shape));

function attention(x: tf.Tensor, qkv: tf.Variable, causal: tf.Tensor): tf.Tensor {
  const heads = (part: tf.Tensor): tf.Tensor =>
    tf.transpose(tf.reshape(part, [B, T, HEADS, D / HEADS]), [0, 2, 1, 3]); // [B, heads, T, D / heads]
  const [q, k, v] = tf.split(times(x, qkv), 3, -1).map(heads);
  const scores = tf.mul(tf.matMul(q, k, false, true), Math.sqrt(HEADS / D));
  const mixed = tf.matMul(tf.softmax(tf.add(scores, causal)), v);
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [B, T, D]);
}

/** Mean cross-entropy. */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Scalar {
  const chosen = tf.mul(tf.logSoftmax(logits), tf.oneHot(targets, logits.shape[1]));
  return tf.neg(tf.mean(tf.sum(chosen, -1)));
}

/** `w ← w - rate g`. */
export function sgdStep(
  parameters: tf.Variable[],
  rate: number | tf.Scalar,
): (loss: () => tf.Scalar) => tf.Scalar {
  return (loss) => {
    const { value, grads } = tf.variableGrads(loss, parameters);
    for (const w of parameters) w.assign(tf.sub(w, tf.mul(grads[w.name], rate)));
    return value;
  };
}

/** AdamW with bias correction, its state in variables that the first step makes. */
export function adamW(parameters: tf.Variable[]): {
  step: (loss: () => tf.Scalar) => tf.Scalar;
  dispose: () => void;
} {
  let state: [tf.Variable, tf.Variable][] | undefined;
  let decays: tf.Variable[] = [];
  const start = (): [tf.Variable, tf.Variable][] => {
    decays = [tf.variable(tf.scalar(1), false), tf.variable(tf.scalar(1), false)];
    return parameters.map((w) => [
      tf.variable(tf.zerosLike(w), false),
      tf.variable(tf.zerosLike(w), false),
    ]);
  };
  const [beta1, beta2, rate, decay] = [0.9, 0.99, 0.01, 0.1];
  return {
    step(loss) {
      state ??= start();
      const { value, grads } = tf.variableGrads(loss, parameters);
      const [power1, power2] = decays;
      power1.assign(tf.mul(power1, beta1));
      power2.assign(tf.mul(power2, beta2));
      parameters.forEach((w, i) => {
        const [m, v] = state?.[i] ?? [];
        if (m === undefined || v === undefined) return;
        const g = grads[w.name];
        m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
        v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
        const [mean, square] = [tf.div(m, tf.sub(1, power1)), tf.div(v, tf.sub(1, power2))];
        const change = tf.div(mean, tf.add(tf.sqrt(square), 1e-3));
        w.assign(tf.sub(tf.mul(w, 1 - rate * decay), tf.mul(change, rate)));
      });
      return value;
    },
    dispose: () => tf.dispose([...decays, ...(state ?? []).flat()]),
  };
}

/** Tokens and targets that differ from batch to batch. */
export function batch(i: number): { tokens: Int32Array; targets: Int32Array } {
  return {
    tokens: Int32Array.from({ length: B * T }, (_, j) => (j * j * 3 + j * 5 + i * 7) % V),
    targets: Int32Array.from({ length: B }, (_, j) => (j * 3 + i * i) % V),
  };
}
