// Runs that cannot fit: refused before anything is made, or given up with nothing left.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryError } from '@llm101/wasm';
import { describe, expect, it } from 'vitest';
import { RunOutcome } from '@llm101/runs';
import { isOutOfMemory } from '../src/terminal/errors.js';
import { rescueModel } from '../src/run-folder/rescue-model.js';
import { createRunFolder } from '../src/run-folder/run-folder.js';
import { emptyFolder, errorOf, succeed } from './llm101.js';

describe('llm101 train', () => {
  it.each([
    ['--batch-size 205456 --d-hidden 10000', 'memory of WebAssembly'],
    ['--model cnn --context-size 1024 --batch-size 5000 --d-hidden 256', 'memory of WebAssembly'],
    ['--d-hidden 700000', 'memory of WebAssembly'],
    ['--context-size 2000000', 'memory of WebAssembly'],
    ['--context-size 500000', 'memory of WebAssembly'],
  ])('%s', async (flags, message) => {
    const folder = emptyFolder();
    const runDir = join(folder, 'run');
    await succeed('train', '--max-steps', '1', '--val-interval', '0', '--run-dir', runDir);
    const before = readFileSync(join(runDir, 'config.json'), 'utf8');
    const line = await errorOf(1, 'train', ...flags.split(' '), '--run-dir', runDir);
    expect(line).toContain(message);
    expect(line).toMatch(/ takes? .*GB.* room for .* GB; lower .*--context-size/);
    expect(readdirSync(folder)).toEqual(['run']);
    expect(readFileSync(join(runDir, 'config.json'), 'utf8')).toBe(before);
  });
});

it('a run whose shards take the memory is told to have fewer', async () => {
  const flags = '--d-hidden 20000 --batch-size 1000 --shards 1000 --max-steps 1'.split(' ');
  const runDir = join(emptyFolder(), 'run');
  expect(await errorOf(1, 'train', ...flags, '--run-dir', runDir)).toMatch(
    /GB; lower --shards, each/,
  );
});

it('ends a run that has no memory for its first step: the earlier one is moved back', () => {
  const runDir = join(emptyFolder(), 'run');
  mkdirSync(runDir);
  writeFileSync(join(runDir, 'config.json'), '{"versions": {"llm101": "0.0.0"}}');
  writeFileSync(join(runDir, 'metrics.jsonl'), 'earlier');
  const run = createRunFolder(runDir, { seed: 1 });
  writeFileSync(run.metrics, '');
  expect(run.movedTo).toBe(`${runDir}.1`);
  const { message } = rescueModel(new MemoryError(2 ** 30, 2 ** 32), run, {
    outcome: new RunOutcome(),
    save: () => new Uint8Array(),
  });
  expect(message).toMatch(
    /^the memory is used up \(.*\); train a smaller model, or on smaller batches; nothing was learned yet/,
  );
  expect(readdirSync(join(runDir, '..'))).toEqual(['run']);
  expect(readFileSync(join(runDir, 'metrics.jsonl'), 'utf8')).toBe('earlier');
  expect(readdirSync(runDir).sort()).toEqual(['config.json', 'metrics.jsonl']);
});

it('knows the errors of used up memory', () => {
  expect(isOutOfMemory(new WebAssembly.RuntimeError('memory access out of bounds'))).toBe(true);
  expect(isOutOfMemory(attempt(() => new Float32Array(2 ** 40)))).toBe(true);
  expect(isOutOfMemory(new RangeError('sgd: learningRate must be finite'))).toBe(false);
});

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
