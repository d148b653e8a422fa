import type { Handler } from '../handler.js';
import { started } from './line.js';

/** Rows and columns of a picture. */
const MOST = 512;

/** A tensor of weights as rows and columns: of a convolution, `[out, in, k]`, the inputs of each of its k positions side by side. */
export const weights: Handler<'weights'> = ({ name: wanted }, run) => {
  const { model } = started(run);
  const named = [...model.namedParameters(), ...model.namedBuffers()];
  const [name, variable] = named.find(([one]) => one === wanted) ?? named[0];
  const { shape } = variable;
  const [first, inputs = first, k = 1] = shape;
  const out = shape.length === 1 ? 1 : first;
  const rows = Math.min(out, MOST);
  const columns = Math.min(inputs * k, MOST);
  const all = variable.dataSync<'float32'>();
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [tap, channel] = [Math.floor(column / inputs), column % inputs];
      values[row * columns + column] = all[(row * inputs + channel) * k + tap];
    }
  }
  const tensors = named.map(([one, { shape: sizes }]) => ({ name: one, shape: sizes }));
  const isCut = rows < out || columns < inputs * k;
  return {
    output: { tensors, name, shape, rows, columns, values, isCut },
    transfer: [values.buffer],
  };
};
