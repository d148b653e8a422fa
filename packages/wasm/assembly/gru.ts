// What a gated recurrent unit makes of its two products and its state, and the gradients of that.
import { constants } from './constants';
import { sigmoid4, tanh4 } from './functions';
import { read4, write4 } from './lanes';

/**
 * From rows of 3 H that products have made of input and state, in the order r, z, n, and rows of H of the state:
 * `r = σ(input_r + hidden_r)`, `z = σ(input_z + hidden_z)`, `n = tanh(input_n + r hidden_n)`, `next = n + z (state - n)`. The gates, in
 * rows of 3 H too, are for the gradient; they may lie where the input does, the next state where the state does.
 */
export function gruCell(input: usize, hidden: usize, state: usize, next: usize, gates: usize, rows: i32, H: i32): void {
  const k = constants(), part = <usize>H << 2, wide = part * 3;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < H; j += 4) {
      const at = <usize>j << 2, lanes = min(H - j, 4);
      const r = sigmoid4(f32x4.add(read4(input + at, lanes), read4(hidden + at, lanes)), k);
      const z = sigmoid4(f32x4.add(read4(input + at + part, lanes), read4(hidden + at + part, lanes)), k);
      const changed = f32x4.mul(r, read4(hidden + at + part * 2, lanes));
      const n = tanh4(f32x4.add(read4(input + at + part * 2, lanes), changed), k);
      write4(next + at, f32x4.add(n, f32x4.mul(z, f32x4.sub(read4(state + at, lanes), n))), lanes);
      write4(gates + at, r, lanes);
      write4(gates + at + part, z, lanes);
      write4(gates + at + part * 2, n, lanes);
    }
    input += wide;
    hidden += wide;
    state += part;
    next += part;
    gates += wide;
  }
}

/**
 * The gradients for both products and the state, given that of the next state; each operation as the composed cell's gradient has it.
 * Those of the products may lie where gates or hidden do, that of the state where state or dy do.
 */
export function gruCellGradient(
  gates: usize, hidden: usize, state: usize, dy: usize, dInput: usize, dHidden: usize, dState: usize, rows: i32, H: i32,
): void {
  const part = <usize>H << 2, wide = part * 3, one = f32x4.splat(1);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < H; j += 4) {
      const at = <usize>j << 2, lanes = min(H - j, 4);
      const r = read4(gates + at, lanes), z = read4(gates + at + part, lanes), n = read4(gates + at + part * 2, lanes);
      const h = read4(hidden + at + part * 2, lanes), slope = read4(dy + at, lanes);
      const dz = f32x4.mul(slope, f32x4.sub(read4(state + at, lanes), n)), kept = f32x4.mul(slope, z);
      const dn = f32x4.mul(f32x4.sub(one, f32x4.mul(n, n)), f32x4.sub(slope, kept));
      const dr = f32x4.mul(f32x4.mul(dn, h), f32x4.mul(r, f32x4.sub(one, r)));
      const ownZ = f32x4.mul(dz, f32x4.mul(z, f32x4.sub(one, z)));
      write4(dInput + at, dr, lanes);
      write4(dInput + at + part, ownZ, lanes);
      write4(dInput + at + part * 2, dn, lanes);
      write4(dHidden + at, dr, lanes);
      write4(dHidden + at + part, ownZ, lanes);
      write4(dHidden + at + part * 2, f32x4.mul(dn, r), lanes);
      write4(dState + at, kept, lanes);
    }
    gates += wide;
    hidden += wide;
    state += part;
    dy += part;
    dInput += wide;
    dHidden += wide;
    dState += part;
  }
}
