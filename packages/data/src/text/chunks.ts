/** Bytes that say what a file is, and that a chunk has at least. */
export const LEAST = 2 ** 16;

/** Bytes that a chunk has at most, so that its characters are a short string. */
const MOST = 2 ** 18;

/** Joins and cuts chunks so that each has 64 KiB to 256 KiB, but for the last. */
export async function* inChunks(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += MOST) {
      const bytes = chunk.subarray(at, at + MOST);
      if (held.length === 0 && bytes.length >= LEAST) {
        yield bytes;
        continue;
      }
      held.push(bytes.slice());
      size += bytes.length;
      if (size < LEAST) continue;
      yield concat(held);
      held = [];
      size = 0;
    }
  }
  if (size > 0) yield concat(held);
}

/** Chunks as one. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Puts back the first of some chunks. */
export async function* chain(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  try {
    yield first;
    for (;;) {
      const { done, value } = await rest.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}
