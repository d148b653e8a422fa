// Positions as rotations.
import { read4, write4 } from './lanes';

/**
 * Turns channels i and i + d/2 of each head by an angle of their row's position p, whose cosine and sine are `table[p, i]` and
 * `table[p, i + d/2]`: `to_i = x_i cos - x_j sin`, `to_j = x_j cos + x_i sin`; the other way round with `back`. Row i has the
 * position `positions[i % T]`. `to` may be x.
 */
export function rotate(
  x: usize, positions: usize, table: usize, to: usize, rows: i32, T: i32, heads: i32, d: i32, back: i32,
): void {
  const n = d >> 1, half = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    const turn = table + (<usize>load<i32>(positions + (<usize>(i % T) << 2)) * half << 1);
    for (let h = 0; h < heads; h++) {
      for (let j = 0; j < n; j += 4) {
        const at = <usize>j << 2, lanes = min(n - j, 4);
        const a = read4(x + at, lanes), b = read4(x + at + half, lanes);
        const cosine = read4(turn + at, lanes), sine = read4(turn + at + half, lanes);
        const across = f32x4.mul(b, sine), up = f32x4.mul(a, sine), ahead = f32x4.mul(a, cosine), along = f32x4.mul(b, cosine);
        write4(to + at, back ? f32x4.add(ahead, across) : f32x4.sub(ahead, across), lanes);
        write4(to + at + half, back ? f32x4.sub(along, up) : f32x4.add(along, up), lanes);
      }
      x += half << 1;
      to += half << 1;
    }
  }
}
