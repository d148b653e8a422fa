// The gradients of a depthwise convolution of x `[B, H, W, C]` by a filter `[FH, FW, C, M]`, whose output `[B, OH, OW, C M]` has
// `y[b, o, p, c M + m] = Σ_ij x[b, o SH + i DH - PT, p SW + j DW - PL, c] filter[i, j, c, m]`; places beside x are 0.

/** The gradient for x. */
export function depthwiseInputGradient(
  dy: usize, filter: usize, to: usize, B: i32, H: i32, W: i32, C: i32, M: i32, OH: i32, OW: i32,
  FH: i32, FW: i32, SH: i32, SW: i32, DH: i32, DW: i32, PT: i32, PL: i32,
): void {
  const inRow = <usize>C << 2, outRow = <usize>(C * M) << 2;
  memory.fill(to, 0, <usize>(B * H * W) * inRow);
  for (let b = 0; b < B; b++) for (let o = 0; o < OH; o++) for (let p = 0; p < OW; p++) {
    for (let i = 0; i < FH; i++) {
      const h = o * SH + i * DH - PT;
      if (h < 0 || h >= H) continue;
      for (let j = 0; j < FW; j++) {
        const w = p * SW + j * DW - PL;
        if (w < 0 || w >= W) continue;
        const taps = filter + <usize>(i * FW + j) * outRow;
        const at = to + <usize>((b * H + h) * W + w) * inRow;
        if (M == 1) multiplyInto(at, taps, dy, inRow);
        else productsInto(at, taps, dy, C, M);
      }
    }
    dy += outRow;
  }
}

/** `to += a b`. */
function multiplyInto(to: usize, a: usize, b: usize, bytes: usize): void {
  const end = to + bytes, wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(a), v128.load(b))));
    a += 16;
    b += 16;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(to) + load<f32>(a) * load<f32>(b));
    a += 4;
    b += 4;
  }
}

/** `to[c] += Σ_m a[c, m] b[c, m]`. */
function productsInto(to: usize, a: usize, b: usize, C: i32, M: i32): void {
  for (let c = 0; c < C; c++) {
    let sum: f32 = 0;
    for (let m = 0; m < M; m++) {
      sum += load<f32>(a) * load<f32>(b);
      a += 4;
      b += 4;
    }
    store<f32>(to, load<f32>(to) + sum);
    to += 4;
  }
}

/** The gradient for the filter. Each row of the output is summed apart, in `scratch` of the filter's size, which keeps sums short. */
export function depthwiseFilterGradient(
  x: usize, dy: usize, to: usize, scratch: usize, B: i32, H: i32, W: i32, C: i32, M: i32, OH: i32, OW: i32,
  FH: i32, FW: i32, SH: i32, SW: i32, DH: i32, DW: i32, PT: i32, PL: i32,
): void {
  const inRow = <usize>C << 2, outRow = <usize>(C * M) << 2;
  const bytes = <usize>(FH * FW) * outRow;
  memory.fill(to, 0, bytes);
  for (let b = 0; b < B; b++) for (let o = 0; o < OH; o++) {
    memory.fill(scratch, 0, bytes);
    for (let p = 0; p < OW; p++) {
      for (let i = 0; i < FH; i++) {
        const h = o * SH + i * DH - PT;
        if (h < 0 || h >= H) continue;
        for (let j = 0; j < FW; j++) {
          const w = p * SW + j * DW - PL;
          if (w < 0 || w >= W) continue;
          const at = scratch + <usize>(i * FW + j) * outRow;
          const from = x + <usize>((b * H + h) * W + w) * inRow;
          if (M == 1) multiplyInto(at, from, dy, inRow);
          else outerInto(at, from, dy, C, M);
        }
      }
      dy += outRow;
    }
    addInto(to, scratch, bytes);
  }
}

/** `to[c, m] += a[c] b[c, m]`. */
function outerInto(to: usize, a: usize, b: usize, C: i32, M: i32): void {
  for (let c = 0; c < C; c++) {
    const factor = load<f32>(a);
    for (let m = 0; m < M; m++) {
      store<f32>(to, load<f32>(to) + factor * load<f32>(b));
      to += 4;
      b += 4;
    }
    a += 4;
  }
}

/** `to += from`. */
function addInto(to: usize, from: usize, bytes: usize): void {
  for (const end = to + bytes; to < end; to += 4) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
  }
}
