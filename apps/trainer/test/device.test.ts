// llm101 train --device: what computes a run, without a GPU.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveSettings } from '@llm101/runs';
import type { RawSettings } from '@llm101/runs';
import type { Compile, Feeds } from '@llm101/training';
import { compile } from '@llm101/wasm';
import { GpuError } from '@llm101/webgpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { trainCommand } from '../src/commands/train/train.js';
import { verifyCommand } from '../src/commands/verify/verify.js';
import { loadWebgpu, placesOfWebgpu } from '../src/device/webgpu-package.js';
import { settingsOfResumed } from '../src/run-folder/settings.js';
import { type Output, silentOutput } from '../src/terminal/output.js';
import { emptyFolder, errorOf } from './llm101.js';

/** A GPU that computes on wasm: what it says of itself, and the step at which it is lost. */
const gpu = vi.hoisted(() => ({
  description: '',
  isSoftware: false,
  lostAt: Infinity,
  problem: '',
}));

vi.mock('../src/device/webgpu-package.js', async (original) => ({
  ...(await original<object>()),
  findGpus: () => Promise.resolve({}),
}));
vi.mock('@llm101/webgpu', async (original) => ({
  ...(await original<object>()),
  openGpu() {
    if (gpu.problem !== '')
      return Promise.reject(
        new GpuError(`openGpu: ${gpu.problem}; use the device wasm`, { reason: gpu.problem }),
      );
    return Promise.resolve({ ...gpu, dispose() {} });
  },
  compilerFor: () => compiler,
}));

const compiler: Compile = <Inputs extends readonly Tensor[]>(
  step: (...inputs: Inputs) => Tensor,
  settings?: Parameters<Compile>[1],
) => {
  const here = compile(step, settings);
  let calls = 0;
  const refuse = (): never => {
    throw new Error('use readLater');
  };
  return Object.assign(refuse, {
    read: refuse,
    readInto: refuse,
    async readLater(...feeds: Feeds<Inputs>) {
      if (++calls >= gpu.lostAt) throw new GpuError(`the GPU (${gpu.description}) is lost: reset`);
      return Float32Array.from(here.read(...feeds));
    },
    sync: () => Promise.resolve(),
    arithmetic: 'compiled for WebGPU',
    rehearse: () => here.rehearse(),
    dispose: () => here.dispose(),
  });
};

beforeEach(() =>
  Object.assign(gpu, { description: 'Card 9', isSoftware: false, lostAt: Infinity, problem: '' }),
);

const text = 'anna\nberta\ncarla\ndora\nemma\nfrieda\ngerda\nhanna\nida\njulia\n';
const small: RawSettings = { dEmbed: 4, dHidden: 8, maxSteps: 12, checkpointInterval: 5 };

/** Trains in this process. @returns what it prints, and its answer */
async function trained(
  runDir: string,
  flags: RawSettings,
): Promise<{ readonly text: string; readonly answer: object }> {
  const lines: string[] = [];
  const result: { answer: object } = { answer: {} };
  const output: Output = {
    ...silentOutput((document) => (result.answer = document)),
    print: (...parts) => void lines.push(...parts.flat()),
  };
  const data = join(dirname(runDir), 'names.txt');
  writeFileSync(data, text);
  const isResumed = flags['resume'] === true;
  const { resume: _, ...changes } = flags;
  const resumed = isResumed ? settingsOfResumed(runDir, changes) : undefined;
  await trainCommand(
    resumed?.settings ?? resolveSettings({ flags: { ...small, data, ...flags } }),
    {
      ...running,
      runDir,
      before: resumed?.before,
      output,
    },
  );
  return { text: lines.join('\n'), ...result };
}

const { signal } = new AbortController();
const stop = {
  signal,
  exitStatus: undefined,
  check: () => Promise.resolve(),
  release: () => undefined,
};
const running = { log: [], tokenFile: false, plot: false, report: false, stop } as const;
const arithmeticOf = (runDir: string): unknown =>
  (JSON.parse(readFileSync(join(runDir, 'fingerprint.json'), 'utf8')) as { arithmetic: unknown })
    .arithmetic;

