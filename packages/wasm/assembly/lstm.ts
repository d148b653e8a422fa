// What a cell of long short-term memory makes of its products' sum and its state, and the gradients of that.
import { constants, ONE } from './constants';
import { sigmoid4, tanh4 } from './functions';
import { read4, write4 } from './lanes';

/**
 * From rows of 4 H, in the order i, f, g, o, and of H of the cell: `i, f, o = σ(x)`, `g = tanh(x)`, `next = f cell + i g`,
 * `hidden = o tanh(next)`. The gates, in rows of 4 H too, are for the gradient; they may lie where x does, the next cell where the cell does.
 */
export function lstmCell(x: usize, cell: usize, hidden: usize, next: usize, gates: usize, rows: i32, H: i32): void {
  const k = constants(), part = <usize>H << 2;
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < H; j += 4) {
      const at = <usize>j << 2, lanes = min(H - j, 4), from = x + at, to = gates + at;
      const i = sigmoid4(read4(from, lanes), k), f = sigmoid4(read4(from + part, lanes), k);
      const g = tanh4(read4(from + part * 2, lanes), k), o = sigmoid4(read4(from + part * 3, lanes), k);
      const kept = f32x4.add(f32x4.mul(f, read4(cell + at, lanes)), f32x4.mul(i, g));
      write4(next + at, kept, lanes);
      write4(hidden + at, f32x4.mul(o, tanh4(kept, k)), lanes);
      write4(to, i, lanes);
      write4(to + part, f, lanes);
      write4(to + part * 2, g, lanes);
      write4(to + part * 3, o, lanes);
    }
    x += part << 2;
    gates += part << 2;
    cell += part;
    hidden += part;
    next += part;
  }
}

/**
 * The gradients for x and the cell, given those of hidden state and next cell. That for x may lie where the gates do, that for the cell
 * where one of H does.
 */
export function lstmCellGradient(
  gates: usize, cell: usize, next: usize, dHidden: usize, dNext: usize, dx: usize, dCell: usize, rows: i32, H: i32,
): void {
  const k = constants(), part = <usize>H << 2, one = v128.load32_splat(k, ONE);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < H; j += 4) {
      const at = <usize>j << 2, lanes = min(H - j, 4), from = gates + at, to = dx + at;
      const i = read4(from, lanes), f = read4(from + part, lanes), g = read4(from + part * 2, lanes);
      const o = read4(from + part * 3, lanes), slope = read4(dHidden + at, lanes), t = tanh4(read4(next + at, lanes), k);
      const through = f32x4.mul(f32x4.mul(slope, o), f32x4.sub(one, f32x4.mul(t, t)));
      const d = f32x4.add(read4(dNext + at, lanes), through), before = read4(cell + at, lanes);
      write4(to, f32x4.mul(f32x4.mul(d, g), f32x4.mul(i, f32x4.sub(one, i))), lanes);
      write4(to + part, f32x4.mul(f32x4.mul(d, before), f32x4.mul(f, f32x4.sub(one, f))), lanes);
      write4(to + part * 2, f32x4.mul(f32x4.mul(d, i), f32x4.sub(one, f32x4.mul(g, g))), lanes);
      write4(to + part * 3, f32x4.mul(f32x4.mul(slope, t), f32x4.mul(o, f32x4.sub(one, o))), lanes);
      write4(dCell + at, f32x4.mul(d, f), lanes);
    }
    gates += part << 2;
    dx += part << 2;
    cell += part;
    next += part;
    dHidden += part;
    dNext += part;
    dCell += part;
  }
}
