// Pooling of `[B, D, H, W, C]`: a window is the part of `[FD, FH, FW]` places, from `o S - P` on, that lies within x. Each
// window's channels are worked on together. As tfjs' specs have it, a NaN isn't larger than any number, and of equal values
// the first is the largest.
import { loadPart, storePart } from './lanes';
import { LONG } from './reductions';

/** The largest number of each window; NaN where all are NaN, -∞ of an empty window. */
export function maxPool(
  x: usize, to: usize, B: i32, D: i32, H: i32, W: i32, C: i32, OD: i32, OH: i32, OW: i32,
  FD: i32, FH: i32, FW: i32, SD: i32, SH: i32, SW: i32, PD: i32, PH: i32, PW: i32,
): void {
  const row = <usize>C << 2;
  for (let b = 0; b < B; b++) for (let od = 0; od < OD; od++) for (let oh = 0; oh < OH; oh++) for (let ow = 0; ow < OW; ow++) {
    const d0 = od * SD - PD, h0 = oh * SH - PH, w0 = ow * SW - PW;
    fillFloats(to, row, isEmpty(d0, FD, D) || isEmpty(h0, FH, H) || isEmpty(w0, FW, W) ? -Infinity : NaN);
    for (let d = max(d0, 0); d < min(d0 + FD, D); d++) for (let h = max(h0, 0); h < min(h0 + FH, H); h++) {
      for (let w = max(w0, 0); w < min(w0 + FW, W); w++) maxInto(to, x + <usize>(((b * D + d) * H + h) * W + w) * row, row);
    }
    to += row;
  }
}

/** The sum of each window by the number of its values, or by `least` if that is more. */
export function avgPool(
  x: usize, to: usize, least: i32, B: i32, D: i32, H: i32, W: i32, C: i32, OD: i32, OH: i32, OW: i32,
  FD: i32, FH: i32, FW: i32, SD: i32, SH: i32, SW: i32, PD: i32, PH: i32, PW: i32,
): void {
  const row = <usize>C << 2;
  for (let b = 0; b < B; b++) for (let od = 0; od < OD; od++) for (let oh = 0; oh < OH; oh++) for (let ow = 0; ow < OW; ow++) {
    const d0 = od * SD - PD, h0 = oh * SH - PH, w0 = ow * SW - PW;
    if (FD * FH * FW > LONG) {
      const d1 = min(d0 + FD, D), h1 = min(h0 + FH, H), w1 = min(w0 + FW, W);
      for (let c = 0; c < C; c++) {
        const sum = windowSum(x + (<usize>c << 2), row, b * D, H, W, max(d0, 0), d1, max(h0, 0), h1, max(w0, 0), w1);
        const count = max(d1 - max(d0, 0), 0) * max(h1 - max(h0, 0), 0) * max(w1 - max(w0, 0), 0);
        store<f32>(to + (<usize>c << 2), <f32>(sum / <f64>max(count, least)));
      }
      to += row;
      continue;
    }
    fillFloats(to, row, 0);
    let count = 0;
    for (let d = max(d0, 0); d < min(d0 + FD, D); d++) for (let h = max(h0, 0); h < min(h0 + FH, H); h++) {
      for (let w = max(w0, 0); w < min(w0 + FW, W); w++) {
        addInto(to, x + <usize>(((b * D + d) * H + h) * W + w) * row, row, 1);
        count++;
      }
    }
    divide(to, row, <f32>max(count, least));
    to += row;
  }
}

/** The sum of one channel of a window, in double precision; the window goes from d0, h0, w0 to before d1, h1, w1. */
function windowSum(
  x: usize, row: usize, first: i32, H: i32, W: i32, d0: i32, d1: i32, h0: i32, h1: i32, w0: i32, w1: i32,
): f64 {
  let sum: f64 = 0;
  for (let d = d0; d < d1; d++) for (let h = h0; h < h1; h++) for (let w = w0; w < w1; w++) {
    sum += <f64>load<f32>(x + <usize>(((first + d) * H + h) * W + w) * row);
  }
  return sum;
}

