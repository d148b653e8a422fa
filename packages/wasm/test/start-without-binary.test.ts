import { afterEach, expect, it, vi } from 'vitest';
import { startBackend } from '../src/index.js';

afterEach(() => {
  vi.restoreAllMocks();
});

it('says where to look when the binary is not found', async () => {
  const logged = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await expect(startBackend({ wasmPaths: '/no/such/folder/' })).rejects.toThrow(
    'startBackend: the wasm backend must start; it did not, and tfjs has logged why; check that wasmPaths leads to tfjs-backend-wasm-simd.wasm',
  );
  expect(logged).toHaveBeenCalled();
});
