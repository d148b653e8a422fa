// Sums, means and maxima of float32. Rows are reduced one after another, values in four running sums that are added
// pairwise at the end; columns in the order of the rows.

// @ts-ignore: decorator
@inline
function sumOf(x: usize, n: i32): f32 {
  let sums = f32x4.splat(0);
  const end = x + (<usize>n << 2), wide = end - 15;
  for (; x < wide; x += 16) sums = f32x4.add(sums, v128.load(x));
  let sum = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1);
  sum += f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3);
  for (; x < end; x += 4) sum += load<f32>(x);
  return sum;
}

/** `to[i] = Σ_j x[i, j]`. */
export function sumRows(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    store<f32>(to + (<usize>i << 2), sumOf(x, n));
    x += bytes;
  }
}

/** `to[i] = Σ_j x[i, j] / n`. */
export function meanRows(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    store<f32>(to + (<usize>i << 2), sumOf(x, n) / <f32>n);
    x += bytes;
  }
}

/** `to[i] = max_j x[i, j]`; NaN if one is. */
export function maxRows(x: usize, to: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    let most = load<f32>(x);
    for (let j = 1; j < n; j++) most = max<f32>(most, load<f32>(x + (<usize>j << 2)));
    store<f32>(to + (<usize>i << 2), most);
    x += <usize>n << 2;
  }
}

/** `to[j] = Σ_i x[i, j]`. */
export function sumColumns(x: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let sum = f32x4.splat(0), at = x + (<usize>j << 2);
    for (let i = 0; i < rows; i++) {
      sum = f32x4.add(sum, v128.load(at));
      at += bytes;
    }
    v128.store(to + (<usize>j << 2), sum);
  }
  for (; j < n; j++) {
    let sum: f32 = 0, at = x + (<usize>j << 2);
    for (let i = 0; i < rows; i++) {
      sum += load<f32>(at);
      at += bytes;
    }
    store<f32>(to + (<usize>j << 2), sum);
  }
}
