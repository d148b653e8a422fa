/** A GPU can't be had, lacks something, or is gone. The message is for people: what, why, and what to do. */
export class GpuError extends Error {
  override readonly name = 'GpuError';
}
