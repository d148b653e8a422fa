// The benchmark of a GPU: how one is found, what is said of it, and all of it as it is packed for another machine, on a GPU in software.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { useSoftwareGpu } from '@tools/browsers/software-gpu';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { ContestantProcess } from '../src/contestant-process.mjs';
import { GPU_REFERENCE, gpuContestants } from '../src/contestants.mjs';
import { findWay, type Found, type Machine, waysToGpu } from '../src/gpu-drivers.mjs';
import { formatGpuRows, makeGpuRows } from '../src/gpu-report.mjs';
import type { Entry } from '../src/measure.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bench-gpu-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bare: Machine = {
  env: {},
  manifests: [],
  libraries: [],
  driverFolders: [],
  hasLoader: true,
  carried: [],
};

describe('ways to a GPU', () => {
  const hows = (machine: Partial<Machine>): string[] =>
    waysToGpu({ ...bare, ...machine }, folder).map(({ how }) => how);

  it('are the machine as it is, its files, its libraries', () => {
    expect(hows({})).toEqual(['as it is']);
    const manifests = ['/etc/vulkan/icd.d/nvidia_icd.json'];
    const libraries = ['/usr/lib/libGLX_nvidia.so.0', 'libEGL_nvidia.so.0'];
    const ways = waysToGpu({ ...bare, manifests, libraries }, folder);
    expect(ways.map(({ how }) => how)).toEqual([
      'as it is',
      'by /etc/vulkan/icd.d/nvidia_icd.json',
      'by /usr/lib/libGLX_nvidia.so.0',
      'by libEGL_nvidia.so.0',
    ]);
    expect(ways[1].variables).toMatchObject({ VK_DRIVER_FILES: manifests[0] });
    const written = JSON.parse(readFileSync(ways[2].variables['VK_DRIVER_FILES'], 'utf8'));
    expect(written).toMatchObject({ ICD: { library_path: libraries[0] } });
  });
  it('are the chosen driver alone where one is', () => {
    const env = { VK_DRIVER_FILES: 'mine.json' };
    expect(hows({ env, libraries: ['libGLX_nvidia.so.0'] })).toEqual(['as it is']);
  });
  it('have the libraries of a driver that lie apart', () => {
    const [way] = waysToGpu({ ...bare, driverFolders: ['/usr/local/nvidia/lib64'] }, folder);
    expect(way.variables).toEqual({ LD_LIBRARY_PATH: '/usr/local/nvidia/lib64' });
  });
  it('bring along what the machine lacks', () => {
    const carried = ['/pack/lib/loader', '/pack/lib/display'];
    expect(hows({ carried })).toHaveLength(3);
    const ways = waysToGpu(
      { ...bare, hasLoader: false, carried, env: { LD_LIBRARY_PATH: '/lib' } },
      folder,
    );
    expect(ways.map(({ how }) => how)).toEqual([
      'as it is, with lib/loader',
      'as it is, with lib/loader and display',
    ]);
    expect(ways[1].variables).toEqual({
      LD_LIBRARY_PATH: '/pack/lib/loader:/pack/lib/display:/lib',
    });
  });
  it('are tried until one leads to a GPU; software is for want of one', () => {
    const ways = ['a', 'b', 'c'].map((how) => ({ how, variables: {} }));
    const found: Readonly<Record<string, Omit<Found, 'how'>>> = {
      a: { problem: 'no driver' },
      b: { adapter: 'SwiftShader', isSoftware: true },
      c: { adapter: 'H100', isSoftware: false },
    };
    const look = ({ how }: { how: string }): Found => ({ how, ...found[how] });
    expect(findWay(ways, look)).toMatchObject({ way: ways[2], tried: [{}, {}, {}] });
    expect(findWay(ways.slice(0, 2), look).way).toBe(ways[1]);
    expect(findWay(ways.slice(0, 1), look)).toEqual({
      way: undefined,
      tried: [{ how: 'a', problem: 'no driver' }],
    });
  });
});

it('has no figures of wasm where a model is too large for it', () => {
  const names = (isLarge: boolean): string[] =>
    gpuContestants({ isLarge, torchDevice: 'cuda' }).map(({ name }) => name);
  const wasm = ['llm101 wasm, one thread', 'llm101 wasm, all threads'];
  expect(names(false).filter((name) => !names(true).includes(name))).toEqual(wasm);
});

it('says what a step costs, and where its time goes', () => {
  const entry = (name: string, rates: readonly number[], problem?: string) =>
    ({ contestant: { name }, first: { what: '1' }, rates, problem }) as Partial<Entry> as Entry;
  const split = { encodeMs: 0.1, queueMs: 2, kernelsMs: 1.5, waitMs: 0.05, dispatches: 107 };
  const rows = makeGpuRows(
    [
      entry(GPU_REFERENCE, [400, 500, 600]),
      entry('theirs', [100]),
      entry('late', []),
      entry('broken', [], 'lost'),
    ],
    { flops: 4e9, tokens: 1000 },
    split,
  );
  expect(rows[0]).toMatchObject({
    msAStep: 2,
    spread: 0.4,
    tokensASecond: 500_000,
    gflops: 2000,
    split,
  });
  expect(rows[1]).toMatchObject({ msAStep: 10, oursIs: 5 });
  expect(rows[2].problem).toBe('left out, as the time was up');
  const text = formatGpuRows(rows);
  expect(text).toMatch(/^theirs \(1\) +10\.0 +0 % +100,000 +400 +5\.00x$/m);
  expect(text).toMatch(/^broken +lost$/m);
  expect(text).toContain('encoded in 0.100 ms, done 2.00 ms later (kernels 1.50 by its own clock)');
});

it('ends a contestant that takes too long', async () => {
  const forever = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];
  const contestant = new ContestantProcess(forever, { pin: [], threads: 2 });
  onTestFinished(() => contestant.end());
  expect(await contestant.start(0.01)).toEqual({ absent: 'took longer than 1 s' });
});

const hasNone = process.platform !== 'linux' || !useSoftwareGpu();
const LIMIT_MS = 300_000; // with both cores busy

it.skipIf(hasNone)(
  'is packed with all that it needs, and measures where it is unpacked',
  async () => {
    const [pack, OUT] = [join(folder, 'pack'), join(folder, 'results')];
    const program = fileURLToPath(new URL('../src/pack-gpu.mjs', import.meta.url));
    const run = promisify(execFile);
    await run(process.execPath, [program, '--to', pack, '--texts', folder]);
    const env = { ...process.env, OUT, LLM101_PYTHON: 'no-such-python' };
    const flags = ['--tiny', '--only', 'mlp', '--rounds', '1', '--seconds', '0.01'];
    const { stdout } = await run('sh', [join(pack, 'run.sh'), ...flags], { env });
    expect(stdout).toMatch(/^Training steps on SwiftShader/);
    expect(readFileSync(join(OUT, 'gpu-bench.txt'), 'utf8')).toBe(stdout);
    const { tables } = JSON.parse(readFileSync(join(OUT, 'gpu-bench.json'), 'utf8'));
    const [{ rows }] = tables;
    expect(rows.map(({ problem }: { problem?: string }) => problem)).toEqual([
      undefined,
      undefined,
      undefined,
      'not found: no-such-python',
      undefined,
      undefined,
      'not found: no-such-python',
    ]);
    expect(rows[0]).toMatchObject({ contestant: GPU_REFERENCE, oursIs: 1 });
    expect(rows[0].split.dispatches).toBeGreaterThan(0);
    expect(rows[0].split.kernelsMs).toBeGreaterThan(0);
  },
  LIMIT_MS,
);
