#!/usr/bin/env node
// Packs the benchmark of a GPU with all that it needs but Node into a folder, to be carried to a machine that has one: `node gpu.mjs` there.
import { cpSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'gpu-bench' },
    platform: { type: 'string', default: 'linux-x64' },
    text: { type: 'string', default: '../shared/shakespeare.txt' },
  },
});
const { resolve: find } = createRequire(import.meta.url);
const folder = resolve(values.to);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const build = await rolldown({
  input: fileURLToPath(new URL('gpu.mjs', import.meta.url)),
  platform: 'node',
  external: ['node-fetch'],
  resolve: { mainFields: ['module', 'main'] },
  // by these the backend finds its binary
  transform: { define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } },
});
await build.write({ dir: folder, format: 'esm', entryFileNames: 'gpu.mjs' });
await build.close();

writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
const binary = 'tfjs-backend-wasm-simd.wasm';
copyFileSync(find(`@tensorflow/tfjs-backend-wasm/wasm-out/${binary}`), join(folder, binary));
const native = dirname(find('webgpu'));
const there = join(folder, 'node_modules', 'webgpu');
for (const name of ['package.json', 'index.js', 'dawn.node', join('dist', values.platform)]) {
  if (existsSync(join(native, name)))
    cpSync(join(native, name), join(there, name), { recursive: true });
}
if (existsSync(values.text)) copyFileSync(values.text, join(folder, 'shakespeare.txt'));
console.log(`${folder}: node gpu.mjs --text shakespeare.txt there`);
