// Values through tanh, which gates through sigmoid let pass: a layer of WaveNet's.
import { constants } from './constants';
import { sigmoid4, tanh4 } from './functions';
import { read4, write4 } from './lanes';

/**
 * `y = tanh(x[0 … C]) σ(x[C … 2 C])` of each row of 2 C; both factors, in rows of 2 C too, are for the gradient and may lie where x
 * does.
 */
export function gatedActivation(x: usize, y: usize, factors: usize, rows: i32, C: i32): void {
  const k = constants(), part = <usize>C << 2;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < C; j += 4) {
      const at = <usize>j << 2, lanes = min(C - j, 4);
      const value = tanh4(read4(x + at, lanes), k), gate = sigmoid4(read4(x + at + part, lanes), k);
      write4(y + at, f32x4.mul(value, gate), lanes);
      write4(factors + at, value, lanes);
      write4(factors + at + part, gate, lanes);
    }
    x += part << 1;
    factors += part << 1;
    y += part;
  }
}

/** The gradient for x, given that of y; it may lie where the factors do. */
export function gatedActivationGradient(factors: usize, dy: usize, dx: usize, rows: i32, C: i32): void {
  const part = <usize>C << 2, one = f32x4.splat(1);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < C; j += 4) {
      const at = <usize>j << 2, lanes = min(C - j, 4);
      const value = read4(factors + at, lanes), gate = read4(factors + at + part, lanes), slope = read4(dy + at, lanes);
      const dValue = f32x4.mul(f32x4.sub(one, f32x4.mul(value, value)), f32x4.mul(slope, gate));
      const dGate = f32x4.mul(f32x4.mul(slope, value), f32x4.mul(gate, f32x4.sub(one, gate)));
      write4(dx + at, dValue, lanes);
      write4(dx + at + part, dGate, lanes);
    }
    factors += part << 1;
    dx += part << 1;
    dy += part;
  }
}
