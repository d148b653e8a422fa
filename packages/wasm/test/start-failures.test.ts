import { env, setBackend } from '@tensorflow/tfjs-core';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startBackend } from '../src/index.js';
import { binaryPaths, whyBinaryFails } from '../src/wasm-binary.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

// First of all: a backend that runs isn't started again.
it('blames a policy that forbids to compile on the policy, and a missing WebAssembly on the engine', async () => {
  const refused = new WebAssembly.CompileError('Refused to compile or instantiate WebAssembly');
  vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(refused);
  await expect(startBackend()).rejects.toThrow(
    "startBackend: the page must be allowed to compile WebAssembly; its Content-Security-Policy forbids it; add 'wasm-unsafe-eval' to its script-src (the browser says: Refused to compile",
  );
  vi.stubGlobal('WebAssembly', undefined);
  await expect(startBackend()).rejects.toThrow(
    'startBackend: there must be WebAssembly; this engine has none',
  );
});

it('refuses a backend that something else started with threads', async () => {
  await setBackend('wasm');
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', true); // as it is in a cross-origin-isolated page
  await expect(startBackend()).rejects.toThrow(
    'startBackend: the wasm backend must run on one thread; it was started before with several',
  );
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await expect(startBackend()).resolves.toMatchObject({ threads: 1 });
});

describe('wasmPaths', () => {
  const simd = 'tfjs-backend-wasm-simd.wasm';
  it('is a folder, the one file that is used, or an object with it', () => {
    const all = (url: string) => ({
      'tfjs-backend-wasm.wasm': url,
      [simd]: url,
      'tfjs-backend-wasm-threaded-simd.wasm': url,
    });
    expect(binaryPaths('/wasm/')).toBe('/wasm/');
    expect(binaryPaths('/a/simd-1f2e.wasm')).toEqual(all('/a/simd-1f2e.wasm'));
    expect(binaryPaths('https://cdn.org/simd.wasm?v=3')).toEqual(
      all('https://cdn.org/simd.wasm?v=3'),
    );
    expect(binaryPaths({ [simd]: 'blob:1' })).toEqual(all('blob:1'));
  });

  it.each([['/wasm'], [''], [{}], [{ 'tfjs-backend-wasm.wasm': '/plain.wasm' }], [null]])(
    'refuses %j, which names none of them',
    (given) => {
      expect(() => binaryPaths(given as string)).toThrow(
        `startBackend: wasmPaths must be the URL of ${simd}, that of its folder with a slash at the end, or an object with that name; got `,
      );
    },
  );

  it('that leads nowhere is said with what came from there', async () => {
    vi.spyOn(env(), 'getBool').mockReturnValue(false); // no Node
    const answer = (response: Response | Error) =>
      vi.stubGlobal('fetch', () =>
        response instanceof Error ? Promise.reject(response) : Promise.resolve(response),
      );
    answer(new Response('', { status: 404 }));
    expect(await whyBinaryFails('/wasm/')).toBe(
      `/wasm/${simd} answers 404: check that wasmPaths leads to ${simd}`,
    );
    answer(new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }));
    expect(await whyBinaryFails('/wasm/')).toMatch('is no WebAssembly but text/html');
    answer(new TypeError('Failed to fetch'));
    expect(await whyBinaryFails('/wasm/')).toMatch("can't be fetched (Failed to fetch)");
    answer(new Response(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
    expect(await whyBinaryFails('/wasm/')).toMatch("is there, and can't be used");
    expect(await whyBinaryFails(undefined)).toMatch('say by wasmPaths');
  });
});

it.each(['uncaughtException', 'unhandledRejection'])(
  'prints an error that nobody caught (%s) without the source of tfjs, and keeps other listeners',
  (kind) => {
    const index = fileURLToPath(new URL('../dist/index.js', import.meta.url));
    const script = `
      const { startBackend } = await import(${JSON.stringify(index)});
      const own = (error) => { if (error === undefined) throw error; };
      process.on('${kind}', own);
      await startBackend();
      console.log(process.listenerCount('${kind}'), process.listeners('${kind}')[0] === own);
      process.off('${kind}', own);
      ${kind === 'uncaughtException' ? "setTimeout(() => { throw new Error('mine'); });" : "Promise.reject(new Error('mine'));"}
    `;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect(child.stderr).toMatch('Error: mine');
    expect(child.stderr.length).toBeLessThan(2000);
    expect(child.stdout).toBe('1 true\n');
    expect(child.status).toBe(1);
  },
);
