import * as tf from '@tensorflow/tfjs-core';
import { values } from '../values.js';

/** What a row tries. */
export type Work = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** The gradients of the outputs' weighted sum for the inputs of float32. */
export const gradientOf =
  (f: Work): Work =>
  (...inputs) => {
    const total = (...floats: tf.Tensor[]): tf.Scalar => {
      const rest = [...floats];
      const outputs = [f(...inputs.map((x) => (x.dtype === 'float32' ? (rest.shift() ?? x) : x)))];
      const weighted = outputs
        .flat()
        .filter(({ dtype }) => dtype === 'float32')
        .map((y) => tf.sum(tf.mul(y, tf.tensor(values(y.size, 3), y.shape))));
      return tf.addN(weighted) as tf.Scalar;
    };
    return tf.grads(total)(inputs.filter(({ dtype }) => dtype === 'float32'));
  };