/** The gradient of `maxPool`: each window's goes to its first largest value. Four channels at a time. */
export function maxPoolGradient(
  x: usize, dy: usize, to: usize, B: i32, D: i32, H: i32, W: i32, C: i32, OD: i32, OH: i32, OW: i32,
  FD: i32, FH: i32, FW: i32, SD: i32, SH: i32, SW: i32, PD: i32, PH: i32, PW: i32,
): void {
  const row = <usize>C << 2, lanes = C & 3;
  memory.fill(to, 0, <usize>(B * D * H * W) * row);
  for (let b = 0; b < B; b++) for (let od = 0; od < OD; od++) for (let oh = 0; oh < OH; oh++) for (let ow = 0; ow < OW; ow++) {
    const d0 = od * SD - PD, h0 = oh * SH - PH, w0 = ow * SW - PW;
    const d1 = min(d0 + FD, D), h1 = min(h0 + FH, H), w1 = min(w0 + FW, W);
    for (let c = 0; c < C; c += 4) {
      const channel = <usize>c << 2, isPart = C - c < 4;
      let most = f32x4.splat(NaN), chosen = i32x4.splat(-1), place = 0;
      for (let d = max(d0, 0); d < d1; d++) for (let h = max(h0, 0); h < h1; h++) for (let w = max(w0, 0); w < w1; w++) {
        const at = x + <usize>(((b * D + d) * H + h) * W + w) * row + channel;
        const value = isPart ? loadPart(at, lanes) : v128.load(at);
        // The first of all; a larger one; a number after NaN.
        const isNumber = v128.andnot(f32x4.eq(value, value), f32x4.eq(most, most));
        const better = v128.or(f32x4.gt(value, most), v128.or(isNumber, i32x4.splat(place ? 0 : -1)));
        most = v128.bitselect(value, most, better);
        chosen = v128.bitselect(i32x4.splat(place), chosen, better);
        place++;
      }
      const slope = isPart ? loadPart(dy + channel, lanes) : v128.load(dy + channel);
      place = 0;
      for (let d = max(d0, 0); d < d1; d++) for (let h = max(h0, 0); h < h1; h++) for (let w = max(w0, 0); w < w1; w++) {
        const at = to + <usize>(((b * D + d) * H + h) * W + w) * row + channel;
        const old = isPart ? loadPart(at, lanes) : v128.load(at);
        const sum = v128.bitselect(f32x4.add(old, slope), old, i32x4.eq(chosen, i32x4.splat(place)));
        if (isPart) storePart(at, sum, lanes);
        else v128.store(at, sum);
        place++;
      }
    }
    dy += row;
  }
}

/** Where the largest values are: their indices in `[H, W, C]`, or with `inBatch` in `[B, H, W, C]`; -1 of an empty window. */
export function maxPoolIndices(
  x: usize, to: usize, inBatch: i32, B: i32, D: i32, H: i32, W: i32, C: i32, OD: i32, OH: i32, OW: i32,
  FD: i32, FH: i32, FW: i32, SD: i32, SH: i32, SW: i32, PD: i32, PH: i32, PW: i32,
): void {
  const size = D * H * W * C;
  for (let b = 0; b < B; b++) for (let od = 0; od < OD; od++) for (let oh = 0; oh < OH; oh++) for (let ow = 0; ow < OW; ow++) {
    const d0 = od * SD - PD, h0 = oh * SH - PH, w0 = ow * SW - PW;
    for (let c = 0; c < C; c++) {
      let most: f32 = NaN, at = -1;
      for (let d = max(d0, 0); d < min(d0 + FD, D); d++) for (let h = max(h0, 0); h < min(h0 + FH, H); h++) {
        for (let w = max(w0, 0); w < min(w0 + FW, W); w++) {
          const place = ((d * H + h) * W + w) * C + c;
          const value = load<f32>(x + (<usize>(b * size + place) << 2));
          if (at == -1 || value > most || (most != most && value == value)) {
            most = value;
            at = place;
          }
        }
      }
      store<i32>(to, at == -1 || inBatch == 0 ? at : b * size + at);
      to += 4;
    }
  }
}

