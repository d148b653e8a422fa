import { env, setBackend } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { startBackend } from '../src/index.js';

it('refuses a backend that something else started with threads', async () => {
  await setBackend('wasm');
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', true); // as it is in a cross-origin-isolated page
  await expect(startBackend()).rejects.toThrow(
    'startBackend: the wasm backend must run on one thread; it was started before with several',
  );
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await expect(startBackend()).resolves.toMatchObject({ threads: 1 });
});
