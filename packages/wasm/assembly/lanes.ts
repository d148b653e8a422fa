// What the elementwise kernels share: registers that are filled in part.

// @ts-ignore: decorator
@inline
export function square(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** Loads the first `lanes` (1 … 3) of four values. */
// @ts-ignore: decorator
@inline
export function loadPart(at: usize, lanes: i32): v128 {
  let x = v128.load32_zero(at);
  if (lanes > 1) x = f32x4.replace_lane(x, 1, load<f32>(at, 4));
  if (lanes > 2) x = f32x4.replace_lane(x, 2, load<f32>(at, 8));
  return x;
}

/** Stores the first `lanes` (1 … 3) of four values. */
// @ts-ignore: decorator
@inline
export function storePart(at: usize, x: v128, lanes: i32): void {
  store<f32>(at, f32x4.extract_lane(x, 0));
  if (lanes > 1) store<f32>(at, f32x4.extract_lane(x, 1), 4);
  if (lanes > 2) store<f32>(at, f32x4.extract_lane(x, 2), 8);
}

/** A mask of the first `lanes` (1 … 3) of four values. */
// @ts-ignore: decorator
@inline
export function firstLanes(lanes: i32): v128 {
  return i32x4.gt_s(i32x4.splat(lanes), i32x4(0, 1, 2, 3));
}

/** The sum of four values, pairwise. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(x: v128): f32 {
  const low = f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1);
  return low + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Loads the first `lanes` (1 … 4) of four values. */
// @ts-ignore: decorator
@inline
export function read4(at: usize, lanes: i32): v128 {
  return lanes == 4 ? v128.load(at) : loadPart(at, lanes);
}

/** Stores the first `lanes` (1 … 4) of four values. */
// @ts-ignore: decorator
@inline
export function write4(at: usize, x: v128, lanes: i32): void {
  if (lanes == 4) v128.store(at, x);
  else storePart(at, x, lanes);
}
