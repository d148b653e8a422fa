import { MemoryError } from '@llm101/wasm';

/** What makes a run need less. */
export const LESS_MEMORY = 'lower --batch-size, --d-hidden, --d-embed or --context-size';

/** Whether the backend or JavaScript has run out of memory. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof MemoryError) return true;
  // tfjs' own kernels take memory too, and don't look whether they got it.
  if (error instanceof WebAssembly.RuntimeError) return true;
  return (
    error instanceof RangeError &&
    /allocation failed|Invalid typed array length/.test(error.message)
  );
}