describe('--device', () => {
  it('webgpu computes on the GPU, and says on which', async () => {
    const runDir = join(emptyFolder(), 'run');
    const { text, answer } = await trained(runDir, { device: 'webgpu' });
    expect(text).toContain('device webgpu: Card 9');
    expect(answer).toMatchObject({ status: 'finished', device: 'webgpu', shards: 1, workers: 1 });
    expect(arithmeticOf(runDir)).toBe('compiled for WebGPU');
    const output = silentOutput(() => undefined);
    expect(await verifyCommand(runDir, { output, stop })).toBe(0);
  });

  it.each([
    ['a small model', {}, 'device wasm, for steps of', {}],
    ['a large one', { dHidden: 3000 }, 'device webgpu: Card 9', {}],
    [
      'a driver in software',
      { dHidden: 3000 },
      'device wasm, as SwiftShader Device computes on the processor',
      { description: 'SwiftShader Device', isSoftware: true },
    ],
    ['no GPU', { dHidden: 3000 }, 'device wasm: there is none', { problem: 'there is none' }],
  ])('auto, %s', async (_, flags, line, own) => {
    Object.assign(gpu, own);
    const runDir = join(emptyFolder(), 'run');
    const { text, answer } = await trained(runDir, { ...flags, device: 'auto', maxSteps: 2 });
    expect(text).toContain(line);
    const device = line.split(/[\s:,]+/)[1];
    expect(answer).toMatchObject({ device });
    const config = JSON.parse(readFileSync(join(runDir, 'config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ device });
  });

  it('webgpu ends the run where there is none, before anything is made', async () => {
    gpu.problem = 'there must be a GPU; none was found';
    const runDir = join(emptyFolder(), 'run');
    await expect(trained(runDir, { device: 'webgpu' })).rejects.toMatchObject({
      name: 'UserError',
      message: 'device webgpu: there must be a GPU; none was found; --device wasm does without',
    });
  });

  it('a GPU that is lost ends the run; it goes on without', async () => {
    const runDir = join(emptyFolder(), 'run');
    gpu.lostAt = 9;
    await expect(trained(runDir, { device: 'webgpu' })).rejects.toThrow(
      `the run stopped after step 8: the GPU (Card 9) is lost: reset; llm101 train --resume ${runDir} resumes from the newest ` +
        'checkpoint, or begins again where there is none; --device wasm does without the GPU; the model of step 5 is saved as',
    );
    const { text } = await trained(runDir, { resume: true, device: 'wasm' });
    expect(text).toContain('resumes after step 5');
    expect(text).toContain(
      'steps were compiled for WebGPU, and are from here on compiled: digits differ from the sixth on',
    );
    expect(arithmeticOf(runDir)).toBe('compiled for WebGPU to step 5, then compiled');
  });

  it('a run resumes where it was computed, unless another is named', async () => {
    const runDir = join(emptyFolder(), 'run');
    await trained(runDir, { device: 'webgpu' });
    const { text, answer } = await trained(runDir, { resume: true, maxSteps: 20 });
    expect(text).not.toContain('digits differ');
    expect(answer).toMatchObject({ device: 'webgpu', step: 20 });
  });

  it('is one of three, of whole batches, and of no sweep', async () => {
    expect(await errorOf(2, 'train', '--device', 'cuda')).toMatch(
      /^--device must be wasm, webgpu or auto; got "cuda"/,
    );
    expect(await errorOf(2, 'train', '--device', 'webgpu', '--shards', '2')).toMatch(
      /^--device webgpu computes batches as a whole; got --shards 2, which is for wasm/,
    );
    const sweep = ['sweep', '--vary', 'lr=1,2', '--device', 'auto'];
    expect(await errorOf(2, ...sweep)).toMatch(/^the sweep: device must be wasm, as trials/);
  });
});

describe('the package webgpu', () => {
  it('is asked for where it is missing', async () => {
    await expect(loadWebgpu([join(emptyFolder(), 'package.json')])).rejects.toMatchObject({
      name: 'UserError',
      message:
        "a GPU needs the package webgpu, which isn't installed here; run npm install webgpu where llm101 is installed, with -g if that is everywhere",
    });
  });

  it('is looked for in the current folder by npx alone, as that may have come with a run', () => {
    vi.stubEnv('npm_config_user_agent', undefined);
    expect(placesOfWebgpu()).toHaveLength(1);
    vi.stubEnv('npm_config_user_agent', 'npm/10.8.2 node/v20.20.0');
    expect(placesOfWebgpu()[1]).toBe(join(process.cwd(), 'package.json'));
    vi.unstubAllEnvs();
  });

  it('is taken from the first place that has it; one that is broken says why', async () => {
    const [none, works, broken] = [emptyFolder(), emptyFolder(), emptyFolder()];
    for (const [folder, code] of [
      [works, 'export const create = () => "gpus";'],
      [broken, 'throw new Error("no driver\\nat all");'],
    ]) {
      const own = join(folder, 'node_modules', 'webgpu');
      mkdirSync(own, { recursive: true });
      writeFileSync(join(own, 'package.json'), '{"main":"index.mjs"}');
      writeFileSync(join(own, 'index.mjs'), code);
    }
    const places = [none, works, broken].map((folder) => join(folder, 'package.json'));
    expect((await loadWebgpu(places)).create([])).toBe('gpus');
    await expect(loadWebgpu([places[2]])).rejects.toThrow(
      "the package webgpu can't be loaded: no driver; run npm install webgpu",
    );
  });
});
