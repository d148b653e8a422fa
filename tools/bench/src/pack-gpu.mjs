#!/usr/bin/env node
/**
 * Packs the benchmark of a GPU with all that it needs but Node into a folder, for a machine that has one and no network: `sh run.sh` there.
 *
 *     node src/pack-gpu.mjs [--to gpu-bench] [--node 24] [--texts ../../../shared]
 *
 * `--node` brings Node along too: a version, which npm fetches, or the path of a binary.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { reportErrors, scratchFolder } from './options.mjs';

reportErrors();
const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'gpu-bench' },
    node: { type: 'string' },
    texts: { type: 'string', default: '../../../shared' },
  },
});

const PLATFORM = 'linux-x64';
const MOST_BYTES = 60 * 2 ** 20;

/** Of binutils; without it Node's binary is as large as it came. */
const STRIP = 'strip';

/** Of xz-utils. */
const XZ = 'xz';

/** What is started by its file. */
const ENTRIES = ['gpu', 'gpu-probe', 'gpu-losses', 'serve', 'contestants/llm101-worker'];

/** Vulkan, and what NVIDIA's driver is linked with: machines that only compute may lack it. */
const LIBRARIES = {
  loader: ['libvulkan.so.1'],
  display: [
    'libX11.so.6',
    'libXext.so.6',
    'libxcb.so.1',
    'libXau.so.6',
    'libXdmcp.so.6',
    'libbsd.so.0',
    'libmd.so.0',
    'libGLdispatch.so.0',
    'libGLX.so.0',
    'libEGL.so.1',
  ],
};

const { resolve: find } = createRequire(import.meta.url);
const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
const folder = resolve(values.to);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

await bundle();
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
const binary = 'tfjs-backend-wasm-simd.wasm';
copyFileSync(find(`@tensorflow/tfjs-backend-wasm/wasm-out/${binary}`), join(folder, binary));
cpSync(here('./python'), join(folder, 'python'), {
  recursive: true,
  filter: (path) => !path.includes('__pycache__'),
});
copyFileSync(here('./run-gpu.sh'), join(folder, 'run.sh'));
packWebGpu();
packJaxJs();
const missing = packLibraries();
for (const name of ['names.txt', 'shakespeare.txt']) {
  const text = join(values.texts, name);
  if (existsSync(text)) copyFileSync(text, join(folder, name));
  else missing.push(text);
}
if (values.node !== undefined) packNode(values.node);

const bytes = sizeOf(folder);
const megabytes = (bytes / 2 ** 20).toFixed(1);
if (bytes > MOST_BYTES)
  throw new Error(`bench: ${folder} must have 60 MiB at most; it has ${megabytes}`);
if (missing.length > 0) console.log(`left out, as they aren't here: ${missing.join(', ')}`);
console.log(`${folder}, ${megabytes} MiB: sh run.sh there`);

async function bundle() {
  const build = await rolldown({
    input: Object.fromEntries(
      ENTRIES.map((entry) => [entry.split('/').at(-1) ?? entry, here(`./${entry}.mjs`)]),
    ),
    platform: 'node',
    external: ['node-fetch', 'webgpu', '@jax-js/jax'],
    resolve: { mainFields: ['module', 'main'] },
    // by these the backend finds its binary
    transform: { define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } },
    plugins: [{ name: 'gradients', transform: withGradients }],
  });
  const names = { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' };
  await build.write({ dir: folder, format: 'esm', ...names });
  await build.close();
}

/**
 * tfjs' gradients are imported by a path that is made when they are needed; a bundler has to be told.
 *
 * @param {string} code
 * @param {string} id - the module's path
 */
function withGradients(code, id) {
  if (!id.endsWith('tfjs-stock-task.mjs')) return undefined;
  const path = here('../../../packages/wasm/dist/gradients.js');
  const told = code.replace('import(file.href)', `import(${JSON.stringify(path)})`);
  if (told === code) throw new Error(`bench: ${id} must import(file.href)`);
  return told;
}

/** Its binary compressed, as run.sh unpacks it. */
function packWebGpu() {
  const from = dirname(find('webgpu'));
  const to = join(folder, 'node_modules', 'webgpu');
  mkdirSync(join(to, 'dist', PLATFORM), { recursive: true });
  for (const name of ['package.json', 'index.js']) copyFileSync(join(from, name), join(to, name));
  const native = join('dist', PLATFORM, 'dawn.node');
  compress(join(from, native), join(to, native));
}

/** As it is, since it looks for its version there. */
function packJaxJs() {
  const from = dirname(dirname(find('@jax-js/jax')));
  const to = join(folder, 'node_modules', '@jax-js', 'jax');
  mkdirSync(join(to, 'dist'), { recursive: true });
  copyFileSync(join(from, 'package.json'), join(to, 'package.json'));
  for (const name of readdirSync(join(from, 'dist'))) {
    if (/\.c?js$/.test(name)) copyFileSync(join(from, 'dist', name), join(to, 'dist', name));
  }
}

/** @returns {string[]} those that this machine lacks */
function packLibraries() {
  const listed = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  const lacking = [];
  for (const [kind, names] of Object.entries(LIBRARIES)) {
    const to = join(folder, 'lib', kind);
    mkdirSync(to, { recursive: true });
    for (const name of names) {
      const [, path] =
        new RegExp(`${name.replaceAll('.', '\\.')} \\(.*x86-64.*\\) => (.+)`).exec(listed) ?? [];
      if (path === undefined) lacking.push(name);
      else copyFileSync(path, join(to, name));
    }
  }
  return lacking;
}

/** @param {string} which - a version, or the path of a binary */
function packNode(which) {
  const scratch = scratchFolder();
  const stripped = join(scratch, 'node');
  const from = existsSync(which) ? which : fetchNode(which, scratch);
  if (spawnSync(STRIP, ['-o', stripped, from]).status !== 0) copyFileSync(from, stripped);
  compress(stripped, join(folder, 'node'), XZ);
}

/**
 * As run.sh unpacks it: by xz, which takes a minute for Node and makes it a third smaller, else by gzip.
 *
 * @param {string} from
 * @param {string} to - without what its name ends in
 * @param {string} [program]
 */
function compress(from, to, program) {
  const args = ['-6', '--threads=0', '--stdout', from];
  const options = { maxBuffer: MOST_BYTES };
  const { status, stdout } = program === undefined ? {} : spawnSync(program, args, options);
  if (stdout !== undefined && status === 0) writeFileSync(`${to}.xz`, stdout);
  else writeFileSync(`${to}.gz`, gzipSync(readFileSync(from)));
}

/**
 * @param {string} version
 * @param {string} scratch
 */
function fetchNode(version, scratch) {
  const spec = `node-${PLATFORM}@${version}`;
  const options = { cwd: scratch, encoding: /** @type {const} */ ('utf8') };
  const archive = execFileSync('npm', ['pack', '--silent', spec], options).trim();
  execFileSync('tar', ['xzf', archive], options);
  return join(scratch, 'package', 'bin', 'node');
}

/**
 * @param {string} path
 * @returns {number}
 */
function sizeOf(path) {
  const { size } = statSync(path);
  if (!statSync(path).isDirectory()) return size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
