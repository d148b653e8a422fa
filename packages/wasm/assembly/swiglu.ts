// Values that gates let pass, `gate σ(gate) x`, and the gradients of that.
import { constants, ONE } from './constants';
import { sigmoid4 } from './functions';
import { read4, write4 } from './lanes';

/** `to = gate σ(gate) x`; it may be either. */
export function swiglu(gate: usize, x: usize, to: usize, n: i32): void {
  const k = constants();
  for (; n > 0; n -= 4) {
    const lanes = min(n, 4), g = read4(gate, lanes);
    write4(to, f32x4.mul(f32x4.mul(g, sigmoid4(g, k)), read4(x, lanes)), lanes);
    gate += 16;
    x += 16;
    to += 16;
  }
}

/** The gradients for gate and x, given that of the result; each may be gate, x or dy. */
export function swigluGradient(gate: usize, x: usize, dy: usize, dGate: usize, dX: usize, n: i32): void {
  const k = constants(), one = v128.load32_splat(k, ONE);
  for (; n > 0; n -= 4) {
    const lanes = min(n, 4), g = read4(gate, lanes), slope = read4(dy, lanes), s = sigmoid4(g, k);
    const silu = f32x4.mul(g, s), rest = f32x4.mul(silu, f32x4.sub(one, s)), by = f32x4.mul(slope, read4(x, lanes));
    write4(dGate, f32x4.mul(by, f32x4.add(s, rest)), lanes);
    write4(dX, f32x4.mul(slope, silu), lanes);
    gate += 16;
    x += 16;
    dy += 16;
    dGate += 16;
    dX += 16;
  }
}
