// What kernels of modern transformers compute, of tfjs' operations.
import * as tf from '@tensorflow/tfjs-core';

export const rmsNormComposed = (x: tf.Tensor, weight: tf.Tensor): tf.Tensor =>
  tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-5))), weight);

export const swigluComposed = (gate: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.mul(gate, tf.sigmoid(gate)), x);

export const squaredReluComposed = (x: tf.Tensor): tf.Tensor => tf.square(tf.relu(x));

/** Hidden states and cells side by side. */
export function lstmCellComposed(x: tf.Tensor, cell: tf.Tensor): tf.Tensor {
  const [i, f, g, o] = tf.split(x, 4, 1);
  const next = tf.add(tf.mul(tf.sigmoid(f), cell), tf.mul(tf.sigmoid(i), tf.tanh(g)));
  return tf.concat([tf.mul(tf.sigmoid(o), tf.tanh(next)), next], 1);
}

/** Cosines, then sines, of some angles: `[length, d]`. */
export function rotationsOf(length: number, d: number): tf.Tensor {
  const angles = tf.mul(
    tf.reshape(tf.range(0, length), [length, 1]),
    tf.reshape(tf.range(1, d / 2 + 1), [1, d / 2]),
  );
  return tf.concat([tf.cos(angles), tf.sin(angles)], 1);
}

export function rotaryComposed(
  x: tf.Tensor,
  positions: tf.Tensor,
  rotations: tf.Tensor,
): tf.Tensor {
  const [B, T, width] = x.shape;
  const [, d] = rotations.shape;
  const [cosine, sine] = tf.split(tf.gather(rotations, positions), 2, -1).map((part) => {
    const whole = tf.reshape(part, [-1, T, 1, d / 2]); // of each row, or of all
    return tf.tile(whole, [B / whole.shape[0], 1, 1, 1]);
  });
  const [low, high] = tf.split(tf.reshape(x, [B, T, width / d, d]), 2, -1);
  const first = tf.sub(tf.mul(low, cosine), tf.mul(high, sine));
  const second = tf.add(tf.mul(high, cosine), tf.mul(low, sine));
  return tf.reshape(tf.concat([first, second], -1), x.shape);
}

/** What attention is composed of. */
export interface AttentionParts {
  readonly query: tf.Tensor;
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
  /** `[B, T]`; default: each sees its row from the first on. */
  readonly starts?: tf.Tensor;
  readonly heads: number;
  readonly kvHeads?: number;
  /** Gets the probabilities, `[B, heads, T, T]`. */
  readonly drop?: (p: tf.Tensor) => tf.Tensor;
}

export function attentionComposed(parts: AttentionParts): tf.Tensor {
  const { query, heads, kvHeads = heads, drop = (p) => p } = parts;
  const [B, T, C] = query.shape;
  const d = C / heads;
  const starts = parts.starts ?? tf.zeros([B, T], 'int32');
  const byHead = (x: tf.Tensor, count: number): tf.Tensor => {
    const split = tf.reshape(x, [B, T, count, 1, d]);
    const repeated = tf.reshape(tf.tile(split, [1, 1, 1, heads / count, 1]), [B, T, heads, d]);
    return tf.transpose(repeated, [0, 2, 1, 3]);
  };
  const [q, k, v] = [query, parts.key, parts.value].map((x, i) => byHead(x, i ? kvHeads : heads));
  const place = tf.range(0, T, 1, 'int32');
  const seen = tf.logicalAnd(
    tf.greaterEqual(tf.reshape(place, [1, 1, T]), tf.reshape(starts, [B, T, 1])),
    tf.lessEqual(tf.reshape(place, [1, 1, T]), tf.reshape(place, [1, T, 1])),
  );
  const hidden = tf.mul(tf.sub(tf.cast(tf.reshape(seen, [B, 1, T, T]), 'float32'), 1), 1e9);
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(d));
  const attended = tf.matMul(drop(tf.softmax(tf.add(scores, hidden))), v);
  return tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [B, T, C]);
}