/** The gradient of `avgPool`: each window's is shared by its values. */
export function avgPoolGradient(
  dy: usize, to: usize, B: i32, D: i32, H: i32, W: i32, C: i32, OD: i32, OH: i32, OW: i32,
  FD: i32, FH: i32, FW: i32, SD: i32, SH: i32, SW: i32, PD: i32, PH: i32, PW: i32,
): void {
  if (FD * FH * FW > LONG) {
    for (let b = 0; b < B; b++) for (let d = 0; d < D; d++) for (let h = 0; h < H; h++) for (let w = 0; w < W; w++) {
      for (let c = 0; c < C; c++) {
        let sum: f64 = 0;
        for (let od = firstWindow(d + PD, FD, SD); od < min((d + PD) / SD + 1, OD); od++) {
          for (let oh = firstWindow(h + PH, FH, SH); oh < min((h + PH) / SH + 1, OH); oh++) {
            for (let ow = firstWindow(w + PW, FW, SW); ow < min((w + PW) / SW + 1, OW); ow++) {
              const count = inside(od * SD - PD, FD, D) * inside(oh * SH - PH, FH, H) * inside(ow * SW - PW, FW, W);
              sum += <f64>load<f32>(dy + (<usize>((((b * OD + od) * OH + oh) * OW + ow) * C + c) << 2)) / <f64>count;
            }
          }
        }
        store<f32>(to, <f32>sum);
        to += 4;
      }
    }
    return;
  }
  const row = <usize>C << 2;
  memory.fill(to, 0, <usize>(B * D * H * W) * row);
  for (let b = 0; b < B; b++) for (let od = 0; od < OD; od++) for (let oh = 0; oh < OH; oh++) for (let ow = 0; ow < OW; ow++) {
    const d0 = od * SD - PD, h0 = oh * SH - PH, w0 = ow * SW - PW;
    const d1 = min(d0 + FD, D), h1 = min(h0 + FH, H), w1 = min(w0 + FW, W);
    const count = (d1 - max(d0, 0)) * (h1 - max(h0, 0)) * (w1 - max(w0, 0));
    const share: f32 = 1 / <f32>count;
    for (let d = max(d0, 0); d < d1; d++) for (let h = max(h0, 0); h < h1; h++) {
      for (let w = max(w0, 0); w < w1; w++) addInto(to + <usize>(((b * D + d) * H + h) * W + w) * row, dy, row, share);
    }
    dy += row;
  }
}

/** The first window of n places, each `step` after the one before, that holds a place. */
// @ts-ignore: decorator
@inline
function firstWindow(place: i32, n: i32, step: i32): i32 {
  return place < n ? 0 : (place - n) / step + 1;
}

/** How many of the n places from `first` on lie within an axis. */
// @ts-ignore: decorator
@inline
function inside(first: i32, n: i32, length: i32): i32 {
  return min(first + n, length) - max(first, 0);
}

function fillFloats(to: usize, bytes: usize, value: f32): void {
  const values = f32x4.splat(value);
  const end = to + bytes, wide = end - 15;
  for (; to < wide; to += 16) v128.store(to, values);
  for (; to < end; to += 4) store<f32>(to, value);
}

/** Whether a window of n places from `first` on lies beside an axis. */
// @ts-ignore: decorator
@inline
function isEmpty(first: i32, n: i32, length: i32): bool {
  return first + n <= 0 || first >= length;
}

/** `to = max(to, from)`, where a NaN gives way to any number. */
function maxInto(to: usize, from: usize, bytes: usize): void {
  const end = to + bytes, wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, larger(v128.load(to), v128.load(from)));
    from += 16;
  }
  const lanes = <i32>(end - to) >> 2;
  if (lanes) storePart(to, larger(loadPart(to, lanes), loadPart(from, lanes)), lanes);
}

// @ts-ignore: decorator
@inline
function larger(most: v128, x: v128): v128 {
  return v128.bitselect(x, most, v128.or(f32x4.gt(x, most), f32x4.ne(most, most)));
}

/** `to += from factor`. */
function addInto(to: usize, from: usize, bytes: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  const end = to + bytes, wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(from), factors)));
    from += 16;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<f32>(to) + load<f32>(from) * factor);
    from += 4;
  }
}

function divide(to: usize, bytes: usize, by: f32): void {
  const divisors = f32x4.splat(by);
  const end = to + bytes, wide = end - 15;
  for (; to < wide; to += 16) v128.store(to, f32x4.div(v128.load(to), divisors));
  for (; to < end; to += 4) store<f32>(to, load<f32>(to) / by);
}
