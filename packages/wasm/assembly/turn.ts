// Transposition in registers.

/** Stores four rows of four 4-byte values as columns: `to[j, i] = row_i[j]`, `step` bytes from one j to the next. */
// @ts-ignore: decorator
@inline
export function storeTurned(r0: v128, r1: v128, r2: v128, r3: v128, to: usize, step: usize): void {
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(to + step, i64x2.shuffle(low01, low23, 1, 3));
  v128.store(to + (step << 1), i64x2.shuffle(high01, high23, 0, 2));
  v128.store(to + step * 3, i64x2.shuffle(high01, high23, 1, 3));
}
