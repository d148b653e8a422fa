import { readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { ok, problem, warning } from './finding.mjs';
import { run } from './run.mjs';

/** @import { Finding } from './finding.mjs' */

/** @param {string} root */
export function readVersions(root) {
  const { engines, packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    node: process.versions.node,
    leastNode: engines.node.replace('>=', ''),
    npm: run('npm', ['--version'], root),
    usedNpm: packageManager.replace('npm@', ''),
  };
}

/** The npm of the oldest Node that is promised. */
const LEAST_NPM = '10';

/**
 * @param {ReturnType<typeof readVersions>} versions
 * @returns {Finding}
 */
export function checkNode({ node, leastNode }) {
  if (isAtLeast(node, leastNode)) return ok('node', `${node}; ${leastNode} and later will do`);
  return problem('node', `${node}; must be ${leastNode} or later`, 'install it, or `nvm install`');
}

/**
 * @param {ReturnType<typeof readVersions>} versions
 * @returns {Finding}
 */
export function checkNpm({ npm, usedNpm }) {
  if (npm === undefined) return problem('npm', 'not found', 'install it; it comes with Node');
  if (isAtLeast(npm, LEAST_NPM)) return ok('npm', `${npm}; the lockfile is written by ${usedNpm}`);
  const found = `${npm}; ${LEAST_NPM} and later are tested`;
  return warning('npm', found, `npm install -g npm@${usedNpm}`);
}

/**
 * Whether a version is another one or a later one. What follows a hyphen doesn't count.
 *
 * @param {string} version - `v20.19.0`, `20.19.0-nightly`
 * @param {string} least - `20.19`; what is left out is 0
 * @returns {boolean}
 */
function isAtLeast(version, least) {
  const [have, want] = [numbers(version), numbers(least)];
  const differs = [0, 1, 2].find((i) => have[i] !== want[i]);
  return differs === undefined || have[differs] > want[differs];
}

/** @param {string} version */
function numbers(version) {
  const [major = 0, minor = 0, patch = 0] = version
    .replace(/^v|-.*$/g, '')
    .split('.')
    .map(Number);
  return [major, minor, patch];
}

// () -> v128, by an instruction or two of the extension: i8x16.splat, i8x16.popcnt; i8x16.relaxed_swizzle
const TYPE = [1, 5, 1, 0x60, 0, 1, 0x7b];
const SPLAT = [0x41, 0, 0xfd, 15];
const simd = wasmModule([...SPLAT, 0xfd, 98]);
const relaxedSimd = wasmModule([...SPLAT, ...SPLAT, 0xfd, 0x80, 2]);

/** Of this process. */
export function readEngine() {
  return {
    name: `V8 ${process.versions.v8}, ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    hasSimd: WebAssembly.validate(simd),
    hasRelaxedSimd: WebAssembly.validate(relaxedSimd),
  };
}

/**
 * A module of one function.
 *
 * @param {readonly number[]} instructions
 */
function wasmModule(instructions) {
  const body = [0, ...instructions, 11]; // no locals … end
  const code = [10, body.length + 2, 1, body.length, ...body];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...TYPE, 3, 2, 1, 0, ...code]);
}

/**
 * @param {ReturnType<typeof readEngine>} engine
 * @returns {Finding[]}
 */
export function checkEngine({ name, processor, hasSimd, hasRelaxedSimd }) {
  const where = `${name}, ${processor}`;
  if (!hasSimd) {
    return [problem('simd', `${where}: no SIMD in WebAssembly`, 'use a processor that has SSE4.1')];
  }
  const relaxed = hasRelaxedSimd
    ? 'relaxed SIMD too'
    : 'no relaxed SIMD: Node 22 and later have it';
  return [ok('simd', `${where}: SIMD; ${relaxed}`)];
}

/** @param {string} root */
export function readSpace(root) {
  const { bavail, bsize } = statfsSync(root);
  // Knows of limits of containers; came with Node 20.13.
  const memoryBytes = process.availableMemory?.() ?? freemem();
  return {
    diskBytes: bavail * bsize,
    memoryBytes,
    totalMemoryBytes: totalmem(),
    cores: availableParallelism(),
  };
}

const GB = 1e9;

/** An installed and built checkout takes 0.6 GB; tests of packages install them a few times more. */
const DISK = { least: 0.3 * GB, good: 2 * GB };

/** Two compilers or test processes at once take some 0.5 GB each. */
const MEMORY = { least: 0.5 * GB, good: 2 * GB };

/**
 * @param {ReturnType<typeof readSpace>} space
 * @returns {Finding[]}
 */
export function checkSpace({ diskBytes, memoryBytes, totalMemoryBytes, cores }) {
  const memory = `${gigabytes(memoryBytes)} of ${gigabytes(totalMemoryBytes)} free, cores: ${cores}`;
  return [
    levelOf(diskBytes, DISK)(
      'disk',
      `${gigabytes(diskBytes)} free`,
      `make room: ${gigabytes(DISK.good)} are good`,
    ),
    levelOf(memoryBytes, MEMORY)('memory', memory, 'close something, or set NX_PARALLEL=1'),
  ];
}

/**
 * @param {number} bytes
 * @param {{ least: number, good: number }} bounds
 */
function levelOf(bytes, { least, good }) {
  if (bytes >= good) return ok;
  return bytes < least ? problem : warning;
}

/** @param {number} bytes */
function gigabytes(bytes) {
  return `${(bytes / GB).toFixed(1)} GB`;
}

/**
 * @typedef {object} Python
 * @property {string} program
 * @property {string | undefined} version - `undefined` where there is none
 * @property {Readonly<Record<string, string>>} packages - those of interest that it has, with their versions
 */

const SCRIPT = `
import importlib.metadata as metadata, json, platform
found = {}
for name in ("torch", "jax"):
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps({"version": platform.python_version(), "packages": found}))
`;

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Python} the one that the benchmark would take
 */
export function readPython(root, environment) {
  const program = environment['LLM101_PYTHON'] || 'python3';
  const output = run(program, ['-c', SCRIPT], root);
  if (output === undefined) return { program, version: undefined, packages: {} };
  return { program, ...JSON.parse(output) };
}

/** Compared with in the benchmark, and the source of figures; nothing else needs them. */
const WANTED = ['torch', 'jax'];

/**
 * @param {Python} python
 * @returns {Finding[]} never more than a remark
 */
export function checkPython({ program, version, packages }) {
  if (version === undefined) {
    return [ok('python', `no ${program}; only comparisons with PyTorch and JAX want one`)];
  }
  const list = WANTED.map((name) => (packages[name] ? `${name} ${packages[name]}` : `no ${name}`));
  return [ok('python', `${version}, ${list.join(', ')}; only the benchmark asks (LLM101_PYTHON)`)];
}

const LONGEST_MS = 5000;

/** @param {string} root */
export async function readRegistry(root) {
  const url = run('npm', ['config', 'get', 'registry'], root) ?? 'https://registry.npmjs.org/';
  try {
    const { status } = await fetch(new URL('-/ping', url), {
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    return { url, trouble: status < 500 ? undefined : `answers ${status}` };
  } catch (error) {
    const { cause } = /** @type {{ cause?: unknown }} */ (error);
    const reason = cause instanceof Error ? cause : error;
    return { url, trouble: reason instanceof Error ? reason.message : String(reason) };
  }
}

/**
 * @param {Awaited<ReturnType<typeof readRegistry>>} registry
 * @returns {Finding[]}
 */
export function checkRegistry({ url, trouble }) {
  const place = withoutPassword(url);
  if (trouble === undefined) return [ok('registry', `${place} answers`)];
  const todo =
    'fine while all is installed; else npm ci --prefer-offline, or npm config set registry';
  return [warning('registry', `${place}: ${trouble}`, todo)];
}

/**
 * As issues quote what is printed.
 *
 * @param {string} url
 */
function withoutPassword(url) {
  return url.replace(/\/\/[^/@]*@/, '//');
}
