import { binary } from '#kernels';

/** The kernels that have been loaded, and whether with relaxed SIMD; `undefined` where the engine hasn't that. */
const loaded = new Map<boolean, WebAssembly.Module | undefined>();

/**
 * Compiles the kernels; those with relaxed SIMD are a file of their own, which is fetched where they are asked for.
 *
 * @throws Error where that can't be fetched
 */
export async function loadBinaries({
  relaxedSimd,
}: {
  readonly relaxedSimd: boolean;
}): Promise<void> {
  if (!loaded.has(false)) loaded.set(false, await WebAssembly.compile(await inflate(binary)));
  if (!relaxedSimd || loaded.has(true)) return;
  const relaxed = await inflate((await import('#relaxed-kernels')).binary);
  const isThere = WebAssembly.validate(relaxed);
  loaded.set(true, isThere ? await WebAssembly.compile(relaxed) : undefined);
}

/** The kernels, with relaxed SIMD where it is allowed and the engine has it. */
export function kernelBinary(allowRelaxed: boolean): {
  readonly module: WebAssembly.Module;
  readonly relaxedSimd: boolean;
} {
  const relaxed = allowRelaxed && hasRelaxedSimd() ? loaded.get(true) : undefined;
  const module = relaxed ?? loaded.get(false);
  if (module === undefined) {
    throw new Error(
      '@llm101/wasm: its kernels must be loaded; they are not; await startBackend() first',
    );
  }
  return { module, relaxedSimd: relaxed !== undefined };
}

/**
 * Whether the engine has relaxed SIMD.
 *
 * @throws Error where its kernels aren't loaded
 */
export function hasRelaxedSimd(): boolean {
  if (loaded.has(true)) return loaded.get(true) !== undefined;
  throw new Error(
    'compile: relaxedSimd must come with its kernels; they are not loaded; await startBackend({ relaxedSimd: true }) first',
  );
}

/** Bytes that were deflated and written as base64. */
async function inflate(base64: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).arrayBuffer();
}
