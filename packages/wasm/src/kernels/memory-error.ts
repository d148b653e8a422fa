/** The backend's memory, 4 GiB at most, has no room left. What was computed before can still be read. */
export class MemoryError extends Error {
  /** Stands before the message. */
  override readonly name = 'MemoryError';

  /**
   * @param bytes - how many there was no room for
   * @param heapBytes - how large the memory has grown
   */
  constructor(bytes: number, heapBytes: number) {
    super(
      `wasm: a tensor must fit into the backend's memory of at most 4 GiB; got one of ${megabytes(bytes)} ` +
        `beside what fills ${megabytes(heapBytes)}; use smaller batches or a smaller model`,
    );
  }
}

const megabytes = (bytes: number): string =>
  `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;
