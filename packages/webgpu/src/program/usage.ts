/** What buffers are for, as WebGPU numbers it: not every platform has `GPUBufferUsage`. */
const [MAP_READ, COPY_SRC, COPY_DST, STORAGE_BINDING] = [0x1, 0x4, 0x8, 0x80];

/** What kernels read and write, and is copied from and to. */
export const STORAGE = STORAGE_BINDING | COPY_SRC | COPY_DST;

/** What is read back. */
export const TRANSFER = MAP_READ | COPY_DST;
