/** Sizes of a pooling of `[B, D, H, W, C]`: of x, the output, the window, its steps, and the padding before x. */
export type PoolArguments = [
  B: number,
  D: number,
  H: number,
  W: number,
  C: number,
  OD: number,
  OH: number,
  OW: number,
  FD: number,
  FH: number,
  FW: number,
  SD: number,
  SH: number,
  SW: number,
  PD: number,
  PH: number,
  PW: number,
];

/** Sizes of a depthwise convolution: of x, the filter, the output, its steps, dilations, and the padding before x. */
export type DepthwiseArguments = [
  B: number,
  H: number,
  W: number,
  C: number,
  M: number,
  OH: number,
  OW: number,
  FH: number,
  FW: number,
  SH: number,
  SW: number,
  DH: number,
  DW: number,
  PT: number,
  PL: number,
];

/** Kernels that work on windows of an image. */
export interface WindowKernels {
  maxPool(x: number, to: number, ...sizes: PoolArguments): void;
  avgPool(x: number, to: number, least: number, ...sizes: PoolArguments): void;
  maxPoolGradient(x: number, dy: number, to: number, ...sizes: PoolArguments): void;
  maxPoolIndices(x: number, to: number, inBatch: number, ...sizes: PoolArguments): void;
  avgPoolGradient(dy: number, to: number, ...sizes: PoolArguments): void;
  depthwiseInputGradient(
    ...args: [dy: number, filter: number, to: number, ...sizes: DepthwiseArguments]
  ): void;
  /** Scratch of the filter's size. */
  depthwiseFilterGradient(
    ...args: [x: number, dy: number, to: number, scratch: number, ...sizes: DepthwiseArguments]
  ): void;
}
