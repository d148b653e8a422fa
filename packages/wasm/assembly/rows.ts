// Rows of bytes from one stride to another.

/** Copies `bytes`, 16 at a time, then single ones. */
function copyRow(from: usize, to: usize, bytes: i32): void {
  const end = to + <usize>bytes, wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
  if (to < end) copyRest(from, to, end);
}

function copyRest(from: usize, to: usize, end: usize): void {
  for (; to + 4 <= end; to += 4) {
    store<u32>(to, load<u32>(from));
    from += 4;
  }
  for (; to < end; to++) store<u8>(to, load<u8>(from++));
}

/** Copies rows of `bytes`; from one to the next it is `fromStep` and `toStep` bytes. */
export function copyRows(from: usize, fromStep: i32, to: usize, toStep: i32, rows: i32, bytes: i32): void {
  for (let i = 0; i < rows; i++) {
    copyRow(from, to, bytes);
    from += <usize>fromStep;
    to += <usize>toStep;
  }
}

/** The same for planes of rows. */
export function copyPlanes(
  from: usize, fromPlane: i32, fromRow: i32, to: usize, toPlane: i32, toRow: i32, planes: i32, rows: i32, bytes: i32,
): void {
  for (let i = 0; i < planes; i++) {
    copyRows(from, fromRow, to, toRow, rows, bytes);
    from += <usize>fromPlane;
    to += <usize>toPlane;
  }
}

/** Fills `n` 4-byte elements with a value's bits. */
export function fill(to: usize, value: i32, n: i32): void {
  const values = i32x4.splat(value);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) v128.store(to, values);
  for (; to < end; to += 4) store<i32>(to, value);
}

/** Consecutive rows of `n` 4-byte values, with `before` and `after` elements of a value's bits around each. */
export function padRows(from: usize, to: usize, rows: i32, n: i32, before: i32, after: i32, value: i32): void {
  const bytes = <usize>n << 2, front = <usize>before << 2, back = <usize>after << 2;
  for (let i = 0; i < rows; i++) {
    fill(to, value, before);
    to += front;
    copyRow(from, to, <i32>bytes);
    from += bytes;
    to += bytes;
    fill(to, value, after);
    to += back;
  }
}

/**
 * One row of an image, `[W, C]`, as the windows that a convolution sees of it: `to[o] = x[o stride - left …]`, `FW` places
 * each, 0 beside the row.
 */
export function unfoldRow(x: usize, to: usize, W: i32, C: i32, OW: i32, FW: i32, stride: i32, left: i32): void {
  const bytes = C << 2;
  for (let o = 0; o < OW; o++) {
    const place = o * stride - left;
    const first = min(max(-place, 0), FW), end = max(min(FW, W - place), first);
    fill(to, 0, first * C);
    copyRow(x + <usize>((place + first) * bytes), to + <usize>(first * bytes), (end - first) * bytes);
    fill(to + <usize>(end * bytes), 0, (FW - end) * C);
    to += <usize>(FW * bytes);
  }
}

/**
 * Slices of `bytes` by their indices: `to[b, o, i, :] = tables[b, o, indices[b, i], :]` of `before` b, `outer` o, `limit` slices in
 * a table and `n` indices for each b.
 */
export function gatherSlices(
  tables: usize, indices: usize, to: usize, before: i32, outer: i32, limit: i32, n: i32, bytes: i32,
): void {
  for (let b = 0; b < before; b++) {
    const first = indices + (<usize>(b * n) << 2);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < n; i++) {
        copyRow(tables + <usize>load<i32>(first + (<usize>i << 2)) * <usize>bytes, to, bytes);
        to += <usize>bytes;
      }
      tables += <usize>limit * <usize>bytes;
    }
  }
}
